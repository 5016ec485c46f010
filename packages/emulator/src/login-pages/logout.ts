import type { Context } from 'hono'
import type { Desk } from '../desk.ts'
import { errorPage } from './page.ts'

/** Developer Guide: logout-endpoint. */
export function logout(desk: Desk, c: Context) {
  const settings = desk.account.findClient(c.req.query('client_id') ?? '')?.client.settings
  const target = c.req.query('logout_uri')
  if (target !== undefined && settings?.logoutUrls.includes(target)) return c.redirect(target)
  const back = c.req.query('redirect_uri')
  if (back !== undefined && settings?.callbackUrls.includes(back))
    return c.redirect(`/login${new URL(c.req.url).search}`)
  return c.html(errorPage('The client_id is unknown, or the logout_uri is not registered for it.'), 400)
}
