import type { Context } from 'hono'
import { logoutTarget } from '../oauth/logout.ts'
import { forgetBrowser } from './browser-session.ts'
import type { ManagedLoginContext } from './context.ts'
import { errorPage } from './page.ts'

/** Ends the browser's session here, never the one at an identity provider (Developer Guide: logout-endpoint). */
export function logout(context: ManagedLoginContext, c: Context) {
  const client = context.account.findClient(c.req.query('client_id') ?? '')?.client
  const given = { logoutUri: c.req.query('logout_uri'), redirectUri: c.req.query('redirect_uri') }
  const target = logoutTarget(client, given)
  if (target === undefined) {
    return c.html(errorPage('The client_id is unknown, or the logout_uri is not registered for it.'), 400)
  }
  forgetBrowser(context, c)
  return c.redirect(target === 'login' ? `/login${new URL(c.req.url).search}` : target.leavesTo)
}
