import { changeFor } from '../core/change-for.ts'
import { type Credentials, claimUnder, credentialsBefore, isOwned, isOwnedBy } from '../core/claim.ts'
import { type Confirmed, decideConfirmation } from '../core/decide-confirmation.ts'
import type { Decision, Take } from '../core/decision.ts'
import { type Evidence, isEnoughToOwn } from '../core/evidence.ts'
import { inMode, type Verdict } from '../core/observe.ts'
import { madeByAdministrator } from '../core/person.ts'
import type { Policy } from '../core/policy.ts'
import type { Facts, KeyFact } from '../core/ports.ts'
import { holderOf, isFederated, isVerified, poolIdentity, shownKeys, standings } from './arrival.ts'
import type { Budget } from './budget.ts'
import { deliberate } from './deliberate.ts'
import type { TriggerEvent } from './event.ts'
import { federatedProfile } from './federation.ts'
import { evidenceOfArrival, evidenceOfRecovery, evidenceOfSignUp, isUnreported } from './native-evidence.ts'
import { withoutAbandoned } from './ownership-look.ts'
import { actsInCognito, makingOf, type Settings, writes } from './settings.ts'

/** Cognito has confirmed a user: from now on there is a person, known by the user's `sub`. */
export async function confirmation(
  event: TriggerEvent,
  confirmed: Exclude<Confirmed, 'token'>,
  settings: Settings,
  run: Budget,
): Promise<Verdict<Decision>> {
  return isFederated(event)
    ? federatedProfile(event, 'this sign-in', settings, run)
    : nativeUser(event, confirmed, settings, run)
}

/** The pool's own user: it begins, returns, joins, or waits. */
export async function nativeUser(
  event: TriggerEvent,
  confirmed: Confirmed,
  settings: Settings,
  run: Budget,
): Promise<Verdict<Decision>> {
  const { policy, registry } = settings
  const identity = poolIdentity(event, true)
  const keys = shownKeys(event, policy)
  const making = makingOf(event, settings)
  const arriving = { holder: holderOf(event), now: making.now }
  const keeps = confirmed === 'recovery' && (await settings.keepsEmail(settings.userPoolId, run))
  const isMade = confirmed === 'token' && (await isMadeByAdministrator(event, settings, run))
  const evidenceFor = (fact: KeyFact, facts: Facts) =>
    evidenceOf(fact, facts, { confirmed, isMade, keeps }, event, settings)
  const isOthers = (fact: KeyFact, facts: Facts) =>
    isEnoughToOwn(evidenceFor(fact, facts)) && !(facts.owner && isOwnedBy(fact.claim, facts.owner.id))
  const decide = (facts: Facts) =>
    decideConfirmation({
      confirmed,
      user: arriving.holder,
      owner: facts.owner,
      waitsFor: facts.waitsFor,
      keys: standings(
        facts.claims.map((fact) => evidenceFor(fact, facts)),
        facts,
        arriving,
      ).map((beside, at) => ({
        ...beside,
        madeBeforeProof: facts.claims[at]?.finding === 'proven since',
      })),
      policy: policy.existingAccount,
      now: making.now,
    })
  const { verdict } = await deliberate<Verdict<Decision>>(
    {
      query: { identity, keys },
      optimistic: false,
      async refine(facts) {
        const looked = await withoutAbandoned(facts, settings, run, (fact) => isOthers(fact, facts))
        return withArrival(looked, confirmed, event, settings, run)
      },
      decide: (facts) => inMode(policy.mode, decide(facts)),
      beforeCommit: ({ decision }) => replacePassword(decision, confirmed, event, settings, run),
      changeFor: ({ decision }, facts) => {
        if (!writes(settings)) return undefined
        const doubtful = isDoubtful(decision, confirmed, making.now, policy)
        const marksUnknown = confirmed === 'recovery' && showsOthers(facts)
        const said = confirmed === 'token' ? unvouched(facts, (fact) => evidenceFor(fact, facts), event) : ''
        const identities = [{ ...identity, ...(marksUnknown && { marksUnknown }), ...(said && { said }) }] as const
        const revision = facts.identityRevision
        return changeFor(decision, { identities, revision }, { ...making, doubtful, marksUnknown })
      },
    },
    registry,
    run,
  )
  if (confirmed === 'recovery') await endSessions(event, settings, run)
  return verdict
}

/** Something that the person does not own: written since the code was sent, maybe, and marked by the recovery all the same. */
function showsOthers({ owner, claims }: Facts): boolean {
  return claims.some(({ key, claim }) => key.kind !== 'username' && !(owner && isOwnedBy(claim, owner.id)))
}

