import { randomUUID } from 'node:crypto'
import { jose } from '../shared/jose.ts'
import type { JsonRecord } from '../shared/json.ts'
import { issuerOf } from '../state/issuer.ts'
import type { Pool } from '../state/pool.ts'
import type { Session } from '../state/sessions.ts'
import { runPreTokenGeneration, type TokenChanges } from '../triggers/pre-token-generation.ts'
import type { TokenSource } from '../triggers/trigger-event.ts'
import { applyChange } from './claim-changes.ts'
import { accessClaims, atHash, type Grant, idClaims } from './claims.ts'
import type { TokensContext } from './context.ts'
import type { TokenUse } from './signing-keys.ts'

export interface Tokens {
  readonly accessToken: string
  readonly idToken: string
  readonly expiresIn: number
}

const SECOND = 1_000
const seconds = (ms: number) => Math.floor(ms / SECOND)

interface Issue {
  readonly pool: Pool
  readonly session: Session
  readonly source: TokenSource
  readonly nonce?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

export async function issueTokens(
  context: TokensContext,
  { pool, session, source, nonce, metadata }: Issue,
): Promise<Tokens> {
  const grant: Grant = { pool, session, nonce, metadata, issuer: issuerOf(context, pool), now: context.clock() }
  const changes = await runPreTokenGeneration(context, grant, source)
  const accessToken = await sign(context, 'access', grant, changedAccessClaims(grant, changes))
  const hash = session.kind === 'hosted' ? { at_hash: atHash(accessToken) } : {}
  const idToken = await sign(context, 'id', grant, { ...changedIdClaims(grant, changes), ...hash })
  return { accessToken, idToken, expiresIn: seconds(session.client.settings.accessTokenLifetime) }
}

function changedIdClaims(grant: Grant, changes: TokenChanges): JsonRecord {
  return applyChange({ ...idClaims(grant), ...groupClaim(grant, changes), ...roleClaims(grant, changes) }, changes.id)
}

function changedAccessClaims(grant: Grant, changes: TokenChanges): JsonRecord {
  const scopes = [...grant.session.scopes, ...changes.addScopes].filter(
    (name) => !changes.suppressScopes.includes(name),
  )
  const claims = { ...accessClaims(grant), ...groupClaim(grant, changes), scope: scopes.join(' ') }
  return applyChange(claims, changes.access)
}

function groupClaim({ session }: Grant, { groups }: TokenChanges): JsonRecord {
  const names = groups?.names ?? [...session.user.groups]
  return names.length > 0 ? { 'cognito:groups': names } : {}
}

/** In the ID token only (Developer Guide: amazon-cognito-user-pools-using-the-id-token). */
function roleClaims({ pool, session }: Grant, { groups }: TokenChanges): JsonRecord {
  const { roles, preferred } = groups ?? pool.groups.rolesOf(session.user)
  return {
    ...(roles.length > 0 && { 'cognito:roles': roles }),
    ...(preferred !== undefined && { 'cognito:preferred_role': preferred }),
  }
}

async function sign(
  context: TokensContext,
  use: TokenUse,
  { session, issuer, now }: Grant,
  claims: JsonRecord,
): Promise<string> {
  const { SignJWT } = await jose()
  const key = await context.keys.for(use)
  const { accessTokenLifetime, idTokenLifetime } = session.client.settings
  const common = {
    sub: session.user.sub,
    iss: issuer,
    origin_jti: session.originJti,
    event_id: session.eventId,
    token_use: use,
    auth_time: seconds(session.authTime),
    iat: seconds(now),
    exp: seconds(now + (use === 'id' ? idTokenLifetime : accessTokenLifetime)),
    jti: randomUUID(),
  }
  return await new SignJWT({ ...claims, ...common })
    .setProtectedHeader({ kid: key.kid, alg: 'RS256' })
    .sign(key.privateKey)
}
