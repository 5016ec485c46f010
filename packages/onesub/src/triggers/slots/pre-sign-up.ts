import { handlerOf, type TriggerHandler } from '../handler.ts'
import { ADMIN_CREATION, federationPhase, NATIVE_SIGN_UP } from '../phases.ts'
import type { TriggerOptions } from '../settings.ts'

/**
 * The Lambda handler for the trigger PreSignUp. Takes the options of `createTriggerHandler`, and carries the code of this trigger alone;
 * at the trigger of another function it throws `EVENT_FOREIGN`. Throws `CONFIG_INVALID` or `POLICY_INVALID` at start.
 */
export function createPreSignUpHandler(options: TriggerOptions): TriggerHandler {
  return handlerOf(
    { 'native-sign-up': NATIVE_SIGN_UP, 'admin-creation': ADMIN_CREATION, federation: federationPhase() },
    options,
  )
}
