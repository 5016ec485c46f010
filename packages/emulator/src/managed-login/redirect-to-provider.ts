import type { Context } from 'hono'
import { isRelyingParty } from '../federation/oidc-endpoints.ts'
import type { ProviderVisit } from '../federation/provider-visits.ts'
import { promptsIn } from '../oauth/authorize-request.ts'
import { refusalUrl, withQuery } from '../oauth/redirects.ts'
import { CognitoFault } from '../shared/faults.ts'
import { randomKey } from '../shared/random-key.ts'
import type { ClientInPool } from '../state/account.ts'
import type { AuthorizeRequest } from '../state/authorize-request.ts'
import type { IdentityProvider } from '../state/identity-provider.ts'
import type { ManagedLoginContext } from './context.ts'

/** Redirects to the identity provider: a real one on this machine, or a simulated one. */
export async function toProvider(
  context: ManagedLoginContext,
  c: Context,
  { pool }: ClientInPool,
  request: AuthorizeRequest,
  providerName: string,
) {
  const provider = pool.providers.get(providerName)
  if (!provider) {
    const description = 'The identity provider does not exist'
    return c.redirect(refusalUrl(request, { error: 'invalid_request', description }))
  }
  const visit: ProviderVisit = {
    key: randomKey(),
    poolId: pool.id,
    request,
    providerName,
    nonce: randomKey(),
    loginHint: c.req.query('login_hint'),
    prompt: promptsIn(context, pool, c).join(' ') || undefined,
  }
  context.visits.begin(visit)
  try {
    return c.redirect(await wayTo(context, provider, visit, c.req.query('persona')))
  } catch (error) {
    if (!(error instanceof CognitoFault)) throw error
    return c.redirect(refusalUrl(request, { error: 'invalid_request', description: error.message }))
  }
}

async function wayTo(
  context: ManagedLoginContext,
  provider: IdentityProvider,
  visit: ProviderVisit,
  persona: string | undefined,
) {
  if (provider.type === 'SAML') {
    const { samlRequestUrl } = await import('../federation/saml/authn-request.ts')
    return withQuery(await samlRequestUrl(context, provider, visit), [['persona', persona]])
  }
  if (isRelyingParty(provider)) {
    const { authorizeUrl } = await import('../federation/oidc-relying-party.ts')
    return await authorizeUrl(context, provider, visit)
  }
  return withQuery('/simulated-provider/authorize', [
    ['state', visit.key],
    ['login_hint', visit.loginHint],
    ['persona', persona],
  ])
}
