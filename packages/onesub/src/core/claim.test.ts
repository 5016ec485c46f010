import { expect, it } from 'vitest'
import { type Claim, isProvenBy, type Standing, standingOf } from './claim.ts'
import type { Evidence } from './evidence.ts'
import { claim, hardClaim, POOL, personId, proven, stated } from './testing/samples.ts'

const arriving = { holder: { pool: POOL, userName: 'bob' }, now: 1_000 }
const typed = claim({ leaseUntil: 2_000 })
const settled = claim({ leaseUntil: null, holder: null })

const table: [says: string, claim: Claim | undefined, evidence: Evidence, is: Standing['is']][] = [
  ['a key without a claim is free', undefined, stated(), 'free'],
  ['her own claim is hers', claim({ holder: arriving.holder }), stated(), 'mine'],
  ['her own claim is hers after its lease too', claim({ holder: arriving.holder, leaseUntil: 1 }), stated(), 'mine'],
  ['a proven claim is hard, whatever is proven now', hardClaim(), proven(), 'hard'],
  ['a typed claim is weaker than proof', typed, proven(), 'weaker'],
  ['a typed claim is weaker than a provider that vouches', typed, stated(2), 'weaker'],
  ['a lapsed claim is weaker than proof as well', claim({ leaseUntil: 1 }), proven(), 'weaker'],
  ['a typed claim withstands typing', typed, stated(), 'soft'],
  ['T97: a lease ends after its last moment, not at it', claim({ leaseUntil: 1_000 }), stated(), 'soft'],
  ['a typed claim whose lease has ended has lapsed', claim({ leaseUntil: 999 }), stated(), 'lapsed'],
  ['a claim that a user stands behind never lapses', settled, stated(), 'soft'],
  [
    'a claim of the same name in another pool is not hers',
    claim({ holder: { pool: 'eu-west-1_Other', userName: 'bob' } }),
    stated(),
    'soft',
  ],
]

it.each(table)('%s', (_, held, evidence, is) => expect(standingOf(held, evidence, arriving).is).toBe(is))

it.each<[says: string, claim: Claim | undefined, isHers: boolean]>([
  ['hers by proof', hardClaim(), true],
  ['hers by a vouching provider only', claim({ rank: 2 }), false],
  ['another’s by proof', hardClaim({ person: personId(2) }), false],
  ['nobody’s', undefined, false],
])('proof is asked for, and hers: a key that is %s', (_, held, isHers) => {
  expect(isProvenBy(held, personId(1))).toBe(isHers)
})
