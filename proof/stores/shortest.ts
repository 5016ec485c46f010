import type { Write } from '../../packages/onesub/src/core/changes/change.ts'
import type { Registry } from '../../packages/onesub/src/core/ports.ts'
import { createMemoryRegistry } from '../../packages/onesub/src/registry/memory/index.ts'
import type { Command } from './commands.ts'
import { isSame, listenerIn, type Place, placeIn } from './compare.ts'
import { revisionOf } from './revisions.ts'
import { shrunk } from './shrink.ts'

/** A command, and the difference between the expected and the stored revision of each write. */
interface Step {
  readonly command: Command
  readonly astray: readonly number[]
}

/**
 * The shortest list of the commands that still ends in a difference; undefined where the difference does not occur again. `tag`: the digits in the
 * names of their round, which are replaced by others in each try.
 */
export async function shortestOf(given: readonly Command[], tag: string, place: Place) {
  let tries = 0
  let shortest: readonly Command[] | undefined
  const fails = async (part: readonly Step[]): Promise<boolean> => {
    tries += 1
    const fresh = `8${tag.slice(-4)}${String(tries).padStart(5, '0')}`
    const differing = await untilDifferent(retold(part, tag, fresh), place)
    if (differing) shortest = differing
    return differing !== undefined
  }
  const steps = await stepsOf(given)
  if (await fails(steps)) await shrunk(steps, fails)
  return shortest
}

/** The same steps with the names of another, empty round. */
function retold(steps: readonly Step[], from: string, to: string): readonly Step[] {
  return JSON.parse(JSON.stringify(steps).replaceAll(from, to)) as Step[]
}

/** The commands up to the first one with a different answer; undefined where there is none. */
async function untilDifferent(steps: readonly Step[], place: Place): Promise<readonly Command[] | undefined> {
  const reference = createMemoryRegistry()
  const [expecting, asking] = [await listenerIn(placeIn(reference)), await listenerIn(place)]
  const given: Command[] = []
  for (const step of steps) {
    const command = await asFarAstray(step, reference)
    given.push(command)
    if (!isSame(await expecting(command), await asking(command))) return given
  }
  return undefined
}

async function stepsOf(commands: readonly Command[]): Promise<readonly Step[]> {
  const reference = createMemoryRegistry()
  const steps: Step[] = []
  for (const command of commands) {
    const writes = command.call === 'commit' ? command.change.writes : []
    const status = await Promise.all(writes.map((write) => revisionOf(reference, write)))
    steps.push({ command, astray: writes.map(({ expectedRevision }, at) => expectedRevision - (status[at] ?? 0)) })
    if (command.call === 'commit') await reference.commit(command.change)
  }
  return steps
}

/** When earlier commands are left out, a write with the stored revision keeps having it, and a wrong one stays wrong by as much. */
async function asFarAstray({ command, astray }: Step, reference: Registry): Promise<Command> {
  if (command.call !== 'commit') return command
  const again = async (write: Write, by: number): Promise<Write> => {
    if (write.expectedRevision === 0) return write
    return { ...write, expectedRevision: Math.max(0, (await revisionOf(reference, write)) + by) }
  }
  const [first, ...rest] = command.change.writes
  const others = await Promise.all(rest.map((write, at) => again(write, astray[at + 1] ?? 0)))
  return { call: 'commit', change: { ...command.change, writes: [await again(first, astray[0] ?? 0), ...others] } }
}
