import { HOUR, MINUTE, SECOND } from '../shared/clock.ts'

const FREE_FAILURES = 5
const LONGEST_LOCK = 15 * MINUTE

/** The recent attempts of one user; none is kept longer than an hour. */
export class Attempts {
  #failures = 0
  #lastFailure = 0
  #lockedUntil = 0
  readonly #times = new Map<string, number[]>()

  isLocked(now: number): boolean {
    return now < this.#lockedUntil
  }

  /** The fifth wrong password locks for a second; each further one doubles the time, up to fifteen minutes. */
  passwordFailed(now: number): void {
    const isForgotten = now - this.#lastFailure >= LONGEST_LOCK
    this.#failures = isForgotten ? 1 : this.#failures + 1
    this.#lastFailure = now
    if (this.#failures < FREE_FAILURES) return
    this.#lockedUntil = now + Math.min(SECOND * 2 ** (this.#failures - FREE_FAILURES), LONGEST_LOCK)
  }

  passwordHeld(): void {
    this.#failures = 0
  }

  /** Counts one more; false once there were more than `most` within the hour. */
  isWithin(kind: string, most: number, now: number): boolean {
    const times = (this.#times.get(kind) ?? []).filter((at) => now - at < HOUR)
    if (times.length >= most) return false
    this.#times.set(kind, [...times, now])
    return true
  }
}
