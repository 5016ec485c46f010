import { describe, expect, it } from 'vitest'
import type { Evidence } from '../evidence.ts'
import type { IdentifierStatus } from '../identifiers/ownership.ts'
import { EXISTING_ACCOUNT_POLICIES, type ExistingAccountPolicy } from '../policy.ts'
import {
  FREE,
  googleIdentity,
  nativeIdentity,
  ownedClaim,
  ownership,
  person,
  personId,
  proven,
  stated,
} from '../testing/samples.ts'
import type { Decision } from './decision.ts'
import { type AddressArrival, decideFederation, type FederationFacts } from './federation.ts'

const ada = person(1)
const stranger: FederationFacts = {
  identity: googleIdentity(),
  hasProfile: false,
  owner: undefined,
  waitsFor: undefined,
  address: undefined,
  policy: 'link',
}
const byGoogle = person(1, [
  { ...nativeIdentity(), placeholder: true },
  { ...googleIdentity(), userName: null, native: false },
])
const besideOurs = person(1, [...byGoogle.identities, nativeIdentity('sub-own', 'own')])
const apart: Decision = { kind: 'create-person', person: 'new', acquisitions: [] }
const taken: Decision = { kind: 'refused', code: 'IDENTIFIER_TAKEN' }
const pending: Decision = { kind: 'pending', wants: personId(1), since: 'now' }
const owned: IdentifierStatus = { kind: 'owned', ownership: ownedClaim() }
const doubtful: IdentifierStatus = {
  kind: 'owned',
  ownership: ownedClaim({ holder: { pool: 'p', userName: 'ada', contested: true } }),
}
const abandoned: IdentifierStatus = { kind: 'abandoned', ownership: ownedClaim() }
const lapsed: IdentifierStatus = { kind: 'lapsed', ownership: ownership({ person: personId(5) }) }
const reserved: IdentifierStatus = { kind: 'reserved', ownership: ownership({ person: personId(5) }) }

const at = (evidence: Evidence, status: IdentifierStatus, of: Partial<AddressArrival> = {}) => ({
  address: { evidence, status, holder: undefined, isInvited: false, hasOtherWays: false, ...of },
})
const acquisitions = (status: IdentifierStatus, supersedes: boolean) => [{ evidence: proven(), status, supersedes }]
const owns = (status: IdentifierStatus): Decision => ({
  kind: 'create-person',
  person: 'new',
  acquisitions: acquisitions(status, status.kind !== 'free'),
})
const finishes: Decision = { kind: 'create-person', person: personId(1), acquisitions: acquisitions(owned, false) }
const returns = (): Decision => ({
  kind: 'existing-person',
  person: ada,
  recovered: false,
  proves: [],
})

type Row = [
  says: string,
  facts: Partial<FederationFacts>,
  then: Partial<Record<ExistingAccountPolicy, Decision>> | Decision,
]

