import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { randomKey } from '../shared/random-key.ts'
import type { Markup } from './page.ts'

// Cookie and field are named as at AWS. Another site can send a form here, but can neither read nor set this cookie.
const COOKIE = 'XSRF-TOKEN'
const FIELD = '_csrf'

/** A hidden field that must come back with the browser's cookie. */
export function forgeryField(c: Context): Markup {
  const token = getCookie(c, COOKIE) ?? randomKey()
  setCookie(c, COOKIE, token, { httpOnly: true, sameSite: 'Lax', path: '/' })
  return html`<input type="hidden" name="${FIELD}" value="${token}">`
}

export function isOwnForm(c: Context, form: Readonly<Record<string, unknown>>): boolean {
  const token = getCookie(c, COOKIE)
  return token !== undefined && token !== '' && form[FIELD] === token
}
