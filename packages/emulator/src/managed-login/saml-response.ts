import type { Context } from 'hono'
import type { ManagedLoginContext } from './context.ts'
import { errorPage } from './page.ts'
import { endVisit } from './provider-response.ts'

/** The assertion consumer service. Developer Guide: cognito-user-pools-saml-idp-things-to-know. */
export async function samlResponse(context: ManagedLoginContext, c: Context) {
  const { SAMLResponse: response, RelayState: key } = await c.req.parseBody()
  const visit = context.visits.end(typeof key === 'string' ? key : '')
  if (!visit) return c.html(errorPage('Invalid relayState from identity provider'), 400)
  const { samlAnswer } = await import('../federation/saml/saml-answer.ts')
  return await endVisit(context, c, visit, (provider) => {
    return samlAnswer(context, provider, visit, typeof response === 'string' ? response : '')
  })
}
