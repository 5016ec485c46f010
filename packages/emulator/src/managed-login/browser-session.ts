import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Desk } from '../context.ts'
import { BROWSER_SESSION_LIFETIME, type BrowserSession } from '../federation/hosted-state.ts'
import { SECOND } from '../shared/clock.ts'
import type { Pool } from '../state/pool.ts'

// The name that the cookie has at AWS.
const COOKIE = 'cognito'

export function rememberBrowser(desk: Desk, c: Context, session: BrowserSession): void {
  const key = desk.hosted.rememberBrowser(session)
  setCookie(c, COOKIE, key, {
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    secure: new URL(c.req.url).protocol === 'https:',
    maxAge: BROWSER_SESSION_LIFETIME / SECOND,
  })
}

/** Who signed in here within the last hour, if that is still a user of this pool. */
export function browserSession(desk: Desk, c: Context, pool: Pool): BrowserSession | undefined {
  const session = desk.hosted.browser(getCookie(c, COOKIE) ?? '')
  const isGood = session?.pool === pool && session.user.enabled && pool.users.bySub(session.user.sub) === session.user
  return isGood ? session : undefined
}

export function forgetBrowser(desk: Desk, c: Context): void {
  desk.hosted.forgetBrowser(getCookie(c, COOKIE) ?? '')
  deleteCookie(c, COOKIE, { path: '/' })
}
