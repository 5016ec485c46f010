import { type Claim, isOwned, isSameUser } from '../core/claim.ts'
import { type Evidence, emailEvidence, type Rank } from '../core/evidence.ts'
import type { Key } from '../core/keys/index.ts'
import type { Invitations, Policy } from '../core/policy.ts'
import { holderOf, isEmail, isLinked, isMarked } from './arrival.ts'
import type { TriggerEvent } from './event.ts'
import type { TriggerSource } from './trigger-sources.ts'

/** What Cognito puts in place of a client where an administrator acts (real event quoted in localstack/localstack#2964). */
export const NO_CLIENT = 'CLIENT_ID_NOT_APPLICABLE'

/**
 * What the confirmation of a sign-up proves: docs/evidence.md, "code entered". A mark of a linked user is its provider's, and
 * AdminConfirmSignUp runs the same trigger without anybody's code.
 */
export function evidenceOfSignUp(key: Key, event: TriggerEvent): Evidence {
  const isByCode = !isLinked(event) && event.client !== NO_CLIENT
  // With a verified number the code has come from there: Cognito sends one, by SMS where it can (API reference, "CreateUserPool").
  const isByEmail = isByCode && !isMarked(event, 'phone_number_verified')
  if (isEmail(key)) return emailEvidence(key, isByEmail && isMarked(event, 'email_verified') ? 3 : 0)
  return numberEvidence(key, event, isByCode)
}

/**
 * What a recovery proves: what its person owns already, once more. Where the code went is not said when it comes back: the user, or a provider
 * that is linked, may have written another address since it was sent, so that an address that is new to us is nobody's proof.
 * The code went to a verified attribute, and to the phone number wherever the pool prefers that and there is one (developer guide, "Resetting
 * user passwords"). The mark of a linked user may be its provider's, and the code went there all the same.
 * `isTheirs`: the person owns it, in a pool that keeps addresses until they are confirmed: elsewhere the user may have written it back meanwhile.
 */
export function evidenceOfRecovery(key: Key, event: TriggerEvent, isTheirs: boolean, { recovery }: Policy): Evidence {
  const isByEmail = recovery === 'email' || !isMarked(event, 'phone_number_verified')
  const isProven = isTheirs && isByEmail && isMarked(event, 'email_verified')
  if (isEmail(key)) return emailEvidence(key, isProven ? 3 : 0)
  return { kind: 'stated', key, rank: 0 }
}

/** Where the address of a user without a confirmation comes from. */
export interface Origin {
  /** An administrator has made this user through our trigger. */
  readonly isMadeByAdministrator: boolean
  /** What the registry holds for the key. */
  readonly claim: Claim | undefined
  /** The user has come before, and was nobody: an earlier proof had voided its code, say, or its person took it off. */
  readonly isWaiting: boolean
}

/**
 * What a user shows at the first token that no confirmation came before: by administrator, import, UserMigration, or from before our time.
 * Stored marks prove nothing by themselves; the operator may say what they are worth.
 */
export function evidenceOfArrival(
  key: Key,
  event: TriggerEvent,
  { isMadeByAdministrator, claim, isWaiting }: Origin,
  policy: Policy,
): Evidence {
  const isLone = !isLinked(event) && (isMadeByAdministrator || !isWaiting)
  if (!isEmail(key)) {
    const isBelieved = isMadeByAdministrator ? policy.flagsOnlyByCode : policy.existingUsers === 'verified-by-code'
    return numberEvidence(key, event, isLone && isBelieved)
  }
  if (!isLone) return emailEvidence(key, 0)
  if (isMadeByAdministrator) return emailEvidence(key, invitedRank(event, claim, policy))
  return emailEvidence(key, markRank(event, isUnreported(event, claim) || policy.existingUsers === 'verified-by-code'))
}

/**
 * The user has signed up by itself with this address, and its confirmation has not reached us: a store that was down, say. Cognito confirms
 * whoever enters the code, whatever becomes of our run (developer guide, "Post confirmation Lambda trigger").
 */
export function isUnreported(event: TriggerEvent, claim: Claim | undefined): boolean {
  return (
    claim !== undefined &&
    !isOwned(claim) &&
    claim.holder?.by === undefined &&
    isSameUser(claim.holder, holderOf(event))
  )
}

/** Only the address that was invited counts: the challenge for the first password takes attributes of the caller's too. */
function invitedRank(event: TriggerEvent, claim: Claim | undefined, { invitations }: Policy): Rank {
  const isOfThisUser = claim?.holder?.by === 'administrator' && isSameUser(claim.holder, holderOf(event))
  if (!isOfThisUser) return 0
  if (claim.leaseUntil === null) return claim.rank
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
export function evidenceOfMark(key: Key, event: TriggerEvent, isByCode: boolean): Evidence {
  const isBelieved = !isLinked(event) && isByCode
  if (isEmail(key)) return emailEvidence(key, markRank(event, isBelieved))
  return numberEvidence(key, event, isBelieved)
}

/** A code to a phone number makes it its person's, and joins nobody: numbers are given to others after a time. */
function numberEvidence(key: Key, event: TriggerEvent, isBelieved: boolean): Evidence {
  const isVouched = key.kind === 'phone' && isBelieved && isMarked(event, 'phone_number_verified')
  return { kind: 'stated', key, rank: isVouched ? 2 : 0 }
}
