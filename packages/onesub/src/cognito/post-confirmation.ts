import { homecoming, joining, settlement, waiting } from '../core/change-for.ts'
import { type Confirmed, decideConfirmation } from '../core/decide-confirmation.ts'
import type { Decision } from '../core/decision.ts'
import { inMode, type Verdict } from '../core/observe.ts'
import { confirmedKeys, holderOf, isFederated, poolIdentity, standings } from './arrival.ts'
import type { Budget } from './budget.ts'
import { deliberate } from './deliberate.ts'
import type { TriggerEvent } from './event.ts'
import { federatedProfile } from './federation.ts'
import { makingOf, type Settings } from './settings.ts'

/** Cognito has confirmed a user: from now on there is a person, known by the user's `sub`. */
export async function confirmation(
  event: TriggerEvent,
  confirmed: Confirmed,
  settings: Settings,
  run: Budget,
): Promise<Verdict<Decision>> {
  return isFederated(event) ? federatedProfile(event, settings, run) : nativeUser(event, confirmed, settings, run)
}

/** The pool's own user: she begins, returns, or waits behind somebody who has proven more. */
export async function nativeUser(
  event: TriggerEvent,
  confirmed: Confirmed,
  settings: Settings,
  run: Budget,
): Promise<Verdict<Decision>> {
  const { policy, registry } = settings
  const identity = poolIdentity(event, true)
  const evidence = confirmedKeys(event, policy)
  const making = makingOf(event, settings)
  const arriving = { holder: holderOf(event), now: making.now }
  const { verdict } = await deliberate<Verdict<Decision>>(
    {
      query: { identity, keys: evidence.map(({ key }) => key) },
      optimistic: false,
      decide: (facts) => {
        const keys = standings(evidence, facts, arriving)
        return inMode(
          policy.mode,
          decideConfirmation({ confirmed, owner: facts.owner, waitsFor: facts.waitsFor, keys, now: making.now }),
        )
      },
      changeFor: ({ decision }) => {
        if (decision.kind === 'begins') return settlement(decision, [identity], making)
        if (decision.kind === 'joins') return joining(decision, identity, making)
        if (decision.kind === 'returns') return homecoming(decision, [identity], making)
        return decision.kind === 'waits' ? waiting(decision, identity, making) : undefined
      },
    },
    registry,
    run,
  )
  return verdict
}
