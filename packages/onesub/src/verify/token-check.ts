import { createVerify, type KeyObject } from 'node:crypto'
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier'
import {
  CognitoJwtInvalidClientIdError,
  CognitoJwtInvalidTokenUseError,
  FetchError,
  JwksValidationError,
  JwkValidationError,
} from 'aws-jwt-verify/error'
import { isOnesubError, OnesubError } from '../core/errors.ts'
import { configInvalid as misconfigured } from '../core/options.ts'
import { COGNITO, type Identity } from '../core/person.ts'
import type { Clock } from '../core/ports.ts'
import { issuersOf } from './issuer.ts'
import { frozen, type Members } from './json.ts'
import { KeySet } from './key-set.ts'
import { takeApart } from './token-shape.ts'

export interface PoolOptions {
  readonly userPoolId: string
  /** The app clients whose tokens are taken; never empty. */
  readonly clientIds: readonly string[]
  /** The other Regions, where the pool has replicas: each may issue tokens in its own name. @default none */
  readonly regions?: readonly string[]
}

export interface TokenCheckOptions {
  /** Several while users move from one pool to another. One at least: a list that is kept in a variable needs `as const`. */
  readonly pools: readonly [PoolOptions, ...PoolOptions[]]
  /** @default 'access': an ID token is for the app that signed the user in, and holds what the user may edit. */
  readonly tokenUse?: 'access' | 'id'
  /** @default the system's */
  readonly clock?: Clock
  /** The endpoint of `@onesub/emulator`, in tests and on your own machine. Refused in production. */
  readonly dangerouslyTrustEmulator?: string
}

export interface Identified {
  /** The pool's own user, by the token's `sub`. */
  readonly identity: Identity
  /** The verified claims, frozen throughout: requests with one token share them. */
  readonly claims: Readonly<Record<string, unknown>>
}

export interface Checked extends Identified {
  /** The token's own end, epoch milliseconds. */
  readonly expires: number
}

/**
 * Every check that a token takes, with nothing remembered but keys. The library fetches the keys and knows how Cognito names clients and
 * uses. Taking the token apart and the call for its signature are ours: the library's hide the text that must be looked at, and take longer
 * (docs/decisions/0013-checking-tokens.md).
 */
export function tokenCheck(options: TokenCheckOptions): (token: string) => Promise<Checked> {
  const { tokenUse = 'access', clock = Date.now } = { ...options }
  // To the library, null means that any use is right.
  if (tokenUse !== 'access' && tokenUse !== 'id') throw misconfigured('"tokenUse" is neither "access" nor "id".')
  const rules = new Map<unknown, Rule>(rulesOf({ ...options }, clock).map((rule) => [rule.issuer, rule]))
  return async (token) => {
    try {
      const { header, claims, signed, signature } = takeApart(token)
      const rule = rules.get(claims.iss)
      // Before any key is fetched: somebody else's token is no reason to ask anybody anything.
      if (!rule) throw invalid('issuer')
      const key = await rule.keys.find(keyIdIn(header))
      if (!isSigned(signed, signature, key)) throw invalid('signature')
      // ID tokens name their client as `aud`, access tokens as `client_id`.
      validateCognitoJwtFields(claims, { tokenUse, clientId: rule.clientIds })
      const expires = endOf(claims, clock())
      return { identity: identityIn(claims, rule.pool), claims: frozen(claims), expires }
    } catch (error) {
      throw inOurWords(error)
    }
  }
}

/** The bare key, not an object around it: that costs most of a verification again on Node 24. */
function isSigned(signed: string, signature: string, key: KeyObject): boolean {
  return createVerify('RSA-SHA256').update(signed, 'latin1').verify(key, signature, 'base64url')
}

interface Rule {
  readonly pool: string
  readonly issuer: string
  readonly clientIds: string[]
  readonly keys: KeySet
}

function rulesOf({ pools, dangerouslyTrustEmulator }: TokenCheckOptions, clock: Clock): readonly Rule[] {
  if (!Array.isArray(pools) || pools.length === 0) throw misconfigured('"pools" names no user pool.')
  const ids = new Set(pools.map((pool) => pool?.userPoolId))
  if (ids.size < pools.length) throw misconfigured('"pools" names a pool twice: list all its app clients in one entry.')
  return pools.flatMap((pool) => {
    if (!isListOfNames(pool?.clientIds)) throw misconfigured('"clientIds" names no app client, or one without a name.')
    return issuersOf(pool, dangerouslyTrustEmulator).map(({ issuer, jwksUri }, at) => ({
      // The same pool whichever issuer a token names, and so the same identity.
      pool: pool.userPoolId,
      issuer,
      clientIds: [...pool.clientIds],
      // Fetched when a token names this issuer: a pool without the updated one answers 403 for it (awslabs/aws-jwt-verify#279).
      keys: new KeySet(jwksUri, { overLoopback: dangerouslyTrustEmulator !== undefined, mayBeAbsent: at > 0, clock }),
    }))
  })
}

/** A variable that is not set would be an app client without a name; to the library, null means that any client is right. */
function isListOfNames(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string' && name !== '')
}

const LONGEST_KEY_ID = 256

function keyIdIn(header: Members): string {
  if (header.alg !== 'RS256') throw invalid('algorithm')
  // Extensions that a verifier must understand or refuse (RFC 7515 §4.1.11, RFC 7797).
  if ('crit' in header || 'b64' in header) throw invalid('header')
  if (typeof header.kid !== 'string' || header.kid.length > LONGEST_KEY_ID) throw invalid('key')
  return header.kid
}

/** How far Cognito's clock may be ahead of ours. */
const CLOCK_TOLERANCE_S = 60

/** A token without an end is refused, and so is one in the second of its end (RFC 7519 §4.1.4); Cognito writes whole seconds. */
function endOf({ exp, iat, nbf = 0, auth_time = 0 }: Members, now: number): number {
  if (!isSeconds(exp) || !isSeconds(iat) || !isSeconds(nbf) || !isSeconds(auth_time)) throw invalid('time')
  if (now >= exp * 1_000) throw invalid('expired')
  if (now < nbf * 1_000 || now < (Math.max(iat, auth_time) - CLOCK_TOLERANCE_S) * 1_000) throw invalid('time')
  return exp * 1_000
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function identityIn({ sub }: Members, pool: string): Identity {
  if (typeof sub !== 'string' || sub === '') throw invalid('sub')
  return Object.freeze({ pool, provider: COGNITO, subject: sub })
}

function invalid(detail: string): OnesubError {
  return new OnesubError('TOKEN_INVALID', { detail })
}

/** What says nothing about the token, but about the keys that it should be checked with. */
const ABOUT_KEYS = [FetchError, JwksValidationError, JwkValidationError]

/** For the log, in constants: the library's own words may quote the token. */
const ABOUT_TOKEN = [
  [CognitoJwtInvalidClientIdError, 'client'],
  [CognitoJwtInvalidTokenUseError, 'use'],
] as const

/** What the library says of a fetch is the address, which is the pool's, and the fault of the network. */
function whyNoKeys(error: unknown): string {
  return error instanceof FetchError ? error.message : 'The key set cannot be used.'
}

function inOurWords(error: unknown): OnesubError {
  if (isOnesubError(error)) return error
  if (ABOUT_KEYS.some((kind) => error instanceof kind))
    return new OnesubError('TOKEN_KEYS_UNREACHABLE', { detail: whyNoKeys(error), cause: error })
  const [, detail] = ABOUT_TOKEN.find(([kind]) => error instanceof kind) ?? []
  return new OnesubError('TOKEN_INVALID', { detail: detail ?? 'token', cause: error })
}
