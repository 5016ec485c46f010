import { describe, expect, it } from 'vitest'
import type { Standing } from './claim.ts'
import { decideAdminCreation } from './decide-admin-creation.ts'
import { claim, FREE, ownedClaim, personId, proven, stated } from './testing/samples.ts'

const table: [says: string, standing: Standing, then: object][] = [
  ['on a free key begins', FREE, { kind: 'begins', person: 'new', takes: [{ preempts: false }] }],
  [
    'on its own reservation goes on',
    { is: 'mine', claim: claim() },
    { kind: 'begins', person: personId(1), takes: [{ preempts: false }] },
  ],
  [
    'T160: is not kept out by what nobody has proven',
    { is: 'lapsed', claim: claim() },
    { kind: 'begins', person: 'new', takes: [{ preempts: true }] },
  ],
  [
    'T160: nor by a simultaneous sign-up',
    { is: 'reserved', claim: claim() },
    { kind: 'begins', person: 'new', takes: [{ preempts: true }] },
  ],
  [
    'is refused a key that somebody owns',
    { is: 'owned', claim: ownedClaim() },
    { kind: 'refused', code: 'IDENTIFIER_TAKEN' },
  ],
  ['T166: begins where the owner is gone', { is: 'abandoned', claim: ownedClaim() }, { kind: 'begins', person: 'new' }],
]

describe('an administrator who creates a user', () => {
  it.each(table)('%s', (_, standing, then) => {
    expect(decideAdminCreation({ keys: [{ evidence: stated(), standing }] })).toMatchObject(then)
    expect(decideAdminCreation({ keys: [{ evidence: proven(), standing }] })).toMatchObject(then)
  })

  it('is refused where one of several keys is somebody’s', () => {
    const keys = [FREE, { is: 'owned', claim: ownedClaim() } as const].map((standing) => ({
      evidence: stated(),
      standing,
    }))
    expect(decideAdminCreation({ keys })).toEqual({ kind: 'refused', code: 'IDENTIFIER_TAKEN' })
  })
})
