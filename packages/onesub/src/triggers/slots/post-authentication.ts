import { handlerOf, type TriggerHandler } from '../handler.ts'
import { SIGNED_IN } from '../phases.ts'
import type { TriggerOptions } from '../settings.ts'

/**
 * The Lambda handler for the trigger PostAuthentication. Takes the options of `createTriggerHandler`, and carries the code of this trigger alone;
 * at the trigger of another function it throws `EVENT_FOREIGN`. Throws `CONFIG_INVALID` or `POLICY_INVALID` at start.
 */
export function createPostAuthenticationHandler(options: TriggerOptions): TriggerHandler {
  return handlerOf({ 'signed-in': SIGNED_IN }, options)
}
