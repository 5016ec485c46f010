import { describe, expect, it } from 'vitest'
import type { Standing } from './claim.ts'
import { decideAdminCreation } from './decide-admin-creation.ts'
import { claim, FREE, hardClaim, personId, proven, stated } from './testing/samples.ts'

const table: [says: string, standing: Standing, then: object][] = [
  ['on a free key begins', FREE, { kind: 'begins', person: 'new', takes: [{ over: undefined, preempts: false }] }],
  [
    'on its own claim goes on',
    { is: 'mine', claim: claim() },
    { kind: 'begins', person: personId(1), takes: [{ over: claim(), preempts: false }] },
  ],
  [
    'on an unfinished claim finishes it',
    { is: 'lapsed', claim: claim({ leaseUntil: 1 }) },
    { kind: 'begins', person: personId(1) },
  ],
  [
    'is refused a key that somebody is signing up with',
    { is: 'soft', claim: claim() },
    { kind: 'refused', code: 'KEY_TAKEN' },
  ],
  [
    'is refused a key that somebody has proven',
    { is: 'hard', claim: hardClaim() },
    { kind: 'refused', code: 'KEY_TAKEN' },
  ],
]

describe('an administrator who creates a user', () => {
  it.each(table)('%s', (_, standing, then) => {
    expect(decideAdminCreation({ keys: [{ evidence: stated(), standing }] })).toMatchObject(then)
  })

  it('is refused where one of several keys is somebody’s', () => {
    const keys = [FREE, { is: 'hard', claim: hardClaim() } as const].map((standing) => ({
      evidence: stated(),
      standing,
    }))
    expect(decideAdminCreation({ keys })).toEqual({ kind: 'refused', code: 'KEY_TAKEN' })
  })

  it('is refused where the keys were left by two different people', () => {
    const left = (last: number): Standing => ({ is: 'lapsed', claim: claim({ person: personId(last), leaseUntil: 1 }) })
    const keys = [left(1), left(2)].map((standing) => ({ evidence: stated(), standing }))
    expect(decideAdminCreation({ keys })).toEqual({ kind: 'refused', code: 'KEY_TAKEN' })
  })

  it('gives every key to a new person where one of them is taken from somebody', () => {
    const weaker: Standing = { is: 'weaker', claim: claim({ person: personId(2) }) }
    const keys = [{ is: 'mine', claim: claim() } as const, weaker].map((standing) => ({ evidence: proven(), standing }))
    expect(decideAdminCreation({ keys })).toMatchObject({
      kind: 'begins',
      person: 'new',
      takes: [{ preempts: true }, { preempts: true }],
    })
  })

  it('takes a key from somebody who proves less, for a new person', () => {
    const standing: Standing = { is: 'weaker', claim: claim() }
    expect(decideAdminCreation({ keys: [{ evidence: proven(), standing }] })).toMatchObject({
      kind: 'begins',
      person: 'new',
      takes: [{ preempts: true }],
    })
  })
})
