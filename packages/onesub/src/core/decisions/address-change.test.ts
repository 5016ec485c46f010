import { describe, expect, it } from 'vitest'
import type { IdentifierStatus } from '../identifiers/ownership.ts'
import { emailKey, FREE, ownedClaim, ownership, person, personId, proven, stated } from '../testing/samples.ts'
import { type AddressChangeFacts, decideAddressChange } from './address-change.ts'

const NEW = 'new@example.com'
const owner = { ...person(1), address: 'Ada@Example.com' }
const owns: IdentifierStatus = { kind: 'owned', ownership: ownedClaim({ person: owner.id }) }
const { pool, userName } = owner.identities[0] ?? { pool: '', userName: '' }
const byThisUser: IdentifierStatus = {
  kind: 'owned',
  ownership: ownedClaim({ person: owner.id, holder: { pool, userName: userName ?? '' } }),
}
const others: IdentifierStatus = { kind: 'owned', ownership: ownedClaim({ person: personId(2) }) }
const former: AddressChangeFacts['former'] = { identifier: emailKey(), status: owns }
const seen = (of: Partial<AddressChangeFacts> = {}): AddressChangeFacts => ({
  owner,
  user: owner.identities[0]?.subject ?? '',
  shown: { evidence: proven(NEW), verified: true, status: FREE },
  former,
  isLinked: false,
  ...of,
})
const acquisition = (status: IdentifierStatus, supersedes = false) => ({ evidence: proven(NEW), status, supersedes })
const release = { evidence: stated(0), status: owns, supersedes: false }
const nothing = { acquisitions: [], releases: [] }

const table: [says: string, facts: AddressChangeFacts, then: object][] = [
  [
    'T151: a new address by code is owned, and the former one released',
    seen(),
    { acquisitions: [acquisition(FREE)], releases: [release] },
  ],
  [
    'T151: a new address whose mark proves nothing only releases the former one',
    seen({ shown: { evidence: stated(0, NEW), verified: true, status: FREE } }),
    { acquisitions: [], releases: [release] },
  ],
  [
    'T175: a first address by code is owned',
    seen({ former: undefined }),
    { acquisitions: [acquisition(FREE)], releases: [] },
  ],
  [
    'T183: an address that another had proven before goes to the person who proves it now',
    seen({ shown: { evidence: proven(NEW), verified: true, status: others } }),
    { acquisitions: [acquisition(others, true)], releases: [release] },
  ],
  [
    'T160: a reservation does not prevent it',
    seen({
      shown: {
        evidence: proven(NEW),
        verified: true,
        status: { kind: 'reserved', ownership: ownership({ person: personId(7) }) },
      },
    }),
    { acquisitions: [{ supersedes: true }], releases: [release] },
  ],
  [
    'what the person owns changes nothing',
    seen({ shown: { evidence: proven(NEW), verified: true, status: owns } }),
    nothing,
  ],
  [
    'T151: what the person owns already releases the former one that this very user has proven',
    seen({
      shown: { evidence: proven(NEW), verified: true, status: owns },
      former: { identifier: emailKey(), status: byThisUser },
    }),
    { releases: [{ ...release, status: byThisUser }] },
  ],
  [
    'T181: an unverified address changes nothing',
    seen({ shown: { evidence: stated(0, NEW), verified: false, status: FREE } }),
    nothing,
  ],
  ['T182: a linked user may show its provider’s word', seen({ isLinked: true }), nothing],
  ['no address changes nothing', seen({ shown: undefined }), nothing],
  [
    'a former address that is another’s by now is not released again',
    seen({ former: { identifier: emailKey(), status: others } }),
    { acquisitions: [acquisition(FREE)], releases: [] },
  ],
  [
    'the same address is no change',
    seen({
      shown: { evidence: stated(0), verified: true, status: FREE },
      former: { identifier: emailKey(), status: owns },
    }),
    nothing,
  ],
]

describe('at a sign-in the registry follows what the user shows', () => {
  it.each(table)('%s', (_, facts, then) => expect(decideAddressChange(facts)).toMatchObject(then))
})
