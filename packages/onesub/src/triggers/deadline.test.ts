import { describe, expect, it } from 'vitest'
import type { Time } from '../core/time.ts'
import { deadlineOf } from './deadline.ts'

/** A clock that stands still, and remembers for how long each call may take. */
function clock() {
  const now = { kind: 1_000_000 }
  const allowed: number[] = []
  const time: Time = {
    now: () => now.kind,
    after: (ms) => {
      allowed.push(ms)
      return () => {}
    },
  }
  return { now, allowed, time }
}

const answers = async () => 'done'

describe('T86: the time of a trigger', () => {
  it('is four of the five seconds that Cognito waits', async () => {
    const { time, allowed, now } = clock()
    const withDeadline = deadlineOf(time)
    await withDeadline(answers)
    now.kind += 3_000
    await withDeadline(answers)
    expect(allowed).toEqual([4_000, 1_000])
  })

  it('is what Lambda leaves, where that is less, but for half a second', async () => {
    const { time, allowed } = clock()
    await deadlineOf(time, { getRemainingTimeInMillis: () => 2_000 })(answers)
    await deadlineOf(time, { getRemainingTimeInMillis: () => 60_000 })(answers)
    expect(allowed).toEqual([1_500, 4_000])
  })

  it('T162: is halved for a call that may have to be made again', async () => {
    const { time, allowed, now } = clock()
    const withDeadline = deadlineOf(time)
    await withDeadline(answers, { half: true })
    now.kind += 2_000
    await withDeadline(answers)
    expect(allowed).toEqual([2_000, 2_000])
  })

  it('ends also while a call hangs', async () => {
    const time: Time = {
      now: () => 0,
      after(_, callBack) {
        callBack()
        return () => {}
      },
    }
    const asked = deadlineOf(time)(() => new Promise<string>(() => {})).catch(({ code }) => code)
    const aMoment = new Promise((done) => setTimeout(() => done('still waiting'), 50))
    expect(await Promise.race([asked, aMoment])).toBe('TRY_AGAIN')
  })

  it('is over: no other call is made', async () => {
    const { time, now } = clock()
    const withDeadline = deadlineOf(time)
    now.kind += 4_000
    let made = 0
    await expect(withDeadline(async () => (made += 1))).rejects.toMatchObject({ code: 'TRY_AGAIN' })
    expect(made).toBe(0)
  })
})
