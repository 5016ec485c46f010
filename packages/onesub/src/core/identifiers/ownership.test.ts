import { describe, expect, it } from 'vitest'
import { FREE, ownedClaim, ownership, POOL, personId } from '../testing/samples.ts'
import {
  credentialsBefore,
  type IdentifierStatus,
  isProvenBy,
  needsReservation,
  type Ownership,
  ownershipUnder,
  reservationTerms,
  statusOf,
  WINDOW_RETURNS_AFTER_MS,
} from './ownership.ts'

const bob = { pool: POOL, userName: 'bob' }
const arriving = { holder: bob, now: 1_000 }

const table: [says: string, ownership: Ownership | undefined, kind: IdentifierStatus['kind']][] = [
  ['a key without a claim is free', undefined, 'free'],
  ['a user’s own reservation is its own', ownership({ holder: bob }), 'mine'],
  ['also after the window', ownership({ holder: bob, leaseUntil: 1 }), 'mine'],
  ['a proven claim is owned', ownedClaim(), 'owned'],
  ['T108: also where a user of that name has proven it: a name is not a user', ownedClaim({ holder: bob }), 'owned'],
  ['another’s sign-up of the last seconds reserves', ownership({ leaseUntil: 1_001 }), 'reserved'],
  ['T160: and no longer than its window', ownership({ leaseUntil: 1_000 }), 'lapsed'],
  [
    'T177: an invitation keeps nobody from signing up',
    ownership({ leaseUntil: 9_000, holder: { ...bob, userName: 'ada', by: 'administrator' } }),
    'lapsed',
  ],
  [
    'a reservation of the same name in another pool is another’s',
    ownership({ holder: { pool: 'eu-west-1_Other', userName: 'bob' } }),
    'reserved',
  ],
]

it.each(table)('%s', (_, held, kind) => expect(statusOf(held, arriving).kind).toBe(kind))

it.each<[says: string, ownership: Ownership | undefined, isTheirs: boolean]>([
  ['owned by the person', ownedClaim(), true],
  ['reserved for the person', ownership({ rank: 2 }), false],
  ['owned by another', ownedClaim({ person: personId(2) }), false],
  ['nobody’s', undefined, false],
])('ownership is asked for, and the person’s: a key that is %s', (_, held, isTheirs) => {
  expect(isProvenBy(held, personId(1))).toBe(isTheirs)
})

it('every identifier status but free has an ownership row', () => {
  expect(ownershipUnder(FREE)).toBeUndefined()
  for (const kind of ['mine', 'reserved', 'lapsed', 'owned', 'abandoned'] as const)
    expect(ownershipUnder({ kind, ownership: ownership() })).toEqual(ownership())
})

describe('a reservation', () => {
  const terms = (status: IdentifierStatus, now = 10_000) => reservationTerms(status, bob, { now, leaseMs: 500 })
  const left = (leaseUntil: number, since = 100): IdentifierStatus => ({
    kind: 'lapsed',
    ownership: ownership({ leaseUntil, holder: { pool: POOL, userName: 'eve', since } }),
  })

  it('keeps others out for the window', () => {
    for (const status of [FREE, { kind: 'abandoned', ownership: ownedClaim() } as const]) {
      expect(terms(status)).toEqual({ holder: { ...bob, since: 10_000 }, leaseUntil: 10_500 })
    }
  })

  it('T86: is not extended by a repeated run of the same sign-up', () => {
    const mine: IdentifierStatus = {
      kind: 'mine',
      ownership: ownership({ holder: { ...bob, since: 9_800 }, leaseUntil: 10_300 }),
    }
    expect(terms(mine)).toEqual({ holder: { ...bob, since: 9_800 }, leaseUntil: 10_300 })
  })

  it('T160: over another’s opens no new window, and says that there were others', () => {
    expect(terms(left(9_999))).toEqual({ holder: { ...bob, since: 100, contested: true }, leaseUntil: 9_999 })
    const last = 10_000 - WINDOW_RETURNS_AFTER_MS
    expect(terms(left(last)).leaseUntil).toBe(last)
  })

  it('T160: opens one again a quarter of an hour later', () => {
    expect(terms(left(10_000 - WINDOW_RETURNS_AFTER_MS - 1)).leaseUntil).toBe(10_500)
  })

  it('T177: of an invited user is kept as long as an invitation can be', () => {
    const { holder, leaseUntil } = reservationTerms(FREE, { ...bob, by: 'administrator' }, { now: 0, leaseMs: 500 })
    expect(holder).toEqual({ ...bob, by: 'administrator', since: 0 })
    expect(leaseUntil).toBeGreaterThan(365 * 86_400_000)
    expect(needsReservation({ kind: 'lapsed', ownership: ownership({ holder }) })).toBe(false)
    for (const status of [FREE, left(1), { kind: 'mine', ownership: ownership() } as const])
      expect(needsReservation(status)).toBe(true)
  })
})

describe('T157: the password from before a first proof', () => {
  const MINUTE = 60_000
  const now = 100 * MINUTE
  const mine = (since: number, contested?: true): IdentifierStatus => ({
    kind: 'mine',
    ownership: ownership({ holder: { ...bob, since, ...(contested && { contested }) } }),
  })
  const by = (holder: Ownership['holder']): IdentifierStatus => ({ kind: 'lapsed', ownership: ownership({ holder }) })

  it.each<[says: string, status: IdentifierStatus, credentials: string]>([
    ['nobody else has signed up, and the code came soon', mine(now - 15 * MINUTE), 'own'],
    ['the code came later than it is waited for', mine(now - 15 * MINUTE - 1), 'foreign'],
    ['it is not known when the sign-up was', { kind: 'mine', ownership: ownership({ holder: bob }) }, 'foreign'],
    ['others had signed up, and this one is the latest', mine(now - MINUTE, true), 'doubtful'],
    ['another has signed up since', by({ pool: POOL, userName: 'eve' }), 'foreign'],
    ['another has signed up within the window', { kind: 'reserved', ownership: ownership() }, 'foreign'],
    ['an administrator has invited somebody', by({ pool: POOL, userName: 'ada', by: 'administrator' }), 'doubtful'],
    ['the reservation has ended', FREE, 'foreign'],
    ['somebody had proven it before', { kind: 'owned', ownership: ownedClaim() }, 'doubtful'],
    ['somebody had proven it who is gone', { kind: 'abandoned', ownership: ownedClaim() }, 'doubtful'],
  ])('where %s', (_, status, credentials) => expect(credentialsBefore(status, now)).toBe(credentials))
})
