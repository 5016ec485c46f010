import { changeFor } from '../core/changes/change-for.ts'
import type { Decision } from '../core/decisions/decision.ts'
import { decideFederation } from '../core/decisions/federation.ts'
import { inMode, type Verdict } from '../core/decisions/observe.ts'
import { isProven } from '../core/identifiers/ownership.ts'
import { COGNITO, type KnownIdentity, type PersonId } from '../core/person.ts'
import type { IdentifierFact, UserPool } from '../core/ports.ts'
import { withoutAbandoned } from './abandoned-identifiers.ts'
import type { WithDeadline } from './deadline.ts'
import { type DecidedAndCommitted, decideAndCommit } from './decide-and-commit.ts'
import type { TriggerEvent } from './event.ts'
import { holderOf, poolIdentity, statuses } from './identifiers-in-event.ts'
import { isInvitedUser } from './invited-user.ts'
import { type LinkingCalls, linkInCognito } from './primary-user.ts'
import { type AttributesOf, inboundSignIn, type ProviderSignIn, providerSignIn } from './provider-sign-in.ts'
import { actsInCognito, changeContextOf, type Settings, writes } from './settings.ts'

export type FederationVerdict = Verdict<Decision>

type DecidingCalls = 'find' | 'keepsOriginal'
type FederationCalls = DecidingCalls | LinkingCalls | 'replacePassword'

/**
 * PreSignUp: a provider's user comes for the first time, as far as Cognito knows. Undefined where its name does not tell for certain who it
 * is: it gets a profile, and is decided about by what Cognito says in `identities` then.
 */
export async function federation(
  event: TriggerEvent,
  settings: Settings<FederationCalls>,
  withDeadline: WithDeadline,
): Promise<FederationVerdict | undefined> {
  const arrival = providerSignIn(event, settings.policy, 'this sign-in')
  return arrival.certain ? arrive(event, arrival, settings, withDeadline) : undefined
}

/**
 * InboundFederation, where the pool has it: the provider's answer is there, and nothing is decided or stored in Cognito yet. The same
 * decision as in PreSignUp, with better facts; a link that is made here is there before Cognito looks for one. It runs at later sign-ins
 * too: what a provider says of an address then is known from here alone.
 * Undefined where the answer does not name the subject.
 */
export async function inboundFederation(
  event: TriggerEvent,
  settings: Settings<FederationCalls>,
  withDeadline: WithDeadline,
): Promise<FederationVerdict | undefined> {
  const arrival = inboundSignIn(event, settings.policy)
  const { userPool } = settings
  if (!arrival || !userPool) return undefined
  const profile = { pool: event.pool, userName: arrival.identity.userName ?? event.userName }
  const isProfile = async () => (await withDeadline(() => userPool.find(profile)))?.status === 'EXTERNAL_PROVIDER'
  const known = await withDeadline(() => settings.registry.resolve(arrival.identity))
  // A profile of before our time can no longer be linked; its person is decided about all the same.
  if (known || (await isProfile()))
    return (await settle(event, arrival, returning(arrival, settings, withDeadline), settings, withDeadline)).verdict
  return arrive(event, arrival, settings, withDeadline)
}

function returning(
  { identity }: ProviderSignIn,
  settings: Settings<'find' | 'replacePassword'>,
  withDeadline: WithDeadline,
): Arrives {
  return {
    as: [identity],
    hasProfile: true,
    beforeCommit: (decision) => replaceDoubtful(decision, settings, withDeadline),
  }
}

async function arrive(
  event: TriggerEvent,
  arrival: ProviderSignIn,
  settings: Settings<FederationCalls>,
  withDeadline: WithDeadline,
): Promise<FederationVerdict> {
  const { verdict, committed } = await settle(
    event,
    arrival,
    { ...returning(arrival, settings, withDeadline), hasProfile: false },
    settings,
    withDeadline,
  )
  // A link left undone by an earlier run is made good here: Cognito asks us only while it knows of no link.
  const person = whoseItIs(verdict.decision, committed)
  if (person && actsInCognito(settings)) await linkInCognito(person, event, arrival, settings, withDeadline)
  return verdict
}

/** A pending identity has no person yet; what was written is about the person that it waits for. */
function whoseItIs(decision: Decision, committed: PersonId | undefined): PersonId | undefined {
  if (decision.kind === 'create-person') return committed
  return decision.kind === 'existing-person' || decision.kind === 'link-identity' ? decision.person.id : undefined
}

/** The provider's user has a profile, with a `sub` of its own by which its tokens will name it. */
export async function federatedProfile(
  event: TriggerEvent,
  from: AttributesOf,
  settings: Settings<DecidingCalls>,
  withDeadline: WithDeadline,
  beforeCommit: Arrives['beforeCommit'],
): Promise<FederationVerdict> {
  const arrival = providerSignIn(event, settings.policy, from)
  const as = [arrival.identity, poolIdentity(event, false)] as const
  return (await settle(event, arrival, { as, hasProfile: true, beforeCommit }, settings, withDeadline)).verdict
}

