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

/** Five characters of a signature are 30 random bits; hashing a whole token costs as much as ten look-ups. */
const FROM_END = 6
const TO_END = 1
/** A token is kept as it came, and about three times as much of it as parsed claims. */
const BYTES_PER_CHARACTER = 4

/**
 * Tokens that have been verified lately. The end of the signature finds a place, and the whole token in it must be the same:
 * a cache that goes by a part of it can be given somebody else's (GHSA-rp9m-7r4c-75qg). Only what was verified is put in; of two tokens
 * for one place, the later one has it.
 */
export class TokenCache<Value> {
  readonly #options: TokenCacheOptions
  readonly #entries = new Map<number, Entry<Value>>()
  #bytes = 0

  constructor(options: TokenCacheOptions) {
    this.#options = options
  }

  get(token: string): Value | undefined {
    const entry = this.#entries.get(placeOf(token))
    return entry && entry.token === token && this.#options.clock() < entry.until ? entry.value : undefined
  }

  /** `expires`: the token's own end, in epoch milliseconds. */
  put(token: string, value: Value, expires: number): void {
    const { clock, maxAgeMs, mostBytes } = this.#options
    const place = placeOf(token)
    this.#remove(place)
    this.#entries.set(place, { token, value, until: Math.min(expires, clock() + maxAgeMs) })
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

  #remove(place: number): void {
    const entry = this.#entries.get(place)
    if (!entry) return
    this.#entries.delete(place)
    this.#bytes -= bytesOf(entry.token)
  }
}

/** The very last character is left out: it carries fewer bits. */
function placeOf(token: string): number {
  let place = 0
  for (let at = token.length - FROM_END; at < token.length - TO_END; at += 1)
    place = (place << 6) ^ token.charCodeAt(at)
  return place
}

function bytesOf(token: string): number {
  return token.length * BYTES_PER_CHARACTER
}
