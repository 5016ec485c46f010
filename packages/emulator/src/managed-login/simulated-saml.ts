import type { Context } from 'hono'
import type { Desk } from '../context.ts'
import type { Persona } from '../federation/personas.ts'
import { isLoopbackUrl } from '../shared/loopback.ts'
import { isOwnForm } from './forgery-guard.ts'
import { errorPage, postForm } from './page.ts'
import { personaIn, personaPage } from './persona-page.ts'

const HERE = '/simulated-saml/sso'
type Form = Readonly<Record<string, unknown>>

const idp = () => import('../federation/saml/simulated-idp.ts')
const textIn = (form: Form, name: string) => (typeof form[name] === 'string' ? form[name] : '')

export async function samlMetadata(desk: Desk, c: Context) {
  const xml = await (await idp()).metadataXml(desk)
  return c.body(xml, 200, { 'content-type': 'application/samlmetadata+xml' })
}

/** The SAML provider that we play: its page lets choose or make a persona, and it signs what it says. */
export async function answerSaml(desk: Desk, c: Context) {
  const form: Form = c.req.method === 'POST' ? await c.req.parseBody() : c.req.query()
  const [SAMLRequest, RelayState] = [textIn(form, 'SAMLRequest'), textIn(form, 'RelayState')]
  if (SAMLRequest === '') return c.html(errorPage('The SAML request is missing.'), 400)
  if (c.req.method === 'POST') {
    if (!isOwnForm(c, form)) return c.html(errorPage('This form does not come from our own page.'), 403)
    const persona = personaIn(form)
    desk.personas.set(persona)
    return await backAs(desk, c, SAMLRequest, RelayState, persona)
  }
  if (textIn(form, 'error') !== '') return await backAs(desk, c, SAMLRequest, RelayState)
  const asked = textIn(form, 'persona')
  const persona = desk.personas.byId(asked)
  if (persona) return await backAs(desk, c, SAMLRequest, RelayState, persona)
  if (asked !== '') return c.html(errorPage('There is no persona with this id.'), 400)
  const hidden = { SAMLRequest, RelayState }
  const title = 'Simulated SAML provider: who are you?'
  return c.html(personaPage(c, { title, action: HERE, hidden, personas: desk.personas.all(), cancelTo: HERE }))
}

async function backAs(desk: Desk, c: Context, encoded: string, RelayState: string, persona?: Persona) {
  const { cancelledResponse, readSamlRequest, signedResponse } = await idp()
  const request = await readSamlRequest(encoded)
  if (!isLoopbackUrl(request.consumerUrl)) return c.html(errorPage('The consumer is not on this machine.'), 400)
  const SAMLResponse = persona
    ? await signedResponse(desk, request, desk.personas.present(persona))
    : cancelledResponse(desk, request)
  return c.html(postForm('Back from the SAML provider', request.consumerUrl, { SAMLResponse, RelayState }))
}
