import { describe, expect, it } from 'vitest'
import type { IdentifierStatus } from '../identifiers/ownership.ts'
import { EXISTING_ACCOUNT_POLICIES } from '../policy.ts'
import { FREE, ownedClaim, ownership, personId, stated } from '../testing/samples.ts'
import { decideNativeSignUp } from './native-sign-up.ts'

const mine: IdentifierStatus = { kind: 'mine', ownership: ownership() }
const lapsed: IdentifierStatus = { kind: 'lapsed', ownership: ownership({ person: personId(2), leaseUntil: 1 }) }
const reserved: IdentifierStatus = { kind: 'reserved', ownership: ownership({ person: personId(3) }) }
const owned: IdentifierStatus = { kind: 'owned', ownership: ownedClaim({ person: personId(4) }) }
const abandoned: IdentifierStatus = { kind: 'abandoned', ownership: ownedClaim({ person: personId(5) }) }
const invited: IdentifierStatus = {
  kind: 'lapsed',
  ownership: ownership({ holder: { pool: 'p', userName: 'ada', by: 'administrator' } }),
}

const decide = (status: IdentifierStatus, policy: (typeof EXISTING_ACCOUNT_POLICIES)[number] = 'link') =>
  decideNativeSignUp({ identifiers: [{ evidence: stated(), status }], policy })

describe.each(EXISTING_ACCOUNT_POLICIES)('a native sign-up under policy %s', (policy) => {
  it('creates a person with a free identifier', () => {
    expect(decide(FREE, policy)).toEqual({
      kind: 'create-person',
      person: 'new',
      acquisitions: [{ evidence: stated(), status: FREE, supersedes: false }],
    })
  })

  it('goes on with its own reservation and the person of it', () => {
    expect(decide(mine, policy)).toMatchObject({
      kind: 'create-person',
      person: personId(1),
      acquisitions: [{ supersedes: false }],
    })
  })

  it('T160: is accepted beside an unproven identifier, as a separate person', () => {
    expect(decide(lapsed, policy)).toEqual({
      kind: 'create-person',
      person: 'new',
      acquisitions: [{ evidence: stated(), status: lapsed, supersedes: true }],
    })
  })

  it('T166: is let in where the owner is gone, as a person of its own', () => {
    expect(decide(abandoned, policy)).toMatchObject({
      kind: 'create-person',
      person: 'new',
      acquisitions: [{ supersedes: true }],
    })
  })

  it('T177: is let in beside an invitation, and leaves it is', () => {
    expect(decide(invited, policy)).toEqual({ kind: 'create-person', person: 'new', acquisitions: [] })
  })

  it('T50: creates a person without any identifier', () => {
    expect(decideNativeSignUp({ identifiers: [], policy })).toEqual({
      kind: 'create-person',
      person: 'new',
      acquisitions: [],
    })
  })
})

describe('a native sign-up', () => {
  it.each([
    ['refuse', 'IDENTIFIER_TAKEN'],
    ['link', 'IDENTIFIER_TAKEN'],
    ['ask', 'LINK_NEEDS_PROOF'],
  ] as const)('is refused for an identifier that somebody owns (policy %s)', (policy, code) => {
    expect(decide(owned, policy)).toEqual({ kind: 'refused', code })
    const identifiers = [FREE, owned].map((status) => ({ evidence: stated(), status }))
    expect(decideNativeSignUp({ identifiers, policy })).toEqual({ kind: 'refused', code })
  })

  it.each(['refuse', 'link', 'ask'] as const)(
    'is refused for a simultaneous one, with what to do next (policy %s)',
    (policy) => {
      expect(decide(reserved, policy)).toEqual({ kind: 'refused', code: 'SIGN_UP_UNFINISHED' })
      const identifiers = [FREE, reserved].map((status) => ({ evidence: stated(), status }))
      expect(decideNativeSignUp({ identifiers, policy })).toEqual({ kind: 'refused', code: 'SIGN_UP_UNFINISHED' })
    },
  )

  it('T78: is accepted without an answer about the address where policy is enumeration-safe', () => {
    expect(decide(owned, 'enumeration-safe')).toEqual({ kind: 'pending', wants: personId(4), since: 'now' })
    expect(decide(reserved, 'enumeration-safe')).toMatchObject({
      kind: 'create-person',
      person: 'new',
      acquisitions: [{ supersedes: true }],
    })
  })

  it('T85: gives all its identifiers to one person, whoever had reserved them', () => {
    const identifiers = [mine, lapsed].map((status) => ({ evidence: stated(), status }))
    expect(decideNativeSignUp({ identifiers, policy: 'link' })).toMatchObject({
      person: personId(1),
      acquisitions: [{ supersedes: false }, { supersedes: true }],
    })
  })
})
