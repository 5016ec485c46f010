import type { JWTPayload } from 'jose'
import type { ClockContext } from '../shared/clock.ts'
import { jose } from '../shared/jose.ts'
import { isRecord, isText, type JsonRecord } from '../shared/json.ts'
import type { IdentityProvider } from '../state/identity-provider.ts'
import type { EndpointContext } from '../state/issuer.ts'
import { askProvider } from './ask-provider.ts'
import { detail, endpointsOf, type OidcEndpoints } from './oidc-endpoints.ts'
import { oauthAnswer, type ProviderAnswer, providerError } from './provider-answer.ts'
import type { ProviderVisit } from './provider-visits.ts'

// Only asymmetric ones: with a shared secret, whoever reads the secret could sign tokens.
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']

const redirectUri = (context: EndpointContext) => `${context.endpoint}/oauth2/idpresponse`

export async function authorizeUrl(
  context: EndpointContext,
  provider: IdentityProvider,
  visit: ProviderVisit,
): Promise<string> {
  const url = new URL((await endpointsOf(provider)).authorize)
  const parameters = {
    client_id: detail(provider, 'client_id'),
    redirect_uri: redirectUri(context),
    response_type: 'code',
    scope: detail(provider, 'authorize_scopes'),
    state: visit.key,
    nonce: visit.nonce,
    ...(visit.loginHint !== undefined && { login_hint: visit.loginHint }),
    ...(visit.prompt !== undefined && { prompt: visit.prompt }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** Redeems the provider's code. Accepts only a token that its keys have signed, and userInfo about the same subject. */
export async function oidcAnswer(
  context: ClockContext & EndpointContext,
  provider: IdentityProvider,
  visit: ProviderVisit,
  code: string,
): Promise<ProviderAnswer> {
  const endpoints = await endpointsOf(provider)
  const tokenResponse = await redeem(context, provider, endpoints, code)
  const idToken = await verifiedIdToken(context, provider, endpoints, tokenResponse.id_token)
  if (idToken.nonce !== visit.nonce) throw providerError(provider, 'the ID token has another nonce')
  const userInfo = await userInfoOf(provider, endpoints, tokenResponse.access_token)
  if (userInfo.sub !== undefined && userInfo.sub !== idToken.sub) {
    throw providerError(provider, 'userInfo is about another subject')
  }
  return oauthAnswer(provider, { tokenResponse, idToken, userInfo })
}

/** The secret is sent in the form, whatever method the provider announces (Developer Guide: cognito-user-pools-oidc-idp). */
async function redeem(
  context: EndpointContext,
  provider: IdentityProvider,
  { token }: OidcEndpoints,
  code: string,
): Promise<JsonRecord> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri(context),
    client_id: detail(provider, 'client_id'),
    client_secret: detail(provider, 'client_secret'),
  })
  const answer = await askProvider(provider, 'token', token, { method: 'POST', body })
  if (!isRecord(answer)) throw providerError(provider, 'the token answer is not an object')
  return answer
}

async function verifiedIdToken(
  context: ClockContext,
  provider: IdentityProvider,
  { issuer, keys }: OidcEndpoints,
  token: unknown,
): Promise<JWTPayload> {
  const { createLocalJWKSet, jwtVerify } = await jose()
  const keySet = await askProvider(provider, 'keys', keys)
  if (!isText(token) || !isRecord(keySet) || !Array.isArray(keySet.keys)) {
    throw providerError(provider, 'the ID token or the key set is missing')
  }
  const audience = detail(provider, 'client_id')
  const currentDate = new Date(context.clock())
  try {
    const key = createLocalJWKSet({ keys: keySet.keys })
    return (await jwtVerify(token, key, { issuer, audience, currentDate, algorithms: ALGORITHMS })).payload
  } catch (error) {
    throw providerError(provider, `the ID token is not valid (${error instanceof Error ? error.name : 'unreadable'})`)
  }
}

/** `attributes_request_method` says how (API reference: CreateIdentityProvider). */
async function userInfoOf(
  provider: IdentityProvider,
  { userInfo: url }: OidcEndpoints,
  accessToken: unknown,
): Promise<JsonRecord> {
  if (url === undefined || !isText(accessToken)) return {}
  const method = detail(provider, 'attributes_request_method') === 'POST' ? 'POST' : 'GET'
  const headers = { authorization: `Bearer ${accessToken}` }
  const answer = await askProvider(provider, 'user info', url, { method, headers })
  if (!isRecord(answer)) throw providerError(provider, 'the user info answer is not an object')
  return answer
}
