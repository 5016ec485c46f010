import type { Clock } from '../shared/clock.ts'

interface Entry<T> {
  readonly value: T
  readonly expiresAt: number
}

/** A map whose entries expire. Each insertion removes expired entries, oldest first. */
export class ExpiringMap<T> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  set(key: string, value: T, lifetime: number): void {
    this.#sweep()
    this.#entries.set(key, { value, expiresAt: this.#clock() + lifetime })
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key)
    return entry && entry.expiresAt > this.#clock() ? entry.value : undefined
  }

  take(key: string): T | undefined {
    const value = this.get(key)
    this.#entries.delete(key)
    return value
  }

  /** The entries that have not expired, oldest first. */
  *living(): Iterable<readonly [key: string, entry: Entry<T>]> {
    for (const pair of this.#entries) if (pair[1].expiresAt > this.#clock()) yield pair
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  #sweep(): void {
    for (const [key, entry] of this.#entries) {
      if (entry.expiresAt > this.#clock()) return
      this.#entries.delete(key)
    }
  }
}
