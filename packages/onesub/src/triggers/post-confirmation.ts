import { changeFor } from '../core/changes/change-for.ts'
import { type Confirmed, decideConfirmation } from '../core/decisions/confirmation.ts'
import type { Acquisition, Decision } from '../core/decisions/decision.ts'
import { inMode, type Verdict } from '../core/decisions/observe.ts'
import { type Evidence, isEnoughToOwn } from '../core/evidence.ts'
import {
  type Credentials,
  credentialsBefore,
  type Holder,
  isProven,
  isProvenBy,
  ownershipUnder,
} from '../core/identifiers/ownership.ts'
import { madeByAdministrator } from '../core/person.ts'
import type { Policy } from '../core/policy.ts'
import type { Facts, IdentifierFact } from '../core/ports.ts'
import { withoutAbandoned } from './abandoned-identifiers.ts'
import type { WithDeadline } from './deadline.ts'
import { decideAndCommit } from './decide-and-commit.ts'
import type { TriggerEvent } from './event.ts'
import { federatedProfile, isStill, replaceDoubtful } from './federation.ts'
import { holderOf, isFederated, isVerified, poolIdentity, shownIdentifiers, statuses } from './identifiers-in-event.ts'
import { evidenceOfArrival, evidenceOfRecovery, evidenceOfSignUp, isUnreported } from './native-evidence.ts'
import { actsInCognito, changeContextOf, type Settings, writes } from './settings.ts'

type ArrivingCalls = 'find' | 'keepsOriginal'

/** Cognito has confirmed a sign-up: from now on there is a person, known by the user's `sub`. */
export async function signUpConfirmed(
  event: TriggerEvent,
  settings: Settings<ArrivingCalls | 'replacePassword'>,
  withDeadline: WithDeadline,
): Promise<Verdict<Decision>> {
  return isFederated(event)
    ? federatedProfile(event, 'this sign-in', settings, withDeadline, (decision) =>
        replaceDoubtful(decision, settings, withDeadline),
      )
    : nativeUser(event, 'sign-up', settings, withDeadline, (decision) =>
        replacePassword(decision, event, settings, withDeadline),
      )
}

/** Cognito has taken a new password for a code. */
export async function recoveryConfirmed(
  event: TriggerEvent,
  settings: Settings<ArrivingCalls | 'signOut' | 'replacePassword'>,
  withDeadline: WithDeadline,
): Promise<Verdict<Decision>> {
  if (isFederated(event)) return signUpConfirmed(event, settings, withDeadline)
  const verdict = await nativeUser(event, 'recovery', settings, withDeadline, async () => {})
  await endSessions(verdict.decision, event, settings, withDeadline)
  return verdict
}

