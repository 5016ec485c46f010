import { handlerOf, type TriggerHandler } from './handler.ts'
import {
  ADMIN_CREATION,
  federationPhase,
  INBOUND_FEDERATION,
  NATIVE_SIGN_UP,
  RECOVERY_CONFIRMED,
  SIGN_UP_CONFIRMED,
  SIGNED_IN,
  TOKEN_GENERATION,
} from './phases.ts'
import type { TriggerOptions } from './settings.ts'

/**
 * The Lambda handler for all triggers of a pool: attach it to each of them, and it knows by the event what is asked. Settings are checked here, once: a
 * wrong one throws `CONFIG_INVALID` or `POLICY_INVALID` at start. The handler gives the event back with nothing changed but `response`, or throws
 * an error whose message is `onesub/<CODE>: <public text>`, which Cognito hands to the client.
 * A function for one trigger alone is smaller: `onesub/triggers/pre-sign-up` and the others.
 */
export function createTriggerHandler(options: TriggerOptions): TriggerHandler {
  return handlerOf(
    {
      'native-sign-up': NATIVE_SIGN_UP,
      'admin-creation': ADMIN_CREATION,
      federation: federationPhase(),
      'sign-up-confirmed': SIGN_UP_CONFIRMED,
      'recovery-confirmed': RECOVERY_CONFIRMED,
      'inbound-federation': INBOUND_FEDERATION,
      'signed-in': SIGNED_IN,
      'token-generation': TOKEN_GENERATION,
    },
    options,
  )
}
