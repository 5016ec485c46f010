import { describe, expect, it } from 'vitest'
import type { Acquisition, CreatePerson, Decision, ExistingPerson } from '../decisions/decision.ts'
import type { IdentifierStatus, Ownership } from '../identifiers/ownership.ts'
import type { KnownIdentity } from '../person.ts'
import {
  emailKey,
  FREE,
  googleIdentity,
  nativeIdentity,
  ownedClaim,
  ownership,
  POOL,
  person,
  personId,
  proven,
  stated,
} from '../testing/samples.ts'
import { addressChange, attachNativeUser, changeFor, reservation } from './change-for.ts'
import type { ChangeContext } from './change-parts.ts'

const context: ChangeContext = {
  operation: { pool: POOL, source: 'PreSignUp_SignUp', userName: 'bob', client: 'web' },
  now: 1_000,
  mint: () => personId(9),
  address: 'Ada@Example.com',
}
const bob = { pool: POOL, userName: 'bob' }
const administrator = { ...bob, by: 'administrator' } as const
const lease = { leaseMs: 500 }
const google: KnownIdentity = { ...googleIdentity(), userName: 'Google_1180', native: false }
const native = nativeIdentity()
const ada = person(1)

const heldAs = (kind: 'mine' | 'lapsed' | 'owned' | 'abandoned', of: Partial<Ownership> = {}): IdentifierStatus => ({
  kind,
  ownership: kind === 'owned' || kind === 'abandoned' ? ownedClaim(of) : ownership(of),
})
const acquisition = (
  status: IdentifierStatus = FREE,
  evidence: Acquisition['evidence'] = stated(),
  supersedes = false,
): Acquisition => ({
  evidence,
  status,
  supersedes,
})
const begins = (acquisitions: readonly Acquisition[], who: CreatePerson['person'] = 'new'): CreatePerson => ({
  kind: 'create-person',
  person: who,
  acquisitions,
})
const as = (first: KnownIdentity, ...rest: KnownIdentity[]) => ({ identities: [first, ...rest] as const, revision: 0 })
const change = (decision: Decision, arrived = as(native), of: Partial<ChangeContext> = {}) =>
  changeFor(decision, arrived, { ...context, ...of })
const lastWrite = (decision: Decision, arrived = as(native), of: Partial<ChangeContext> = {}) =>
  change(decision, arrived, of)?.writes.at(-1)

