import type { Brand } from './brand.ts'
import type { Identity, KnownIdentity, Person } from './person.ts'

/** A sign-in that has just happened: what its verified token says about who signed in, by which provider, and when. */
export interface SignIn {
  /** The pool's own user, by the token's `sub`. */
  readonly user: Identity
  /** All identities that the token shows: that user, and the provider's identity that it signed in with. */
  readonly shows: readonly [KnownIdentity, ...KnownIdentity[]]
  /** `auth_time`, epoch milliseconds. A refreshed token keeps it, so that it cannot be made young again. */
  readonly at: number
}

/**
 * That both sides of a link were signed in with just now (E4), and what the new side showed. Only `freshProof` makes one; an offer that was
 * sealed with one gives it back.
 */
export type FreshProof = Brand<{ readonly adds: SignIn['shows'] }, 'FreshProof'>

export const FRESH_FOR_MS = 5 * 60_000
/** Our clock and Cognito's may differ by that much. */
const SKEW_MS = 60_000

/** Undefined where one of the two sign-ins is too old to speak for somebody who is sitting there now. */
export function freshProof(account: SignIn, addition: SignIn, now: number): FreshProof | undefined {
  const isFresh = ({ at }: SignIn) => at > now - FRESH_FOR_MS && at <= now + SKEW_MS
  return isFresh(account) && isFresh(addition) ? ({ adds: addition.shows } as FreshProof) : undefined
}

/** `auth_time` is in whole seconds, so that a sign-in of the recovery's own second counts as later. */
const SECOND_MS = 1_000

/** Whether the person has recovered the account since this sign-in: that sign-in may be by the attacker whom the recovery has locked out. */
export function isFromBefore({ at }: Pick<SignIn, 'at'>, { notBefore }: Pick<Person, 'notBefore'>): boolean {
  return at + SECOND_MS <= notBefore
}
