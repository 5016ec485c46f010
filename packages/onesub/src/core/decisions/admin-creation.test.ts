import { describe, expect, it } from 'vitest'
import type { IdentifierStatus } from '../identifiers/ownership.ts'
import { FREE, ownedClaim, ownership, personId, proven, stated } from '../testing/samples.ts'
import { decideAdminCreation } from './admin-creation.ts'

const table: [says: string, status: IdentifierStatus, then: object][] = [
  ['on a free key begins', FREE, { kind: 'create-person', person: 'new', acquisitions: [{ supersedes: false }] }],
  [
    'on its own reservation goes on',
    { kind: 'mine', ownership: ownership() },
    { kind: 'create-person', person: personId(1), acquisitions: [{ supersedes: false }] },
  ],
  [
    'T160: is not refused for an unproven identifier',
    { kind: 'lapsed', ownership: ownership() },
    { kind: 'create-person', person: 'new', acquisitions: [{ supersedes: true }] },
  ],
  [
    'T160: nor by a simultaneous sign-up',
    { kind: 'reserved', ownership: ownership() },
    { kind: 'create-person', person: 'new', acquisitions: [{ supersedes: true }] },
  ],
  [
    'is refused for an identifier that somebody owns',
    { kind: 'owned', ownership: ownedClaim() },
    { kind: 'refused', code: 'IDENTIFIER_TAKEN' },
  ],
  [
    'T166: creates a person where the owner is deleted',
    { kind: 'abandoned', ownership: ownedClaim() },
    { kind: 'create-person', person: 'new' },
  ],
]

describe('an administrator who creates a user', () => {
  it.each(table)('%s', (_, status, then) => {
    expect(decideAdminCreation({ identifiers: [{ evidence: stated(), status }] })).toMatchObject(then)
    expect(decideAdminCreation({ identifiers: [{ evidence: proven(), status }] })).toMatchObject(then)
  })

  it('is refused where one of several identifiers is owned', () => {
    const identifiers = [FREE, { kind: 'owned', ownership: ownedClaim() } as const].map((status) => ({
      evidence: stated(),
      status,
    }))
    expect(decideAdminCreation({ identifiers })).toEqual({ kind: 'refused', code: 'IDENTIFIER_TAKEN' })
  })
})
