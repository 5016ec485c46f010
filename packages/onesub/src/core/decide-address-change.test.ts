import { describe, expect, it } from 'vitest'
import type { Standing } from './claim.ts'
import { type AddressChangeFacts, decideAddressChange } from './decide-address-change.ts'
import { claim, emailKey, FREE, ownedClaim, person, personId, proven, stated } from './testing/samples.ts'

const NEW = 'new@example.com'
const owner = { ...person(1), address: 'Ada@Example.com' }
const owns: Standing = { is: 'owned', claim: ownedClaim({ person: owner.id }) }
const others: Standing = { is: 'owned', claim: ownedClaim({ person: personId(2) }) }
const former: AddressChangeFacts['former'] = { key: emailKey(), standing: owns }
const seen = (of: Partial<AddressChangeFacts> = {}): AddressChangeFacts => ({
  owner,
  user: owner.identities[0]?.subject ?? '',
  shown: { evidence: proven(NEW), verified: true, standing: FREE },
  former,
  isLinked: false,
  ...of,
})
const take = (standing: Standing, preempts = false) => ({ evidence: proven(NEW), standing, preempts })
const release = { evidence: stated(0), standing: owns, preempts: false }
const nothing = { takes: [], releases: [] }

const table: [says: string, facts: AddressChangeFacts, then: object][] = [
  [
    'T151: a new address by code is owned, and the former one released',
    seen(),
    { takes: [take(FREE)], releases: [release] },
  ],
  [
    'T151: a new address whose mark proves nothing only releases the former one',
    seen({ shown: { evidence: stated(0, NEW), verified: true, standing: FREE } }),
    { takes: [], releases: [release] },
  ],
  ['T175: a first address by code is owned', seen({ former: undefined }), { takes: [take(FREE)], releases: [] }],
  [
    'T183: an address that another had proven before goes to who proves it now',
    seen({ shown: { evidence: proven(NEW), verified: true, standing: others } }),
    { takes: [take(others, true)], releases: [release] },
  ],
  [
    'T160: a reservation keeps nobody from it',
    seen({
      shown: {
        evidence: proven(NEW),
        verified: true,
        standing: { is: 'reserved', claim: claim({ person: personId(7) }) },
      },
    }),
    { takes: [{ preempts: true }], releases: [release] },
  ],
  [
    'what the person owns changes nothing',
    seen({ shown: { evidence: proven(NEW), verified: true, standing: owns } }),
    nothing,
  ],
  [
    'T181: an unverified address changes nothing',
    seen({ shown: { evidence: stated(0, NEW), verified: false, standing: FREE } }),
    nothing,
  ],
  ['T182: a linked user may show its provider’s word', seen({ isLinked: true }), nothing],
  ['no address changes nothing', seen({ shown: undefined }), nothing],
  [
    'a former address that is another’s by now is not released again',
    seen({ former: { key: emailKey(), standing: others } }),
    { takes: [take(FREE)], releases: [] },
  ],
  [
    'the same address is no change',
    seen({
      shown: { evidence: stated(0), verified: true, standing: FREE },
      former: { key: emailKey(), standing: owns },
    }),
    nothing,
  ],
]

describe('at a sign-in the registry follows what the user shows', () => {
  it.each(table)('%s', (_, facts, then) => expect(decideAddressChange(facts)).toMatchObject(then))
})
