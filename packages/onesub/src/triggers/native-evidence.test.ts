import { describe, expect, it } from 'vitest'
import { normalisePhone } from '../core/identifiers/index.ts'
import type { Ownership } from '../core/identifiers/ownership.ts'
import { type Policy, parsePolicy } from '../core/policy.ts'
import { emailKey, ownedClaim, ownership } from '../core/testing/samples.ts'
import { parseEvent } from './event.ts'
import {
  evidenceOfArrival,
  evidenceOfMark,
  evidenceOfRecovery,
  evidenceOfSignUp,
  NO_CLIENT,
  type Origin,
} from './native-evidence.ts'
import { type EventOptions, POOL_ID, triggerEvent } from './testing/events.ts'

const MARKED = { email: 'ada@example.com', email_verified: 'true' }
const LINKED = { ...MARKED, identities: '[]' }
const eventOf = (of: EventOptions) => parseEvent(triggerEvent({ attributes: MARKED, ...of }))
const policyOf = (of: Partial<Policy> = {}) => parsePolicy(of)

describe('what the confirmation of a sign-up proves', () => {
  const rank = (of: EventOptions) =>
    evidenceOfSignUp(emailKey(), eventOf({ source: 'PostConfirmation_ConfirmSignUp', ...of })).rank

  it('an entered code: the address', () => expect(rank({})).toBe(3))
  it('nothing without the mark', () => expect(rank({ attributes: { email: 'ada@example.com' } })).toBe(0))
  it('T156: nothing where an administrator has confirmed', () => expect(rank({ client: NO_CLIENT })).toBe(0))
  it('T12: nothing where the mark may be a provider’s', () => expect(rank({ attributes: LINKED })).toBe(0))
})

describe('what a recovery proves', () => {
  const rank = (attributes: Record<string, string>, of: Partial<Policy> = {}, isTheirs = true) =>
    evidenceOfRecovery(emailKey(), eventOf({ attributes }), isTheirs, policyOf(of)).rank

  it('T182: nothing of an address that was not theirs before: it may have been written after the code was sent', () => {
    expect(rank(MARKED, {}, false)).toBe(0)
    expect(rank(MARKED, { recovery: 'email' }, false)).toBe(0)
  })

  it('the address, where the code cannot have gone elsewhere', () => {
    expect(rank(MARKED)).toBe(3)
    expect(rank({ ...MARKED, phone_number_verified: 'false' })).toBe(3)
  })
  it('nothing of it, where the code may have gone to the phone', () =>
    expect(rank({ ...MARKED, phone_number_verified: 'true' })).toBe(0))
  it('the address again, where the operator says that codes go there', () =>
    expect(rank({ ...MARKED, phone_number_verified: 'true' }, { recovery: 'email' })).toBe(3))
  it('nothing of an address without its mark', () =>
    expect(rank({ email: 'ada@example.com' }, { recovery: 'email' })).toBe(0))
})

