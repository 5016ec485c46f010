import type { Clock } from '../core/ports.ts'
import { TokenCache } from './token-cache.ts'

export interface RememberingOptions {
  /** Of verified tokens, in bytes; 0 for none. @default 4 MiB, about a thousand tokens */
  readonly cacheBytes?: number
  /** @default the system's */
  readonly clock?: Clock
}

export interface Judged<Value> {
  readonly value: Value
  /** Epoch milliseconds: from then on the token is checked again. */
  readonly until: number
}

const DEFAULT_CACHE_BYTES = 4 * 1024 * 1024
/** A person can be merged away or erased while tokens live that name them: for that long they still do. */
export const BELIEVED_FOR_MS = 60_000

/**
 * What was judged lately is not judged again, unless the token differs by a character or its time is over. The settled promise is kept, not
 * its value: making another one costs a third of a look-up.
 */
export function remembering<Value>(
  { cacheBytes = DEFAULT_CACHE_BYTES, clock = Date.now }: RememberingOptions,
  judge: (token: string) => Promise<Judged<Value>>,
): (token: string) => Promise<Value> {
  const cache = new TokenCache<Promise<Value>>({ mostBytes: cacheBytes, maxAgeMs: BELIEVED_FOR_MS, clock })

  async function judged(token: string): Promise<Value> {
    const { value, until } = await judge(token)
    cache.put(token, Promise.resolve(value), until)
    return value
  }

  // A JavaScript user has no compiler that refuses anything else.
  return (token) => (typeof token === 'string' ? cache.get(token) : undefined) ?? judged(token)
}
