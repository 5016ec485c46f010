import { describe, expect, it } from 'vitest'
import { anchoring, homecoming, joining, reservation, settlement, waiting } from './change-for.ts'
import type { Making } from './change-parts.ts'
import type { Begins, Take } from './decision.ts'
import { claim, googleIdentity, nativeIdentity, POOL, person, personId, proven, stated } from './testing/samples.ts'

const making: Making = {
  operation: { pool: POOL, source: 'PreSignUp_SignUp', userName: 'bob', client: 'web' },
  now: 1_000,
  mint: () => personId(9),
  address: 'Ada@Example.com',
}
const holder = { pool: POOL, userName: 'bob' }
const begins = (of: Partial<Begins> = {}): Begins => ({
  kind: 'begins',
  person: 'new',
  takes: [{ evidence: stated(), over: undefined, preempts: false }],
  ...of,
})

describe('a reservation', () => {
  it('holds a free key for its user, for as long as the lease', () => {
    const change = reservation(begins(), holder, 500, making)
    expect(change).toMatchObject({
      person: personId(9),
      writes: [{ row: 'claim', over: 0, claim: { person: personId(9), rank: 0, epoch: 1, holder, leaseUntil: 1_500 } }],
    })
  })

  it('T86: has the same operation id on each run of the same event, though each mints another person', () => {
    const again: Making = { ...making, now: 2_000, mint: () => personId(10) }
    expect(reservation(begins(), holder, 500, again)?.opId).toBe(reservation(begins(), holder, 500, making)?.opId)
  })

  it('T89: over a lapsed claim keeps its person and raises the epoch', () => {
    const over = claim({ person: personId(2), epoch: 4, revision: 7, leaseUntil: 1 })
    const change = reservation(
      begins({ person: personId(2), takes: [{ evidence: stated(), over, preempts: false }] }),
      holder,
      500,
      making,
    )
    expect(change).toMatchObject({
      person: personId(2),
      writes: [{ over: 7, claim: { person: personId(2), epoch: 5 } }],
    })
  })

  it('over her own claim keeps the epoch, and never lowers what was proven', () => {
    const over = claim({ holder, rank: 3, leaseUntil: null, epoch: 2 })
    const change = reservation(
      begins({ person: personId(1), takes: [{ evidence: stated(), over, preempts: false }] }),
      holder,
      500,
      making,
    )
    expect(change).toMatchObject({ writes: [{ claim: { epoch: 2, rank: 3, leaseUntil: null } }] })
  })

  it('tells that the key is held, by the claim’s epoch and of no person’s history yet', () => {
    const over = claim({ person: personId(2), epoch: 4, leaseUntil: 1 })
    const [write] =
      reservation(begins({ takes: [{ evidence: proven(), over, preempts: false }] }), holder, 5, making)?.writes ?? []
    expect(write?.tells).toEqual([
      { type: 'claim.reserved', person: personId(9), version: 5, at: 1_000, detail: { key: 'email' } },
    ])
  })

  it('is nothing where there is no key to hold', () => {
    expect(reservation(begins({ takes: [] }), holder, 500, making)).toBeUndefined()
  })
})

