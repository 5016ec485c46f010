import { describe, expect, it } from 'vitest'
import {
  type Claim,
  claimUnder,
  credentialsBefore,
  isOwnedBy,
  needsReservation,
  reservationTerms,
  type Standing,
  standingOf,
  WINDOW_RETURNS_AFTER_MS,
} from './claim.ts'
import { claim, FREE, ownedClaim, POOL, personId } from './testing/samples.ts'

const bob = { pool: POOL, userName: 'bob' }
const arriving = { holder: bob, now: 1_000 }

const table: [says: string, claim: Claim | undefined, is: Standing['is']][] = [
  ['a key without a claim is free', undefined, 'free'],
  ['a user’s own reservation is its own', claim({ holder: bob }), 'mine'],
  ['also after the window', claim({ holder: bob, leaseUntil: 1 }), 'mine'],
  ['a proven claim is owned', ownedClaim(), 'owned'],
  ['T108: also where a user of that name has proven it: a name is not a user', ownedClaim({ holder: bob }), 'owned'],
  ['another’s sign-up of the last seconds reserves', claim({ leaseUntil: 1_001 }), 'reserved'],
  ['T160: and no longer than its window', claim({ leaseUntil: 1_000 }), 'lapsed'],
  [
    'T177: an invitation keeps nobody from signing up',
    claim({ leaseUntil: 9_000, holder: { ...bob, userName: 'ada', by: 'administrator' } }),
    'lapsed',
  ],
  [
    'a reservation of the same name in another pool is another’s',
    claim({ holder: { pool: 'eu-west-1_Other', userName: 'bob' } }),
    'reserved',
  ],
]

it.each(table)('%s', (_, held, is) => expect(standingOf(held, arriving).is).toBe(is))

it.each<[says: string, claim: Claim | undefined, isTheirs: boolean]>([
  ['owned by the person', ownedClaim(), true],
  ['reserved for the person', claim({ rank: 2 }), false],
  ['owned by another', ownedClaim({ person: personId(2) }), false],
  ['nobody’s', undefined, false],
])('ownership is asked for, and the person’s: a key that is %s', (_, held, isTheirs) => {
  expect(isOwnedBy(held, personId(1))).toBe(isTheirs)
})

it('every standing but a free one has a claim under it', () => {
  expect(claimUnder(FREE)).toBeUndefined()
  for (const is of ['mine', 'reserved', 'lapsed', 'owned', 'abandoned'] as const)
    expect(claimUnder({ is, claim: claim() })).toEqual(claim())
})

describe('a reservation', () => {
  const terms = (standing: Standing, now = 10_000) => reservationTerms(standing, bob, { now, leaseMs: 500 })
  const left = (leaseUntil: number, since = 100): Standing => ({
    is: 'lapsed',
    claim: claim({ leaseUntil, holder: { pool: POOL, userName: 'eve', since } }),
  })

  it('keeps others out for the window', () => {
    for (const standing of [FREE, { is: 'abandoned', claim: ownedClaim() } as const]) {
      expect(terms(standing)).toEqual({ holder: { ...bob, since: 10_000 }, leaseUntil: 10_500 })
    }
  })

  it('T86: is not extended by a repeated run of the same sign-up', () => {
    const mine: Standing = { is: 'mine', claim: claim({ holder: { ...bob, since: 9_800 }, leaseUntil: 10_300 }) }
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
    expect(needsReservation({ is: 'lapsed', claim: claim({ holder }) })).toBe(false)
    for (const standing of [FREE, left(1), { is: 'mine', claim: claim() } as const])
      expect(needsReservation(standing)).toBe(true)
  })
})

describe('T157: the password from before a first proof', () => {
  const MINUTE = 60_000
  const now = 100 * MINUTE
  const mine = (since: number, contested?: true): Standing => ({
    is: 'mine',
    claim: claim({ holder: { ...bob, since, ...(contested && { contested }) } }),
  })
  const by = (holder: Claim['holder']): Standing => ({ is: 'lapsed', claim: claim({ holder }) })

  it.each<[says: string, standing: Standing, credentials: string]>([
    ['nobody else has signed up, and the code came soon', mine(now - 15 * MINUTE), 'own'],
    ['the code came later than it is waited for', mine(now - 15 * MINUTE - 1), 'foreign'],
    ['it is not known when the sign-up was', { is: 'mine', claim: claim({ holder: bob }) }, 'foreign'],
    ['others had signed up, and this one is the latest', mine(now - MINUTE, true), 'doubtful'],
    ['another has signed up since', by({ pool: POOL, userName: 'eve' }), 'foreign'],
    ['another has signed up within the window', { is: 'reserved', claim: claim() }, 'foreign'],
    ['an administrator has invited somebody', by({ pool: POOL, userName: 'ada', by: 'administrator' }), 'doubtful'],
    ['the reservation has ended', FREE, 'foreign'],
    ['somebody had proven it before', { is: 'owned', claim: ownedClaim() }, 'doubtful'],
    ['somebody had proven it who is gone', { is: 'abandoned', claim: ownedClaim() }, 'doubtful'],
  ])('where %s', (_, standing, credentials) => expect(credentialsBefore(standing, now)).toBe(credentials))
})
