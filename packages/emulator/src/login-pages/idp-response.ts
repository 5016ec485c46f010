import type { Context } from 'hono'
import type { Desk } from '../desk.ts'
import { CognitoFault, resourceNotFound } from '../faults.ts'
import { signInFederated } from '../federation/federated-sign-in.ts'
import type { AuthorizeRequest } from '../federation/hosted-state.ts'
import type { Persona } from '../federation/personas.ts'
import { isText } from '../json.ts'
import type { ClientInPool } from '../state/account.ts'
import { type IdentityProvider, subjectClaim } from '../state/identity-provider.ts'
import { errorPage } from './page.ts'
import { callbackText, refusalUrl, withQuery } from './redirects.ts'

/** The provider's answer comes back here; the person goes on to the application, with a code or with an error. */
export async function idpResponse(desk: Desk, c: Context) {
  const request = desk.hosted.endVisit(c.req.query('state') ?? '')
  if (!request) return c.html(errorPage('Invalid state from the identity provider.'), 400)
  const { redirectUri, state } = request
  const cancelled = c.req.query('error')
  if (cancelled) return c.redirect(refusalUrl({ redirectUri, state, error: cancelled, description: 'Cancelled' }))
  const persona = desk.hosted.redeemAnswer(c.req.query('code') ?? '')
  const place = desk.account.findClient(request.clientId)
  if (!persona || !place) return c.html(errorPage('The answer of the identity provider is unknown or used.'), 400)
  return c.redirect(await outcome(desk, place, request, persona))
}

async function outcome(desk: Desk, place: ClientInPool, request: AuthorizeRequest, persona: Persona): Promise<string> {
  const provider = place.pool.providers.get(request.providerName)
  try {
    if (!provider) throw resourceNotFound('The identity provider does not exist.')
    const code = await codeFor(desk, place, request, provider, persona)
    return withQuery(request.redirectUri, [
      ['code', code],
      ['state', request.state],
    ])
  } catch (error) {
    if (error instanceof CognitoFault) return refusal(request, provider, error)
    throw error
  }
}

async function codeFor(
  desk: Desk,
  place: ClientInPool,
  request: AuthorizeRequest,
  provider: IdentityProvider,
  persona: Persona,
): Promise<string> {
  const { id: _, ...said } = persona
  const claims = { [subjectClaim(provider.type)]: persona.sub, ...said }
  const subject = claims[subjectClaim(provider.type)]
  const arrival = { provider, claims, subject: isText(subject) ? subject : persona.sub }
  const user = await signInFederated(desk, place, arrival)
  const session = desk.sessions.begin({ client: place.client, user, scopes: request.scopes, kind: 'hosted' })
  return desk.hosted.grantCode({ session, request })
}

/** SAML texts are prefixed and come as server_error (awslabs/service-workbench-on-aws#605). */
function refusal(
  { redirectUri, state }: AuthorizeRequest,
  provider: IdentityProvider | undefined,
  fault: CognitoFault,
) {
  const isSaml = provider?.type === 'SAML'
  const description = `${isSaml ? 'Error in SAML response processing: ' : ''}${callbackText(fault)}`
  return refusalUrl({ redirectUri, state, description, error: isSaml ? 'server_error' : 'invalid_request' })
}
