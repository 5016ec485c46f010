import { permissionsFor } from '../user-pool/operations.ts'
import type { Phase } from './phase.ts'
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

const FEDERATION = federationPhase()

const PHASES_OF = {
  PreSignUp: [NATIVE_SIGN_UP, ADMIN_CREATION, FEDERATION],
  'PreSignUp without providers': [NATIVE_SIGN_UP, ADMIN_CREATION],
  PostConfirmation: [SIGN_UP_CONFIRMED, RECOVERY_CONFIRMED],
  PostAuthentication: [SIGNED_IN],
  InboundFederation: [INBOUND_FEDERATION],
  PreTokenGeneration: [TOKEN_GENERATION],
} as const satisfies Readonly<Record<string, readonly Phase[]>>

export type TriggerName = keyof typeof PHASES_OF

function isTriggerName(name: string): name is TriggerName {
  return Object.hasOwn(PHASES_OF, name)
}

export const TRIGGER_NAMES: readonly TriggerName[] = Object.keys(PHASES_OF).filter(isTriggerName)

/**
 * The IAM actions that a function for these triggers needs on its user pool, such as `cognito-idp:AdminGetUser`, in alphabetical order. They are
 * derived from the calls of each trigger's code, which the compiler checks. Without `userPool` in the options a function needs none.
 *
 * @example
 * triggerPermissions('PreTokenGeneration')
 */
export function triggerPermissions(...triggers: readonly [TriggerName, ...TriggerName[]]): readonly string[] {
  const phases: readonly Phase[] = triggers.flatMap((trigger): readonly Phase[] => PHASES_OF[trigger])
  return permissionsFor(phases.flatMap(({ calls }) => calls))
}
