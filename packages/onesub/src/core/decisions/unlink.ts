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
}

type OwnershipFact = Pick<IdentifierFact, 'identifier' | 'ownership'>

export interface LeftAddress {
  /** What the person's address is from now on; null where none is known. */
  readonly address: string | null
  /** Only the removed provider had sent it: the person no longer owns it. */
  readonly released: { readonly identifier: Identifier; readonly ownership: Ownership } | undefined
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
export function decideUnlink({ account, identity, gone = [] }: UnlinkFacts): Unlinks | Rejected {
  const known = account.identities.find((one) => sameIdentity(one, identity))
  if (!known) return refused('LINK_UNKNOWN')
  if (known.provider === COGNITO || carriesOthers(known, account, gone)) return refused('LINK_IS_PRIMARY_USER')
  const profile = account.identities.filter((one) => isProfileOf(one, known))
  const rest = account.identities.filter((one) => one !== known && !profile.includes(one))
  if (!rest.some((one) => isSignInMethod(one) && !gone.some((left) => sameIdentity(left, one))))
    return refused('LAST_SIGN_IN_METHOD')
  return { kind: 'unlinks', person: account, removes: [known, ...profile] }
}

/**
 * The reader of the removed provider's mailbox must not recover the account by it, and a user who proves that address later is not this person (T2).
 *
 * | the address that the removed provider said last …            | then |
 * | ------------------------------------------------------------ | --- |
 * | is not the person's                                          | nothing changes |
 * | is said by another provider of theirs too                    | it stays |
 * | was proven by a native user who has a password               | it stays |
 * | only the provider had sent it                                | it is released; the person's address is one that another provider sends and they own, or none |
 */
export function decideLeftAddress({ unlinks: { person, removes }, factOf }: LeftAddressFacts): LeftAddress {
  const [removed] = removes
  const kept: LeftAddress = { address: person.address, released: undefined }
  const fact = removed.said === undefined ? undefined : factOf(removed)
  const ownership = fact?.ownership
  if (!fact || !isProvenBy(ownership, person.id)) return kept
  const rest = person.identities.filter((one) => !removes.some((each) => sameIdentity(one, each)))
  const providers = rest.filter(({ native, said }) => !native && said !== undefined)
  const isSaidByAnother = providers.some(({ said, within }) => said === removed.said && within === removed.within)
  const isByCode = rest.some((one) => one.native && !one.placeholder && isHeldBy(ownership.holder, one))
  if (isSaidByAnother || isByCode) return kept
  const read = normaliseEmail(person.address ?? '')
  const isItsWord = !read.ok || read.identifier.value === removed.said
  const other = providers.find((provider) => isProvenBy(factOf(provider)?.ownership, person.id))
  return {
    address: isItsWord ? (other?.said ?? null) : person.address,
    released: { identifier: fact.identifier, ownership },
  }
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
