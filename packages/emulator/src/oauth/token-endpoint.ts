import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { afterRefresh } from '../authentication/refresh.ts'
import { CognitoFault } from '../shared/faults.ts'
import { isText, type JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { Session } from '../state/sessions.ts'
import { issueTokens } from '../tokens/issue.ts'
import type { CodeGrant } from './authorization-codes.ts'
import { authenticatedClient, type Form, OauthError } from './client-authentication.ts'
import type { OauthContext } from './context.ts'

/** Developer Guide: token-endpoint. */
export async function token(context: OauthContext, c: Context) {
  c.header('Cache-Control', 'no-store')
  try {
    return c.json(await tokens(context, c, await c.req.parseBody()))
  } catch (error) {
    if (error instanceof OauthError) return c.json({ error: error.message }, 400)
    if (!(error instanceof CognitoFault)) throw error
    return c.json({ error: 'invalid_grant', error_description: error.message }, 400)
  }
}

async function tokens(context: OauthContext, c: Context, form: Form): Promise<JsonRecord> {
  const kind = form.grant_type
  if (!isText(kind)) throw new OauthError('invalid_request')
  const clientInPool = authenticatedClient(context, c, form)
  if (kind === 'authorization_code') return await byCode(context, clientInPool, form)
  if (kind === 'refresh_token') return await byRefreshToken(context, clientInPool, form)
  if (kind === 'client_credentials') throw new OauthError(machineError(clientInPool))
  throw new OauthError('unsupported_grant_type')
}

/** Scopes for client credentials come from resource servers, which are not emulated, so none can be granted. */
function machineError({ client }: ClientInPool): string {
  const isMachine = client.secret !== undefined && client.settings.oauthFlows.includes('client_credentials')
  return isMachine ? 'invalid_scope' : 'unauthorized_client'
}

async function byCode(context: OauthContext, clientInPool: ClientInPool, form: Form): Promise<JsonRecord> {
  if (!isText(form.code)) throw new OauthError('invalid_request')
  const grant = context.codes.redeem(form.code)
  if (!grant || !isSameRequest(grant, clientInPool, form) || !isProven(grant, form))
    throw new OauthError('invalid_grant')
  const { session, request } = grant
  const answer = await answerFor(context, clientInPool, session, 'TokenGeneration_HostedAuth', request.nonce)
  return { ...answer, refresh_token: context.sessions.refreshTokenFor(session) }
}

function isSameRequest({ request }: CodeGrant, { client }: ClientInPool, form: Form): boolean {
  return request.clientId === client.id && request.redirectUri === form.redirect_uri
}

/** RFC 7636, section 4.6; a verifier without a code_challenge is refused too. */
function isProven({ request }: CodeGrant, { code_verifier: verifier }: Form): boolean {
  if (request.codeChallenge === undefined) return verifier === undefined
  return isText(verifier) && createHash('sha256').update(verifier).digest('base64url') === request.codeChallenge
}

async function byRefreshToken(context: OauthContext, clientInPool: ClientInPool, form: Form): Promise<JsonRecord> {
  const session = isText(form.refresh_token) ? context.sessions.byRefreshToken(form.refresh_token) : undefined
  const isGood = session && session.client === clientInPool.client && context.sessions.isAlive(session.originJti)
  if (!isGood || !session.user.enabled) throw new OauthError('invalid_grant')
  const answer = await answerFor(
    context,
    clientInPool,
    afterRefresh(context, clientInPool, session),
    'TokenGeneration_RefreshTokens',
  )
  const { rotation } = clientInPool.client.settings
  if (!rotation || !isText(form.refresh_token)) return answer
  return { ...answer, refresh_token: context.sessions.rotate(form.refresh_token, rotation.graceMs) }
}

async function answerFor(
  context: OauthContext,
  { pool, client }: ClientInPool,
  session: Session,
  source: 'TokenGeneration_HostedAuth' | 'TokenGeneration_RefreshTokens',
  nonce?: string,
): Promise<JsonRecord> {
  // A client that cannot read email_verified cannot ask for the scope email (same guide page).
  if (session.scopes.includes('email') && !client.canRead('email_verified')) throw new OauthError('invalid_grant')
  const issued = await issueTokens(context, { pool, session, source, nonce })
  return {
    ...(session.scopes.includes('openid') && { id_token: issued.idToken }),
    access_token: issued.accessToken,
    expires_in: issued.expiresIn,
    token_type: 'Bearer',
  }
}
