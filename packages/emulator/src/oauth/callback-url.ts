import { quirksOf } from '../quirks/quirks.ts'
import type { ClientInPool } from '../state/account.ts'
import type { AuthorizeRequest } from '../state/authorize-request.ts'
import type { BrowserSession } from '../state/browser-sessions.ts'
import { issueTokens } from '../tokens/issue.ts'
import type { OauthContext } from './context.ts'
import { withParameters } from './redirects.ts'

/** The redirect URI with a code, or for the implicit flow with the tokens. */
export async function callbackUrl(
  context: OauthContext,
  { pool, client }: ClientInPool,
  request: AuthorizeRequest,
  { user, signedInAt }: BrowserSession,
): Promise<string> {
  const authTime = quirksOf(context, pool).cookieAuthTime === 'stays' ? signedInAt : context.clock()
  const session = context.sessions.begin({ client, user, scopes: request.scopes, kind: 'hosted', authTime })
  if (request.responseType === 'code') {
    return withParameters(request, [
      ['code', context.codes.issue({ session, request })],
      ['state', request.state],
    ])
  }
  const source = 'TokenGeneration_HostedAuth'
  const { accessToken, idToken, expiresIn } = await issueTokens(context, {
    pool,
    session,
    source,
    nonce: request.nonce,
  })
  return withParameters(request, [
    ['id_token', request.scopes.includes('openid') ? idToken : undefined],
    ['access_token', accessToken],
    ['expires_in', String(expiresIn)],
    ['token_type', 'Bearer'],
    ['state', request.state],
  ])
}
