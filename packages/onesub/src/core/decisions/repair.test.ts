import { describe, expect, it } from 'vitest'
import type { IdentifierStatus } from '../identifiers/ownership.ts'
import {
  emailKey,
  FREE,
  googleIdentity,
  nativeIdentity,
  ownedClaim,
  POOL,
  person,
  personId,
} from '../testing/samples.ts'
import { decideRepair, mayStay, type RepairFacts } from './repair.ts'

const google = { ...googleIdentity(), userName: null, native: false, said: 'shown@example.com' }
const owner = { ...person(1, [nativeIdentity(), google]), address: 'Ada@Example.com' }
const unknown = { ...owner, address: null }
const theirs: IdentifierStatus = { kind: 'owned', ownership: ownedClaim({ person: owner.id }) }
const byAda: IdentifierStatus = {
  kind: 'owned',
  ownership: ownedClaim({ person: owner.id, holder: { pool: POOL, userName: 'ada' } }),
}
const others: IdentifierStatus = { kind: 'owned', ownership: ownedClaim({ person: personId(2) }) }
const USER = { pool: POOL, userName: 'ada' }
const shows = (status: IdentifierStatus, verified = true, spelled = 'shown@example.com'): RepairFacts['shown'] => ({
  identifier: emailKey(spelled),
  spelled,
  verified,
  status,
})

/** Cognito takes it, and it is nobody's identifier. */
const unreadable = { identifier: undefined, spelled: 'none@evil.org', verified: true, status: FREE }

const table: [
  says: string,
  facts: Omit<RepairFacts, 'isPlaceholder' | 'cameWith' | 'user'> & Partial<RepairFacts>,
  then: string | ReturnType<typeof decideRepair>,
][] = [
  [
    'the person’s own address, marked verified, stays',
    { owner, shown: shows(theirs, true, 'Ada@Example.com') },
    undefined,
  ],
  [
    'their own in another spelling is put back',
    { owner, shown: shows(theirs, true, 'ada@example.com') },
    'Ada@Example.com',
  ],
  [
    'T11: another that is theirs too, said by a provider that was added, gives way to the user’s own',
    { owner, shown: shows(theirs) },
    'Ada@Example.com',
  ],
  [
    'another that is theirs too, and that no provider said, stays',
    { owner, shown: shows(theirs, true, 'new@example.com') },
    undefined,
  ],
  [
    'T154: another that is theirs too, which the user came with, and no provider said, stays',
    {
      owner: { ...owner, identities: [{ ...nativeIdentity(), said: 'new@example.com' }, google] },
      shown: shows(theirs, true, 'new@example.com'),
    },
    undefined,
  ],
  ['where their spelling is not known, what is there stays', { owner: unknown, shown: shows(theirs) }, undefined],
  [
    'T12: their own, marked otherwise, is marked again',
    { owner: unknown, shown: shows(theirs, false) },
    'shown@example.com',
  ],
  [
    'T11: what a provider of theirs said goes, though it is another’s',
    { owner, shown: shows(others) },
    'Ada@Example.com',
  ],
  ['T11: what a provider of theirs said goes, though it is nobody’s', { owner, shown: shows(FREE) }, 'Ada@Example.com'],
  [
    'T151: an address that no provider said is the user’s own wish, and stays',
    { owner, shown: shows(FREE, true, 'new@example.com') },
    undefined,
  ],
  [
    'T151: also where the provider’s address is not known',
    {
      owner: { ...owner, identities: [nativeIdentity(), { ...googleIdentity(), userName: null, native: false }] },
      shown: shows(FREE),
    },
    undefined,
  ],
  [
    'T11: a user without a password has a provider’s address, whatever it is',
    { owner, isPlaceholder: true, shown: shows(FREE, true, 'new@example.com') },
    'Ada@Example.com',
  ],
  ['T151: an address that is gone may be the user’s own wish', { owner, shown: undefined }, undefined],
  [
    'T2: where they have proven none, a provider’s address recovers nothing',
    { owner: unknown, shown: shows(others) },
    { unverify: 'shown@example.com' },
  ],
  ['where they have proven none, an unmarked one stays', { owner: unknown, shown: shows(FREE, false) }, undefined],
  [
    'where they have proven none, their own wish stays',
    { owner: unknown, shown: shows(FREE, true, 'new@example.com') },
    undefined,
  ],
  [
    'T11: another that this very user has proven stays, though a provider of theirs said it too',
    { owner, shown: shows(byAda) },
    undefined,
  ],
  ['T12: such a one, marked otherwise, is marked again', { owner, shown: shows(byAda, false) }, 'shown@example.com'],
  [
    'T11: not for a user without a password, to whom the provider’s own address was written',
    { owner, isPlaceholder: true, shown: shows(byAda) },
    'Ada@Example.com',
  ],
  [
    'T167: where they have proven none, what the user came with before the provider stays',
    { owner: unknown, cameWith: true, shown: shows(FREE) },
    undefined,
  ],
  [
    'T11: what is nobody’s identifier goes, whoever said it',
    { owner, shown: { ...unreadable, verified: true } },
    'Ada@Example.com',
  ],
  [
    'T2: where they have proven none, and a provider said what is nobody’s identifier, it recovers nothing',
    { owner: { ...unknown, identities: [nativeIdentity(), { ...google, said: 'none@evil.org' }] }, shown: unreadable },
    { unverify: 'none@evil.org' },
  ],
  [
    'where they have proven none, what is nobody’s identifier and no provider said stays',
    { owner: unknown, shown: unreadable },
    undefined,
  ],
]

describe('after a provider has written over a linked user', () => {
  it.each(table)('%s', (_, facts, then) =>
    expect(decideRepair({ isPlaceholder: false, cameWith: false, user: USER, ...facts })).toEqual(
      typeof then === 'string' ? { restore: then } : then,
    ),
  )
})

describe('what stays where the person’s own address cannot be put back', () => {
  const facts = { owner, isPlaceholder: false, cameWith: false, user: USER }
  const by = (userName: string): IdentifierStatus => ({
    kind: 'owned',
    ownership: ownedClaim({ person: owner.id, holder: { pool: POOL, userName } }),
  })

  it.each<[says: string, facts: RepairFacts, stays: boolean]>([
    ['what this user has proven', { ...facts, shown: shows(by('ada')) }, true],
    ['not what another user of the person has proven', { ...facts, shown: shows(by('second')) }, false],
    ['not what nobody has proven', { ...facts, shown: shows(FREE) }, false],
    ['not what somebody else has proven', { ...facts, shown: shows(others) }, false],
    ['what is not marked', { ...facts, shown: shows(FREE, false) }, true],
    ['what the user came with', { ...facts, cameWith: true, shown: shows(FREE) }, true],
  ])('%s', (_, given, stays) => expect(mayStay(given)).toBe(stays))
})