describe('a reservation', () => {
  const reserve = (
    acquisitions: readonly Acquisition[],
    who: CreatePerson['person'] = 'new',
    of: Partial<ChangeContext> = {},
  ) => reservation(begins(acquisitions, who), bob, lease, { ...context, ...of })

  it('reserves a free identifier for its user, for as long as the window', () => {
    expect(reserve([acquisition()])).toMatchObject({
      person: personId(9),
      writes: [
        {
          row: 'ownership',
          expectedRevision: 0,
          ownership: { person: personId(9), rank: 0, epoch: 1, holder: { ...bob, since: 1_000 }, leaseUntil: 1_500 },
        },
      ],
    })
    expect(reserve([acquisition()])?.writes).toHaveLength(1)
  })

  it('T86: has the same operation id on each run of the same event, though each mints another person', () => {
    expect(reserve([acquisition()], 'new', { now: 2_000, mint: () => personId(10) })?.opId).toBe(
      reserve([acquisition()])?.opId,
    )
  })

  it('T160: over another’s reservation belongs to another person', () => {
    const status = heldAs('lapsed', { person: personId(2), epoch: 4, revision: 7, leaseUntil: 1 })
    expect(reserve([acquisition(status, stated(), true)])).toMatchObject({
      person: personId(9),
      writes: [
        {
          expectedRevision: 7,
          ownership: { person: personId(9), epoch: 5, rank: 0, leaseUntil: 1, holder: { contested: true } },
        },
      ],
    })
  })

  it('over its own keeps person and epoch', () => {
    const status = heldAs('mine', { holder: bob, epoch: 2, leaseUntil: 1_200 })
    expect(reserve([acquisition(status)], personId(1))).toMatchObject({
      person: personId(1),
      writes: [{ ownership: { person: personId(1), epoch: 2, leaseUntil: 1_200 } }],
    })
  })

  it('T166: over an abandoned identifier owns nothing', () => {
    const status = heldAs('abandoned', { person: personId(2), rank: 3 })
    expect(reserve([acquisition(status, stated(), true)])?.writes).toMatchObject([
      { ownership: { rank: 0, leaseUntil: 1_500 } },
    ])
  })

  it('reports that the identifier is reserved, by the row’s epoch and without a number in a person’s history', () => {
    expect(reserve([acquisition(heldAs('mine', { holder: bob, epoch: 4 }))], personId(1))?.writes[0]?.events).toEqual([
      { type: 'identifier.reserved', person: personId(1), version: 4, at: 1_000, detail: { identifier: 'email' } },
    ])
  })

  it('is nothing where there is no identifier to reserve', () => expect(reserve([])).toBeUndefined())

  it('T156: by an administrator leaves a row by which the user is known at its first token', () => {
    const change = reservation(begins([acquisition()]), administrator, { ...lease, madeRevision: 4 }, context)
    expect(change?.writes).toMatchObject([
      { row: 'ownership', ownership: { holder: { ...administrator, since: 1_000 } } },
      {
        row: 'identity',
        expectedRevision: 4,
        identity: { subject: 'bob' },
        attachment: { status: 'waiting', wants: personId(9) },
        events: [],
      },
    ])
    const without = reservation(begins([]), administrator, lease, context)
    expect(without?.writes).toMatchObject([{ row: 'identity', expectedRevision: 0 }])
  })

  it('by a trusted administrator owns the identifier, and names the expected user', () => {
    const change = reservation(begins([acquisition(FREE, proven())]), administrator, lease, context)
    expect(change?.writes[0]).toMatchObject({ ownership: { rank: 3, leaseUntil: null, holder: administrator } })
  })

  it('for the placeholder user keeps the identifier owned', () => {
    const ours = { ...bob, by: 'onesub' } as const
    const status: IdentifierStatus = { kind: 'mine', ownership: ownedClaim({ epoch: 2 }) }
    const change = reservation(begins([acquisition(status)], personId(1)), ours, lease, context)
    expect(change?.writes).toMatchObject([
      { ownership: { person: personId(1), rank: 3, leaseUntil: null, holder: ours } },
    ])
    expect(change?.writes).toHaveLength(1)
  })
})

