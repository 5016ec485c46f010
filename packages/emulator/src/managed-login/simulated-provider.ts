import type { Context } from 'hono'
import type { Desk } from '../context.ts'
import type { Visit } from '../federation/hosted-state.ts'
import type { Persona } from '../federation/personas.ts'
import { PROVIDER_KINDS } from '../federation/provider-kinds.ts'
import { withQuery } from '../oauth/redirects.ts'
import { isOwnForm } from './forgery-guard.ts'
import { errorPage, postForm } from './page.ts'
import { personaIn, personaPage } from './persona-page.ts'

const HERE = '/simulated-provider/authorize'
const BACK = '/oauth2/idpresponse'

/** `persona` or `login_hint` answers without a click. */
export function choosePersona(desk: Desk, c: Context) {
  const state = c.req.query('state') ?? ''
  const visit = desk.hosted.visit(state)
  if (!visit) return c.html(tooOld(), 400)
  const asked = c.req.query('persona')
  const persona =
    asked === undefined ? desk.personas.byHint(c.req.query('login_hint') ?? '') : desk.personas.byId(asked)
  if (asked !== undefined && !persona) return c.html(errorPage('There is no persona with this id.'), 400)
  if (persona) return backAs(desk, c, visit, state, persona)
  const title = `Simulated ${visit.providerName}: who are you?`
  return c.html(
    personaPage(c, { title, action: HERE, hidden: { state }, personas: desk.personas.all(), cancelTo: BACK }),
  )
}

export async function makePersona(desk: Desk, c: Context) {
  const form = await c.req.parseBody()
  const state = typeof form.state === 'string' ? form.state : ''
  const visit = desk.hosted.visit(state)
  if (!visit) return c.html(tooOld(), 400)
  if (!isOwnForm(c, form)) return c.html(errorPage('This form does not come from our own page.'), 403)
  const persona = personaIn(form)
  desk.personas.set(persona)
  return backAs(desk, c, visit, state, persona)
}

const tooOld = () => errorPage('This sign-in is unknown or too old. Start again from the application.')

function backAs(desk: Desk, c: Context, visit: Visit, state: string, chosen: Persona) {
  const code = desk.hosted.answerAs(desk.personas.present(chosen))
  const pool = desk.account.findClient(visit.request.clientId)?.pool
  const type = pool?.providers.get(visit.providerName)?.type ?? 'OIDC'
  if (PROVIDER_KINDS[type].returnsBy === 'form_post') {
    return c.html(postForm(`Back from ${visit.providerName}`, BACK, { code, state }))
  }
  return c.redirect(
    withQuery(BACK, [
      ['code', code],
      ['state', state],
    ]),
  )
}
