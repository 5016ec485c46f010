import { type Identifier, normaliseEmail } from '../identifiers/index.ts'
import { isProvenBy, isSameUser, type Ownership } from '../identifiers/ownership.ts'
import { COGNITO, type Identity, type KnownIdentity, type Person, primaryUserOf, sameIdentity } from '../person.ts'
import type { IdentifierFact } from '../ports.ts'
import type { Rejected } from './decision.ts'

export interface UnlinkFacts {
  readonly account: Person
  readonly identity: Identity
  /** Users of the account that are gone from the pool: nothing hangs on them. */
  readonly gone?: readonly Identity[]
  /** Users that Cognito lets sign in no more by a password, nor reset it; what is linked to them works. */
  readonly closed?: readonly Identity[]
  /** The person owns an address, so that a reset opens a user whose password nobody knows. @default true */
  readonly resettable?: boolean
}

export interface Unlinks {
  readonly kind: 'unlinks'
  readonly person: Person
  /** The provider's identity, and the profile of its own that it may have in the pool. */
  readonly removes: readonly [KnownIdentity, ...KnownIdentity[]]
}

export interface LeftAddressFacts {
  readonly unlinks: Unlinks
  /** About the address that this provider said last. */
  readonly factOf: (provider: KnownIdentity) => OwnershipFact | undefined
  /** About the person's address, in the tenant of the removed provider. */
  readonly addressFact: OwnershipFact | undefined
  /** See `UnlinkFacts`. */
  readonly gone?: readonly Identity[]
  readonly closed?: readonly Identity[]
}

type OwnershipFact = Pick<IdentifierFact, 'identifier' | 'ownership'>

export interface LeftAddress {
  /** What the person's address is from now on; null where none is known. */
  readonly address: string | null
  /** Addresses for which the removed provider alone stood: they are the person's no more. */
  readonly released: readonly { readonly identifier: Identifier; readonly ownership: Ownership }[]
}

/**
 * | the sign-in method …                        | then |
 * | ------------------------------------------- | --- |
 * | is not the person's                         | LINK_UNKNOWN |
 * | is the pool's own user                      | LINK_IS_PRIMARY_USER |
 * | is what the person's others are linked to   | LINK_IS_PRIMARY_USER |
 * | is the last one that works                  | LAST_SIGN_IN_METHOD |
 * | is one of several                           | unlinks |
 */
export function decideUnlink({
  account,
  identity,
  gone = [],
  closed = [],
  resettable = true,
}: UnlinkFacts): Unlinks | Rejected {
  const known = account.identities.find((one) => sameIdentity(one, identity))
  if (!known) return refused('LINK_UNKNOWN')
  if (known.provider === COGNITO || carriesOthers(known, account, gone)) return refused('LINK_IS_PRIMARY_USER')
  const profile = account.identities.filter((one) => isProfileOf(one, known))
  const rest = account.identities.filter((one) => one !== known && !profile.includes(one))
  const isOpen = (one: KnownIdentity) => isSignInMethod(one) && !isAmong([...gone, ...closed], one)
  if (!rest.some((one) => isOpen(one) && (resettable || one.placeholder === undefined)))
    return refused('LAST_SIGN_IN_METHOD')
  return { kind: 'unlinks', person: account, removes: [known, ...profile] }
}

/**
 * The reader of the removed provider's mailbox must not recover the account by it, and a user who proves that address later is not this person (T2).
 *
 * | the person's address, and the one that the removed provider said last: each … | then |
 * | ------------------------------------------------------------ | --- |
 * | is not the person's                                          | nothing changes |
 * | is said by another provider of theirs too                    | it stays |
 * | was proven by a native user who has a password, or by a code that a user without one has entered | it stays |
 * | is all by which a user without a password can still be reset | it stays: no other sign-in method is left |
 * | was the provider's word alone                                | it is released; the person's address is another provider's word that they own, or none |
 */
