import { describe, expect, it } from 'vitest'
import type { KnownIdentity } from '../person.ts'
import { emailKey, fresh, nativeIdentity, ownedClaim, POOL, person, personId } from '../testing/samples.ts'
import { linking, type Moving, separatePersonChange, unlinking } from './change-for-account.ts'
import type { ChangeContext } from './change-parts.ts'

const context: ChangeContext = {
  operation: { pool: POOL, source: 'link', userName: 'sub-ada', client: '' },
  now: 1_000,
  mint: () => personId(9),
  address: null,
}
const ada = person(1)
const google: KnownIdentity = { pool: POOL, provider: 'Google', subject: '1', userName: 'Google_1', native: false }
const itsUser: KnownIdentity = { pool: POOL, provider: 'Cognito', subject: 's', userName: 'Google_1', native: false }
const placeholder: KnownIdentity = { ...nativeIdentity('sub-placeholder', 'placeholder'), placeholder: true }
const unclaimed: Moving = { revisionOf: () => 0, ownerships: [] }

describe('a link', () => {
  it('of an identity without a person adds it over the rows that were read', () => {
    const links = { kind: 'links', person: ada, merges: undefined, because: fresh(google, itsUser) } as const
    const change = linking(
      links,
      { revisionOf: ({ provider }) => (provider === 'Google' ? 4 : 0), ownerships: [] },
      context,
    )
    expect(change?.writes).toMatchObject([
      {
        row: 'person',
        expectedRevision: ada.revision,
        person: { identities: [nativeIdentity(), google, itsUser], version: 5 },
        events: [],
      },
      {
        row: 'identity',
        expectedRevision: 4,
        attachment: { status: 'member', person: ada.id },
        events: [{ version: 4 }],
      },
      {
        row: 'identity',
        expectedRevision: 0,
        attachment: { status: 'member', person: ada.id },
        events: [{ version: 5 }],
      },
    ])
  })

  it('I6: of what is another’s leaves a tombstone that leads to the survivor, and numbers both histories without gaps', () => {
    const merges = { ...person(2, [google, placeholder]), revision: 7, version: 5, address: 'Ada@Example.com' }
    const links = { kind: 'links', person: ada, merges, because: fresh(placeholder) } as const
    const ownership = ownedClaim({ person: merges.id, revision: 3, epoch: 2 })
    const change = linking(links, { revisionOf: () => 1, ownerships: [{ identifier: emailKey(), ownership }] }, context)
    expect(change?.writes).toMatchObject([
      {
        row: 'person',
        id: ada.id,
        person: { identities: [nativeIdentity(), google, placeholder], address: 'Ada@Example.com' },
      },
      { row: 'identity', identity: { provider: 'Google' }, attachment: { person: ada.id } },
      { row: 'identity', identity: { subject: 'sub-placeholder' }, attachment: { person: ada.id } },
      { row: 'ownership', expectedRevision: 3, ownership: { person: ada.id, rank: 3, epoch: 3, holder: null } },
      {
        row: 'person',
        id: merges.id,
        expectedRevision: 7,
        person: { identities: [], mergedInto: ada.id, version: 6 },
        events: [{ type: 'person.merged', person: merges.id, version: 6, detail: { into: ada.id } }],
      },
    ])
    const told = change?.writes.flatMap(({ events }) => events.filter(({ person }) => person === ada.id)) ?? []
    expect(told.map(({ version }) => version)).toEqual([4, 5, 6])
    expect(change?.writes[0]).toMatchObject({ person: { version: 6 } })
  })

  it('adds nothing that the person has already, and takes the rest once, also the user that was made for the other side', () => {
    const merges = { ...person(2, [google, placeholder]), address: null }
    const links = {
      kind: 'links',
      person: person(1, [nativeIdentity(), google]),
      merges,
      because: fresh(google),
    } as const
    const change = linking(links, unclaimed, context)
    expect(change?.writes[0]).toMatchObject({
      person: { identities: [nativeIdentity(), google, placeholder], address: null },
    })
    expect(change?.writes.map(({ row }) => row)).toEqual(['person', 'identity', 'person'])
  })

  it('keeps the survivor’s address where both have one', () => {
    const both = { ...ada, address: 'Ada@Example.org' }
    const merges = { ...person(2, [google]), address: 'Eve@Example.org' }
    const links = { kind: 'links', person: both, merges, because: fresh(google) } as const
    expect(linking(links, unclaimed, context)?.writes[0]).toMatchObject({ person: { address: 'Ada@Example.org' } })
  })

  it('gives the survivor the merged person’s identifiers with the same evidence, by the user who has proven them', () => {
    const merges = person(2, [google])
    const holder = { pool: POOL, userName: 'Google_1' }
    const held = ownedClaim({ person: merges.id, epoch: 1, revision: 4, holder })
    const links = { kind: 'links', person: ada, merges, because: fresh(google) } as const
    const change = linking(
      links,
      { revisionOf: () => 1, ownerships: [{ identifier: emailKey(), ownership: held }] },
      context,
    )
    expect(change?.writes[2]).toEqual({
      row: 'ownership',
      identifier: emailKey(),
      expectedRevision: 4,
      ownership: { person: ada.id, rank: 3, epoch: 2, holder, leaseUntil: null },
      events: [{ type: 'identifier.proven', person: ada.id, version: 5, at: 1_000, detail: { identifier: 'email' } }],
    })
  })
})