describe('a new person', () => {
  it('is created with identities and identifiers, and events that are numbered without gaps', () => {
    const change = changeFor(begins([acquisition(FREE, proven())]), as(google, native), context)
    const told = change?.writes.flatMap(({ events }) => events) ?? []
    expect(told.map(({ type, version }) => `${version} ${type}`)).toEqual([
      '1 person.created',
      '2 identity.linked',
      '3 identity.linked',
      '4 identifier.proven',
    ])
    expect(change?.writes[0]).toMatchObject({
      row: 'person',
      expectedRevision: 0,
      person: { version: 4, identities: [google, native], notBefore: 0, address: 'Ada@Example.com', mergedInto: null },
    })
    expect(change?.writes.at(-1)).toMatchObject({
      ownership: { rank: 3, holder: { ...bob, since: 1_000 }, leaseUntil: null },
    })
  })

  it('T160: writes over the row of an identity that has waited, and over no other', () => {
    const change = changeFor(begins([]), { identities: [google, native], revision: 6 }, context)
    expect(change?.writes).toMatchObject([
      { row: 'person' },
      { row: 'identity', expectedRevision: 6 },
      { row: 'identity', expectedRevision: 0 },
    ])
  })

  it('keeps a vouched-for ownership for the user who has not signed in yet, and only for that user', () => {
    const status = heldAs('owned', { holder: administrator })
    const decision = begins([acquisition(status, proven())], personId(1))
    expect(lastWrite(decision, as(google))).toMatchObject({ ownership: { holder: administrator } })
    expect(lastWrite(decision, as(google, nativeIdentity('s', 'bob')))).toMatchObject({
      ownership: { holder: { ...bob, since: 1_000 } },
    })
    const superseding = begins([acquisition(status, proven(), true)])
    expect(JSON.stringify(lastWrite(superseding, as(google)))).not.toContain('administrator')
  })

  it('T157: records that somebody else may know the password', () => {
    const decision = begins([acquisition(heldAs('mine'), proven())], personId(1))
    expect(lastWrite(decision, as(native), { doubtful: true })).toMatchObject({
      ownership: { holder: { contested: true } },
    })
    expect(JSON.stringify(lastWrite(decision))).not.toContain('contested')
  })

  it('has no address where none is proven', () => {
    expect(change(begins([acquisition(FREE, stated(2))]))?.writes[0]).toMatchObject({ person: { address: null } })
  })

  it('is the one that was minted with the reservation, and no other', () => {
    const made = change(begins([], personId(2)))
    expect(made).toMatchObject({ person: personId(2), writes: [{ row: 'person', id: personId(2) }, {}] })
    expect(made?.writes).toHaveLength(2)
  })

  it('T183: names the person who has lost the identifier', () => {
    const status = heldAs('owned', { person: personId(3), holder: { pool: POOL, userName: 'eve' }, epoch: 6 })
    expect(lastWrite(begins([acquisition(status, proven(), true)]))).toMatchObject({
      ownership: { person: personId(9), epoch: 7, rank: 3 },
      events: [
        {
          type: 'identifier.superseded',
          person: personId(9),
          version: 7,
          at: 1_000,
          detail: { identifier: 'email', from: personId(3), formerUserName: 'eve' },
        },
        { type: 'identifier.proven', person: personId(9), version: 3, at: 1_000, detail: { identifier: 'email' } },
      ],
    })
  })

  it('T1: gives a superseded identifier the new owner’s rank, not the former owner’s', () => {
    const phone = { kind: 'stated', identifier: { ...emailKey(), kind: 'phone' }, rank: 2 } as const
    expect(lastWrite(begins([acquisition(heldAs('owned', { holder: bob, epoch: 6 }), phone, true)]))).toMatchObject({
      ownership: { rank: 2, epoch: 7 },
    })
    expect(
      lastWrite(begins([acquisition(heldAs('lapsed', { rank: 2, holder: null }), proven(), true)]))?.events,
    ).toMatchObject([{ type: 'identifier.superseded', detail: { formerUserName: null } }, {}])
  })
})

