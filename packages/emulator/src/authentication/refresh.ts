import { type EmulatorContext, quirksOf } from '../context.ts'
import { type Call, clientOf, NOTHING, type Operation } from '../operations/operation.ts'
import { CognitoFault, notAuthorized } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { Session } from '../state/sessions.ts'
import { issueTokens } from '../tokens/issue.ts'
import type { TokenSource } from '../triggers/trigger-event.ts'
import { parameter } from './challenge-answer.ts'

/** No PreAuthentication, no PostAuthentication, no new refresh token (…-working-with-lambda-triggers). */
export async function withRefreshToken({ context, input }: Call, clientInPool: ClientInPool): Promise<JsonRecord> {
  const given = input.texts('AuthParameters') ?? {}
  if (clientInPool.client.settings.rotation)
    throw notAuthorized('Refresh token rotation needs GetTokensFromRefreshToken.')
  const session = sessionOf(context, clientInPool, parameter(given, 'REFRESH_TOKEN'))
  clientInPool.client.checkSecretHash(session.user.username, given.SECRET_HASH)
  refuseDead(context, session)
  const result = await renewed(context, clientInPool, session, 'TokenGeneration_RefreshTokens')
  return { ChallengeParameters: {}, AuthenticationResult: result }
}

/** Takes the plain client secret, unlike every other operation (API reference: GetTokensFromRefreshToken). */
export const getTokensFromRefreshToken: Operation = async (call) => {
  const { context, input } = call
  const token = input.need('RefreshToken')
  const clientInPool = clientOf(call)
  checkSecret(clientInPool, input.text('ClientSecret'))
  if (context.sessions.wasRotatedAway(token)) {
    throw new CognitoFault('RefreshTokenReuseException', 'Refresh token has been reused after its grace period.')
  }
  const session = sessionOf(context, clientInPool, token)
  refuseDead(context, session)
  const source = quirksOf(context, clientInPool.pool).getTokensSource
  const result = await renewed(
    context,
    clientInPool,
    afterRefresh(context, clientInPool, session),
    source,
    input.texts('ClientMetadata'),
  )
  const { rotation } = clientInPool.client.settings
  const fresh = rotation && { RefreshToken: context.sessions.rotate(token, rotation.graceMs) }
  return { AuthenticationResult: { ...result, ...fresh } }
}

/** What the new tokens are made from: where tokens rotate, AWS has moved `auth_time` (authts/oidc-client-ts#2107). */
export function afterRefresh(context: EmulatorContext, { pool, client }: ClientInPool, session: Session): Session {
  const moves = client.settings.rotation && quirksOf(context, pool).rotationAuthTime === 'moves'
  return moves ? { ...session, authTime: context.clock() } : session
}

/** Access tokens of the same sign-in die with it (API reference: RevokeToken). An unknown token is no error (RFC 7009). */
export const revokeToken: Operation = (call) => {
  const { context, input } = call
  const token = input.need('Token')
  const clientInPool = clientOf(call)
  checkSecret(clientInPool, input.text('ClientSecret'))
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
  return NOTHING
}

function checkSecret({ client }: ClientInPool, given: string | undefined): void {
  if (!client.hasSecret(given)) throw notAuthorized(`Unable to verify secret for client ${client.id}`)
}

function sessionOf(context: EmulatorContext, { client }: ClientInPool, token: string): Session {
  const session = context.sessions.byRefreshToken(token)
  if (!session || session.client !== client) throw notAuthorized('Invalid Refresh Token')
  return session
}

function refuseDead(context: EmulatorContext, session: Session): void {
  if (!session.user.enabled) throw notAuthorized('User is disabled.')
  if (!context.sessions.isAlive(session.originJti)) throw notAuthorized('Refresh Token has been revoked')
}

async function renewed(
  context: EmulatorContext,
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
