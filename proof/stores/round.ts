import type { DomainEvent } from '../../packages/onesub/src/core/events.ts'
import { createMemoryRegistry } from '../../packages/onesub/src/registry/memory/index.ts'
import { seeded } from '../sim/random.ts'
import { actorsOf } from './actors.ts'
import { type Command, commander } from './commands.ts'
import { type Answer, isSame, kindOf, type Listener, listenerIn, type Place, placeIn } from './compare.ts'
import { shortestOf } from './shortest.ts'

/** A command to which a store does not answer as the reference does. */
export interface Difference {
  /** The seed of the round: `--seed <seed> --commands <at>` plays it again. */
  readonly seed: number
  /** The number of this command, from 1. */
  readonly at: number
  readonly command: Command
  readonly expected: Answer
  readonly actual: Answer
  /** The shortest list of commands found that ends in a difference, in a new round; undefined where the difference did not occur again. */
  readonly shortest: readonly Command[] | undefined
}

export interface Round {
  readonly seed: number
  readonly commands: number
  readonly place: Place
  /** How many of a hundred commands are commits. */
  readonly commits: number
  readonly keepsAddresses: boolean
}

export interface Played {
  readonly commands: number
  /** How often each kind of answer occurred. */
  readonly answers: ReadonlyMap<string, number>
  readonly difference: Difference | undefined
  /** The events of the reference. */
  readonly events: readonly DomainEvent[]
}

/** Sends the same commands to the store and to the reference until their answers differ. */
export async function play({ seed, commands, place, commits, keepsAddresses }: Round): Promise<Played> {
  const tag = `7${String(seed).padStart(9, '0')}`
  const reference = createMemoryRegistry()
  const next = commander(
    { chooser: seeded(seed), actors: actorsOf(tag), reference, keepsAddresses },
    { commits, events: place.store.told !== undefined },
  )
  const [expecting, asking] = [await listenerIn(placeIn(reference)), await listenerIn(place)]
  const given: Command[] = []
  const answers = new Map<string, number>()
  let difference: Difference | undefined
  while (given.length < commands && !difference) {
    const command = await next()
    given.push(command)
    const { expected, actual } = await put(command, expecting, asking)
    const kind = kindOf(command, expected)
    answers.set(kind, (answers.get(kind) ?? 0) + 1)
    if (isSame(expected, actual)) continue
    const shortest = await shortestOf(given, tag, place)
    difference = { seed, at: given.length, command, expected, actual, shortest }
  }
  const events = (await reference.told(0, Number.MAX_SAFE_INTEGER)).map(({ event }) => event)
  return { commands: given.length, answers, difference, events }
}

async function put(command: Command, expecting: Listener, asking: Listener) {
  return { expected: await expecting(command), actual: await asking(command) }
}