describe('a person we know', () => {
  const joins = (acquisitions: readonly Acquisition[] = [], who = ada): Decision => ({
    kind: 'link-identity',
    person: who,
    because: proven(),
    acquisitions,
  })
  const returns = (of: Partial<ExistingPerson> = {}): ExistingPerson => ({
    kind: 'existing-person',
    person: ada,
    recovered: false,
    proves: [],
    ...of,
  })

  it('is given a further identity over the revisions that were seen', () => {
    const linked = { ...google, userName: null }
    const change = changeFor(joins(), { identities: [linked], revision: 3 }, context)
    expect(change?.writes).toMatchObject([
      {
        row: 'person',
        expectedRevision: ada.revision,
        person: { identities: [...ada.identities, linked], version: 4 },
      },
      {
        row: 'identity',
        expectedRevision: 3,
        attachment: { status: 'member', person: ada.id },
        events: [{ version: 4 }],
      },
    ])
  })

  it('gets the placeholder user, with an event as for any other identity', () => {
    const placeholder = { ...nativeIdentity('sub-placeholder', 'placeholder'), placeholder: true as const }
    expect(attachNativeUser(ada, placeholder, context)?.writes).toEqual([
      {
        row: 'person',
        id: ada.id,
        expectedRevision: ada.revision,
        person: {
          identities: [...ada.identities, placeholder],
          notBefore: 0,
          address: null,
          mergedInto: null,
          version: 4,
        },
        events: [],
      },
      {
        row: 'identity',
        identity: { pool: POOL, provider: 'Cognito', subject: 'sub-placeholder' },
        expectedRevision: 0,
        attachment: { status: 'member', person: ada.id },
        events: [{ type: 'identity.linked', person: ada.id, version: 4, at: 1_000, detail: { provider: 'Cognito' } }],
      },
    ])
  })

  it('is given the identity that had no row yet, and no other again', () => {
    const change = changeFor(returns(), { identities: [native, google], revision: 5 }, context)
    expect(change?.writes).toMatchObject([
      { row: 'person', person: { identities: [native, google] }, events: [] },
      { row: 'identity', identity: googleIdentity(), expectedRevision: 0 },
    ])
    expect(change?.writes).toHaveLength(2)
  })

  it('keeps what a change is not about: when older tokens ended, the address, the survivor of a merge', () => {
    const before = { ...ada, notBefore: 700, address: 'Ada@Example.org', mergedInto: personId(2) }
    expect(change(joins([], before), as(google))?.writes[0]).toMatchObject({
      person: { notBefore: 700, address: 'Ada@Example.org', mergedInto: personId(2) },
    })
  })

  it('T157: is no longer in doubt once the password has been replaced; the user who has proven it stays named', () => {
    const doubtful = heldAs('owned', { holder: { pool: POOL, userName: 'ada', contested: true } })
    const claimed = lastWrite(joins([acquisition(doubtful, proven())]), as(google))
    expect(claimed).toMatchObject({
      row: 'ownership',
      ownership: { holder: { pool: POOL, userName: 'ada', since: 1_000 } },
    })
    expect(JSON.stringify(claimed)).not.toContain('contested')
  })

  it('leaves nothing behind on a return as what is known', () => {
    expect(change(returns())).toBeUndefined()
    const both = person(1, [native, google])
    expect(change(returns({ person: both }), as(google))).toBeUndefined()
    const heard = { ...google, said: 'ada@example.com' }
    expect(change(returns({ person: person(1, [heard]) }), as(heard))).toBeUndefined()
  })

  it('T178: remembers the tenant that the policy names for the provider now', () => {
    const known = { ...google, said: 'ada@example.com' }
    const returning = {
      kind: 'existing-person',
      person: person(1, [native, known]),
      recovered: false,
      proves: [],
    } as const
    expect(change(returning, as({ ...known, within: 'acme' }))?.writes).toMatchObject([
      { row: 'person', person: { identities: [native, { ...known, within: 'acme' }] } },
    ])
  })

  it('T151: has what a provider says now remembered with its identity', () => {
    const heard = { ...google, said: 'new@example.com' }
    const before = person(1, [native, { ...google, said: 'ada@example.com' }])
    const change = changeFor(returns({ person: before }), as(heard), context)
    expect(change?.writes).toMatchObject([{ row: 'person', person: { identities: [native, heard] } }])
    expect(change?.writes).toHaveLength(1)
  })

  it('T2: has older tokens end on a recovery', () => {
    expect(change(returns({ recovered: 'now' }))?.writes).toMatchObject([
      { person: { notBefore: 1_000, version: 4 }, events: [{ type: 'recovery.completed', version: 4 }] },
    ])
  })

  it('owns what it has shown, with the address as it is spelled', () => {
    expect(change(returns({ proves: [acquisition(FREE, proven())] }))?.writes).toMatchObject([
      { row: 'person', person: { address: 'Ada@Example.com', version: 4 } },
      {
        row: 'ownership',
        ownership: { person: ada.id, rank: 3, holder: bob },
        events: [{ type: 'identifier.proven', version: 4 }],
      },
    ])
  })

  it('keeps the spelling of its owner where a join ends a doubt', () => {
    const owner = { ...ada, address: 'ADA@example.com' }
    const doubtful = heldAs('owned', { person: ada.id, holder: { ...bob, contested: true } })
    const change = changeFor(joins([acquisition(doubtful, proven())], owner), as(google), context)
    expect(change?.writes[0]).toMatchObject({ person: { address: 'ADA@example.com' } })
  })

  it('writes over the row of a first identity that is not among its own', () => {
    const change = changeFor(returns(), { identities: [google], revision: 3 }, context)
    expect(change?.writes.find(({ row }) => row === 'identity')).toMatchObject({ expectedRevision: 3 })
  })

  it('has a password once the one of a user that we made is reset, and of no other', () => {
    const placeholders = ['bob', 'other'].map((name) => ({ ...nativeIdentity(name, name), placeholder: true as const }))
    const decision = returns({ person: person(1, placeholders), recovered: 'now' })
    const change = changeFor(decision, as(nativeIdentity('bob', 'bob')), context)
    expect(change?.writes[0]).toMatchObject({ person: { identities: [nativeIdentity('bob', 'bob'), placeholders[1]] } })
    expect(JSON.stringify(change?.writes[0]).match(/placeholder/g)).toHaveLength(1)
  })

  it('T18: after a reset, the user of that name in another pool has no password all the same', () => {
    const elsewhere = { ...nativeIdentity('bob', 'bob'), pool: 'eu-west-1_Other1', placeholder: true as const }
    const here = { ...nativeIdentity('sub-bob', 'bob'), placeholder: true as const }
    const decision = returns({ person: person(1, [here, elsewhere]), recovered: 'now' })
    expect(changeFor(decision, as(here), context)?.writes[0]).toMatchObject({
      person: { identities: [nativeIdentity('sub-bob', 'bob'), elsewhere] },
    })
  })

  it('recovers twice under two names, since the second builds upon the first', () => {
    const twice = change(returns({ person: { ...ada, revision: 2 }, recovered: 'now' }))
    expect(twice?.opId).not.toBe(change(returns({ recovered: 'now' }))?.opId)
  })
})

