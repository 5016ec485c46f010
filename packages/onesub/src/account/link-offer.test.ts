import { describe, expect, it } from 'vitest'
import { fresh, nativeIdentity, personId } from '../core/testing/samples.ts'
import { type LinkOffer, linkOffers } from './link-offer.ts'

const SECRET = 'a secret of thirty-two characters or more'
const offer: LinkOffer = {
  account: personId(1),
  revision: 3,
  because: fresh(nativeIdentity('sub-bob', 'bob')),
  merges: null,
  mergesRevision: null,
  until: 2_000,
  email: null,
}

describe('a sealed offer', () => {
  const { seal, open } = linkOffers(SECRET)

  it('T8: is read back until its time is over', () => {
    expect(open(seal(offer), 1_999)).toEqual(offer)
    expect(() => open(seal(offer), 2_000)).toThrow(/LINK_PROOF_INVALID/)
  })

  it('names an account, or is none: a seal of ours on something else opens nothing', () => {
    const other: LinkOffer = JSON.parse(JSON.stringify({ ...offer, account: 'somebody' }))
    expect(() => open(seal(other), 1_999)).toThrow(/LINK_PROOF_INVALID/)
  })

  it('T8: is void with any character changed or left out', () => {
    const sealed = seal(offer)
    // But the last, of which only some bits count.
    for (let at = 0; at < sealed.length - 1; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A'
      for (const altered of [
        sealed.slice(0, at) + other + sealed.slice(at + 1),
        sealed.slice(0, at) + sealed.slice(at + 1),
      ]) {
        expect(() => open(altered, 0)).toThrow(/LINK_PROOF_INVALID/)
      }
    }
  })

  it.each(['', '.', 'a.b', 'null', '..'])('T8: is not %j', (text) => {
    expect(() => open(text, 0)).toThrow(/LINK_PROOF_INVALID/)
  })

  it('is another’s under another secret', () => {
    expect(() => open(linkOffers(`${SECRET}!`).seal(offer), 0)).toThrow(/LINK_PROOF_INVALID/)
  })

  it.each([undefined, '', 'short', 'x'.repeat(31)])('is not made with the secret %j', (secret) => {
    expect(() => linkOffers(secret)).toThrow(/CONFIG_INVALID|secret/)
  })
})
