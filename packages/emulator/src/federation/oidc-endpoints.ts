import { isRecord, isText, type JsonRecord } from '../shared/json.ts'
import { isLoopbackUrl } from '../shared/loopback.ts'
import type { IdentityProvider } from '../state/identity-provider.ts'
import { askProvider } from './ask-provider.ts'
import { providerError } from './provider-answer.ts'

export interface OidcEndpoints {
  readonly issuer: string
  readonly authorize: string
  readonly token: string
  readonly keys: string
  readonly userInfo: string | undefined
}

export function detail(provider: IdentityProvider, name: string): string {
  const value = provider.details[name]
  return isText(value) ? value : ''
}

/** An issuer on this machine is called. The emulator calls no other host, so personas answer for all other issuers. */
export const isRelyingParty = (provider: IdentityProvider) =>
  provider.type === 'OIDC' && isLoopbackUrl(detail(provider, 'oidc_issuer'))

/** Endpoints come from the provider's discovery document unless all were given (API reference: CreateIdentityProvider). */
export async function endpointsOf(provider: IdentityProvider): Promise<OidcEndpoints> {
  const given = fromRecord(provider, 'authorize_url', 'token_url', 'attributes_url', provider.details)
  const endpoints = given ?? (await discovered(provider))
  const urls = [endpoints.authorize, endpoints.token, endpoints.keys, endpoints.userInfo]
  if (urls.every((url) => url === undefined || isLoopbackUrl(url))) return endpoints
  throw providerError(provider, 'an endpoint is not on this machine')
}

async function discovered(provider: IdentityProvider): Promise<OidcEndpoints> {
  const issuer = detail(provider, 'oidc_issuer')
  const url = `${issuer.replace(/\/$/u, '')}/.well-known/openid-configuration`
  const answer = await askProvider(provider, 'discovery', url)
  const endpoints =
    isRecord(answer) && answer.issuer === issuer
      ? fromRecord(provider, 'authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', answer)
      : undefined
  if (!endpoints) throw providerError(provider, 'the discovery document is not that of the issuer')
  return endpoints
}

function fromRecord(
  provider: IdentityProvider,
  authorizeName: string,
  tokenName: string,
  userInfoName: string,
  record: JsonRecord,
): OidcEndpoints | undefined {
  const [authorize, token, keys] = [record[authorizeName], record[tokenName], record.jwks_uri]
  if (!isText(authorize) || !isText(token) || !isText(keys)) return undefined
  const userInfo = record[userInfoName]
  return {
    issuer: detail(provider, 'oidc_issuer'),
    authorize,
    token,
    keys,
    userInfo: isText(userInfo) ? userInfo : undefined,
  }
}
