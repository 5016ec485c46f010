import type { PersonId } from '../core/person.ts'
import { isFederated, poolIdentity } from './arrival.ts'
import type { Budget } from './budget.ts'
import type { TriggerEvent } from './event.ts'
import { federatedProfile } from './federation.ts'
import { nativeUser } from './post-confirmation.ts'
import type { Settings } from './settings.ts'

/**
 * Whose token it is: one read for everybody whom the registry knows. Who came by a road without a trigger (made by an administrator,
 * imported, older than onesub) is adopted here, as her confirmation would have done it. Undefined for a user who waits for proof.
 */
export async function personForToken(
  event: TriggerEvent,
  settings: Settings,
  run: Budget,
): Promise<PersonId | undefined> {
  const { registry } = settings
  const federated = isFederated(event)
  const identity = poolIdentity(event, !federated)
  const known = await run(() => registry.resolve(identity))
  if (known) return known
  if (federated) await federatedProfile(event, settings, run)
  else await nativeUser(event, 'sign-up', settings, run)
  return run(() => registry.resolve(identity))
}