describe('an unlink', () => {
  it('keeps the identity, with its former person', () => {
    const before = { ...person(1, [nativeIdentity(), google, itsUser]), version: 5 }
    const unlinks = { kind: 'unlinks', person: before, removes: [google, itsUser] } as const
    const revisionOf = ({ provider }: { provider: string }) => (provider === 'Google' ? 2 : 5)
    expect(
      unlinking(unlinks, { address: 'other@example.com', released: [] }, revisionOf, context)?.writes,
    ).toMatchObject([
      {
        row: 'person',
        expectedRevision: before.revision,
        person: { identities: [nativeIdentity()], address: 'other@example.com', version: 7 },
        events: [],
      },
      {
        row: 'identity',
        identity: { pool: POOL, provider: 'Google', subject: '1' },
        expectedRevision: 2,
        attachment: { status: 'waiting', wants: before.id },
        events: [{ type: 'identity.unlinked', version: 6, detail: { provider: 'Google' } }],
      },
      {
        expectedRevision: 5,
        attachment: { status: 'waiting', wants: before.id },
        events: [{ type: 'identity.unlinked', version: 7, detail: { provider: 'Cognito' } }],
      },
    ])
  })
})

it('I6: an unlink numbers its events without a gap, and the person has the last number', () => {
  const before = { ...person(1, [nativeIdentity(), google]), version: 5 }
  const released = [{ identifier: emailKey(), ownership: ownedClaim({ person: before.id }) }]
  const unlinks = { kind: 'unlinks', person: before, removes: [google] } as const
  const writes = unlinking(unlinks, { address: null, released }, () => 2, context)?.writes ?? []
  const numbers = writes.flatMap(({ events }) => events.map(({ version }) => version))
  expect(numbers.toSorted((a, b) => a - b)).toEqual([6, 7])
  expect(writes[0]).toMatchObject({ row: 'person', person: { version: 7 } })
})

describe('starting a separate person', () => {
  it('creates a person for an identity without one, without any identifier', () => {
    const change = separatePersonChange([google], unclaimed.revisionOf, context)
    expect(change).toMatchObject({
      person: personId(9),
      writes: [
        {
          row: 'person',
          id: personId(9),
          expectedRevision: 0,
          person: { identities: [google], address: null, notBefore: 0, mergedInto: null, version: 2 },
          events: [{ type: 'person.created', version: 1 }],
        },
        { row: 'identity', attachment: { status: 'member', person: personId(9) } },
      ],
    })
    expect(change?.writes.map(({ row }) => row)).not.toContain('ownership')
  })
})