/** A native user: create person, existing person, link identity, or pending. */
export async function nativeUser(
  event: TriggerEvent,
  confirmed: Confirmed,
  settings: Settings<ArrivingCalls>,
  withDeadline: WithDeadline,
  /** Effects in Cognito that have to be there when the change is. */
  beforeCommit: (decision: Decision) => Promise<void>,
): Promise<Verdict<Decision>> {
  const { policy, registry } = settings
  const identity = poolIdentity(event, true)
  const identifiers = shownIdentifiers(event, policy)
  const context = changeContextOf(event, settings)
  const arriving = { holder: holderOf(event), now: context.now }
  // Cognito has taken the new password by now: what cannot be asked proves less, and the sessions end all the same.
  const keeps =
    confirmed === 'recovery' && (await settings.keepsEmail(settings.userPoolId, withDeadline).catch(() => false))
  const isMade = confirmed === 'token' && (await isMadeByAdministrator(event, settings, withDeadline))
  const evidenceFor = (fact: IdentifierFact, facts: Facts) =>
    evidenceOf(fact, facts, { confirmed, isMade, keeps }, event, settings)
  const isOthers = (fact: IdentifierFact, facts: Facts) =>
    isEnoughToOwn(evidenceFor(fact, facts)) && !(facts.owner && isProvenBy(fact.ownership, facts.owner.id))
  const decide = (facts: Facts) =>
    decideConfirmation({
      confirmed,
      user: arriving.holder,
      owner: facts.owner,
      waitsFor: facts.waitsFor,
      identifiers: statuses(
        facts.identifiers.map((fact) => evidenceFor(fact, facts)),
        facts,
        arriving,
      ).map((beside, at) => ({
        ...beside,
        madeBeforeProof: facts.identifiers[at]?.finding === 'proven since',
      })),
      policy: policy.existingAccount,
      now: context.now,
    })
  const { verdict } = await decideAndCommit<Verdict<Decision>>(
    {
      query: { identity, identifiers },
      optimistic: false,
      async refine(facts) {
        const looked = await withoutAbandoned(facts, settings, withDeadline, (fact) => isOthers(fact, facts))
        return withArrival(looked, confirmed, event, settings, withDeadline)
      },
      decide: (facts) => inMode(policy.mode, decide(facts)),
      beforeCommit: ({ decision }) => beforeCommit(decision),
      changeFor: ({ decision }, facts) => {
        if (!writes(settings)) return undefined
        const doubtful = isDoubtful(decision, confirmed, context.now, policy)
        const marksUnknown = confirmed === 'recovery' && showsOthers(facts)
        const said = confirmed === 'token' ? unvouched(facts, (fact) => evidenceFor(fact, facts), event) : ''
        const identities = [{ ...identity, ...(marksUnknown && { marksUnknown }), ...(said && { said }) }] as const
        const revision = facts.identityRevision
        return changeFor(decision, { identities, revision }, { ...context, doubtful, marksUnknown })
      },
    },
    registry,
    withDeadline,
  )
  return verdict
}

/** Something that the person does not own: written since the code was sent, maybe, and marked by the recovery all the same. */
function showsOthers({ owner, identifiers }: Facts): boolean {
  return identifiers.some(
    ({ identifier, ownership }) => identifier.kind !== 'username' && !(owner && isProvenBy(ownership, owner.id)),
  )
}

/** What a user comes with, marked, though neither an event nor the operator's word vouches for it; see `KnownIdentity.said`. */
function unvouched(
  { identifiers }: Facts,
  evidenceFor: (fact: IdentifierFact) => Evidence,
  event: TriggerEvent,
): string {
  const marked = identifiers.filter((fact) => isVerified(fact.identifier, event) && !isEnoughToOwn(evidenceFor(fact)))
  return marked.map(({ identifier }) => identifier.value).join(' ')
}

async function isMadeByAdministrator(
  event: TriggerEvent,
  { registry }: Settings<never>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const identity = madeByAdministrator(holderOf(event))
  const { waitsFor } = await withDeadline(() => registry.facts({ identity, identifiers: [] }))
  return waitsFor !== undefined
}

function evidenceOf(
  { identifier, ownership, finding }: IdentifierFact,
  { owner, waitsFor }: Facts,
  { confirmed, isMade, keeps }: { readonly confirmed: Confirmed; readonly isMade: boolean; readonly keeps: boolean },
  event: TriggerEvent,
  { policy }: Settings<never>,
): Evidence {
  if (confirmed === 'sign-up') return evidenceOfSignUp(identifier, event)
  if (confirmed === 'recovery')
    return evidenceOfRecovery(
      identifier,
      event,
      keeps && owner !== undefined && isProvenBy(ownership, owner.id),
      policy,
    )
  return evidenceOfArrival(
    identifier,
    event,
    {
      isMadeByAdministrator: isMade,
      ownership: finding === undefined ? ownership : undefined,
      isWaiting: waitsFor !== undefined,
    },
    policy,
  )
}

/**
 * When the arriving user was made: before somebody else proved what it proves now, or before the reservation that stands under its name, which is
 * not its own then (T155). Asked only where that matters.
 */