interface Arrives {
  readonly as: readonly [KnownIdentity, ...KnownIdentity[]]
  readonly hasProfile: boolean
  /** Effects in Cognito that have to be there when the change is. */
  beforeCommit(decision: Decision): Promise<void>
}

async function settle(
  event: TriggerEvent,
  { identity, address, spelled }: ProviderSignIn,
  { as, hasProfile, beforeCommit }: Arrives,
  settings: Settings<DecidingCalls>,
  withDeadline: WithDeadline,
): Promise<DecidedAndCommitted<FederationVerdict>> {
  const { policy, registry } = settings
  const context = { ...changeContextOf(event, settings), address: spelled }
  const arriving = { holder: holderOf(event), now: context.now }
  const offered = address ? [address] : []
  let isInvited = false
  let hasOtherWays = false
  return decideAndCommit<FederationVerdict>(
    {
      query: { identity, identifiers: offered.map(({ identifier }) => identifier) },
      optimistic: false,
      async refine(facts) {
        const isProven = address?.kind === 'proven'
        const looked = await withoutAbandoned(
          facts,
          settings,
          withDeadline,
          ({ ownership }) => isProven && ownership?.person !== facts.owner?.id,
        )
        hasOtherWays = isProven && (await canComeBack(looked.identifiers[0], settings, withDeadline))
        isInvited =
          isProven && !facts.owner && (await isInvitedUser(looked.identifiers[0], event, settings, withDeadline))
        return looked
      },
      decide: (facts) => {
        const [beside] = statuses(offered, facts, arriving)
        const { owner, waitsFor } = facts
        const decision = decideFederation({
          identity,
          hasProfile,
          owner,
          waitsFor,
          address: beside && { ...beside, isInvited, hasOtherWays },
          policy: policy.existingAccount,
        })
        return inMode(policy.mode, decision)
      },
      beforeCommit: ({ decision }) => beforeCommit(decision),
      changeFor: ({ decision }, { identityRevision }) =>
        writes(settings)
          ? changeFor(
              decision,
              { identities: arrivedAs(as, decision, hasProfile), revision: identityRevision },
              context,
            )
          : undefined,
    },
    registry,
    withDeadline,
  )
}

/** Somebody who knows the password in doubt can have added a number that recovers the user, or a second factor (T157). */
async function canComeBack(
  fact: IdentifierFact | undefined,
  settings: Settings<DecidingCalls>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const { userPool, userPoolId, keepsEmail } = settings
  if (!userPool || !fact?.ownership || !isProven(fact.ownership)) return false
  const prover = fact.ownership.holder
  if (!prover?.contested || prover.pool !== userPoolId) return false
  // A code may be out to another address that the user had meanwhile: it outlives the password.
  if (!(await keepsEmail(userPoolId, withDeadline))) return true
  const found = await withDeadline(() => userPool.find(prover))
  return found !== undefined && (found.phoneVerified || found.hasMfa)
}

/**
 * Before a provider is joined to a native user: a password that somebody else may know no longer opens this person (evidence.md, "First join").
 */
export async function replaceDoubtful(
  decision: Decision,
  settings: Settings<'find' | 'replacePassword'>,
  withDeadline: WithDeadline,
): Promise<void> {
  const { userPool, policy, userPoolId } = settings
  if (decision.kind !== 'link-identity' || !userPool || !actsInCognito(settings)) return
  const isFirst = decision.person.identities.every(({ provider }) => provider === COGNITO)
  const isDoubtful = decision.acquisitions.length > 0 && policy.passwordBeforeProof !== 'keep'
  if (!isDoubtful && !(policy.passwordBeforeProof === 'always' && isFirst)) return
  for (const user of decision.person.identities) {
    const { pool, userName, native, placeholder } = user
    if (!native || placeholder || pool !== userPoolId || userName === null) continue
    if (await isStill(user, userPool, withDeadline))
      await withDeadline(() => userPool.replacePassword({ pool, userName }))
  }
}

/** The name of a deleted user may be somebody else's by now. */
export async function isStill(
  { pool, userName, subject }: KnownIdentity,
  userPool: Pick<UserPool, 'find'>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  if (userName === null) return false
  return (await withDeadline(() => userPool.find({ pool, userName })))?.sub === subject
}

/** Without a profile, the identity that joins must be linked: Cognito never makes a user of that name. */
function arrivedAs(as: Arrives['as'], { kind }: Decision, hasProfile: boolean): Arrives['as'] {
  const [identity, ...rest] = as
  return kind === 'link-identity' && !hasProfile ? [{ ...identity, userName: null }] : [identity, ...rest]
}
