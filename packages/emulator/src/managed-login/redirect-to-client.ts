import type { Context } from 'hono'
import { callbackUrl } from '../oauth/callback-url.ts'
import type { ClientInPool } from '../state/account.ts'
import type { AuthorizeRequest } from '../state/authorize-request.ts'
import type { BrowserSession } from '../state/browser-sessions.ts'
import { rememberBrowser } from './browser-session.ts'
import type { ManagedLoginContext } from './context.ts'

/** After a sign-in by hand: begins a browser session and redirects to the client. */
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

/** Redirects to the client with a code or tokens, after a sign-in or by the cookie of an earlier one. */
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