async function withArrival(
  facts: Facts,
  confirmed: Confirmed,
  event: TriggerEvent,
  { userPool }: Settings<'find'>,
  withDeadline: WithDeadline,
): Promise<Facts> {
  const isToken = confirmed === 'token'
  const isCompared = ({ identifier, ownership, finding }: IdentifierFact) => {
    if (ownership === undefined || finding !== undefined) return false
    return isToken ? isVerified(identifier, event) && isUnreported(event, ownership) : isProven(ownership)
  }
  if (facts.owner || confirmed === 'recovery' || !facts.identifiers.some(isCompared)) return facts
  const created = (await withDeadline(async () => userPool?.find(holderOf(event))))?.created ?? 0
  if (isToken) {
    const isOlder = (fact: IdentifierFact) => isCompared(fact) && latest(created) < (fact.ownership?.holder?.since ?? 0)
    return {
      ...facts,
      identifiers: facts.identifiers.map((fact) => (isOlder(fact) ? { ...fact, finding: 'of another' } : fact)),
    }
  }
  const identifiers = facts.identifiers.map((fact): IdentifierFact => {
    // Cognito keeps whole seconds.
    const isVoid = isCompared(fact) && created <= (fact.ownership?.holder?.since ?? 0)
    return isVoid ? { ...fact, finding: 'proven since' } : fact
  })
  return { ...facts, identifiers }
}

/** A moment in whole seconds may be any within that second. */
function latest(moment: number): number {
  return moment % 1_000 === 0 ? moment + 999 : moment
}

/** What is proven by a decision for the first time, with what that says of the password from before. */
function credentialsIn(
  decision: Decision,
  now: number,
  isKnown: (acquisition: Acquisition) => boolean = () => false,
): readonly Credentials[] {
  const proven =
    decision.kind === 'create-person' ? decision.acquisitions.filter(({ evidence }) => evidence.kind === 'proven') : []
  return proven.filter((acquisition) => !isKnown(acquisition)).map(({ status }) => credentialsBefore(status, now))
}

/**
 * At a token the password has just been used, and is not replaced under the user's hands; it is in doubt then. Who comes from before us with
 * an address that nobody else has typed since is the one whom the operator's word is about (T167); who was invited chooses the password then.
 */
function isDoubtful(decision: Decision, confirmed: Confirmed, now: number, policy: Policy): boolean {
  const isInvited = ({ status, supersedes }: Acquisition) =>
    !supersedes && ownershipUnder(status)?.holder?.by === 'administrator'
  const isKnownByWord = (acquisition: Acquisition) =>
    confirmed === 'token' && (acquisition.status.kind === 'free' || isInvited(acquisition))
  const credentials = credentialsIn(decision, now, isKnownByWord)
  const isAny = policy.passwordBeforeProof === 'always' && credentials.length > 0
  return isAny || credentials.includes('doubtful') || (confirmed === 'token' && credentials.includes('foreign'))
}

/**
 * Where somebody else may know what opened this user before the address was first proven, it opens it no more (T157). Before the commit, so
 * that a run which fails in between is repeated whole.
 */
async function replacePassword(
  decision: Decision,
  event: TriggerEvent,
  settings: Settings<'replacePassword'>,
  withDeadline: WithDeadline,
): Promise<void> {
  const { userPool, policy, time } = settings
  if (!userPool || !actsInCognito(settings) || policy.passwordBeforeProof === 'keep') return
  const credentials = credentialsIn(decision, time.now())
  const isForeign = credentials.includes('foreign') || (credentials.length > 0 && event.isContested)
  if (isForeign) await withDeadline(() => userPool.replacePassword(holderOf(event)))
}

/**
 * Every session from before a recovery, of all users of the person: tokens of any of them name it. A failure fails the run, so that Cognito repeats
 * it or the user does (T158).
 */
async function endSessions(
  decision: Decision,
  event: TriggerEvent,
  settings: Settings<'find' | 'signOut'>,
  withDeadline: WithDeadline,
): Promise<void> {
  const { userPool } = settings
  if (!userPool || !actsInCognito(settings)) return
  const known = decision.kind === 'existing-person' ? decision.person.identities : []
  const signOut = (user: Holder) => withDeadline(() => userPool.signOut(user))
  const others = known.map(async (user) => {
    const { pool, userName, native } = user
    if (userName === null || pool !== event.pool || userName === event.userName) return
    // A profile's name is its provider's; that of a deleted user may be somebody else's by now.
    if (!native || (await isStill(user, userPool, withDeadline))) await signOut({ pool, userName })
  })
  await Promise.all([signOut(holderOf(event)), ...others])
}
