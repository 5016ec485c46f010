import type { Brand } from './brand.ts'

/**
 * The one human. A UUID minted by us or taken from the application, never derived from an address,
 * never reused: addresses change hands, and whoever holds one next must not inherit the person.
 */
export type PersonId = Brand<string, 'PersonId'>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Undefined when the text is not a lower-case UUID. */
export function parsePersonId(text: string): PersonId | undefined {
  return UUID.test(text) ? (text as PersonId) : undefined
}

/** The provider name under which Cognito itself signs people in. */
export const COGNITO = 'Cognito'

/** Of a provider of the pool: neither the pool's own user, nor a row about one. */
export function isOfProvider({ provider }: Identity): boolean {
  return provider !== COGNITO && !provider.startsWith(`${COGNITO} `)
}

/**
 * One account at one provider. A pool's own users have provider `Cognito` and their `sub` as subject; a federated profile
 * has its provider's name and subject, byte for byte as the provider gave it.
 */
export interface Identity {
  readonly pool: string
  readonly provider: string
  readonly subject: string
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.pool === b.pool && a.provider === b.provider && a.subject === b.subject
}

/** An identity as its person remembers it. */
export interface KnownIdentity extends Identity {
  /** The pool's name for the user that this identity signs in as; unknown before Cognito has made that user. */
  readonly userName: string | null
  /** A native user can be the primary user that other identities are linked to. */
  readonly native: boolean
  /**
   * Set on a primary user that we made for somebody who came by a provider: nobody knows its password, but it has the proven address, so that a
   * reset opens it.
   */
  readonly placeholder?: true
  /**
   * The address, in its normal form where it has one, that the provider said at its last sign-in that we saw. Where the pool's user shows just this, it is the
   * provider's word, written over the user's own (developer guide, "Specifying identity provider attribute mappings").
   * Of a native user: the address and the number that it came with, separated by a space, if they were marked and nobody vouched for the marks:
   * no code was entered for them since (T154).
   */
  readonly said?: string
  /**
   * What this pool user shows may be another's word: a provider was linked to it once, or a recovery has marked an address that was written
   * after its code was sent. No mark there counts as an entered code.
   */
  readonly marksUnknown?: true
  /** The tenant whose user it is, where `Policy.uniqueWithin` names one. */
  readonly within?: string
}

/**
 * The row that tells that an administrator has made this user through our trigger. Its provider is no provider of a pool: no name of one has
 * a "/" and a space.
 */
export function madeByAdministrator({
  pool,
  userName,
}: {
  readonly pool: string
  readonly userName: string
}): Identity {
  return { pool, provider: `${COGNITO} / AdminCreateUser`, subject: userName }
}

export interface Person {
  readonly id: PersonId
  readonly identities: readonly KnownIdentity[]
  /** How many events this person's history has told; the next one is `version + 1`, without gaps. */
  readonly version: number
  /** Tokens issued before this moment (epoch milliseconds) are too old: a recovery or a first proof has happened since. */
  readonly notBefore: number
  /**
   * The address that the person has proven, as the user spells it, to put it back where a provider writes over it; null where none is known.
   * Never used for a look-up: the ownerships say whose an address is.
   */
  readonly address: string | null
  /** The person that this one was merged into; its identities and identifiers are that person's since. */
  readonly mergedInto: PersonId | null
  /** Grows by one with each write; what a writer has seen is what it may change. */
  readonly revision: number
}

/** The person's address is what this provider sent last, and no other provider of theirs sends it. */
export function standsAloneFor(
  { identities }: Person,
  address: string,
  isProvider: (identity: KnownIdentity) => boolean,
): boolean {
  const saying = identities.filter(({ native, said }) => !native && said === address)
  return saying.length > 0 && saying.every(isProvider)
}

/** Cognito links five identities to one user (developer guide, "Linking federated users to an existing user profile"). */
export const MOST_LINKS = 5

/**
 * Whether the person has as many other provider accounts in the pool as Cognito links to one user. The registry carries more: a further one gets a
 * profile beside the primary user, whose tokens name the same person. Known beforehand, since clients repeat a call that meets a limit.
 */
export function isFullyLinked({ identities }: Person, identity: Identity): boolean {
  const others = identities.filter(
    (known) => known.pool === identity.pool && known.provider !== COGNITO && !sameIdentity(known, identity),
  )
  return others.length >= MOST_LINKS
}

/**
 * The native pool user that further identities are linked to, so that every sign-in method ends at one Cognito user.
 * Without one, the first federated profile of that pool serves: Cognito takes it as a destination too.
 */
export function primaryUserOf(
  { identities }: Person,
  pool: string,
  gone: readonly Identity[] = [],
): KnownIdentity | undefined {
  const here = identities.filter(
    (known) => known.pool === pool && known.userName !== null && !gone.some((one) => sameIdentity(one, known)),
  )
  return here.find((known) => known.native) ?? here.find((known) => known.provider !== COGNITO)
}
