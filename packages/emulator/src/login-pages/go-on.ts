import type { Context } from 'hono'
import type { Desk } from '../desk.ts'
import type { AuthorizeRequest, BrowserSession } from '../federation/hosted-state.ts'
import type { ClientInPool } from '../state/account.ts'
import { issueTokens } from '../tokens/issue.ts'
import { rememberBrowser } from './browser-session.ts'
import { withParameters } from './redirects.ts'

/** Somebody has signed in: the browser remembers it, and goes to the application with a code, or with the tokens. */
export async function goOn(
  desk: Desk,
  c: Context,
  place: ClientInPool,
  request: AuthorizeRequest,
  signedIn: BrowserSession,
) {
  const url = await callbackUrl(desk, place, request, signedIn)
  rememberBrowser(desk, c, signedIn)
  return c.redirect(url)
}

async function callbackUrl(
  desk: Desk,
  { pool, client }: ClientInPool,
  request: AuthorizeRequest,
  { user }: BrowserSession,
): Promise<string> {
  const session = desk.sessions.begin({ client, user, scopes: request.scopes, kind: 'hosted' })
  if (request.responseType === 'code') {
    return withParameters(request, [
      ['code', desk.hosted.grantCode({ session, request })],
      ['state', request.state],
    ])
  }
  const source = 'TokenGeneration_HostedAuth'
  const { accessToken, idToken, expiresIn } = await issueTokens(desk, { pool, session, source, nonce: request.nonce })
  return withParameters(request, [
    ['id_token', request.scopes.includes('openid') ? idToken : undefined],
    ['access_token', accessToken],
    ['expires_in', String(expiresIn)],
    ['token_type', 'Bearer'],
    ['state', request.state],
  ])
}
