import type { Clock } from './clock.ts'

/** The emulator's clock: the given clock and an offset that tests change. */
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
