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

/**
 * One way in. A pool's own users have provider `Cognito` and their `sub` as subject; a federated profile
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
  /** A native user can be the anchor that other identities are linked to. */
  readonly native: boolean
}

export interface Person {
  readonly id: PersonId
  readonly identities: readonly KnownIdentity[]
  /** How many events this person's history has told; the next one is `version + 1`, without gaps. */
  readonly version: number
  /** Tokens issued before this moment (epoch milliseconds) are too old: a recovery or a first proof has happened since. */
  readonly notBefore: number
  /** Grows by one with each write; what a writer has seen is what it may change. */
  readonly revision: number
}

/**
 * The native pool user that further identities are linked to, so that every way in ends at one Cognito user.
 * Without one, the first federated profile of that pool serves: Cognito takes it as a destination too.
 */
export function anchorOf(person: Person, pool: string): KnownIdentity | undefined {
  const here = person.identities.filter((known) => known.pool === pool && known.userName !== null)
  return here.find((known) => known.native) ?? here.find((known) => known.provider !== COGNITO)
}
