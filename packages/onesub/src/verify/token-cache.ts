import type { Clock } from '../core/ports.ts'

interface Entry<Value> {
  readonly token: string
  readonly value: Value
  readonly until: number
}

export interface TokenCacheOptions {
  /** Of all tokens together, with what is kept of them. */
  readonly mostBytes: number
  /** How long a token is believed without another look, within its own time. */
  readonly maxAgeMs: number
  readonly clock: Clock
}

/** Long enough to be unlike, short enough to be hashed at once: hashing whole tokens costs as much as ten look-ups. */
const KEY_LENGTH = 43
/** A token is kept as it came, and about three times as much of it as parsed claims. */
const BYTES_PER_CHARACTER = 4

/**
 * Tokens that have been verified lately. The end of the signature finds an entry, and the whole token must be the same:
 * a cache that goes by a part of it can be given somebody else's (GHSA-rp9m-7r4c-75qg). Only what was verified is put in.
 */
export class TokenCache<Value> {
  readonly #options: TokenCacheOptions
  readonly #entries = new Map<string, Entry<Value>>()
  #bytes = 0

  constructor(options: TokenCacheOptions) {
    this.#options = options
  }

  get(token: string): Value | undefined {
    const entry = this.#entries.get(token.slice(-KEY_LENGTH))
    return entry && entry.token === token && this.#options.clock() < entry.until ? entry.value : undefined
  }

  /** `expires`: the token's own end, in epoch milliseconds. */
  put(token: string, value: Value, expires: number): void {
    const { clock, maxAgeMs, mostBytes } = this.#options
    const key = token.slice(-KEY_LENGTH)
    this.#remove(key)
    this.#entries.set(key, { token, value, until: Math.min(expires, clock() + maxAgeMs) })
    this.#bytes += bytesOf(token)
    // The first in is the first out: it is the next to be too old anyway.
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= mostBytes) break
      this.#remove(oldest)
    }
  }

  get bytes(): number {
    return this.#bytes
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#bytes -= bytesOf(entry.token)
  }
}

function bytesOf(token: string): number {
  return token.length * BYTES_PER_CHARACTER
}
