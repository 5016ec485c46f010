import { keepFlow, type Purpose } from './flow.ts'
import { pageLocation } from './host.ts'
import { challengeOf, randomText } from './pkce.ts'
import { redirectUriFor } from './redirect-uris.ts'

/** The parsed options of an app. */
export interface App {
  readonly domain: string
  readonly clientId: string
  readonly redirectUris: readonly string[]
  readonly scopes: readonly string[] | undefined
  readonly returnPaths: readonly string[]
  readonly rememberSignInMethod: boolean
  readonly acrValues: readonly string[] | undefined
}

export interface Beginning {
  readonly provider: string
  readonly returnTo: string
  readonly purpose: Purpose
  /** This is the second try. */
  readonly again: boolean
  /** The user has to sign in even where a session could answer. */
  readonly fresh: boolean
  readonly loginHint?: string | undefined
}

export const redirectUriOf = ({ redirectUris }: App): string => redirectUriFor(pageLocation().origin, redirectUris)

/** Keeps a new flow and sends the browser to the pool (developer guide, "Authorize endpoint"). */
export async function authorize(app: App, createPerson: Beginning): Promise<void> {
  const { clientId, domain, scopes, acrValues } = app
  const { provider, returnTo, purpose, again, fresh, loginHint } = createPerson
  const flow = { state: randomText(), nonce: randomText(), verifier: randomText(), redirectUri: redirectUriOf(app) }
  const challenge = await challengeOf(flow.verifier)
  keepFlow(clientId, { ...flow, provider, returnTo, purpose, again, fresh })
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: flow.redirectUri,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(scopes && { scope: scopes.join(' ') }),
    ...(provider && { identity_provider: provider }),
    ...(loginHint && { login_hint: loginHint }),
    ...(fresh && askingForSignIn(acrValues)),
  })
  pageLocation().assign(`${domain}/oauth2/authorize?${query}`)
}

/**
 * The cookie of the hosted pages must not answer: it lives for an hour, survives a recovery, and proves nothing about who is sitting there. The
 * prompt says so (developer guide, "Authorize endpoint"), and in a pool with authentication levels the age of the sign-in as well
 * ("Authentication levels with ACR and AMR claims"). OpenID Connect Core §3.1.2.1 has both; a pool on the plan Lite reads the prompt alone.
 */
function askingForSignIn(acrValues: readonly string[] | undefined): Record<string, string> {
  return { prompt: 'login', ...(acrValues && { max_age: '0', acr_values: acrValues.join(' ') }) }
}
