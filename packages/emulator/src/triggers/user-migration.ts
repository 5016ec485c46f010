import { CognitoFault } from '../shared/faults.ts'
import { isRecord, isText, type JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { TriggersContext } from './context.ts'
import { unrecognizable } from './run.ts'
import { type MigrationSource, triggerEvent } from './trigger-event.ts'

export interface UnknownUser {
  readonly typed: string
  /** Unset in ForgotPassword. */
  readonly password?: string
  readonly metadata: Readonly<Record<string, string>> | undefined
}

export interface Migration {
  readonly attributes: ReadonlyMap<string, string>
  readonly isConfirmed: boolean
  readonly takesAliases: boolean
  readonly hasSmsMfa: boolean
  /** The media of the welcome message; none with messageAction SUPPRESS. */
  readonly welcomeBy: readonly string[]
}

const NO_ANSWER = {
  userAttributes: null,
  forceAliasCreation: null,
  finalUserStatus: null,
  messageAction: null,
  desiredDeliveryMediums: null,
  enableSMSMFA: null,
}

/** Developer Guide: user-pool-lambda-migrate-user. Undefined where the other directory does not know the user. */
export async function runUserMigration(
  context: TriggersContext,
  { pool, client }: ClientInPool,
  { typed, password, metadata }: UnknownUser,
): Promise<Migration | undefined> {
  const source: MigrationSource = password === undefined ? 'ForgotPassword' : 'Authentication'
  const event = triggerEvent({
    pool,
    clientId: client.id,
    userName: typed,
    triggerSource: `UserMigration_${source}`,
    request:
      password === undefined ? { clientMetadata: metadata ?? null } : { password, validationData: metadata ?? null },
    response: NO_ANSWER,
  })
  const response = await context.triggers.run(pool, 'UserMigration', event).catch((error: unknown) => {
    throw thrown(client.id, client.settings.hidesUserExistence, error)
  })
  return response && migrationIn(response)
}

/** Public front ends match this text; the exception's name is not documented. */
function thrown(clientId: string, isHidden: boolean, error: unknown): unknown {
  if (!(error instanceof CognitoFault) || error.type !== 'UserLambdaValidationException') return error
  const type = isHidden ? 'NotAuthorizedException' : 'UserNotFoundException'
  return new CognitoFault(type, `Exception migrating user in app client ${clientId}`)
}

function migrationIn(response: JsonRecord): Migration | undefined {
  const { userAttributes } = response
  if (userAttributes === undefined || userAttributes === null) return undefined
  if (!isRecord(userAttributes)) throw unrecognizable()
  const pairs = Object.entries(userAttributes).map(([name, value]): [string, string] => {
    if (!isText(value)) throw unrecognizable()
    return [name, value]
  })
  return {
    attributes: new Map(pairs),
    isConfirmed: response.finalUserStatus === 'CONFIRMED',
    takesAliases: response.forceAliasCreation === true,
    hasSmsMfa: response.enableSMSMFA === true,
    welcomeBy: response.messageAction === 'SUPPRESS' ? [] : mediaIn(response.desiredDeliveryMediums),
  }
}

/** SMS unless said otherwise (same guide page). */
function mediaIn(given: unknown): readonly string[] {
  return Array.isArray(given) ? given.filter(isText) : ['SMS']
}
