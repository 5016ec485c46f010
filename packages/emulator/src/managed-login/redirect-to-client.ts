import type { Context } from 'hono'
import { callbackUrl } from '../oauth/callback-url.ts'
import type { ClientInPool } from '../state/account.ts'
import type { AuthorizeRequest } from '../state/authorize-request.ts'
import type { BrowserSession } from '../state/browser-sessions.ts'
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
