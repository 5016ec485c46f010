import type { Context } from 'hono'
import type { Persona } from '../federation/personas.ts'
import { PROVIDER_KINDS } from '../federation/provider-kinds.ts'
import type { ProviderVisit } from '../federation/provider-visits.ts'
import { withQuery } from '../oauth/redirects.ts'
import type { ManagedLoginContext } from './context.ts'
import { isOwnForm } from './forgery-guard.ts'
import { errorPage, postForm } from './page.ts'
import { personaIn, personaPage } from './persona-page.ts'

const HERE = '/simulated-provider/authorize'
const BACK = '/oauth2/idpresponse'

/** `persona` or `login_hint` answers without a click. */
export function choosePersona(context: ManagedLoginContext, c: Context) {
  const state = c.req.query('state') ?? ''
  const visit = context.visits.get(state)
  if (!visit) return c.html(tooOld(), 400)
  const asked = c.req.query('persona')
  const persona =
    asked === undefined ? context.personas.byHint(c.req.query('login_hint') ?? '') : context.personas.byId(asked)
  if (asked !== undefined && !persona) return c.html(errorPage('There is no persona with this id.'), 400)
  if (persona) return backAs(context, c, visit, state, persona)
  const title = `Simulated ${visit.providerName}: who are you?`
  return c.html(
    personaPage(c, { title, action: HERE, hidden: { state }, personas: context.personas.all(), cancelTo: BACK }),
  )
}

export async function makePersona(context: ManagedLoginContext, c: Context) {
  const form = await c.req.parseBody()
  const state = typeof form.state === 'string' ? form.state : ''
  const visit = context.visits.get(state)
  if (!visit) return c.html(tooOld(), 400)
  if (!isOwnForm(c, form)) return c.html(errorPage('This form does not come from our own page.'), 403)
  const persona = personaIn(form)
  context.personas.set(persona)
  return backAs(context, c, visit, state, persona)
}

const tooOld = () => errorPage('This sign-in is unknown or too old. Start again from the application.')

function backAs(context: ManagedLoginContext, c: Context, visit: ProviderVisit, state: string, chosen: Persona) {
  const code = context.visits.issueCode(context.personas.present(chosen))
  const pool = context.account.findClient(visit.request.clientId)?.pool
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
