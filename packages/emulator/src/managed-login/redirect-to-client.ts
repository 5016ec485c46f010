import type { Context } from 'hono'
import { withParameters } from '../oauth/redirects.ts'
import { quirksOf } from '../quirks/quirks.ts'
import type { ClientInPool } from '../state/account.ts'
import type { AuthorizeRequest } from '../state/authorize-request.ts'
import type { BrowserSession } from '../state/browser-sessions.ts'
import { issueTokens } from '../tokens/issue.ts'
import { rememberBrowser } from './browser-session.ts'
import type { ManagedLoginContext } from './context.ts'

/** Somebody has signed in by hand: the browser remembers it, and goes on to the application. */
export async function redirectAfterSignIn(
  context: ManagedLoginContext,
  c: Context,
  clientInPool: ClientInPool,
  request: AuthorizeRequest,
  who: Pick<BrowserSession, 'user' | 'providerName'>,
) {
  return await redirectToClient(context, c, clientInPool, request, {
    ...who,
    pool: clientInPool.pool,
    signedInAt: context.clock(),
  })
}

/** To the application with a code, or with the tokens: after a sign-in, or by the cookie of an earlier one. */
export async function redirectToClient(
  context: ManagedLoginContext,
  c: Context,
  clientInPool: ClientInPool,
  request: AuthorizeRequest,
  signedIn: BrowserSession,
) {
  const url = await callbackUrl(context, clientInPool, request, signedIn)
  rememberBrowser(context, c, signedIn)
  return c.redirect(url)
}

async function callbackUrl(
  context: ManagedLoginContext,
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