describe('what a user shows at a first token', () => {
  const user = { pool: POOL_ID, userName: 'ada' }
  const invitation = ownership({ holder: { ...user, by: 'administrator' } })
  const first = 'TokenGeneration_NewPasswordChallenge'
  const rank = (event: EventOptions, origin: Partial<Origin>, of: Partial<Policy> = {}) =>
    evidenceOfArrival(
      emailKey(),
      eventOf({ source: 'TokenGeneration_Authentication', ...event }),
      { isMadeByAdministrator: false, ownership: undefined, isWaiting: false, ...origin },
      policyOf(of),
    ).rank
  const invited = (event: EventOptions, held: Ownership | null = invitation, of: Partial<Policy> = {}) =>
    rank(
      { source: first, ...event },
      { isMadeByAdministrator: true, ownership: held ?? undefined },
      { invitations: 'generated', ...of },
    )

  it('T182: an invitation by mail proves by its password, and by nothing that comes later', () => {
    expect(invited({})).toBe(3)
    expect(invited({ source: 'TokenGeneration_Authentication' })).toBe(0)
    expect(invited({ source: 'TokenGeneration_RefreshTokens' })).toBe(0)
    expect(invited({}, invitation, { invitations: 'unknown' })).toBe(0)
  })
  it('T182: nor where it may have gone to the phone', () =>
    expect(invited({ attributes: { ...MARKED, phone_number: '+15551234567' } })).toBe(0))
  it('T156: nor where the address is not the one that was invited', () => {
    expect(invited({}, null)).toBe(0)
    expect(invited({}, ownership({ holder: { ...user, userName: 'bob', by: 'administrator' } }))).toBe(0)
    expect(invited({}, ownership({ holder: user }))).toBe(0)
  })
  it('an address for which a trusted administrator vouched is worth what was written down', () =>
    expect(invited({}, ownedClaim({ holder: { ...user, by: 'administrator' } }), { invitations: 'unknown' })).toBe(3))

  it('T154: a stored mark proves nothing without the operator’s word', () => {
    expect(rank({}, {})).toBe(0)
    expect(rank({}, {}, { existingUsers: 'verified-by-code' })).toBe(3)
    expect(rank({ attributes: { email: 'ada@example.com' } }, {}, { existingUsers: 'verified-by-code' })).toBe(0)
    expect(rank({ attributes: LINKED }, {}, { existingUsers: 'verified-by-code' })).toBe(0)
  })
  it('a sign-up whose confirmation has not reached us counts, and nobody else’s does', () => {
    expect(rank({}, { ownership: ownership({ holder: user }) })).toBe(3)
    expect(rank({}, { ownership: ownership({ holder: { ...user, userName: 'eve' } }) })).toBe(0)
    expect(rank({}, { ownership: ownedClaim({ holder: user }) })).toBe(0)
  })
})

it('T182: what a stored mark is worth at a later sign-in', () => {
  const rank = (attributes: Record<string, string>, isByCode: boolean) =>
    evidenceOfMark(emailKey(), eventOf({ attributes }), isByCode).rank
  expect([rank(MARKED, true), rank(MARKED, false), rank(LINKED, true)]).toEqual([3, 0, 0])
})

describe('T180: an invitation that is answered by a code', () => {
  const user = { pool: POOL_ID, userName: 'ada' }
  const invitation = ownership({ holder: { ...user, by: 'administrator' } })
  const rank = (source: string, invitations: Policy['invitations']) =>
    evidenceOfArrival(
      emailKey(),
      eventOf({ source }),
      { isMadeByAdministrator: true, ownership: invitation, isWaiting: false },
      policyOf({ invitations }),
    ).rank

  it.each([
    ['TokenGeneration_Authentication', 'code', 3],
    ['TokenGeneration_HostedAuth', 'code', 3],
    ['TokenGeneration_NewPasswordChallenge', 'code', 0],
    ['TokenGeneration_RefreshTokens', 'code', 0],
    ['TokenGeneration_NewPasswordChallenge', 'generated', 3],
    ['TokenGeneration_Authentication', 'generated', 0],
    ['TokenGeneration_Authentication', 'unknown', 0],
  ] as const)('%s under %s is worth %d', (source, invitations, worth) => expect(rank(source, invitations)).toBe(worth))
})

describe('what a confirmation proves of a number', () => {
  const rank = (client?: string, more: Record<string, string> = {}) => {
    const read = normalisePhone('+442071838750')
    if (!read.ok) throw new Error(read.fault)
    const attributes = { phone_number: '+442071838750', phone_number_verified: 'true', ...more }
    const of = { source: 'PostConfirmation_ConfirmSignUp', attributes, ...(client !== undefined && { client }) }
    return evidenceOfSignUp(read.identifier, eventOf(of)).rank
  }

  it('an entered code: that it is the user’s', () => expect(rank()).toBe(2))
  it('T156: nothing where an administrator has confirmed', () => expect(rank(NO_CLIENT)).toBe(0))
  it('T12: nothing where the mark may be a provider’s', () => expect(rank(undefined, { identities: '[]' })).toBe(0))
})
