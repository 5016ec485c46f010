import { isRecord, isText, type JsonRecord } from '../shared/json.ts'
import type { Pool } from '../state/pool.ts'
import type { Session } from '../state/sessions.ts'
import type { TriggersContext } from './context.ts'
import { unrecognizable } from './run.ts'
import { attributesForTriggers, type TokenSource, triggerEvent } from './trigger-event.ts'

export interface ClaimChange {
  readonly add: JsonRecord
  readonly suppress: readonly string[]
}

interface GroupChange {
  readonly names: readonly string[]
  readonly roles: readonly string[]
  readonly preferred: string | undefined
}

export interface TokenChanges {
  readonly id: ClaimChange
  readonly access: ClaimChange
  readonly addScopes: readonly string[]
  readonly suppressScopes: readonly string[]
  /** Unset: the user's groups stay. */
  readonly groups: GroupChange | undefined
}

const NO_CHANGE: ClaimChange = { add: {}, suppress: [] }
const NOTHING: TokenChanges = { id: NO_CHANGE, access: NO_CHANGE, addScopes: [], suppressScopes: [], groups: undefined }

interface TokenGrant {
  readonly pool: Pool
  readonly session: Session
  /** ClientMetadata of the call that gives the tokens. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/** Developer Guide: user-pool-lambda-pre-token-generation. */
export async function runPreTokenGeneration(
  context: TriggersContext,
  grant: TokenGrant,
  source: TokenSource,
): Promise<TokenChanges> {
  const { pool, session } = grant
  const version = versionOf(pool.settings.lambdaConfig)
  const groups = [...session.user.groups]
  const roles = pool.groups.rolesOf(session.user)
  const event = triggerEvent({
    pool,
    clientId: session.client.id,
    userName: session.user.username,
    triggerSource: source,
    version,
    request: {
      userAttributes: attributesForTriggers(pool, session.user),
      groupConfiguration: {
        groupsToOverride: groups,
        iamRolesToOverride: roles.roles,
        preferredRole: roles.preferred ?? null,
      },
      ...(version !== '1' && { scopes: session.scopes }),
      ...(grant.metadata && { clientMetadata: grant.metadata }),
    },
    response: version === '1' ? { claimsOverrideDetails: null } : { claimsAndScopeOverrideDetails: null },
  })
  const response = await context.triggers.run(pool, 'PreTokenGeneration', event)
  if (!response) return NOTHING
  return version === '1' ? changesOfV1(response) : changesOfV2(response)
}

function versionOf(config: JsonRecord): string {
  const { PreTokenGenerationConfig: own } = config
  const version = isRecord(own) && isText(own.LambdaVersion) ? own.LambdaVersion : 'V1_0'
  return version.slice(1, 2)
}

/** V1 changes the ID token only; groups alone reach the access token too. */
function changesOfV1(response: JsonRecord): TokenChanges {
  const details = optionalRecord(response.claimsOverrideDetails)
  if (!details) return NOTHING
  return { ...NOTHING, id: claimChange(details), groups: groupsIn(details) }
}

function changesOfV2(response: JsonRecord): TokenChanges {
  const details = optionalRecord(response.claimsAndScopeOverrideDetails)
  if (!details) return NOTHING
  const access = optionalRecord(details.accessTokenGeneration) ?? {}
  return {
    id: claimChange(optionalRecord(details.idTokenGeneration) ?? {}),
    access: claimChange(access),
    addScopes: texts(access.scopesToAdd),
    suppressScopes: texts(access.scopesToSuppress),
    groups: groupsIn(details),
  }
}

function claimChange(details: JsonRecord): ClaimChange {
  return { add: optionalRecord(details.claimsToAddOrOverride) ?? {}, suppress: texts(details.claimsToSuppress) }
}

/** An override that is there but empty removes the groups (same guide page). */
function groupsIn(details: JsonRecord): GroupChange | undefined {
  if (!('groupOverrideDetails' in details)) return undefined
  const override = optionalRecord(details.groupOverrideDetails) ?? {}
  return {
    names: texts(override.groupsToOverride),
    roles: texts(override.iamRolesToOverride),
    preferred: isText(override.preferredRole) ? override.preferredRole : undefined,
  }
}

function optionalRecord(value: unknown): JsonRecord | undefined {
  if (value === undefined || value === null) return undefined
  if (!isRecord(value)) throw unrecognizable()
  return value
}

function texts(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || !value.every(isText)) throw unrecognizable()
  return value
}
