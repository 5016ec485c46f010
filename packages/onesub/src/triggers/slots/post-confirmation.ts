import { handlerOf, type TriggerHandler } from '../handler.ts'
import { RECOVERY_CONFIRMED, SIGN_UP_CONFIRMED } from '../phases.ts'
import type { TriggerOptions } from '../settings.ts'

/**
 * The Lambda handler for the trigger PostConfirmation. Takes the options of `createTriggerHandler`, and carries the code of this trigger alone;
 * at the trigger of another function it throws `EVENT_FOREIGN`. Throws `CONFIG_INVALID` or `POLICY_INVALID` at start.
 */
export function createPostConfirmationHandler(options: TriggerOptions): TriggerHandler {
  return handlerOf({ 'sign-up-confirmed': SIGN_UP_CONFIRMED, 'recovery-confirmed': RECOVERY_CONFIRMED }, options)
}
