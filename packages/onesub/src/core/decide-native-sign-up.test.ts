import { describe, expect, it } from 'vitest'
import type { Standing } from './claim.ts'
import { decideNativeSignUp } from './decide-native-sign-up.ts'
import { EXISTING_ACCOUNT_POLICIES } from './policy.ts'
import { claim, FREE, ownedClaim, personId, stated } from './testing/samples.ts'

const mine: Standing = { is: 'mine', claim: claim() }
const lapsed: Standing = { is: 'lapsed', claim: claim({ person: personId(2), leaseUntil: 1 }) }
const reserved: Standing = { is: 'reserved', claim: claim({ person: personId(3) }) }
const owned: Standing = { is: 'owned', claim: ownedClaim({ person: personId(4) }) }
const abandoned: Standing = { is: 'abandoned', claim: ownedClaim({ person: personId(5) }) }
const invited: Standing = {
  is: 'lapsed',
  claim: claim({ holder: { pool: 'p', userName: 'ada', by: 'administrator' } }),
}

const decide = (standing: Standing, policy: (typeof EXISTING_ACCOUNT_POLICIES)[number] = 'link') =>
  decideNativeSignUp({ keys: [{ evidence: stated(), standing }], policy })

describe.each(EXISTING_ACCOUNT_POLICIES)('a native sign-up under policy %s', (policy) => {
  it('begins a new person on a free key', () => {
    expect(decide(FREE, policy)).toEqual({
      kind: 'begins',
      person: 'new',
      takes: [{ evidence: stated(), standing: FREE, preempts: false }],
    })
  })

  it('goes on with its own reservation and the person of it', () => {
    expect(decide(mine, policy)).toMatchObject({ kind: 'begins', person: personId(1), takes: [{ preempts: false }] })
  })

  it('T160: is let in beside what nobody has proven, as a person of its own', () => {
    expect(decide(lapsed, policy)).toEqual({
      kind: 'begins',
      person: 'new',
      takes: [{ evidence: stated(), standing: lapsed, preempts: true }],
    })
  })

  it('T166: is let in where the owner is gone, as a person of its own', () => {
    expect(decide(abandoned, policy)).toMatchObject({ kind: 'begins', person: 'new', takes: [{ preempts: true }] })
  })

  it('T177: is let in beside an invitation, and leaves it as it is', () => {
    expect(decide(invited, policy)).toEqual({ kind: 'begins', person: 'new', takes: [] })
  })

  it('T50: begins without any key', () => {
    expect(decideNativeSignUp({ keys: [], policy })).toEqual({ kind: 'begins', person: 'new', takes: [] })
  })
})

describe('a native sign-up', () => {
  it.each([
    ['refuse', 'IDENTIFIER_TAKEN'],
    ['link', 'IDENTIFIER_TAKEN'],
    ['ask', 'LINK_NEEDS_PROOF'],
  ] as const)('is refused a key that somebody owns (policy %s)', (policy, code) => {
    expect(decide(owned, policy)).toEqual({ kind: 'refused', code })
    const keys = [FREE, owned].map((standing) => ({ evidence: stated(), standing }))
    expect(decideNativeSignUp({ keys, policy })).toEqual({ kind: 'refused', code })
  })

  it.each(['refuse', 'link', 'ask'] as const)(
    'is told of a simultaneous one, and how to go on (policy %s)',
    (policy) => {
      expect(decide(reserved, policy)).toEqual({ kind: 'refused', code: 'SIGN_UP_UNFINISHED' })
      const keys = [FREE, reserved].map((standing) => ({ evidence: stated(), standing }))
      expect(decideNativeSignUp({ keys, policy })).toEqual({ kind: 'refused', code: 'SIGN_UP_UNFINISHED' })
    },
  )

  it('T78: is let in without a word where policy is enumeration-safe', () => {
    expect(decide(owned, 'enumeration-safe')).toEqual({ kind: 'waits', wants: personId(4), since: 'now' })
    expect(decide(reserved, 'enumeration-safe')).toMatchObject({
      kind: 'begins',
      person: 'new',
      takes: [{ preempts: true }],
    })
  })

  it('T85: gives all its keys to one person, whoever had reserved them', () => {
    const keys = [mine, lapsed].map((standing) => ({ evidence: stated(), standing }))
    expect(decideNativeSignUp({ keys, policy: 'link' })).toMatchObject({
      person: personId(1),
      takes: [{ preempts: false }, { preempts: true }],
    })
  })
})