/** What a user comes with, marked, though neither an event nor the operator's word vouches for it; see `KnownIdentity.said`. */
function unvouched({ claims }: Facts, evidenceFor: (fact: KeyFact) => Evidence, event: TriggerEvent): string {
  const marked = claims.filter((fact) => isVerified(fact.key, event) && !isEnoughToOwn(evidenceFor(fact)))
  return marked.map(({ key }) => key.value).join(' ')
}

async function isMadeByAdministrator(event: TriggerEvent, { registry }: Settings, run: Budget): Promise<boolean> {
  const identity = madeByAdministrator(holderOf(event))
  const { waitsFor } = await run(() => registry.facts({ identity, keys: [] }))
  return waitsFor !== undefined
}

function evidenceOf(
  { key, claim, finding }: KeyFact,
  { owner, waitsFor }: Facts,
  { confirmed, isMade, keeps }: { readonly confirmed: Confirmed; readonly isMade: boolean; readonly keeps: boolean },
  event: TriggerEvent,
  { policy }: Settings,
): Evidence {
  if (confirmed === 'sign-up') return evidenceOfSignUp(key, event)
  if (confirmed === 'recovery')
    return evidenceOfRecovery(key, event, keeps && owner !== undefined && isOwnedBy(claim, owner.id), policy)
  return evidenceOfArrival(
    key,
    event,
    {
      isMadeByAdministrator: isMade,
      claim: finding === undefined ? claim : undefined,
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
  { userPool }: Settings,
  run: Budget,
): Promise<Facts> {
  const isToken = confirmed === 'token'
  const isCompared = ({ key, claim, finding }: KeyFact) => {
    if (claim === undefined || finding !== undefined) return false
    return isToken ? isVerified(key, event) && isUnreported(event, claim) : isOwned(claim)
  }
  if (facts.owner || confirmed === 'recovery' || !facts.claims.some(isCompared)) return facts
  const created = (await run(async () => userPool?.find(holderOf(event))))?.created ?? 0
  if (isToken) {
    const isOlder = (fact: KeyFact) => isCompared(fact) && latest(created) < (fact.claim?.holder?.since ?? 0)
    return { ...facts, claims: facts.claims.map((fact) => (isOlder(fact) ? { ...fact, finding: 'of another' } : fact)) }
  }
  const claims = facts.claims.map((fact): KeyFact => {
    // Cognito keeps whole seconds.
    const isVoid = isCompared(fact) && created <= (fact.claim?.holder?.since ?? 0)
    return isVoid ? { ...fact, finding: 'proven since' } : fact
  })
  return { ...facts, claims }
}

/** A moment in whole seconds may be any within that second. */
function latest(moment: number): number {
  return moment % 1_000 === 0 ? moment + 999 : moment
}

/** What is proven by a decision for the first time, with what that says of the password from before. */
function credentialsIn(
  decision: Decision,
  now: number,
  isKnown: (take: Take) => boolean = () => false,
): readonly Credentials[] {
  const proven = decision.kind === 'begins' ? decision.takes.filter(({ evidence }) => evidence.kind === 'proven') : []
  return proven.filter((take) => !isKnown(take)).map(({ standing }) => credentialsBefore(standing, now))
}

/**
 * At a token the password has just been used, and is not replaced under the user's hands; it is in doubt then. Who comes from before us with
 * an address that nobody else has typed since is the one whom the operator's word is about (T167); who was invited chooses the password then.
 */
function isDoubtful(decision: Decision, confirmed: Confirmed, now: number, policy: Policy): boolean {
  const isInvited = ({ standing, preempts }: Take) => !preempts && claimUnder(standing)?.holder?.by === 'administrator'
  const isKnownByWord = (take: Take) => confirmed === 'token' && (take.standing.is === 'free' || isInvited(take))
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
  confirmed: Confirmed,
  event: TriggerEvent,
  settings: Settings,
  run: Budget,
): Promise<void> {
  const { userPool, policy, time } = settings
  if (!userPool || !actsInCognito(settings) || confirmed !== 'sign-up' || policy.passwordBeforeProof === 'keep') return
  const credentials = credentialsIn(decision, time.now())
  const isForeign = credentials.includes('foreign') || (credentials.length > 0 && event.isContested)
  if (isForeign) await run(() => userPool.replacePassword(holderOf(event)))
}

/** Every session from before a recovery; a failure fails the run, so that Cognito repeats it or the user does (T158). */
async function endSessions(event: TriggerEvent, settings: Settings, run: Budget): Promise<void> {
  const { userPool } = settings
  if (userPool && actsInCognito(settings)) await run(() => userPool.signOut(holderOf(event)))
}
