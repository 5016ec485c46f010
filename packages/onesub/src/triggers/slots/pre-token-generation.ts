import { handlerOf, type TriggerHandler } from '../handler.ts'
import { TOKEN_GENERATION } from '../phases.ts'
import type { TriggerOptions } from '../settings.ts'

/**
 * The Lambda handler for the trigger PreTokenGeneration. Takes the options of `createTriggerHandler`, and carries the code of this trigger alone;
 * at the trigger of another function it throws `EVENT_FOREIGN`. Throws `CONFIG_INVALID` or `POLICY_INVALID` at start.
 */
export function createPreTokenGenerationHandler(options: TriggerOptions): TriggerHandler {
  return handlerOf({ 'token-generation': TOKEN_GENERATION }, options)
}
