import { JwtVerifier } from 'aws-jwt-verify'
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier'
import {
  CognitoJwtInvalidClientIdError,
  CognitoJwtInvalidTokenUseError,
  FetchError,
  JwksValidationError,
  JwkValidationError,
  JwtExpiredError,
  JwtInvalidSignatureError,
  KidNotFoundInJwksError,
  WaitPeriodNotYetEndedJwkError,
} from 'aws-jwt-verify/error'
import { type Jwk, type JwkWithKid, SimpleJwksCache } from 'aws-jwt-verify/jwk'
import type { JwtHeader, JwtPayload } from 'aws-jwt-verify/jwt-model'
import { isOnesubError, OnesubError } from '../core/errors.ts'
import { PERSON_CLAIM } from '../core/names.ts'
import { COGNITO, type Identity, type PersonId, parsePersonId } from '../core/person.ts'
import type { Clock, Registry } from '../core/ports.ts'
import { type Issuer, issuerOf } from './issuer.ts'
import { loopbackFetcher } from './loopback-fetcher.ts'
import { TokenCache } from './token-cache.ts'
import { isOneSpelling } from './token-shape.ts'

export interface PoolOptions {
  readonly userPoolId: string
  /** The app clients whose tokens are taken; never empty. */
  readonly clientIds: readonly string[]
}

export interface PersonVerifierOptions {
  /** Several while users move from one pool to another. */
  readonly pools: readonly [PoolOptions, ...PoolOptions[]]
  /** @default 'access': an ID token is for the app that signed her in, and holds what she may edit. */
  readonly tokenUse?: 'access' | 'id'
  /** The claim that the pre token generation trigger writes. @default 'person_id' */
  readonly personClaim?: string
  /** Asked for tokens that lack the claim, by their issuer and `sub`; `null` says aloud that such tokens are refused. */
  readonly registry: Pick<Registry, 'resolve'> | null
  /** Of verified tokens, in bytes; 0 for none. @default 4 MiB, about a thousand tokens */
  readonly cacheBytes?: number
  /** @default the system's */
  readonly clock?: Clock
  /** The endpoint of `@onesub/emulator`, in tests and on a desk. Refused in production. */
  readonly dangerouslyTrustEmulator?: string
}

