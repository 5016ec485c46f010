import { describe, expect, it } from 'vitest'
import { changeFor } from './changes/change-for.ts'
import { type ChangeContext, ownershipWrite } from './changes/change-parts.ts'
import { decideFederation } from './decisions/federation.ts'
import { decideUnlink } from './decisions/unlink.ts'
import { statusOf } from './identifiers/ownership.ts'
import { isLinked } from './linked-identities.ts'
import { type KnownIdentity, sameIdentity } from './person.ts'
import {
  emailKey,
  googleIdentity,
  nativeIdentity,
  ownedClaim,
  ownership,
  POOL,
  person,
  personId,
  proven,
  stated,
} from './testing/samples.ts'

const context = (userName: string): ChangeContext => ({
  operation: { pool: POOL, source: 'test', userName, client: '' },
  now: 50_000,
  mint: () => personId(9),
  address: null,
})

describe('T15, T35: two that differ only by case are two, in a pool that keeps case', () => {
  it('identities: subjects, providers', () => {
    const known = { pool: POOL, provider: 'Corp', subject: 'AbC' }
    expect(sameIdentity(known, { ...known })).toBe(true)
    expect(sameIdentity(known, { ...known, subject: 'abc' })).toBe(false)
    expect(sameIdentity(known, { ...known, provider: 'corp' })).toBe(false)
  })

  it('users who reserve an address', () => {
    const reserved = ownership({ holder: { pool: POOL, userName: 'ada' } })
    expect(statusOf(reserved, { holder: { pool: POOL, userName: 'ada' }, now: 0 })).toMatchObject({ kind: 'mine' })
    expect(statusOf(reserved, { holder: { pool: POOL, userName: 'Ada' }, now: 0 })).toMatchObject({ kind: 'reserved' })
  })

  it('states of an ownership', () => {
    const over = ownership({ epoch: 4, holder: { pool: POOL, userName: 'ada' } })
    const acquisition = { evidence: stated(), status: { kind: 'lapsed', ownership: over }, supersedes: false } as const
    const epochBy = (userName: string) =>
      ownershipWrite(acquisition, personId(1), { holder: null, leaseUntil: 1 }, undefined, context(userName)).ownership
        .epoch
    expect([epochBy('ada'), epochBy('Ada')]).toEqual([4, 5])
  })

  it('links that Cognito lists', () => {
    const links = [{ provider: 'Corp', subject: 'AbC', primary: false }]
    const isThere = (provider: string, subject: string) => isLinked({ pool: POOL, provider, subject }, links)
    expect([isThere('Corp', 'AbC'), isThere('Corp', 'abc'), isThere('corp', 'AbC')]).toEqual([true, false, false])
  })

  it('placeholder users of whom a recovery opens one', () => {
    const placeholder = (name: string): KnownIdentity => ({ ...nativeIdentity(`sub-${name}`, name), placeholder: true })
    const owner = person(1, [placeholder('ada'), placeholder('Ada')])
    const change = changeFor(
      { kind: 'existing-person', person: owner, recovered: 'now', proves: [] },
      { identities: [placeholder('ada')], revision: 1 },
      context('ada'),
    )
    expect(change?.writes[0]).toMatchObject({
      person: { identities: [nativeIdentity('sub-ada', 'ada'), placeholder('Ada')] },
    })
  })

  it('profiles, of which one goes with its provider', () => {
    const corp = (subject: string): KnownIdentity => ({
      pool: POOL,
      provider: 'Corp',
      subject,
      userName: `Corp_${subject}`,
      native: false,
    })
    const profile = (subject: string): KnownIdentity => ({
      ...corp(subject),
      provider: 'Cognito',
      subject: `s-${subject}`,
    })
    const account = person(1, [nativeIdentity(), corp('AbC'), profile('AbC'), corp('abc'), profile('abc')])
    expect(decideUnlink({ account, identity: corp('abc') })).toMatchObject({ removes: [corp('abc'), profile('abc')] })
  })

  it('subjects of one provider, under one address', () => {
    const holder = person(1, [nativeIdentity(), { ...googleIdentity('AbC'), userName: null, native: false }])
    const arrives = (subject: string) =>
      decideFederation({
        identity: googleIdentity(subject),
        hasProfile: false,
        owner: undefined,
        waitsFor: undefined,
        policy: 'link',
        address: {
          evidence: proven(),
          status: { kind: 'owned', ownership: ownedClaim() },
          holder,
          isInvited: false,
          hasOtherWays: false,
        },
      }).kind
    expect([arrives('AbC'), arrives('abc')]).toEqual(['link-identity', 'pending'])
    expect(emailKey('ADA@example.com')).toEqual(emailKey())
  })
})