describe('a settlement', () => {
  it('creates the person with her identities and keys, and numbers her events without gaps', () => {
    const identities = [{ ...googleIdentity(), userName: 'Google_1180', native: false }, nativeIdentity()]
    const change = settlement(
      begins({ takes: [{ evidence: proven(), over: undefined, preempts: false }] }),
      identities,
      making,
    )
    const told = change?.writes.flatMap(({ tells }) => tells) ?? []
    expect(told.map(({ type, version }) => `${version} ${type}`)).toEqual([
      '1 person.created',
      '2 identity.linked',
      '3 identity.linked',
      '4 key.proven',
    ])
    expect(change?.writes[0]).toMatchObject({
      row: 'person',
      over: 0,
      person: { version: 4, identities, notBefore: 0 },
    })
    expect(change?.writes.at(-1)).toMatchObject({ claim: { rank: 3, holder: null, leaseUntil: null } })
  })

  it('keeps a vouched-for claim for the user who has not come yet, and only for her', () => {
    const over = claim({ rank: 3, leaseUntil: null, holder: { pool: POOL, userName: 'bob' } })
    const takes = [{ evidence: proven(), over, preempts: false }]
    const google = { ...googleIdentity(), userName: 'Google_1180', native: false }
    const byGoogle = settlement(begins({ person: personId(1), takes }), [google], making)
    expect(byGoogle?.writes.at(-1)).toMatchObject({ claim: { holder: { userName: 'bob' } } })
    const herself = settlement(begins({ person: personId(1), takes }), [google, nativeIdentity('s', 'bob')], making)
    expect(herself?.writes.at(-1)).toMatchObject({ claim: { holder: null } })
  })

  it('ends every other wait: an unfinished claim that it takes over, or one that a proof has taken', () => {
    const google = { ...googleIdentity(), userName: 'Google_1180', native: false }
    const bobs = { holder: { pool: POOL, userName: 'bob' } }
    for (const take of [
      { evidence: proven(), over: claim({ ...bobs, leaseUntil: 1 }), preempts: false },
      { evidence: proven(), over: claim({ ...bobs, rank: 3, leaseUntil: null }), preempts: true },
    ]) {
      expect(settlement(begins({ takes: [take] }), [google], making)?.writes.at(-1)).toMatchObject({
        claim: { holder: null },
      })
    }
  })

  it('keeps the address as she spells it where it is proven, and none that is only stated', () => {
    const addressAfter = (evidence: Take['evidence']) =>
      settlement(begins({ takes: [{ evidence, over: undefined, preempts: false }] }), [nativeIdentity()], making)
        ?.writes[0]
    expect(addressAfter(proven())).toMatchObject({ person: { address: 'Ada@Example.com', mergedInto: null } })
    expect(addressAfter(stated(2))).toMatchObject({ person: { address: null } })
  })

  it('finishes the person that was minted with the claim, and mints no other', () => {
    const change = settlement(begins({ person: personId(2), takes: [] }), [nativeIdentity()], making)
    expect(change).toMatchObject({ person: personId(2), writes: [{ row: 'person', id: personId(2) }, {}] })
    expect(change?.writes).toHaveLength(2)
  })

  it('tells of a key that is not proven that it is held, by the claim’s epoch', () => {
    const change = settlement(
      begins({ takes: [{ evidence: stated(2), over: undefined, preempts: false }] }),
      [nativeIdentity()],
      making,
    )
    expect(change?.writes.at(-1)?.tells).toEqual([
      { type: 'claim.reserved', person: personId(9), version: 1, at: 1_000, detail: { key: 'email' } },
    ])
    expect(change?.writes[0]).toMatchObject({ person: { version: 2 } })
  })

  it('T1: tells of a pre-emption from a claim that no user waited for', () => {
    const over = claim({ person: personId(3), holder: null, epoch: 6, rank: 2 })
    const take = { evidence: proven(), over, preempts: true }
    expect(settlement(begins({ takes: [take] }), [nativeIdentity()], making)?.writes.at(-1)).toMatchObject({
      claim: { epoch: 7, rank: 3 },
      tells: [
        {
          type: 'claim.preempted',
          person: personId(9),
          version: 7,
          at: 1_000,
          detail: { key: 'email', from: personId(3), formerUserName: null },
        },
        { type: 'key.proven', person: personId(9), version: 3, at: 1_000, detail: { key: 'email' } },
      ],
    })
  })

  it('T1: gives a key that a proof has taken the newcomer’s rank, not the former holder’s', () => {
    const over = claim({ rank: 2, holder: { pool: POOL, userName: 'bob' }, epoch: 6 })
    const take = { evidence: stated(1), over, preempts: true }
    // By her own name: what was taken is in new hands all the same.
    expect(settlement(begins({ takes: [take] }), [nativeIdentity()], making)?.writes.at(-1)).toMatchObject({
      claim: { rank: 1, epoch: 7 },
    })
  })

  it('T1: tells of a pre-emption whose key whose key was lost, and to whom, and raises the epoch', () => {
    const over = claim({ person: personId(3), holder: { pool: POOL, userName: 'eve' } })
    const change = settlement(
      begins({ takes: [{ evidence: proven(), over, preempts: true }] }),
      [nativeIdentity()],
      making,
    )
    expect(change?.writes.at(-1)).toMatchObject({
      claim: { person: personId(9), epoch: 2 },
      tells: [
        { type: 'claim.preempted', detail: { from: personId(3), formerUserName: 'eve' } },
        { type: 'key.proven' },
      ],
    })
  })
})