export function decideLeftAddress({
  unlinks: { person, removes },
  factOf,
  addressFact,
  gone = [],
  closed = [],
}: LeftAddressFacts): LeftAddress {
  const [removed] = removes
  const rest = person.identities.filter((one) => !removes.some((each) => sameIdentity(one, each)))
  const providers = rest.filter(({ native, provider }) => !native && provider !== COGNITO)
  // A provider of which no word is known may stand for the address too.
  const isAnyUnknown = providers.some(({ said }) => said === undefined)
  const candidates = [removed.said === undefined ? undefined : factOf(removed), isAnyUnknown ? undefined : addressFact]
  const released = candidates.flatMap((fact, at) => {
    const ownership = fact?.ownership
    const isDouble = candidates.findIndex((one) => one?.identifier.value === fact?.identifier.value) !== at
    if (!fact || isDouble || !isProvenBy(ownership, person.id) || isKept(fact.identifier, ownership)) return []
    return [{ identifier: fact.identifier, ownership }]
  })
  const read = normaliseEmail(person.address ?? '')
  const isReleased = read.ok && released.some(({ identifier }) => identifier.value === read.identifier.value)
  // The same address may be the person's in the tenant of another user of theirs.
  const isInOtherTenant = rest.some(({ native, within }) => native && within !== removed.within)
  if (released.length === 0 || !(isReleased || !read.ok) || (read.ok && isInOtherTenant))
    return { address: person.address, released }
  const other = providers.find(
    (provider) => provider.said !== undefined && isProvenBy(factOf(provider)?.ownership, person.id),
  )
  return { address: other?.said ?? null, released }

  function isKept({ value }: Identifier, { holder }: Ownership): boolean {
    const isSaidByAnother = providers.some(({ said, within }) => said === value && within === removed.within)
    // An invited user is named in the ownership and has entered no code; a user without a password may have entered one since.
    const isByCode = rest.some(
      (one) =>
        one.native &&
        isHeldBy(holder, one) &&
        (holder?.byCode === true || (!one.placeholder && holder?.by !== 'administrator')),
    )
    const isOut = (one: KnownIdentity) => isAmong([...gone, ...closed], one)
    const isOnlyReset = rest.every((one) => one.placeholder || !isSignInMethod(one) || isOut(one))
    return isSaidByAnother || isByCode || isOnlyReset
  }
}

function isAmong(identities: readonly Identity[], one: Identity): boolean {
  return identities.some((each) => sameIdentity(each, one))
}

/** The user, by name, is the one that has proven it. */
export function isHeldBy(holder: Ownership['holder'], { pool, userName }: KnownIdentity): boolean {
  return userName !== null && isSameUser(holder, { pool, userName })
}

/** A user can sign in by it, if need be after a reset; a provider's profile in the pool is no sign-in method of its own. */
function isSignInMethod({ provider, native }: KnownIdentity): boolean {
  return provider === COGNITO ? native : true
}

/**
 * Without a user of the pool's own, Cognito hangs the links on the profile that was first. Another provider's own profile says nothing against
 * it: it may have been removed when the two were linked.
 */
function carriesOthers(known: KnownIdentity, account: Person, gone: readonly Identity[]): boolean {
  const primaryUser = primaryUserOf(account, known.pool, gone)
  if (!primaryUser || !sameIdentity(primaryUser, known)) return false
  return account.identities.some((one) => one !== known && one.pool === known.pool && one.provider !== COGNITO)
}

/** An identity that was to be linked has no user name; where Cognito has made a profile after all, it is named by provider and subject. */
function isProfileOf(one: KnownIdentity, known: KnownIdentity): boolean {
  if (one.pool !== known.pool || one.provider !== COGNITO || one.native || one.userName === null) return false
  if (known.userName !== null) return one.userName === known.userName
  return one.userName.toLowerCase() === `${known.provider}_${known.subject}`.toLowerCase()
}

function refused(code: Rejected['code']): Rejected {
  return { kind: 'refused', code }
}
