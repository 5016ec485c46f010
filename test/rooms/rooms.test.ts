import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Call } from './tracing.ts'

/** A room is a folder; `isData`: it holds data and calls no other room, so that a reader of a call does not follow it there. */
interface House {
  roomOf(file: string): string
  isData(room: string): boolean
}

const EMULATOR: House = {
  roomOf: (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : 'start'),
  isData: (room) => ['shared', 'quirks', 'state'].includes(room),
}

/** Of `core`, decisions and changes are followed; what stands beside them is data with its own rules. */
const ONESUB: House = {
  roomOf: (file) => /^(?:core\/)?[^/]+(?=\/)/u.exec(file)?.[0] ?? file,
  isData: (room) => room.startsWith('core') && !['core/decisions', 'core/changes'].includes(room),
}

/** The rooms that a call goes into, in order; a return of a function is no call. */
function entered(calls: readonly Call[], { roomOf, isData }: House): readonly string[] {
  return calls.flatMap(({ from, to }) => {
    // What nobody of the folder called is the beginning, or goes on after a wait.
    const isOwn = from === undefined || roomOf(from) === roomOf(to)
    return isOwn || isData(roomOf(to)) ? [] : [roomOf(to)]
  })
}

const returns = (rooms: readonly string[]) => rooms.length - new Set(rooms).size

async function traced(program: string): Promise<unknown> {
  const path = fileURLToPath(new URL(program, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', path], { maxBuffer: 2 ** 24 })
  return JSON.parse(stdout)
}

describe('one InitiateAuth with triggers', () => {
  it('goes back into a room that it had left 8 times at most', async () => {
    const calls = (await traced('initiate-auth.ts')) as readonly Call[]
    const rooms = entered(calls, EMULATOR)
    expect(new Set(rooms)).toEqual(new Set(['operations', 'authentication', 'triggers', 'tokens', 'start']))
    expect(returns(rooms), rooms.join(' → ')).toBeLessThanOrEqual(8)
  })
})

describe('one sign-up through the triggers', () => {
  it('goes back into a room that it had left 3 times at most, at the form and at the confirmation', async () => {
    const [form, confirmation] = (await traced('sign-up.ts')) as readonly (readonly Call[])[]
    for (const calls of [form ?? [], confirmation ?? []]) {
      const rooms = entered(calls, ONESUB)
      expect(rooms).toEqual(expect.arrayContaining(['registry', 'core/decisions', 'core/changes']))
      expect(returns(rooms), rooms.join(' → ')).toBeLessThanOrEqual(3)
    }
  })
})

it('counts each call into a room after the first', () => {
  const [a, b, data] = ['authentication/a.ts', 'triggers/b.ts', 'state/c.ts']
  const calls = [
    { from: a, to: b },
    { from: b, to: data },
    { from: a, to: 'authentication/d.ts' },
    { from: a, to: b },
    { from: b, to: a },
    { from: undefined, to: b },
  ]
  expect(entered(calls, EMULATOR)).toEqual(['triggers', 'triggers', 'authentication'])
  expect(returns(entered(calls, EMULATOR))).toBe(1)
})
