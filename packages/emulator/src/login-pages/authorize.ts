import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Desk } from '../desk.ts'
import type { AuthorizeRequest } from '../federation/hosted-state.ts'
import type { ClientInPool } from '../state/account.ts'
import { errorPage, page } from './page.ts'
import { refusalUrl, withQuery } from './redirects.ts'

interface Refused {
  readonly error: string
  readonly description: string
}

/** Developer Guide: authorization-endpoint. Without a provider, the person chooses one at `/login`. */
export function authorize(desk: Desk, c: Context) {
  const place = trustedPlace(desk, c)
  if (!place) return c.html(errorPage('The client_id is unknown, or the redirect_uri is not registered for it.'), 400)
  const refused = complaint(place, c)
  const redirectUri = c.req.query('redirect_uri') ?? ''
  if (refused) return c.redirect(refusalUrl({ ...refused, redirectUri, state: c.req.query('state') }))
  const providerName = c.req.query('identity_provider') ?? byIdentifier(place, c.req.query('idp_identifier'))
  if (providerName === undefined || providerName === 'COGNITO') return c.redirect(`/login${new URL(c.req.url).search}`)
  const visit = desk.hosted.beginVisit(requestIn(place, c, providerName))
  return c.redirect(
    withQuery('/simulated-provider/authorize', [
      ['state', visit],
      ['login_hint', c.req.query('login_hint')],
      ['persona', c.req.query('persona')],
    ]),
  )
}

/** The page where somebody chooses how to sign in. */
export function login(desk: Desk, c: Context) {
  const place = trustedPlace(desk, c)
  if (!place) return c.html(errorPage('The client_id is unknown, or the redirect_uri is not registered for it.'), 400)
  const providers = place.client.settings.identityProviders.filter((name) => name !== 'COGNITO')
  const links = providers.map((name) => {
    const query = new URLSearchParams({ ...c.req.query(), identity_provider: name })
    return html`<li><a class="button" href="/oauth2/authorize?${query.toString()}">Continue with ${name}</a></li>`
  })
  const note = html`<p><small>The password form of this page is not emulated; sign in with a password through the API.</small></p>`
  return c.html(page('Sign in', html`<ul>${links}</ul>${note}`))
}

/** Nothing is ever sent to an address that the client has not registered, not even an error. */
function trustedPlace(desk: Desk, c: Context): ClientInPool | undefined {
  const place = desk.account.findClient(c.req.query('client_id') ?? '')
  return place?.client.settings.callbackUrls.includes(c.req.query('redirect_uri') ?? '') ? place : undefined
}

function complaint({ client }: ClientInPool, c: Context): Refused | undefined {
  const { isOauthClient, oauthFlows, identityProviders } = client.settings
  const type = c.req.query('response_type')
  if (type === 'token') return { error: 'unsupported_response_type', description: 'The implicit flow is not emulated.' }
  if (type !== 'code') return { error: 'invalid_request', description: 'response_type must be code' }
  if (!isOauthClient || !oauthFlows.includes('code')) {
    return { error: 'unauthorized_client', description: 'The client may not use the code flow' }
  }
  if (scopesIn(client.settings.oauthScopes, c).some((scope) => !client.settings.oauthScopes.includes(scope))) {
    return { error: 'invalid_scope', description: 'The client may not ask for this scope' }
  }
  const method = c.req.query('code_challenge_method')
  if (c.req.query('code_challenge') !== undefined && method !== 'S256') {
    return { error: 'invalid_request', description: 'code_challenge_method must be S256' }
  }
  const provider = c.req.query('identity_provider')
  if (provider !== undefined && !identityProviders.includes(provider)) {
    return { error: 'invalid_request', description: 'The identity provider is not enabled for this client' }
  }
  return c.req.query('prompt') === 'none' ? { error: 'login_required', description: 'Login is required' } : undefined
}

const scopesIn = (allowed: readonly string[], c: Context) => c.req.query('scope')?.split(' ').filter(Boolean) ?? allowed

function byIdentifier({ pool, client }: ClientInPool, identifier: string | undefined): string | undefined {
  const providers = client.settings.identityProviders.map((name) => pool.providers.get(name))
  return identifier === undefined
    ? undefined
    : providers.find((provider) => provider?.identifiers.includes(identifier))?.name
}

function requestIn({ client }: ClientInPool, c: Context, providerName: string): AuthorizeRequest {
  return {
    clientId: client.id,
    redirectUri: c.req.query('redirect_uri') ?? '',
    scopes: scopesIn(client.settings.oauthScopes, c),
    state: c.req.query('state'),
    nonce: c.req.query('nonce'),
    codeChallenge: c.req.query('code_challenge'),
    providerName,
  }
}
