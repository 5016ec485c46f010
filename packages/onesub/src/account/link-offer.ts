import { OnesubError } from '../core/errors.ts'
import type { FreshProof } from '../core/fresh-proof.ts'
import { type PersonId, parsePersonId } from '../core/person.ts'
import { sealedWith } from './seal.ts'

/**
 * What the user is asked to agree to: to link this sign-in method to this account, as both are now. It names the provider's subject, so that another account at
 * the same provider cannot spend it (CVE-2026-9087), and the account's revision, which any change of the account moves on: an offer is good
 * once, and void after a recovery, another link, or an unlink.
 */
export interface LinkOffer {
  readonly account: PersonId
  readonly revision: number
  readonly because: FreshProof
  readonly merges: PersonId | null
  /** That person's revision: an offer is void after a recovery on the other side, too. */
  readonly mergesRevision: number | null
  /** Epoch milliseconds. */
  readonly until: number
  /** The ownership of the merged person is found by it. */
  readonly email: string | null
}

export const OFFER_LASTS_MS = 10 * 60_000

export interface LinkOffers {
  seal(offer: LinkOffer): string
  /** Throws `LINK_PROOF_INVALID` for one that is not ours or too old. */
  open(proof: string, now: number): LinkOffer
}

export function linkOffers(secret: unknown): LinkOffers {
  const { seal, open } = sealedWith(secret, 'onesub link offer')
  return {
    seal,
    open(proof, now) {
      const offer = open(proof, now) as LinkOffer
      if (parsePersonId(offer.account) === undefined) throw new OnesubError('LINK_PROOF_INVALID', { detail: 'form' })
      return offer
    },
  }
}
