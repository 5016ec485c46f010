import { homecoming, joining, settlement } from '../core/change-for.ts'
import { decideFederation } from '../core/decide-federation.ts'
import type { Begins, Joins, Refused, Returns } from '../core/decision.ts'
import { OnesubError } from '../core/errors.ts'
import { inMode, type Verdict } from '../core/observe.ts'
import { anchorOf, type KnownIdentity, type Person, sameIdentity } from '../core/person.ts'
import { type FederatedArrival, federatedArrival, holderOf, poolIdentity, standings } from './arrival.ts'
import type { Budget } from './budget.ts'
import { deliberate } from './deliberate.ts'
import type { TriggerEvent } from './event.ts'
import { makingOf, type Settings } from './settings.ts'

type FederationVerdict = Verdict<Begins | Returns | Joins | Refused>

/** PreSignUp: a provider's user comes for the first time, as far as Cognito knows. */
export async function federation(event: TriggerEvent, settings: Settings, run: Budget): Promise<FederationVerdict> {
  const arrival = federatedArrival(event, settings.policy)
  const verdict = await settle(event, arrival, { as: [arrival.identity], hasProfile: false }, settings, run)
  const { decision } = verdict
  // A link left undone by an earlier run is made good here: Cognito asks us only while it knows of no link.
  if (decision.kind === 'joins' || decision.kind === 'returns') {
    await linkInCognito(decision.person, arrival.identity, settings, run)
  }
  return verdict
}

/** The provider's user has a profile, with a `sub` of its own by which its tokens will name it. */
export async function federatedProfile(
  event: TriggerEvent,
  settings: Settings,
  run: Budget,
): Promise<FederationVerdict> {
  const arrival = federatedArrival(event, settings.policy)
  return settle(event, arrival, { as: [arrival.identity, poolIdentity(event, false)], hasProfile: true }, settings, run)
}

async function settle(
  event: TriggerEvent,
  { identity, exactSubject, address }: FederatedArrival,
  arrives: { readonly as: readonly KnownIdentity[]; readonly hasProfile: boolean },
  settings: Settings,
  run: Budget,
): Promise<FederationVerdict> {
  const { policy, registry } = settings
  const making = makingOf(event, settings)
  const arriving = { holder: holderOf(event), now: making.now }
  const offered = address ? [address] : []
  return deliberate<FederationVerdict>(
    {
      query: { identity, keys: offered.map(({ key }) => key) },
      optimistic: false,
      decide: (facts) => {
        const [beside] = standings(offered, facts, arriving)
        const { owner } = facts
        return inMode(
          policy.mode,
          decideFederation({
            identity,
            exactSubject,
            hasProfile: arrives.hasProfile,
            owner,
            address: beside,
            policy: policy.knownKey,
          }),
        )
      },
      changeFor: ({ decision }) => {
        if (decision.kind === 'begins') return settlement(decision, arrives.as, making)
        if (decision.kind === 'joins') return joining(decision, { ...identity, userName: null }, making)
        return decision.kind === 'returns' ? homecoming(decision, arrives.as, making) : undefined
      },
    },
    registry,
    run,
  )
}

async function linkInCognito(
  person: Person,
  identity: KnownIdentity,
  { userPool }: Settings,
  run: Budget,
): Promise<void> {
  const anchor = anchorOf(person, identity.pool)
  // She came by this identity first: its own profile is what Cognito is about to make.
  if (!anchor || sameIdentity(anchor, identity)) return
  if (!userPool) throw new OnesubError('TRY_AGAIN', { detail: 'no userPool to link with' })
  const linked = await run(() => userPool.link(identity, anchor))
  if (linked === 'elsewhere') throw new OnesubError('LINK_CONFLICT')
}
