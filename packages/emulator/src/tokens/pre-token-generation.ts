import type { EmulatorContext } from '../context.ts'
import { isRecord, isText, type JsonRecord } from '../shared/json.ts'
import { unrecognizable } from '../triggers/run.ts'
import { attributesForTriggers, triggerEvent } from '../triggers/trigger-event.ts'
import type { Grant } from './claims.ts'

export type TokenSource =
  | 'TokenGeneration_HostedAuth'
  | 'TokenGeneration_Authentication'
  | 'TokenGeneration_NewPasswordChallenge'
  | 'TokenGeneration_RefreshTokens'

interface ClaimChange {
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

// Developer Guide: user-pool-lambda-pre-token-generation, "Claims and scopes reference".
const FIXED =
  'acr amr at_hash auth_time azp client_id event_id exp iat identities iss jti nbf nonce origin_jti sub token_use username version device_key'.split(
    ' ',
  )
const CHANGEABLE_COGNITO_CLAIMS = ['cognito:groups', 'cognito:roles', 'cognito:preferred_role']

function isFixedClaim(name: string): boolean {
  if (name.startsWith('cognito:')) return !CHANGEABLE_COGNITO_CLAIMS.includes(name)
  return FIXED.includes(name) || name === 'aud'
}

/** Developer Guide: user-pool-lambda-pre-token-generation. */
export async function runPreTokenGeneration(
  context: EmulatorContext,
  grant: Grant,
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

/** Suppressing wins over adding; fixed claims stay as they are. */
export function applyChange(claims: JsonRecord, { add, suppress }: ClaimChange): JsonRecord {
  const added = Object.entries(add).filter(([name]) => !isFixedClaim(name))
  const all = Object.entries({ ...claims, ...Object.fromEntries(added) })
  return Object.fromEntries(all.filter(([name]) => isFixedClaim(name) || !suppress.includes(name)))
}
