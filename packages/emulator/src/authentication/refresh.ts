import type { QuirksContext } from '../quirks/quirks.ts'
import { quirksOf } from '../quirks/quirks.ts'
import type { ClockContext } from '../shared/clock.ts'
import { CognitoFault, notAuthorized } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { Session } from '../state/sessions.ts'
import { issueTokens } from '../tokens/issue.ts'
import type { TokenSource } from '../triggers/trigger-event.ts'
import type { AuthenticationContext } from './context.ts'
import { type Answers, parameter } from './sign-in-attempt.ts'

/** No PreAuthentication, no PostAuthentication, no new refresh token (…-working-with-lambda-triggers). */
export async function refreshTokens(
  context: AuthenticationContext,
  clientInPool: ClientInPool,
  parameters: Answers,
): Promise<JsonRecord> {
  const { client } = clientInPool
  if (client.settings.rotation) throw notAuthorized('Refresh token rotation needs GetTokensFromRefreshToken.')
  const session = sessionOf(context, clientInPool, parameter(parameters, 'REFRESH_TOKEN'))
  client.checkSecretHash(session.user.username, parameters.SECRET_HASH)
  refuseDead(context, session)
  const result = await renewed(context, clientInPool, session, 'TokenGeneration_RefreshTokens')
  return { ChallengeParameters: {}, AuthenticationResult: result }
}

interface GivenToken {
  readonly token: string
  /** The client secret itself and not a SECRET_HASH (API reference: GetTokensFromRefreshToken). */
  readonly secret: string | undefined
}

export async function rotateRefreshToken(
  context: AuthenticationContext,
  clientInPool: ClientInPool,
  { token, secret, metadata }: GivenToken & { readonly metadata: Readonly<Record<string, string>> | undefined },
): Promise<JsonRecord> {
  checkSecret(clientInPool, secret)
  if (context.sessions.wasRotatedAway(token)) {
    throw new CognitoFault('RefreshTokenReuseException', 'Refresh token has been reused after its grace period.')
  }
  const session = sessionOf(context, clientInPool, token)
  refuseDead(context, session)
  const source = quirksOf(context, clientInPool.pool).getTokensSource
  const result = await renewed(context, clientInPool, afterRefresh(context, clientInPool, session), source, metadata)
  const { rotation } = clientInPool.client.settings
  const fresh = rotation && { RefreshToken: context.sessions.rotate(token, rotation.graceMs) }
  return { AuthenticationResult: { ...result, ...fresh } }
}

/** The session for the new tokens. Where refresh tokens rotate, AWS has moved `auth_time` (authts/oidc-client-ts#2107). */
export function afterRefresh(
  context: ClockContext & QuirksContext,
  { pool, client }: ClientInPool,
  session: Session,
): Session {
  const moves = client.settings.rotation && quirksOf(context, pool).rotationAuthTime === 'moves'
  return moves ? { ...session, authTime: context.clock() } : session
}

/** Revokes the access tokens of the same sign-in too (API reference: RevokeToken). An unknown token is no error (RFC 7009). */
export function revokeRefreshToken(
  context: AuthenticationContext,
  clientInPool: ClientInPool,
  { token, secret }: GivenToken,
): void {
  checkSecret(clientInPool, secret)
  if (!clientInPool.client.settings.canRevokeTokens) {
    throw new CognitoFault('UnsupportedOperationException', 'Token revocation is not enabled for this client.')
  }
  // ID and access tokens are signed texts of three parts; refresh tokens are opaque.
  if (token.split('.').length === 3) {
    throw new CognitoFault('UnsupportedTokenTypeException', 'Only refresh tokens can be revoked.')
  }
  const session = context.sessions.byRefreshToken(token)
  if (session && session.client !== clientInPool.client) throw notAuthorized('The token was issued to another client.')
  if (session) context.sessions.revoke(session)
}

function checkSecret({ client }: ClientInPool, given: string | undefined): void {
  if (!client.hasSecret(given)) throw notAuthorized(`Unable to verify secret for client ${client.id}`)
}

function sessionOf(context: AuthenticationContext, { client }: ClientInPool, token: string): Session {
  const session = context.sessions.byRefreshToken(token)
  if (!session || session.client !== client) throw notAuthorized('Invalid Refresh Token')
  return session
}

function refuseDead(context: AuthenticationContext, session: Session): void {
  if (!session.user.enabled) throw notAuthorized('User is disabled.')
  if (!context.sessions.isAlive(session.originJti)) throw notAuthorized('Refresh Token has been revoked')
}

async function renewed(
  context: AuthenticationContext,
  { pool }: ClientInPool,
  session: Session,
  source: TokenSource,
  metadata?: Readonly<Record<string, string>>,
): Promise<JsonRecord> {
  const tokens = await issueTokens(context, { pool, session, source, metadata })
  return {
    AccessToken: tokens.accessToken,
    IdToken: tokens.idToken,
    ExpiresIn: tokens.expiresIn,
    TokenType: 'Bearer',
  }
}
