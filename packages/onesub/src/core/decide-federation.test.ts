import { describe, expect, it } from 'vitest'
import type { Standing } from './claim.ts'
import { decideFederation, type FederationFacts } from './decide-federation.ts'
import type { Decision } from './decision.ts'
import type { Evidence } from './evidence.ts'
import type { Person } from './person.ts'
import { KNOWN_KEY_POLICIES, type KnownKeyPolicy } from './policy.ts'
import {
  claim,
  FREE,
  googleIdentity,
  hardClaim,
  nativeIdentity,
  person,
  personId,
  proven,
  stated,
} from './testing/samples.ts'

const ada = person(1)
const stranger: FederationFacts = {
  identity: googleIdentity(),
  exactSubject: true,
  hasProfile: false,
  owner: undefined,
  waitsFor: undefined,
  address: undefined,
  policy: 'link',
}
const apart: Decision = { kind: 'begins', person: 'new', takes: [] }
const taken: Decision = { kind: 'refused', code: 'KEY_TAKEN' }
const needsProof: Decision = { kind: 'waits', wants: personId(1), since: 'now' }
const hard: Standing = { is: 'hard', claim: hardClaim() }
const soft: Standing = { is: 'soft', claim: claim({ rank: 2, leaseUntil: null, holder: null }) }
const finishes: Decision = {
  kind: 'begins',
  person: personId(1),
  takes: [{ evidence: proven(), over: hardClaim(), preempts: false }],
}
const weaker: Standing = { is: 'weaker', claim: claim() }

const at = (evidence: Evidence, standing: Standing, holder: Person | undefined) => ({
  address: { evidence, standing, holder },
})

type Row = [says: string, facts: Partial<FederationFacts>, then: Partial<Record<KnownKeyPolicy, Decision>> | Decision]

const table: Row[] = [
  ['an identity we know returns', { owner: ada }, { kind: 'returns', person: ada, recovered: false, proves: [] }],
  [
    'an identity we know returns, whatever address it comes with',
    { owner: ada, ...at(proven(), hard, person(2)) },
    { kind: 'returns', person: ada, recovered: false, proves: [] },
  ],
  [
    'T18: one that was taken off an account waits',
    { waitsFor: personId(4), ...at(proven(), FREE, undefined) },
    { kind: 'waits', wants: personId(4), since: 'still' },
  ],
  ['T50: without an address somebody begins, and has no key', {}, apart],
  ['T5: an address that the provider does not vouch for claims nothing', at(stated(1), FREE, undefined), apart],
  [
    'an address that is vouched for is claimed when free',
    at(stated(2), FREE, undefined),
    { kind: 'begins', person: 'new', takes: [{ evidence: stated(2), over: undefined, preempts: false }] },
  ],
  [
    'a proven address is claimed when free',
    at(proven(), FREE, undefined),
    { kind: 'begins', person: 'new', takes: [{ evidence: proven(), over: undefined, preempts: false }] },
  ],
  [
    'T1: a proven address is taken from somebody who only typed it, for a new person',
    at(proven(), weaker, undefined),
    { kind: 'begins', person: 'new', takes: [{ evidence: proven(), over: claim(), preempts: true }] },
  ],
  [
    'T1: the person whose unproven key is taken is not joined',
    at(proven(), weaker, ada),
    { kind: 'begins', person: 'new', takes: [{ evidence: proven(), over: claim(), preempts: true }] },
  ],
  [
    'a proven address of a person who has proven it too',
    at(proven(), hard, ada),
    {
      refuse: taken,
      link: { kind: 'joins', person: ada, because: proven(), takes: [] },
      explicit: needsProof,
      quiet: { kind: 'joins', person: ada, because: proven(), takes: [] },
    },
  ],
  [
    'T24: another subject of a provider that she has already',
    at(proven(), hard, person(1, [nativeIdentity(), { ...googleIdentity('999'), userName: null, native: false }])),
    { refuse: taken, link: needsProof, explicit: needsProof, quiet: apart },
  ],
  [
    'T23: an address that is vouched for, but not by its authority, joins nobody',
    at(stated(2), hard, ada),
    { refuse: taken, link: apart, explicit: needsProof, quiet: apart },
  ],
  [
    'T26: an unverified address joins nobody',
    at(stated(1), hard, ada),
    { refuse: taken, link: apart, explicit: needsProof, quiet: apart },
  ],
  [
    'an equally unproven address takes nothing',
    at(stated(2), soft, ada),
    { refuse: taken, link: apart, explicit: needsProof, quiet: apart },
  ],
  [
    'T5: an unverified address takes nothing, not even what somebody only typed',
    at(stated(1), weaker, ada),
    { refuse: taken, link: apart, explicit: needsProof, quiet: apart },
  ],
  [
    'I5: an address that an administrator vouched for, whose user has not come yet, is hers by whichever way she comes first',
    at(proven(), hard, undefined),
    { refuse: taken, link: finishes, explicit: needsProof, quiet: finishes },
  ],
]

describe.each(KNOWN_KEY_POLICIES)('a federated first sign-in under policy %s', (policy) => {
  it.each(table)('%s', (_, facts, then) => {
    const expected = 'kind' in then ? then : then[policy]
    expect(decideFederation({ ...stranger, ...facts, policy })).toEqual(expected)
  })
})

describe('a federated first sign-in', () => {
  it('of a profile that is there already joins nobody and refuses nobody: she is merged on purpose or not at all', () => {
    for (const policy of KNOWN_KEY_POLICIES) {
      const facts = { ...stranger, ...at(proven(), hard, ada), hasProfile: true, policy }
      expect(decideFederation(facts)).toEqual(apart)
    }
  })

  it('of a profile that is there already returns, or begins with what it brings, as any other', () => {
    const profile = { ...stranger, hasProfile: true }
    expect(decideFederation({ ...profile, owner: ada })).toMatchObject({ kind: 'returns', person: ada })
    expect(decideFederation({ ...profile, ...at(proven(), FREE, undefined) })).toMatchObject({
      takes: [{ evidence: proven() }],
    })
  })

  it('begins where nobody would be joined, though its subject may have lost its capitals', () => {
    expect(decideFederation({ ...stranger, exactSubject: false })).toEqual(apart)
    expect(decideFederation({ ...stranger, exactSubject: false, owner: ada })).toMatchObject({ kind: 'returns' })
  })

  it.each([
    ['another provider', { provider: 'Okta', subject: '999' }],
    ['the same provider in another pool', { pool: 'eu-west-1_Other', subject: '999' }],
    ['this very subject', {}],
  ])('joins a person who has %s', (_, other) => {
    const known = { ...googleIdentity(), ...other, userName: null, native: false }
    const owner = person(1, [nativeIdentity(), known])
    expect(decideFederation({ ...stranger, ...at(proven(), hard, owner) })).toMatchObject({ kind: 'joins' })
  })

  it('is not linked by a subject that may have lost its capitals', () => {
    expect(decideFederation({ ...stranger, ...at(proven(), hard, ada), exactSubject: false })).toEqual({
      kind: 'refused',
      code: 'SUBJECT_UNCERTAIN',
    })
  })

  it('takes a key for a person id that is never the former one', () => {
    const decision = decideFederation({ ...stranger, ...at(proven(), weaker, undefined) })
    expect(decision).toMatchObject({ person: 'new' })
    expect(decision).not.toMatchObject({ person: personId(1) })
  })
})
