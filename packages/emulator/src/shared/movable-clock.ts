import type { Clock } from './clock.ts'

/** The emulator's time: it runs with the clock it was given, and tests put it forward or back. */
export class MovableClock {
  readonly #base: Clock
  #offset = 0

  constructor(base: Clock) {
    this.#base = base
  }

  readonly now: Clock = () => this.#base() + this.#offset

  get aheadMs(): number {
    return this.#offset
  }

  advance(ms: number): void {
    this.#offset += ms
  }

  set(now: number): void {
    this.#offset = now - this.#base()
  }

  reset(): void {
    this.#offset = 0
  }
}
