import { describe, expect, it } from 'vitest'
import { linking, type Moving, separatePersonChange, unlinking } from './change-for-account.ts'
import type { Making } from './change-parts.ts'
import type { KnownIdentity } from './person.ts'
import { emailKey, fresh, nativeIdentity, ownedClaim, POOL, person, personId } from './testing/samples.ts'

const making: Making = {
  operation: { pool: POOL, source: 'link', userName: 'sub-ada', client: '' },
  now: 1_000,
  mint: () => personId(9),
  address: null,
}
const ada = person(1)
const google: KnownIdentity = { pool: POOL, provider: 'Google', subject: '1', userName: 'Google_1', native: false }
const itsUser: KnownIdentity = { pool: POOL, provider: 'Cognito', subject: 's', userName: 'Google_1', native: false }
const shell: KnownIdentity = { ...nativeIdentity('sub-shell', 'shell'), shell: true }
const unclaimed: Moving = { revisionOf: () => 0, claims: [] }

describe('a link', () => {
  it('of what is nobody’s adds it over the rows that were seen', () => {
    const links = { kind: 'links', person: ada, absorbs: undefined, because: fresh(google, itsUser) } as const
    const change = linking(links, { revisionOf: ({ provider }) => (provider === 'Google' ? 4 : 0), claims: [] }, making)
    expect(change?.writes).toMatchObject([
      {
        row: 'person',
        over: ada.revision,
        person: { identities: [nativeIdentity(), google, itsUser], version: 5 },
        tells: [],
      },
      { row: 'identity', over: 4, attachment: { standing: 'member', person: ada.id }, tells: [{ version: 4 }] },
      { row: 'identity', over: 0, attachment: { standing: 'member', person: ada.id }, tells: [{ version: 5 }] },
    ])
  })

  it('I6: of what is another’s leaves a tombstone that leads to the survivor, and numbers both histories without gaps', () => {
    const absorbs = { ...person(2, [google, shell]), revision: 7, version: 5, address: 'Ada@Example.com' }
    const links = { kind: 'links', person: ada, absorbs, because: fresh(shell) } as const
    const claim = ownedClaim({ person: absorbs.id, revision: 3, epoch: 2 })
    const change = linking(links, { revisionOf: () => 1, claims: [{ key: emailKey(), claim }] }, making)
    expect(change?.writes).toMatchObject([
      { row: 'person', id: ada.id, person: { identities: [nativeIdentity(), google], address: 'Ada@Example.com' } },
      { row: 'identity', identity: { provider: 'Google' }, attachment: { person: ada.id } },
      { row: 'identity', identity: { subject: 'sub-shell' }, attachment: { person: ada.id } },
      { row: 'claim', over: 3, claim: { person: ada.id, rank: 3, epoch: 3, holder: null } },
      {
        row: 'person',
        id: absorbs.id,
        over: 7,
        person: { identities: [], mergedInto: ada.id, version: 6 },
        tells: [{ type: 'person.merged', person: absorbs.id, version: 6, detail: { into: ada.id } }],
      },
    ])
    const told = change?.writes.flatMap(({ tells }) => tells.filter(({ person }) => person === ada.id)) ?? []
    expect(told.map(({ version }) => version)).toEqual([4, 5, 6])
    expect(change?.writes[0]).toMatchObject({ person: { version: 6 } })
  })

  it('of what she has already adds nothing, and of what the other side had leaves out the shell and takes the rest once', () => {
    const absorbs = { ...person(2, [google, shell]), address: null }
    const links = {
      kind: 'links',
      person: person(1, [nativeIdentity(), google]),
      absorbs,
      because: fresh(google),
    } as const
    const change = linking(links, unclaimed, making)
    expect(change?.writes[0]).toMatchObject({ person: { identities: [nativeIdentity(), google], address: null } })
    expect(change?.writes.map(({ row }) => row)).toEqual(['person', 'identity', 'person'])
  })

  it('keeps her own address where both have one', () => {
    const both = { ...ada, address: 'Ada@Example.org' }
    const absorbs = { ...person(2, [google]), address: 'Eve@Example.org' }
    const links = { kind: 'links', person: both, absorbs, because: fresh(google) } as const
    expect(linking(links, unclaimed, making)?.writes[0]).toMatchObject({ person: { address: 'Ada@Example.org' } })
  })

  it('gives the survivor the absorbed person’s keys with no less proof, by the user who has proven them', () => {
    const absorbs = person(2, [google])
    const holder = { pool: POOL, userName: 'Google_1' }
    const held = ownedClaim({ person: absorbs.id, epoch: 1, revision: 4, holder })
    const links = { kind: 'links', person: ada, absorbs, because: fresh(google) } as const
    const change = linking(links, { revisionOf: () => 1, claims: [{ key: emailKey(), claim: held }] }, making)
    expect(change?.writes[2]).toEqual({
      row: 'claim',
      key: emailKey(),
      over: 4,
      claim: { person: ada.id, rank: 3, epoch: 2, holder, leaseUntil: null },
      tells: [{ type: 'identifier.proven', person: ada.id, version: 5, at: 1_000, detail: { key: 'email' } }],
    })
  })
})

describe('taking a way in off', () => {
  it('keeps the identity known as hers that was', () => {
    const before = { ...person(1, [nativeIdentity(), google, itsUser]), version: 5 }
    const unlinks = { kind: 'unlinks', person: before, removes: [google, itsUser] } as const
    expect(unlinking(unlinks, () => 2, making)?.writes).toMatchObject([
      { row: 'person', over: before.revision, person: { identities: [nativeIdentity()], version: 7 }, tells: [] },
      {
        row: 'identity',
        identity: { pool: POOL, provider: 'Google', subject: '1' },
        over: 2,
        attachment: { standing: 'waiting', wants: before.id },
        tells: [{ type: 'identity.unlinked', version: 6, detail: { provider: 'Google' } }],
      },
      {
        over: 2,
        attachment: { standing: 'waiting', wants: before.id },
        tells: [{ type: 'identity.unlinked', version: 7 }],
      },
    ])
  })
})

describe('beginning anew', () => {
  it('makes a person of an identity that was nobody’s, without any key', () => {
    const change = separatePersonChange([google], unclaimed.revisionOf, making)
    expect(change).toMatchObject({
      person: personId(9),
      writes: [
        {
          row: 'person',
          id: personId(9),
          over: 0,
          person: { identities: [google], address: null, notBefore: 0, mergedInto: null, version: 2 },
          tells: [{ type: 'person.created', version: 1 }],
        },
        { row: 'identity', attachment: { standing: 'member', person: personId(9) } },
      ],
    })
    expect(change?.writes.map(({ row }) => row)).not.toContain('claim')
  })
})
