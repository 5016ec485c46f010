import { describe, expect, it } from 'vitest'
import type { Standing } from './claim.ts'
import { decideNativeSignUp } from './decide-native-sign-up.ts'
import { KNOWN_KEY_POLICIES } from './policy.ts'
import { claim, FREE, hardClaim, personId, stated } from './testing/samples.ts'

const mine: Standing = { is: 'mine', claim: claim() }
const lapsed: Standing = { is: 'lapsed', claim: claim({ person: personId(2), leaseUntil: 1 }) }
const soft: Standing = { is: 'soft', claim: claim({ person: personId(3) }) }
const vouchedFor: Standing = { is: 'mine', claim: hardClaim({ person: personId(5) }) }
const hard: Standing = { is: 'hard', claim: hardClaim({ person: personId(4) }) }

const decide = (standing: Standing, policy: (typeof KNOWN_KEY_POLICIES)[number] = 'link') =>
  decideNativeSignUp({ keys: [{ evidence: stated(), standing }], policy })

describe('a native sign-up', () => {
  it.each(KNOWN_KEY_POLICIES)('begins a new person on a free key (policy %s)', (policy) => {
    expect(decide(FREE, policy)).toEqual({
      kind: 'begins',
      person: 'new',
      takes: [{ evidence: stated(), over: undefined, preempts: false }],
    })
  })

  it.each(KNOWN_KEY_POLICIES)('goes on with her own claim and its person (policy %s)', (policy) => {
    expect(decide(mine, policy)).toMatchObject({ kind: 'begins', person: personId(1), takes: [{ preempts: false }] })
  })

  it.each(KNOWN_KEY_POLICIES)('T89: finishes a lapsed sign-up for the person minted with it (policy %s)', (policy) => {
    expect(decide(lapsed, policy)).toMatchObject({ kind: 'begins', person: personId(2), takes: [{ preempts: false }] })
  })

  it.each([
    ['refuse', { kind: 'refused', code: 'KEY_TAKEN' }],
    ['link', { kind: 'refused', code: 'KEY_TAKEN' }],
    ['explicit', { kind: 'refused', code: 'LINK_NEEDS_PROOF' }],
  ] as const)('is refused a key that is held, alike whether it is proven or not (policy %s)', (policy, then) => {
    expect(decide(soft, policy)).toEqual(then)
    expect(decide(hard, policy)).toEqual(then)
    expect(decide(vouchedFor, policy)).toEqual(then)
  })

  it('T78: is let in without a claim, and without a word, where policy is quiet', () => {
    expect(decide(soft, 'quiet')).toEqual({ kind: 'waits', wants: personId(3), since: 'now' })
    expect(decide(hard, 'quiet')).toEqual({ kind: 'waits', wants: personId(4), since: 'now' })
    expect(decide(vouchedFor, 'quiet')).toEqual({ kind: 'waits', wants: personId(5), since: 'now' })
  })

  it('T50: begins without any key', () => {
    expect(decideNativeSignUp({ keys: [], policy: 'link' })).toEqual({ kind: 'begins', person: 'new', takes: [] })
  })

  it('is refused when one of several keys is held', () => {
    const keys = [FREE, hard].map((standing) => ({ evidence: stated(), standing }))
    expect(decideNativeSignUp({ keys, policy: 'link' })).toEqual({ kind: 'refused', code: 'KEY_TAKEN' })
  })

  it('is refused when its keys were left by two different people', () => {
    const other: Standing = { is: 'lapsed', claim: claim({ person: personId(9), leaseUntil: 1 }) }
    const keys = [lapsed, other].map((standing) => ({ evidence: stated(), standing }))
    expect(decideNativeSignUp({ keys, policy: 'link' })).toEqual({ kind: 'refused', code: 'KEY_TAKEN' })
    expect(decideNativeSignUp({ keys, policy: 'quiet' })).toMatchObject({ kind: 'waits' })
  })
})
