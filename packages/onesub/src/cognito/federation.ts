import { homecoming, joining, settlement, waiting } from '../core/change-for.ts'
import { decideFederation } from '../core/decide-federation.ts'
import type { Decision } from '../core/decision.ts'
import { inMode, type Verdict } from '../core/observe.ts'
import type { KnownIdentity, PersonId } from '../core/person.ts'
import { linkInCognito } from './anchor.ts'
import {
  type FederatedArrival,
  federatedArrival,
  holderOf,
  inboundArrival,
  poolIdentity,
  standings,
} from './arrival.ts'
import type { Budget } from './budget.ts'
import { type Deliberated, deliberate } from './deliberate.ts'
import type { TriggerEvent } from './event.ts'
import { makingOf, type Settings } from './settings.ts'

type FederationVerdict = Verdict<Decision>

/** PreSignUp: a provider's user comes for the first time, as far as Cognito knows. */
export async function federation(event: TriggerEvent, settings: Settings, run: Budget): Promise<FederationVerdict> {
  return arrive(event, federatedArrival(event, settings.policy), settings, run)
}

/**
 * InboundFederation, where the pool has it: the provider's answer is there, and nothing is decided or stored in Cognito yet. The same
 * decision as in PreSignUp, with better facts; a link that is made here is there before Cognito looks for one.
 * Undefined where it is left to the triggers that follow: for whom we know, and for whom Cognito has a profile of before our time.
 */
export async function inboundFederation(
  event: TriggerEvent,
  settings: Settings,
  run: Budget,
): Promise<FederationVerdict | undefined> {
  const arrival = inboundArrival(event, settings.policy)
  if (!arrival || !settings.userPool) return undefined
  const { registry, userPool } = settings
  const { pool, userName } = arrival.identity
  if (await run(() => registry.resolve(arrival.identity))) return undefined
  if (userName !== null && (await run(() => userPool.exists({ pool, userName })))) return undefined
  const isLeft = isFolded(event, arrival, settings)
  const verdict = await arrive(event, arrival, settings, run, isLeft)
  return isLeft && verdict.decision.kind === 'begins' ? undefined : verdict
}

/**
 * The pool's name for the profile has lost the subject's capitals: PreSignUp and the profile will know her by that name, so whoever begins
 * begins there, and is not made a second person here. A link is found by the subject as it is.
 */
function isFolded({ userName }: TriggerEvent, { identity }: FederatedArrival, { policy }: Settings): boolean {
  const { provider, subject } = identity
  const isMapped = policy.providers[provider]?.subjectAttribute !== undefined
  return !isMapped && !userName.endsWith(subject) && userName.toLowerCase().endsWith(subject.toLowerCase())
}

/** `leavesBeginning`: who would begin is left as she is. */
async function arrive(
  event: TriggerEvent,
  arrival: FederatedArrival,
  settings: Settings,
  run: Budget,
  leavesBeginning = false,
): Promise<FederationVerdict> {
  const arrives = { as: [arrival.identity], hasProfile: false, leavesBeginning }
  const { verdict, committed } = await settle(event, arrival, arrives, settings, run)
  // A link left undone by an earlier run is made good here: Cognito asks us only while it knows of no link.
  const person = whoseItIs(verdict.decision, committed)
  // Cognito takes a link with a folded subject and never finds it again, so such a profile stays by itself.
  if (person && arrival.exactSubject) await linkInCognito(person, event, arrival, settings, run)
  return verdict
}

/** Who waits is nobody's, though what was written is about the person she waits for. */
function whoseItIs(decision: Decision, committed: PersonId | undefined): PersonId | undefined {
  if (decision.kind === 'begins') return committed
  return decision.kind === 'returns' || decision.kind === 'joins' ? decision.person.id : undefined
}

/** The provider's user has a profile, with a `sub` of its own by which its tokens will name it. */
export async function federatedProfile(
  event: TriggerEvent,
  settings: Settings,
  run: Budget,
): Promise<FederationVerdict> {
  const arrival = federatedArrival(event, settings.policy)
  const arrives = { as: [arrival.identity, poolIdentity(event, false)], hasProfile: true, leavesBeginning: false }
  return (await settle(event, arrival, arrives, settings, run)).verdict
}

async function settle(
  event: TriggerEvent,
  { identity, exactSubject, address, spelled }: FederatedArrival,
  arrives: { readonly as: readonly KnownIdentity[]; readonly hasProfile: boolean; readonly leavesBeginning: boolean },
  settings: Settings,
  run: Budget,
): Promise<Deliberated<FederationVerdict>> {
  const { policy, registry } = settings
  const making = { ...makingOf(event, settings), address: spelled }
  const arriving = { holder: holderOf(event), now: making.now }
  const offered = address ? [address] : []
  return deliberate<FederationVerdict>(
    {
      query: { identity, keys: offered.map(({ key }) => key) },
      optimistic: false,
      decide: (facts) => {
        const [beside] = standings(offered, facts, arriving)
        const { owner, waitsFor } = facts
        return inMode(
          policy.mode,
          decideFederation({
            identity,
            exactSubject,
            hasProfile: arrives.hasProfile,
            owner,
            waitsFor,
            address: beside,
            policy: policy.knownKey,
          }),
        )
      },
      changeFor: ({ decision }) => {
        if (decision.kind === 'begins')
          return arrives.leavesBeginning ? undefined : settlement(decision, arrives.as, making)
        if (decision.kind === 'joins') return joining(decision, { ...identity, userName: null }, making)
        if (decision.kind === 'waits') return waiting(decision, identity, making)
        return decision.kind === 'returns' ? homecoming(decision, arrives.as, making) : undefined
      },
    },
    registry,
    run,
  )
}
