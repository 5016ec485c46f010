import type { Decision } from '../core/decisions/decision.ts'
import type { Verdict } from '../core/decisions/observe.ts'
import type { PersonId } from '../core/person.ts'
import type { WithDeadline } from './deadline.ts'
import type { TriggerEvent } from './event.ts'
import { federatedProfile } from './federation.ts'
import { followAddress } from './follow-address.ts'
import { isFederated, poolIdentity } from './identifiers-in-event.ts'
import { nativeUser } from './post-confirmation.ts'
import type { Settings } from './settings.ts'

export interface TokenOwner {
  /** Undefined for a user who waits for proof. */
  readonly person: PersonId | undefined
  /** What was decided about a user who was created without a trigger. */
  readonly verdict?: Verdict<Decision>
}

/** A stored profile proves no address, so that it is joined to nobody; and no password is replaced under its user's hands. */
const nothing = async () => {}

/**
 * The person of the token: one look-up for each user whom the registry knows. A user who was created without a trigger (made by an administrator,
 * imported, from before onesub) is registered here. A sign-in also shows what the user has proven since; a refresh shows nothing new.
 */
export async function personForToken(
  event: TriggerEvent,
  settings: Settings<'find' | 'keepsOriginal'>,
  withDeadline: WithDeadline,
): Promise<TokenOwner> {
  const { registry } = settings
  const federated = isFederated(event)
  const identity = poolIdentity(event, !federated)
  const isSignIn = event.source !== 'TokenGeneration_RefreshTokens'
  const known =
    isSignIn && !federated
      ? (await followAddress(event, settings, withDeadline))?.id
      : await withDeadline(() => registry.resolve(identity))
  if (known) return { person: known }
  const verdict = federated
    ? await federatedProfile(event, 'the store', settings, withDeadline, nothing)
    : await nativeUser(event, 'token', settings, withDeadline, nothing)
  return { person: await withDeadline(() => registry.resolve(identity)), verdict }
}
