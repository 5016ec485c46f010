import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const TRACE = fileURLToPath(new URL('trace.ts', import.meta.url))
const MOST_RETURNS = 8

/** They hold data and call no other room, so a reader of a call does not follow it there. */
const DATA_ROOMS = ['shared', 'quirks', 'state']

interface Call {
  readonly from?: string
  readonly to: string
}

const roomOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : 'start')

/** The rooms that a call goes into, in order; a return of a function is no call. */
function entered(calls: readonly Call[]): readonly string[] {
  return calls.flatMap(({ from, to }) => {
    const isOwn = from === undefined || roomOf(from) === roomOf(to)
    return isOwn || DATA_ROOMS.includes(roomOf(to)) ? [] : [roomOf(to)]
  })
}

const returns = (rooms: readonly string[]) => rooms.length - new Set(rooms).size

describe('one InitiateAuth with triggers', () => {
  it(`goes back into a room that it had left ${MOST_RETURNS} times at most`, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', TRACE], { maxBuffer: 2 ** 24 })
    const rooms = entered(JSON.parse(stdout))
    expect(new Set(rooms)).toEqual(new Set(['operations', 'authentication', 'triggers', 'tokens', 'start']))
    expect(returns(rooms), rooms.join(' → ')).toBeLessThanOrEqual(MOST_RETURNS)
  })

  it('counts each call into a room after the first', () => {
    const [a, b, data] = ['authentication/a.ts', 'triggers/b.ts', 'state/c.ts']
    const calls = [
      { from: a, to: b },
      { from: b, to: data },
      { from: a, to: 'authentication/d.ts' },
      { from: a, to: b },
      { from: b, to: a },
      { to: b },
    ]
    expect(entered(calls)).toEqual(['triggers', 'triggers', 'authentication'])
    expect(returns(entered(calls))).toBe(1)
  })
})
