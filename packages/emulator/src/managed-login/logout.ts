import type { Context } from 'hono'
import { forgetBrowser } from './browser-session.ts'
import type { ManagedLoginContext } from './context.ts'
import { errorPage } from './page.ts'

/** Developer Guide: logout-endpoint. Ends the browser's session here, never the one at an identity provider. */
export function logout(context: ManagedLoginContext, c: Context) {
  const settings = context.account.findClient(c.req.query('client_id') ?? '')?.client.settings
  const target = c.req.query('logout_uri')
  const back = c.req.query('redirect_uri')
  const leaves = target !== undefined && settings?.logoutUrls.includes(target)
  const returns = back !== undefined && settings?.callbackUrls.includes(back)
  if (!leaves && !returns) {
    return c.html(errorPage('The client_id is unknown, or the logout_uri is not registered for it.'), 400)
  }
  forgetBrowser(context, c)
  return c.redirect(leaves ? target : `/login${new URL(c.req.url).search}`)
}
