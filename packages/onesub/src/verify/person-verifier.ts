import { isFreeClaimName } from '../core/claim-name.ts'
import { isOnesubError, OnesubError } from '../core/errors.ts'
import { PERSON_CLAIM } from '../core/names.ts'
import { configInvalid, has, refuseUnknown } from '../core/options.ts'
import { type Identity, type PersonId, parsePersonId } from '../core/person.ts'
import type { Registry } from '../core/ports.ts'
import { OPTIONS as IDENTITY_OPTIONS, type IdentityVerifierOptions } from './identity-verifier.ts'
import { type PersonReader, personStatusFrom } from './person-status.ts'
import { remembering } from './remembering.ts'
import { type Identified, tokenCheck } from './token-check.ts'

export interface PersonVerifierOptions extends IdentityVerifierOptions {
  /** The claim that the pre token generation trigger writes; none that a user or a provider could fill. @default 'person_id' */
  readonly personClaim?: string
  /**
   * Asked for tokens that lack the claim, by their issuer and `sub`, and whether the person has recovered the account since that sign-in: the
   * trigger leaves the claim out for such sign-ins too. Two reads. `null` says aloud that such tokens are refused.
   */
  readonly registry: Pick<Registry, 'resolve' | 'person'> | null
  /**
   * The registry again, where a token that has the claim must not outlive its person's recovery, merge or erasure by more than a minute: a
   * token of a sign-in before their `notBefore` is refused, and one that names a person who was merged is the survivor's.
   * The price is one read per person and minute, on tokens that otherwise cost none. @default none: tokens hold until they expire
   */
  readonly personStatus?: PersonReader
}

const OPTIONS: Readonly<Record<keyof PersonVerifierOptions, true>> = {
  ...IDENTITY_OPTIONS,
  personClaim: true,
  registry: true,
  personStatus: true,
}

export interface Authenticated extends Identified {
  readonly person: PersonId
}

/** Throws `TOKEN_INVALID`, `PERSON_UNKNOWN` (401), `TOKEN_KEYS_UNREACHABLE` or `TRY_AGAIN` (503). */
export type PersonVerifier = (token: string) => Promise<Authenticated>

/**
 * From a bearer token to the person: every check of `createIdentityVerifier`, then the claim, else one look-up by (issuer, sub).
 * Never by e-mail, and there is no default person. Nothing gives out claims that are not verified.
 */
export function createPersonVerifier(options: PersonVerifierOptions): PersonVerifier {
  const { personClaim = PERSON_CLAIM, registry, personStatus, clock = Date.now } = { ...options }
  refuseUnknown({ ...options }, OPTIONS)
  checkClaimName(personClaim)
  const check = tokenCheck(options)
  checkReaders(registry, personStatus)
  const lookUp = registry && oneInFlight(registry)
  const standOfNamed = personStatus && personStatusFrom(personStatus, clock)
  const standOfFound = standOfNamed ?? (registry ? personStatusFrom(registry, clock) : undefined)
  return remembering(options, async (token) => {
    const { identity, claims, expires } = await check(token)
    const named = personIn(claims, personClaim)
    const found = named ?? (await lookUp?.(identity).catch(throwTryAgain))
    if (!found) throw new OnesubError('PERSON_UNKNOWN')
    const stand = named ? standOfNamed : standOfFound
    if (!stand) return { value: Object.freeze({ person: found, identity, claims }), until: expires }
    const { person, until } = await stand(found, claims).catch(throwTryAgain)
    return { value: Object.freeze({ person, identity, claims }), until: Math.min(until, expires) }
  })
}

/** A JavaScript user has no compiler, and would notice at the first token that needs what is missing. */
function checkReaders(registry: unknown, status: unknown): void {
  if (registry !== null && !has(registry, 'resolve', 'person'))
    throw configInvalid('"registry" must be a registry (of a promise or opener: createLazyRegistry), or null for none.')
  if (status !== undefined && !has(status, 'person'))
    throw configInvalid('"personStatus" must be a registry, or left out.')
}

function checkClaimName(name: unknown): void {
  if (isFreeClaimName(name)) return
  throw configInvalid(
    '"personClaim" must be a name that only the pre token generation trigger writes: leave it out where createTriggerHandler has none, else take the same, such as "personId".',
  )
}

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

function personIn(claims: Readonly<Record<string, unknown>>, name: string): PersonId | undefined {
  const claim = claims[name]
  return typeof claim === 'string' ? parsePersonId(claim) : undefined
}

function throwTryAgain(error: unknown): never {
  throw isOnesubError(error) ? error : new OnesubError('TRY_AGAIN', { detail: 'registry', cause: error })
}
