import { handlerOf, type TriggerHandler } from '../handler.ts'
import { INBOUND_FEDERATION } from '../phases.ts'
import type { TriggerOptions } from '../settings.ts'

/**
 * The Lambda handler for the trigger InboundFederation. Takes the options of `createTriggerHandler`, and carries the code of this trigger alone;
 * at the trigger of another function it throws `EVENT_FOREIGN`. Throws `CONFIG_INVALID` or `POLICY_INVALID` at start.
 */
export function createInboundFederationHandler(options: TriggerOptions): TriggerHandler {
  return handlerOf({ 'inbound-federation': INBOUND_FEDERATION }, options)
}
