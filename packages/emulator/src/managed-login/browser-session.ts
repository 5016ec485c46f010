import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { SECOND } from '../shared/clock.ts'
import type { BrowserSession } from '../state/browser-sessions.ts'
import { BROWSER_SESSION_LIFETIME } from '../state/browser-sessions.ts'
import type { Pool } from '../state/pool.ts'
import type { ManagedLoginContext } from './context.ts'

// The cookie's name at AWS.
const COOKIE = 'cognito'

export function rememberBrowser(context: ManagedLoginContext, c: Context, session: BrowserSession): void {
  const key = context.browsers.begin(session)
  setCookie(c, COOKIE, key, {
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    secure: new URL(c.req.url).protocol === 'https:',
    maxAge: BROWSER_SESSION_LIFETIME / SECOND,
  })
}

/** The session of this browser, if it is not older than an hour and its user is still in this pool. */
export function browserSession(context: ManagedLoginContext, c: Context, pool: Pool): BrowserSession | undefined {
  const session = context.browsers.get(getCookie(c, COOKIE) ?? '')
  const isGood = session?.pool === pool && session.user.enabled && pool.users.bySub(session.user.sub) === session.user
  return isGood ? session : undefined
}

export function forgetBrowser(context: ManagedLoginContext, c: Context): void {
  context.browsers.end(getCookie(c, COOKIE) ?? '')
  deleteCookie(c, COOKIE, { path: '/' })
}
