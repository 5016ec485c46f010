import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Desk } from '../desk.ts'
import type { Persona } from '../federation/personas.ts'
import { errorPage, page } from './page.ts'
import { withQuery } from './redirects.ts'

const BACK = '/oauth2/idpresponse'

/** The provider's own page: who are you today? `persona` or `login_hint` answers without a click. */
export function choosePersona(desk: Desk, c: Context) {
  const state = c.req.query('state') ?? ''
  const visit = desk.hosted.visit(state)
  if (!visit) return c.html(errorPage('This sign-in is unknown or too old. Start again from the application.'), 400)
  const asked = c.req.query('persona')
  const hint = c.req.query('login_hint')
  const persona = asked === undefined ? desk.personas.byHint(hint ?? '') : desk.personas.byId(asked)
  if (asked !== undefined && !persona) return c.html(errorPage('There is no persona with this id.'), 400)
  if (persona) return backAs(desk, c, state, persona)
  return c.html(choices(visit.providerName, state, desk.personas.all()))
}

function choices(providerName: string, state: string, personas: readonly Persona[]) {
  const buttons = personas.map((persona) => {
    const verified = String(persona.email_verified) === 'true' ? 'verified' : 'not verified'
    const about = typeof persona.email === 'string' ? `${persona.email} (${verified})` : 'no e-mail address'
    return html`<button name="persona" value="${persona.id}">${persona.id}<small>${about}</small></button>`
  })
  const form = html`<form method="get" action="/simulated-provider/authorize">
    <input type="hidden" name="state" value="${state}">${buttons}
  </form>
  <form method="get" action="${BACK}">
    <input type="hidden" name="state" value="${state}">
    <button name="error" value="access_denied">Cancel</button>
  </form>`
  return page(`Simulated ${providerName}: who are you?`, form)
}

function backAs(desk: Desk, c: Context, state: string, persona: Persona) {
  const code = desk.hosted.answerAs(persona)
  return c.redirect(
    withQuery(BACK, [
      ['code', code],
      ['state', state],
    ]),
  )
}
