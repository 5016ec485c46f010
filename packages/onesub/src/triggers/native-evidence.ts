import { type Evidence, emailEvidence, type Rank } from '../core/evidence.ts'
import type { Identifier } from '../core/identifiers/index.ts'
import { isProven, isSameUser, type Ownership } from '../core/identifiers/ownership.ts'
import type { Invitations, Policy } from '../core/policy.ts'
import type { TriggerEvent } from './event.ts'
import { holderOf, isEmail, isLinked, isMarked } from './identifiers-in-event.ts'
import type { TriggerSource } from './trigger-sources.ts'

/** What Cognito puts in place of a client where an administrator acts (real event quoted in localstack/localstack#2964). */
export const NO_CLIENT = 'CLIENT_ID_NOT_APPLICABLE'

/**
 * What the confirmation of a sign-up proves: docs/evidence.md, "code entered". A mark of a linked user is its provider's, and
 * AdminConfirmSignUp runs the same trigger without anybody's code.
 */
export function evidenceOfSignUp(identifier: Identifier, event: TriggerEvent): Evidence {
  const isByCode = !isLinked(event) && event.client !== NO_CLIENT
  // With a verified number the code has come from there: Cognito sends one, by SMS where it can (API reference, "CreateUserPool").
  const isByEmail = isByCode && !isMarked(event, 'phone_number_verified')
  if (isEmail(identifier)) return emailEvidence(identifier, isByEmail && isMarked(event, 'email_verified') ? 3 : 0)
  return numberEvidence(identifier, event, isByCode)
}

/**
 * What a recovery proves: what its person owns already, once more. Where the code went is not said when it comes back: the user, or a provider
 * that is linked, may have written another address since it was sent, so that an address that is new to us is nobody's proof.
 * The code went to a verified attribute, and to the phone number wherever the pool prefers that and there is one (developer guide, "Resetting
 * user passwords"). The mark of a linked user may be its provider's, and the code went there all the same.
 * `isTheirs`: the person owns it, in a pool that keeps addresses until they are confirmed: elsewhere the user may have written it back meanwhile.
 */
export function evidenceOfRecovery(
  identifier: Identifier,
  event: TriggerEvent,
  isTheirs: boolean,
  { recovery }: Policy,
): Evidence {
  const isByEmail = recovery === 'email' || !isMarked(event, 'phone_number_verified')
  const isProven = isTheirs && isByEmail && isMarked(event, 'email_verified')
  if (isEmail(identifier)) return emailEvidence(identifier, isProven ? 3 : 0)
  return { kind: 'stated', identifier, rank: 0 }
}

/** Where the address of a user without a confirmation comes from. */
export interface Origin {
  /** An administrator has made this user through our trigger. */
  readonly isMadeByAdministrator: boolean
  /** What the registry holds for the identifier. */
  readonly ownership: Ownership | undefined
  /** The user has come before, and was nobody: an earlier proof had voided its code, say, or its person took it off. */
  readonly isWaiting: boolean
}

/**
 * What a user shows at the first token that no confirmation came before: by administrator, import, UserMigration, or from before our time.
 * Stored marks prove nothing by themselves; the operator may say what they are worth.
 */
export function evidenceOfArrival(
  identifier: Identifier,
  event: TriggerEvent,
  { isMadeByAdministrator, ownership, isWaiting }: Origin,
  policy: Policy,
): Evidence {
  const isLone = !isLinked(event) && (isMadeByAdministrator || !isWaiting)
  if (!isEmail(identifier)) {
    const isBelieved = isMadeByAdministrator ? policy.flagsOnlyByCode : policy.existingUsers === 'verified-by-code'
    return numberEvidence(identifier, event, isLone && isBelieved)
  }
  if (!isLone) return emailEvidence(identifier, 0)
  if (isMadeByAdministrator) return emailEvidence(identifier, invitedRank(event, ownership, policy))
  return emailEvidence(
    identifier,
    markRank(event, isUnreported(event, ownership) || policy.existingUsers === 'verified-by-code'),
  )
}

/**
 * The user has signed up by itself with this address, and its confirmation has not reached us: a store that was down, say. Cognito confirms
 * the user who enters the code, whatever the result of our run (developer guide, "Post confirmation Lambda trigger").
 */
export function isUnreported(event: TriggerEvent, ownership: Ownership | undefined): boolean {
  return (
    ownership !== undefined &&
    !isProven(ownership) &&
    ownership.holder?.by === undefined &&
    isSameUser(ownership.holder, holderOf(event))
  )
}

/**
 * Only the address that was invited counts, and only marked as an administrator has marked it: the challenge for the first password takes
 * attributes of the caller's too, which are unmarked, and the invitation may have gone to another address by then.
 */
function invitedRank(event: TriggerEvent, ownership: Ownership | undefined, { invitations }: Policy): Rank {
  const isOfThisUser = ownership?.holder?.by === 'administrator' && isSameUser(ownership.holder, holderOf(event))
  if (!isOfThisUser || !isMarked(event, 'email_verified')) return 0
  if (ownership.leaseUntil === null) return ownership.rank
  // With a phone number it may have gone there (API reference, "AdminCreateUser", DesiredDeliveryMediums: SMS is the default).
  return !event.attributes.has('phone_number') && ANSWERED_BY[invitations].includes(event.source) ? 3 : 0
}

/** The first token of who has answered what was mailed. A user without a password has nothing but the code to come in by (T180). */
const ANSWERED_BY: Readonly<Record<Invitations, readonly TriggerSource[]>> = {
  unknown: [],
  generated: ['TokenGeneration_NewPasswordChallenge'],
  code: ['TokenGeneration_Authentication', 'TokenGeneration_HostedAuth'],
}

function markRank(event: TriggerEvent, isBelieved: boolean): Rank {
  return isBelieved && isMarked(event, 'email_verified') ? 3 : 0
}

/**
 * What a known user's stored address or number and its mark are worth at a later sign-in. `isByCode`: the operator says that nothing but an entered
 * code sets marks, and the pool keeps what was there until then. Elsewhere a recovery marks whatever address the user has written since its
 * code was sent, and no event tells which.
 */
export function evidenceOfMark(identifier: Identifier, event: TriggerEvent, isByCode: boolean): Evidence {
  const isBelieved = !isLinked(event) && isByCode
  if (isEmail(identifier)) return emailEvidence(identifier, markRank(event, isBelieved))
  return numberEvidence(identifier, event, isBelieved)
}

/** A code to a phone number makes it its person's, and joins nobody: numbers are given to others after a time. */
function numberEvidence(identifier: Identifier, event: TriggerEvent, isBelieved: boolean): Evidence {
  const isVouched = identifier.kind === 'phone' && isBelieved && isMarked(event, 'phone_number_verified')
  return { kind: 'stated', identifier, rank: isVouched ? 2 : 0 }
}
