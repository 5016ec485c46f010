import { createPublicKey, type KeyObject } from 'node:crypto'
import {
  FetchError,
  JwksValidationError,
  KidNotFoundInJwksError,
  WaitPeriodNotYetEndedJwkError,
} from 'aws-jwt-verify/error'
import { SimpleFetcher } from 'aws-jwt-verify/https'
import { assertIsJwks, type Jwk, SimpleJwksCache } from 'aws-jwt-verify/jwk'
import { safeJsonParse } from 'aws-jwt-verify/safe-json-parse'
import { OnesubError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import { loopbackFetcher } from './loopback-fetcher.ts'

const HOUR_MS = 3_600_000
/** Cognito's access and ID tokens live a day at most (developer guide, "Using tokens with user pools"). */
const LONGEST_TOKEN_MS = 24 * HOUR_MS
const STALE_AFTER_MS = 12 * HOUR_MS
const ANOTHER_TRY_AFTER_MS = 60_000
/** As long as a refused caller is asked to wait (`retry-after: 1`). */
const FAILURE_HOLDS_MS = 1_000
/** A pool that has no updated issuer does not get one within the minute. */
const ABSENCE_HOLDS_MS = 60_000
const LARGEST_BYTES = 65_536
/** For one attempt; the library makes a second where the first failed on the way. */
const FETCH_MAY_TAKE_MS = 1_500

export interface KeySetOptions {
  /** Plain HTTP to an emulator, instead of HTTPS to AWS. */
  readonly overLoopback: boolean
  /** The pool may have no such issuer: where AWS says that nothing is there, the token is at fault. */
  readonly mayBeAbsent: boolean
  readonly clock: Clock
}

interface Known {
  readonly jwk: Jwk
  /** Epoch milliseconds; a key that is still published has no end. */
  readonly until: number
}

/**
 * One issuer's keys. The library's cache fetches once for any number of waiting requests, and for an unknown key at most once in ten
 * seconds; but each answer replaces the keys before it, and none is ever asked for again while all keys are known. Here a key outlives
 * its withdrawal by the longest life of a token, and no longer; the set is fetched again twice a day while the former one is in use; an answer
 * without keys changes nothing; and after a failure nobody is asked again for a second, however many tokens come.
 */
export class KeySet {
  readonly #uri: string
  readonly #clock: Clock
  readonly #mayBeAbsent: boolean
  readonly #jwks: SimpleJwksCache
  readonly #keyObjects = new WeakMap<Jwk, KeyObject>()
  #known: readonly Known[] = []
  #staleFrom = Number.POSITIVE_INFINITY
  #failure: { readonly error: unknown; readonly until: number } | undefined

  constructor(uri: string, { overLoopback, mayBeAbsent, clock }: KeySetOptions) {
    this.#uri = uri
    this.#clock = clock
    this.#mayBeAbsent = mayBeAbsent
    this.#jwks = new SimpleJwksCache({
      fetcher: overLoopback ? loopbackFetcher : impatientFetcher(),
      jwksParser: (bytes) => this.#take(keysIn(bytes)),
    })
  }

  async find(kid: string): Promise<KeyObject> {
    this.#refreshWhenStale()
    const jwk = this.#held(kid)?.jwk ?? (await this.#fetched(kid))
    const known = this.#keyObjects.get(jwk)
    if (known) return known
    checkKey(jwk)
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    this.#keyObjects.set(jwk, key)
    return key
  }

  /** A withdrawn key ends at its time, also while the set cannot be fetched: nothing that it signed before lives any more. */
  #held(kid: string): Known | undefined {
    const held = this.#known.find(({ jwk }) => jwk.kid === kid)
    if (held && this.#clock() >= held.until) throw invalid('key')
    return held
  }

  async #fetched(kid: string): Promise<Jwk> {
    if (this.#failure && this.#clock() < this.#failure.until) throw this.#failure.error
    try {
      return await this.#jwks.getJwk(this.#uri, { header: { kid }, payload: {} })
    } catch (error) {
      // The set came seconds ago, and the key was not in it: what comes with such a key is the caller's fault, however much of it comes.
      if (isUnknownKey(error)) throw invalid('key', error)
      throw this.#remembered(error)
    }
  }

  #remembered(error: unknown): unknown {
    const isAbsent = this.#mayBeAbsent && this.#known.length === 0 && saysNothingThere(error)
    const told = isAbsent ? invalid('issuer', error) : error
    this.#failure = { error: told, until: this.#clock() + (isAbsent ? ABSENCE_HOLDS_MS : FAILURE_HOLDS_MS) }
    return told
  }

  #refreshWhenStale(): void {
    const now = this.#clock()
    if (now < this.#staleFrom) return
    this.#staleFrom = now + ANOTHER_TRY_AFTER_MS
    // Nobody waits for it, and the keys at hand are good: a failure is met again when a key is missing.
    this.#jwks.getJwks(this.#uri).catch(() => {})
  }

  #take(published: readonly Jwk[]): { keys: Jwk[] } {
    const now = this.#clock()
    this.#known = heldAfter(this.#known, published, now)
    this.#staleFrom = now + STALE_AFTER_MS
    this.#failure = undefined
    return { keys: this.#known.map(({ jwk }) => jwk) }
  }
}

