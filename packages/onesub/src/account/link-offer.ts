import { createHmac, timingSafeEqual } from 'node:crypto'
import { OnesubError } from '../core/errors.ts'
import type { FreshProof } from '../core/fresh-proof.ts'
import { type PersonId, parsePersonId } from '../core/person.ts'

/**
 * What she is asked to agree to: this way in, to this account, as both are now. It names the provider's subject, so that another account at
 * the same provider cannot spend it (CVE-2026-9087), and the account's revision, which any change of the account moves on: an offer is good
 * once, and void after a recovery, another link, or an unlink.
 */
export interface LinkOffer {
  readonly account: PersonId
  readonly revision: number
  readonly because: FreshProof
  readonly absorbs: PersonId | null
  /** Epoch milliseconds. */
  readonly until: number
  /** By which the absorbed person's claim is found. */
  readonly email: string | null
}

export const OFFER_LASTS_MS = 10 * 60_000
const SHORTEST_SECRET = 32

export interface OfferSeal {
  seal(offer: LinkOffer): string
  /** Throws `LINK_PROOF_INVALID` for one that is not ours or too old. */
  open(proof: string, now: number): LinkOffer
}

export function offerSeal(secret: unknown): OfferSeal {
  if (typeof secret !== 'string' || secret.length < SHORTEST_SECRET) {
    throw new OnesubError('CONFIG_INVALID', {
      detail: `"secret" must be a string of ${SHORTEST_SECRET} characters or more.`,
    })
  }
  const mac = (body: string) => createHmac('sha256', secret).update(`onesub link offer\n${body}`).digest()
  return {
    seal(offer) {
      const body = Buffer.from(JSON.stringify(offer)).toString('base64url')
      return `${body}.${mac(body).toString('base64url')}`
    },
    open(proof, now) {
      const [body = '', given = ''] = typeof proof === 'string' ? proof.split('.') : []
      const tag = Buffer.from(given, 'base64url')
      const expected = mac(body)
      if (tag.length !== expected.length || !timingSafeEqual(tag, expected)) throw invalid('seal')
      const offer = offerIn(body)
      if (offer.until <= now) throw invalid('expired')
      return offer
    },
  }
}

/** Its seal says that we wrote it, so that its form is ours too. */
function offerIn(body: string): LinkOffer {
  const offer = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as LinkOffer
  if (parsePersonId(offer.account) === undefined) throw invalid('form')
  return offer
}

function invalid(detail: string): OnesubError {
  return new OnesubError('LINK_PROOF_INVALID', { detail })
}