describe('T151: a changed address', () => {
  const before = { ...ada, address: 'Ada@Example.com' }
  const owned = heldAs('owned', { person: ada.id, epoch: 2, revision: 5 })

  it('is owned, and the former one is free, in one change', () => {
    const changed = addressChange(
      before,
      { acquisitions: [acquisition(FREE, proven('new@example.com'))], releases: [acquisition(owned)] },
      context,
    )
    expect(changed?.writes).toMatchObject([
      { row: 'person', expectedRevision: 1, person: { address: 'Ada@Example.com', version: 5 }, events: [] },
      {
        row: 'ownership',
        expectedRevision: 0,
        ownership: { person: ada.id, rank: 3, leaseUntil: null },
        events: [{ type: 'identifier.proven', version: 4 }],
      },
      {
        row: 'ownership',
        expectedRevision: 5,
        ownership: { rank: 0, epoch: 3, holder: null, leaseUntil: 1_000 },
        events: [
          { type: 'identifier.released', person: ada.id, version: 5, at: 1_000, detail: { identifier: 'email' } },
        ],
      },
    ])
  })

  it('that is not proven leaves the person without one', () => {
    const changed = addressChange(before, { acquisitions: [], releases: [acquisition(owned)] }, context)
    expect(changed?.writes).toMatchObject([{ person: { address: null } }, { ownership: { leaseUntil: 1_000 } }])
  })
})

it('a pending identity has no person, and the event names the expected one', () => {
  expect(
    changeFor({ kind: 'pending', wants: personId(1), since: 'now' }, { identities: [native], revision: 2 }, context)
      ?.writes,
  ).toEqual([
    {
      row: 'identity',
      identity: { pool: POOL, provider: 'Cognito', subject: 'sub-ada' },
      expectedRevision: 2,
      attachment: { status: 'waiting', wants: personId(1) },
      events: [
        { type: 'identity.pending', person: personId(1), version: 0, at: 1_000, detail: { provider: 'Cognito' } },
      ],
    },
  ])
})

it('an identity that is pending already, or is refused, writes nothing', () => {
  expect(change({ kind: 'pending', wants: personId(1), since: 'still' })).toBeUndefined()
  expect(change({ kind: 'refused', code: 'IDENTIFIER_TAKEN' })).toBeUndefined()
})