describe('a person we know', () => {
  const ada = person(1)

  it('is given a further identity over the revision that was seen', () => {
    const google = { ...googleIdentity(), userName: null, native: false }
    const change = joining({ kind: 'joins', person: ada, because: proven(), takes: [] }, google, making)
    expect(change?.writes).toMatchObject([
      { row: 'person', over: ada.revision, person: { identities: [...ada.identities, google], version: 4 } },
      { row: 'identity', over: 0, attachment: { standing: 'member', person: ada.id }, tells: [{ version: 4 }] },
    ])
  })

  it('is given an anchor that we made, and tells of it as of any other identity', () => {
    const shell = { ...nativeIdentity('sub-shell', 'shell'), shell: true as const }
    expect(anchoring(ada, shell, making)?.writes).toEqual([
      {
        row: 'person',
        id: ada.id,
        over: ada.revision,
        person: { identities: [...ada.identities, shell], notBefore: 0, address: null, mergedInto: null, version: 4 },
        tells: [],
      },
      {
        row: 'identity',
        identity: { pool: POOL, provider: 'Cognito', subject: 'sub-shell' },
        over: 0,
        attachment: { standing: 'member', person: ada.id },
        tells: [{ type: 'identity.linked', person: ada.id, version: 4, at: 1_000, detail: { provider: 'Cognito' } }],
      },
    ])
  })

  it('is given the identity of hers that had no row yet, and no other again', () => {
    const google = { ...googleIdentity(), userName: null, native: false }
    const returns = { kind: 'returns', person: ada, recovered: false, proves: [] } as const
    const change = homecoming(returns, [nativeIdentity(), google], making)
    expect(change?.writes).toMatchObject([
      { row: 'person', person: { identities: [nativeIdentity(), google] }, tells: [] },
      { row: 'identity', identity: googleIdentity() },
    ])
    expect(change?.writes).toHaveLength(2)
  })

  it('keeps what a change is not about: when her older tokens ended, her address, whom she was merged into', () => {
    const before = { ...ada, notBefore: 700, address: 'Ada@Example.org', mergedInto: personId(2) }
    const google = { ...googleIdentity(), userName: null, native: false }
    const change = joining({ kind: 'joins', person: before, because: proven(), takes: [] }, google, making)
    expect(change?.writes[0]).toMatchObject({
      person: { notBefore: 700, address: 'Ada@Example.org', mergedInto: personId(2) },
    })
  })

  it('needs no user to wait for her keys once she has joined', () => {
    const google = { ...googleIdentity(), userName: null, native: false }
    const takes = [{ evidence: proven(), over: claim({ holder, rank: 3, leaseUntil: null }), preempts: false }]
    const change = joining({ kind: 'joins', person: ada, because: proven(), takes }, google, making)
    expect(change?.writes.at(-1)).toMatchObject({ row: 'claim', claim: { holder: null, leaseUntil: null } })
    expect(change?.writes[0]).toMatchObject({ person: { address: 'Ada@Example.com' } })
  })

  it('leaves nothing behind when she returns as what is known of her', () => {
    expect(
      homecoming({ kind: 'returns', person: ada, recovered: false, proves: [] }, [nativeIdentity()], making),
    ).toBeUndefined()
  })

  it('leaves nothing behind when she returns by one of several ways that are known', () => {
    const google = { ...googleIdentity(), userName: null, native: false }
    const both = person(1, [nativeIdentity(), google])
    expect(
      homecoming({ kind: 'returns', person: both, recovered: false, proves: [] }, [google], making),
    ).toBeUndefined()
  })

  it('T2: ends older tokens when she recovers', () => {
    const change = homecoming({ kind: 'returns', person: ada, recovered: true, proves: [] }, [nativeIdentity()], making)
    expect(change?.writes).toMatchObject([
      { person: { notBefore: 1_000, version: 4 }, tells: [{ type: 'recovery.completed', version: 4 }] },
    ])
  })

  it('holds by proof what she has shown, with the address as she spells it', () => {
    const proves = [{ evidence: proven(), over: claim({ person: ada.id }), preempts: false }]
    const change = homecoming({ kind: 'returns', person: ada, recovered: false, proves }, [], making)
    expect(change?.writes).toMatchObject([
      { row: 'person', person: { address: 'Ada@Example.com', version: 4 } },
      { row: 'claim', claim: { person: ada.id, rank: 3 }, tells: [{ type: 'key.proven', version: 4 }] },
    ])
  })

  it('has a password of her own once she has reset that of her shell, and of no other', () => {
    const shells = ['bob', 'other'].map((name) => ({ ...nativeIdentity(name, name), shell: true as const }))
    const change = homecoming({ kind: 'returns', person: person(1, shells), recovered: true, proves: [] }, [], making)
    expect(change?.writes[0]).toMatchObject({ person: { identities: [nativeIdentity('bob', 'bob'), shells[1]] } })
    expect(JSON.stringify(change?.writes[0]).match(/shell/g)).toHaveLength(1)
  })

  it('recovers twice under two names, since the second builds upon the first', () => {
    const once = homecoming({ kind: 'returns', person: ada, recovered: true, proves: [] }, [], making)
    const twice = homecoming(
      { kind: 'returns', person: { ...ada, revision: 2 }, recovered: true, proves: [] },
      [],
      making,
    )
    expect(twice?.opId).not.toBe(once?.opId)
  })
})

it('who waits for proof is nobody’s, and what she wants is told', () => {
  expect(waiting({ kind: 'waits', wants: personId(1), since: 'now' }, nativeIdentity(), making)?.writes).toEqual([
    {
      row: 'identity',
      identity: { pool: POOL, provider: 'Cognito', subject: 'sub-ada' },
      over: 0,
      attachment: { standing: 'waiting', wants: personId(1) },
      tells: [
        { type: 'identity.waiting', person: personId(1), version: 0, at: 1_000, detail: { provider: 'Cognito' } },
      ],
    },
  ])
})

it('who waits already leaves nothing new behind', () => {
  expect(waiting({ kind: 'waits', wants: personId(1), since: 'still' }, nativeIdentity(), making)).toBeUndefined()
})