const table: Row[] = [
  ['an identity we know returns', { owner: ada }, returns()],
  ['an identity we know returns, whatever it does not prove', { owner: ada, ...at(stated(2), FREE) }, returns()],
  [
    'T175: an identity of a person without a password that proves a free address owns it',
    { owner: byGoogle, ...at(proven(), FREE) },
    { kind: 'existing-person', person: byGoogle, recovered: false, proves: acquisitions(FREE, false) },
  ],
  ['T11: a provider changes nothing for a person with a password', { owner: ada, ...at(proven(), FREE) }, returns()],
  [
    'T183: a known identity takes nothing from a person who has proven it otherwise: its provider only repeats itself',
    { owner: ada, ...at(proven(), { kind: 'owned', ownership: ownedClaim({ person: personId(2) }) }) },
    returns(),
  ],
  [
    'T183: also of a person without a password',
    { owner: byGoogle, ...at(proven(), { kind: 'owned', ownership: ownedClaim({ person: personId(2) }) }) },
    { kind: 'existing-person', person: byGoogle, recovered: false, proves: [] },
  ],
  [
    'T11: a provider changes nothing for a person who has a password beside a placeholder user',
    { owner: besideOurs, ...at(proven(), FREE) },
    { kind: 'existing-person', person: besideOurs, recovered: false, proves: [] },
  ],
  [
    'T18: an unlinked one is pending, as long as the former person owns its address',
    { waitsFor: personId(1), ...at(proven(), owned, { holder: ada }) },
    { kind: 'pending', wants: personId(1), since: 'still' },
  ],
  [
    'a pending one without proof stays pending',
    { waitsFor: personId(1), ...at(stated(2), FREE) },
    { kind: 'pending', wants: personId(1), since: 'still' },
  ],
  [
    'a pending one without an address stays pending',
    { waitsFor: personId(1) },
    { kind: 'pending', wants: personId(1), since: 'still' },
  ],
  [
    'T160: a pending one that proves a free address is no longer pending',
    { waitsFor: personId(4), ...at(proven(), FREE) },
    owns(FREE),
  ],
  [
    'T160: a pending one that proves an address that is free again is no longer pending',
    { waitsFor: personId(1), ...at(proven(), abandoned) },
    owns(abandoned),
  ],
  ['T50: without an address somebody begins, and has no key', {}, apart],
  ['T5: an address that the provider does not vouch for claims nothing', at(stated(1), FREE), apart],
  ['T160: one that is vouched for, but not by its authority, claims nothing either', at(stated(2), FREE), apart],
  ['a proven address is owned when free', at(proven(), FREE), owns(FREE)],
  ['T1: a proven address is owned whoever has typed it, by a new person', at(proven(), lapsed), owns(lapsed)],
  ['T160: also where somebody is typing it now', at(proven(), reserved), owns(reserved)],
  [
    'T151, T166: a proven address whose owner is gone is owned by a new person',
    at(proven(), abandoned, { holder: ada }),
    owns(abandoned),
  ],
  [
    'T177: one at which a user was invited is that user’s',
    at(proven(), lapsed, { isInvited: true }),
    { kind: 'create-person', person: personId(5), acquisitions: acquisitions(lapsed, false) },
  ],
  [
    'a proven address of a person who has proven it too',
    at(proven(), owned, { holder: ada }),
    {
      refuse: taken,
      link: { kind: 'link-identity', person: ada, because: proven(), acquisitions: [] },
      ask: pending,
      'enumeration-safe': { kind: 'link-identity', person: ada, because: proven(), acquisitions: [] },
    },
  ],
  [
    'T157: a proven address of a person whose password is in doubt',
    at(proven(), doubtful, { holder: ada }),
    {
      refuse: taken,
      link: { kind: 'link-identity', person: ada, because: proven(), acquisitions: acquisitions(doubtful, false) },
      ask: pending,
      'enumeration-safe': {
        kind: 'link-identity',
        person: ada,
        because: proven(),
        acquisitions: acquisitions(doubtful, false),
      },
    },
  ],
  ...(
    [
      ['a number or a second factor', { holder: ada, hasOtherWays: true }],
      [
        'a provider',
        {
          holder: person(1, [
            nativeIdentity(),
            { ...googleIdentity('9'), provider: 'Other', userName: null, native: false },
          ]),
        },
      ],
      ['a second user', { holder: person(1, [nativeIdentity(), nativeIdentity('ada2')]) }],
      [
        'a user of another pool, which nobody here can reach',
        { holder: person(1, [{ ...nativeIdentity(), pool: 'other' }]) },
      ],
    ] as const
  ).map(
    ([has, of]): Row => [
      `T157: … who has ${has} as well`,
      at(proven(), doubtful, of),
      {
        refuse: taken,
        link: { kind: 'create-person', person: 'new', acquisitions: acquisitions(doubtful, true) },
        ask: pending,
        'enumeration-safe': { kind: 'create-person', person: 'new', acquisitions: acquisitions(doubtful, true) },
      },
    ],
  ),
  [
    'T24: another subject of a provider that the person has already',
    at(proven(), owned, {
      holder: person(1, [nativeIdentity(), { ...googleIdentity('999'), userName: null, native: false }]),
    }),
    { refuse: taken, link: pending, ask: pending, 'enumeration-safe': apart },
  ],
  [
    'T23: an address that is vouched for, but not by its authority, joins nobody',
    at(stated(2), owned, { holder: ada }),
    { refuse: taken, link: apart, ask: pending, 'enumeration-safe': apart },
  ],
  [
    'T26: an unverified address joins nobody',
    at(stated(1), owned, { holder: ada }),
    { refuse: taken, link: apart, ask: pending, 'enumeration-safe': apart },
  ],
  [
    'I5: an address that an administrator vouched for belongs to that user by whichever method they sign in first',
    at(proven(), owned),
    { refuse: taken, link: finishes, ask: pending, 'enumeration-safe': finishes },
  ],
]

describe.each(EXISTING_ACCOUNT_POLICIES)('a federated sign-in under policy %s', (policy) => {
  it.each(table)('%s', (_, facts, then) => {
    const expected = 'kind' in then ? then : then[policy]
    expect(decideFederation({ ...stranger, ...facts, policy })).toEqual(expected)
  })

  it('refuses nobody, and leaves nobody pending, whose profile exists already', () => {
    const profile = { ...stranger, hasProfile: true, policy }
    for (const evidence of [stated(1), stated(2), proven()]) {
      const decision = decideFederation({ ...profile, ...at(evidence, owned, { holder: ada }) })
      const joins = evidence.kind === 'proven' && (policy === 'link' || policy === 'enumeration-safe')
      expect(decision).toEqual(
        joins ? { kind: 'link-identity', person: ada, because: proven(), acquisitions: [] } : apart,
      )
    }
  })
})

describe('a federated sign-in', () => {
  it.each([
    ['another provider', { provider: 'Okta', subject: '999' }],
    ['the same provider in another pool', { pool: 'eu-west-1_Other', subject: '999' }],
    ['this very subject', {}],
  ])('joins a person who has %s', (_, other) => {
    const known = { ...googleIdentity(), ...other, userName: null, native: false }
    const holder = person(1, [nativeIdentity(), known])
    expect(decideFederation({ ...stranger, ...at(proven(), owned, { holder }) })).toMatchObject({
      kind: 'link-identity',
    })
  })
})
