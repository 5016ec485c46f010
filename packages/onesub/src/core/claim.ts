import type { Evidence, Rank } from './evidence.ts'
import { isHard } from './evidence.ts'
import type { OpId } from './operation.ts'
import type { PersonId } from './person.ts'

/** The pool user whose sign-up made a claim. */
export interface Holder {
  readonly pool: string
  readonly userName: string
}

/**
 * What the registry holds for one key. Soft below E3, hard from E3 on.
 * The person id is minted once and outlives the lease: expiry moves only the right to finish (`epoch + 1`).
 * Deleting an expired claim, or giving it a new person, would let two people share one key.
 */
export interface Claim {
  readonly person: PersonId
  readonly rank: Rank
  readonly epoch: number
  /** The operation that wrote the claim last: a failed condition on a row with our own id is our own earlier success. */
  readonly opId: OpId
  readonly holder: Holder | null
  /** Epoch milliseconds after which another sign-up may take over; null when a user stands behind the claim. */
  readonly leaseUntil: number | null
  readonly revision: number
}

/** How a claim looks to somebody who arrives with evidence for its key. */
export type Standing =
  /** nobody holds the key */
  | { readonly is: 'free' }
  /** the same pool user's own claim */
  | { readonly is: 'mine'; readonly claim: Claim }
  /** a sign-up that was never finished in time; its person id stays, the right to finish moves */
  | { readonly is: 'lapsed'; readonly claim: Claim }
  /** held without proof, and the newcomer proves more */
  | { readonly is: 'weaker'; readonly claim: Claim }
  /** held without proof, and the newcomer proves no more than that */
  | { readonly is: 'soft'; readonly claim: Claim }
  /** held with proof by somebody else */
  | { readonly is: 'hard'; readonly claim: Claim }

export interface Arriving {
  readonly holder: Holder
  /** Epoch milliseconds. */
  readonly now: number
}

export function standingOf(claim: Claim | undefined, evidence: Evidence, { holder, now }: Arriving): Standing {
  if (!claim) return { is: 'free' }
  if (isSameHolder(claim.holder, holder)) return { is: 'mine', claim }
  if (isHard(claim.rank)) return { is: 'hard', claim }
  if (evidence.rank > claim.rank) return { is: 'weaker', claim }
  return { is: hasLapsed(claim, now) ? 'lapsed' : 'soft', claim }
}

/** Whether she holds the key by proof; a person to come may hold one too. */
export function isProvenBy(claim: Claim | undefined, person: PersonId): claim is Claim {
  return claim?.person === person && isHard(claim.rank)
}

function isSameHolder(a: Holder | null, b: Holder): boolean {
  return a !== null && a.pool === b.pool && a.userName === b.userName
}

function hasLapsed(claim: Claim, now: number): boolean {
  return claim.leaseUntil !== null && claim.leaseUntil < now
}