export interface Authenticated {
  readonly person: PersonId
  /** The way in: the pool's own user, by the token's `sub`. */
  readonly identity: Identity
  /** The verified claims. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** Throws `TOKEN_INVALID`, `PERSON_UNKNOWN` (401), `TOKEN_KEYS_UNREACHABLE` or `TRY_AGAIN` (503). */
export type PersonVerifier = (token: string) => Promise<Authenticated>

/**
 * From a bearer token to the person: signature, issuer, client, use and time by `aws-jwt-verify`, then the claim, else one look-up by
 * (issuer, sub). Never by e-mail, and there is no default person. Nothing gives out claims that are not verified.
 */
export function personVerifier(options: PersonVerifierOptions): PersonVerifier {
  const { personClaim = PERSON_CLAIM, registry, dangerouslyTrustEmulator, clock = Date.now } = options
  const issuers = options.pools.map(({ userPoolId }) => issuerOf(userPoolId, dangerouslyTrustEmulator))
  const poolOf = new Map(issuers.map(({ issuer, pool }) => [issuer, pool]))
  const verifier = jwtVerifier(options, issuers)
  const cache = new TokenCache<Authenticated>({
    mostBytes: options.cacheBytes ?? DEFAULT_CACHE_BYTES,
    maxAgeMs: BELIEVED_FOR_MS,
    clock,
  })
  const lookUp = registry && oneInFlight(registry)
  return async (token) => {
    const known = typeof token === 'string' ? cache.get(token) : undefined
    if (known) return known
    if (typeof token !== 'string' || !isOneSpelling(token)) throw new OnesubError('TOKEN_INVALID', { detail: 'form' })
    const claims = await verifier.verify(token).catch(throwInOurWords)
    const identity = identityIn(claims, poolOf)
    const person = personIn(claims, personClaim) ?? (await lookUp?.(identity).catch(throwTryAgain))
    if (!person) throw new OnesubError('PERSON_UNKNOWN')
    const authenticated = Object.freeze({ person, identity, claims: Object.freeze(claims) })
    cache.put(token, authenticated, typeof claims.exp === 'number' ? claims.exp * 1_000 : 0)
    return authenticated
  }
}

const DEFAULT_CACHE_BYTES = 4 * 1024 * 1024
/** A person can be merged away or erased while her tokens live: that long they may still name her. */
const BELIEVED_FOR_MS = 60_000

/** However many requests come with one user's tokens at once, the registry is asked once. */
function oneInFlight(registry: Pick<Registry, 'resolve'>) {
  const flights = new Map<string, Promise<PersonId | undefined>>()
  return (identity: Identity): Promise<PersonId | undefined> => {
    const key = JSON.stringify([identity.pool, identity.subject])
    const flight = flights.get(key) ?? registry.resolve(identity).finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }
}

function jwtVerifier(
  { pools, tokenUse = 'access', dangerouslyTrustEmulator }: PersonVerifierOptions,
  issuers: readonly Issuer[],
) {
  const configurations = pools.map(({ clientIds }, at) => {
    if (clientIds.length === 0) throw new OnesubError('CONFIG_INVALID', { detail: '"clientIds" names no app client.' })
    const { issuer = '', jwksUri = '' } = issuers[at] ?? {}
    return {
      issuer,
      jwksUri,
      audience: null,
      customJwtCheck: ({ header, payload, jwk }: JwtParts) => {
        checkHeader(header)
        checkKey(jwk)
        // ID tokens name their client as `aud`, access tokens as `client_id`.
        validateCognitoJwtFields(payload, { tokenUse, clientId: [...clientIds] })
      },
    }
  })
  const jwksCache = new KeysOfKnownIssuers(dangerouslyTrustEmulator === undefined ? {} : { fetcher: loopbackFetcher })
  jwksCache.issuers = new Set(issuers.map(({ issuer }) => issuer))
  return JwtVerifier.create(configurations, { jwksCache })
}

interface JwtParts {
  readonly header: JwtHeader
  readonly payload: JwtPayload
  readonly jwk: Jwk
}

function checkHeader(header: Readonly<Record<string, unknown>>): void {
  if (header.alg !== 'RS256') throw new OnesubError('TOKEN_INVALID', { detail: 'algorithm' })
  // Extensions that a verifier must understand or refuse (RFC 7515 §4.1.11, RFC 7797).
  if ('crit' in header || 'b64' in header) throw new OnesubError('TOKEN_INVALID', { detail: 'header' })
}

/** 2,048 bits are 342 characters of base64url. */
const SHORTEST_MODULUS = 342

function checkKey({ kty, n }: Readonly<Record<string, unknown>>): void {
  if (kty !== 'RSA' || typeof n !== 'string' || n.length < SHORTEST_MODULUS) {
    throw new OnesubError('TOKEN_INVALID', { detail: 'key' })
  }
}

type UnverifiedJwt = Parameters<SimpleJwksCache['getJwk']>[1]

/** The issuer is looked at before any key is fetched: somebody else's token is no reason to ask anybody anything. */
class KeysOfKnownIssuers extends SimpleJwksCache {
  issuers: ReadonlySet<unknown> = new Set()

  override async getJwk(jwksUri: string, jwt: UnverifiedJwt): Promise<JwkWithKid> {
    if (!this.issuers.has(jwt.payload.iss)) throw new OnesubError('TOKEN_INVALID', { detail: 'issuer' })
    return super.getJwk(jwksUri, jwt)
  }
}

function identityIn(claims: Readonly<Record<string, unknown>>, poolOf: ReadonlyMap<string, string>): Identity {
  const { iss, sub } = claims
  const pool = typeof iss === 'string' ? poolOf.get(iss) : undefined
  if (pool === undefined || typeof sub !== 'string' || sub === '')
    throw new OnesubError('TOKEN_INVALID', { detail: 'sub' })
  return { pool, provider: COGNITO, subject: sub }
}

function personIn(claims: Readonly<Record<string, unknown>>, name: string): PersonId | undefined {
  const claim = claims[name]
  return typeof claim === 'string' ? parsePersonId(claim) : undefined
}

/** What says nothing about the token, but about the keys that it should be checked with. */
const ABOUT_KEYS = [FetchError, JwksValidationError, JwkValidationError, WaitPeriodNotYetEndedJwkError]

/** For the log, in constants: the library's own words may quote the token. */
const ABOUT_TOKEN = [
  [JwtExpiredError, 'expired'],
  [JwtInvalidSignatureError, 'signature'],
  [KidNotFoundInJwksError, 'key'],
  [CognitoJwtInvalidClientIdError, 'client'],
  [CognitoJwtInvalidTokenUseError, 'use'],
] as const

function throwInOurWords(error: unknown): never {
  if (isOnesubError(error)) throw error
  if (ABOUT_KEYS.some((kind) => error instanceof kind))
    throw new OnesubError('TOKEN_KEYS_UNREACHABLE', { cause: error })
  const [, detail] = ABOUT_TOKEN.find(([kind]) => error instanceof kind) ?? []
  throw new OnesubError('TOKEN_INVALID', { detail: detail ?? 'token', cause: error })
}

function throwTryAgain(error: unknown): never {
  throw isOnesubError(error) ? error : new OnesubError('TRY_AGAIN', { cause: error })
}