/** Enough for a rotation every hour, each of which withdraws one. */
const MOST_WITHDRAWN = 24

/** The published keys first; of those that are no longer published, the ones whose last token may still live, latest first. */
export function heldAfter(known: readonly Known[], published: readonly Jwk[], now: number): readonly Known[] {
  const names = new Set(published.map(({ kid }) => kid))
  const withdrawn = known
    .filter(({ jwk, until }) => !names.has(jwk.kid) && now < until)
    .map(({ jwk, until }) => ({ jwk, until: Math.min(until, now + LONGEST_TOKEN_MS) }))
  const current = published.map((jwk) => ({ jwk, until: Number.POSITIVE_INFINITY }))
  return [...current, ...withdrawn.slice(0, MOST_WITHDRAWN)]
}

function impatientFetcher(): SimpleFetcher {
  return new SimpleFetcher({
    defaultRequestOptions: { timeout: FETCH_MAY_TAKE_MS, responseTimeout: FETCH_MAY_TAKE_MS },
  })
}

function keysIn(bytes: ArrayBuffer): readonly Jwk[] {
  if (bytes.byteLength > LARGEST_BYTES) throw new JwksValidationError('The key set is too large.')
  const jwks = parsed(bytes)
  assertIsJwks(jwks)
  if (jwks.keys.length === 0) throw new JwksValidationError('The key set is empty.')
  return jwks.keys
}

function parsed(bytes: ArrayBuffer) {
  try {
    return safeJsonParse(new TextDecoder('utf8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new JwksValidationError('The key set is not JSON.', { cause })
  }
}

/** 2,048 bits are 342 characters of base64url. */
const SHORTEST_MODULUS = 342

function checkKey({ kty, use, alg, n }: Jwk): void {
  if (kty !== 'RSA' || use !== 'sig' || alg !== 'RS256' || n === undefined || n.length < SHORTEST_MODULUS) {
    throw invalid('key')
  }
}

/** Either the set was fetched for this key and lacks it, or for another one less than ten seconds ago. */
function isUnknownKey(error: unknown): boolean {
  return error instanceof KidNotFoundInJwksError || error instanceof WaitPeriodNotYetEndedJwkError
}

/** AWS answers 403 for the updated issuer of a pool that has the original one (awslabs/aws-jwt-verify#279). */
function saysNothingThere(error: unknown): boolean {
  return error instanceof FetchError && /\bstatus (?:code is )?40[34]\b/i.test(error.message)
}

function invalid(detail: string, cause?: unknown): OnesubError {
  return new OnesubError('TOKEN_INVALID', { detail, cause })
}
