import type { Context } from 'hono'
import { signInFederated } from '../federation/federated-sign-in.ts'
import { isRelyingParty } from '../federation/oidc-endpoints.ts'
import { type ProviderAnswer, providerError } from '../federation/provider-answer.ts'
import type { ProviderVisit } from '../federation/provider-visits.ts'
import { simulatedAnswer } from '../federation/simulated-answer.ts'
import { callbackText, refusalUrl } from '../oauth/redirects.ts'
import { CognitoFault, resourceNotFound } from '../shared/faults.ts'
import type { ClientInPool } from '../state/account.ts'
import type { IdentityProvider } from '../state/identity-provider.ts'
import type { ManagedLoginContext } from './context.ts'
import { errorPage } from './page.ts'
import { redirectAfterSignIn } from './redirect-to-client.ts'

type Form = Readonly<Record<string, unknown>>
type Receive = (provider: IdentityProvider, visit: ProviderVisit) => ProviderAnswer | Promise<ProviderAnswer>

const textIn = (form: Form, name: string) => (typeof form[name] === 'string' ? form[name] : undefined)

/** The answer of an OAuth provider: in the query, or for Apple in a form post. */
export async function idpResponse(context: ManagedLoginContext, c: Context) {
  const form: Form = c.req.method === 'POST' ? await c.req.parseBody() : c.req.query()
  const visit = context.visits.end(textIn(form, 'state') ?? '')
  if (!visit) return c.html(errorPage('Invalid state from the identity provider.'), 400)
  const cancelled = textIn(form, 'error')
  if (cancelled) {
    const description = textIn(form, 'error_description') ?? 'Cancelled'
    return c.redirect(refusalUrl(visit.request, { error: cancelled, description }))
  }
  const code = textIn(form, 'code') ?? ''
  return await endVisit(context, c, visit, async (provider) => {
    if (isRelyingParty(provider)) return await askForReal(context, provider, visit, code)
    const persona = context.visits.redeemCode(code)
    if (!persona) throw providerError(provider, '400 invalid_grant')
    return simulatedAnswer(context, provider, visit, persona)
  })
}

async function askForReal(
  context: ManagedLoginContext,
  provider: IdentityProvider,
  visit: ProviderVisit,
  code: string,
) {
  const { oidcAnswer } = await import('../federation/oidc-relying-party.ts')
  return await oidcAnswer(context, provider, visit, code)
}

/** Redirects to the client with the signed-in user or with an error. */
export async function endVisit(context: ManagedLoginContext, c: Context, visit: ProviderVisit, receive: Receive) {
  const clientInPool = context.account.findClient(visit.request.clientId)
  if (!clientInPool) return c.html(errorPage('The app client does not exist any more.'), 400)
  const provider = clientInPool.pool.providers.get(visit.providerName)
  try {
    if (!provider) throw resourceNotFound('The identity provider does not exist.')
    const user = await signedIn(context, clientInPool, provider, await receive(provider, visit))
    return await redirectAfterSignIn(context, c, clientInPool, visit.request, { user, providerName: provider.name })
  } catch (error) {
    if (error instanceof CognitoFault) return c.redirect(refusal(visit, provider, error))
    throw error
  }
}

function signedIn(
  context: ManagedLoginContext,
  clientInPool: ClientInPool,
  provider: IdentityProvider,
  answer: ProviderAnswer,
) {
  return signInFederated(context, clientInPool, { provider, ...answer })
}

/** Errors of SAML have a prefix and the code server_error (awslabs/service-workbench-on-aws#605). */
function refusal({ request }: ProviderVisit, provider: IdentityProvider | undefined, fault: CognitoFault): string {
  const isSaml = provider?.type === 'SAML'
  const description = `${isSaml ? 'Error in SAML response processing: ' : ''}${callbackText(fault)}`
  return refusalUrl(request, { description, error: isSaml ? 'server_error' : 'invalid_request' })
}
