import type { JWTPayload } from 'jose'
import { notAuthorized, userNotFound } from '../shared/faults.ts'
import { jose } from '../shared/jose.ts'
import { isText } from '../shared/json.ts'
import type { AppClient } from '../state/app-client.ts'
import { issuerOf } from '../state/issuer.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import type { TokensContext } from './context.ts'

export interface Bearer {
  readonly pool: Pool
  readonly client: AppClient
  readonly user: User
  readonly scopes: readonly string[]
}

/** Verifies an access token, for the operations that take one and for userInfo. */
export async function bearerOf(context: TokensContext, token: string): Promise<Bearer> {
  const pool = await poolNamedIn(context, token)
  const claims = await verified(context, pool, token)
  if (!isText(claims.origin_jti) || !context.sessions.isAlive(claims.origin_jti)) return refuse(pool, claims)
  const user = userOf(pool, claims)
  const { client } = context.account.clientOf(pool.id, isText(claims.client_id) ? claims.client_id : '')
  return { pool, client, user, scopes: isText(claims.scope) ? claims.scope.split(' ') : [] }
}

export const ADMIN_SCOPE = 'aws.cognito.signin.user.admin'

/** API reference GetUser: only tokens with the user-admin scope may act on their own user. */
export async function selfOf(context: TokensContext, token: string): Promise<Bearer> {
  const bearer = await bearerOf(context, token)
  if (!bearer.scopes.includes(ADMIN_SCOPE)) throw notAuthorized('Access Token does not have required scopes')
  return bearer
}

const invalid = () => notAuthorized('Invalid Access Token')

async function poolNamedIn(context: TokensContext, token: string): Promise<Pool> {
  const issuer = (await decoded(token)).iss ?? ''
  const pool = context.account.find(issuer.slice(issuer.lastIndexOf('/') + 1))
  if (!pool || issuer !== issuerOf(context, pool)) throw invalid()
  return pool
}

async function decoded(token: string): Promise<JWTPayload> {
  const { decodeJwt } = await jose()
  try {
    return decodeJwt(token)
  } catch {
    throw invalid()
  }
}

async function verified(context: TokensContext, pool: Pool, token: string): Promise<JWTPayload> {
  const { errors, jwtVerify } = await jose()
  const key = await context.keys.for('access')
  try {
    const currentDate = new Date(context.clock())
    const { payload } = await jwtVerify(token, key.publicKey, { issuer: issuerOf(context, pool), currentDate })
    return payload
  } catch (error) {
    throw error instanceof errors.JWTExpired ? notAuthorized('Access Token has expired') : invalid()
  }
}

function userOf(pool: Pool, claims: JWTPayload): User {
  const user = pool.users.bySub(claims.sub ?? '')
  if (!user) throw userNotFound()
  return user
}

function refuse(pool: Pool, claims: JWTPayload): never {
  userOf(pool, claims)
  throw notAuthorized('Access Token has been revoked')
}
