import type { Context } from 'hono'
import type { Persona } from '../federation/personas.ts'
import { isLoopbackUrl } from '../shared/loopback.ts'
import type { ManagedLoginContext } from './context.ts'
import { isOwnForm } from './forgery-guard.ts'
import { errorPage, postForm } from './page.ts'
import { personaIn, personaPage } from './persona-page.ts'

const HERE = '/simulated-saml/sso'
type Form = Readonly<Record<string, unknown>>

const idp = () => import('../federation/saml/simulated-idp.ts')
const textIn = (form: Form, name: string) => (typeof form[name] === 'string' ? form[name] : '')

export async function samlMetadata(context: ManagedLoginContext, c: Context) {
  const xml = await (await idp()).metadataXml(context)
  return c.body(xml, 200, { 'content-type': 'application/samlmetadata+xml' })
}

/** The simulated SAML provider: a page to choose or create a persona, and a signed response. */
export async function answerSaml(context: ManagedLoginContext, c: Context) {
  const form: Form = c.req.method === 'POST' ? await c.req.parseBody() : c.req.query()
  const [SAMLRequest, RelayState] = [textIn(form, 'SAMLRequest'), textIn(form, 'RelayState')]
  if (SAMLRequest === '') return c.html(errorPage('The SAML request is missing.'), 400)
  if (c.req.method === 'POST') {
    if (!isOwnForm(c, form)) return c.html(errorPage('This form does not come from our own page.'), 403)
    const persona = personaIn(form)
    context.personas.set(persona)
    return await backAs(context, c, SAMLRequest, RelayState, persona)
  }
  if (textIn(form, 'error') !== '') return await backAs(context, c, SAMLRequest, RelayState)
  const asked = textIn(form, 'persona')
  const persona = context.personas.byId(asked)
  if (persona) return await backAs(context, c, SAMLRequest, RelayState, persona)
  if (asked !== '') return c.html(errorPage('There is no persona with this id.'), 400)
  const hidden = { SAMLRequest, RelayState }
  const title = 'Simulated SAML provider: who are you?'
  return c.html(personaPage(c, { title, action: HERE, hidden, personas: context.personas.all(), cancelTo: HERE }))
}

async function backAs(
  context: ManagedLoginContext,
  c: Context,
  encoded: string,
  RelayState: string,
  persona?: Persona,
) {
  const { cancelledResponse, readSamlRequest, signedResponse } = await idp()
  const request = await readSamlRequest(encoded)
  if (!isLoopbackUrl(request.consumerUrl)) return c.html(errorPage('The consumer is not on this machine.'), 400)
  const SAMLResponse = persona
    ? await signedResponse(context, request, context.personas.present(persona))
    : cancelledResponse(context, request)
  return c.html(postForm('Back from the SAML provider', request.consumerUrl, { SAMLResponse, RelayState }))
}
