import type { IdentityProviderTypeType } from '@aws-sdk/client-cognito-identity-provider'
import type { TriggerOptions } from 'onesub/triggers'

export interface ProviderSetUp {
  readonly type: IdentityProviderTypeType
  readonly details: Record<string, string>
  readonly mapping: Record<string, string>
}

const details = { client_id: 'app', client_secret: 'hidden', authorize_scopes: 'openid email' }
const ADDRESS = { email: 'email', email_verified: 'email_verified' }

/** An OpenID Connect provider, behind which the simulated Okta answers whatever its name is. */
export function openIdConnect(
  mapping: Record<string, string> = { ...ADDRESS, 'custom:subject': 'sub' },
): ProviderSetUp {
  const own = { oidc_issuer: 'https://okta.simulated.test', attributes_request_method: 'GET' }
  return { type: 'OIDC', details: { ...details, ...own }, mapping }
}

/** One of each kind, mapped as their guides say; Facebook and Amazon send no verified flag. */
export const PROVIDERS = (endpoint: string): Readonly<Record<string, ProviderSetUp>> => ({
  Google: { type: 'Google', details, mapping: { ...ADDRESS, 'custom:hd': 'hd' } },
  Facebook: { type: 'Facebook', details, mapping: { email: 'email' } },
  SignInWithApple: {
    type: 'SignInWithApple',
    details: { client_id: 'app', team_id: 't', key_id: 'k', private_key: 'p', authorize_scopes: 'email name' },
    mapping: ADDRESS,
  },
  LoginWithAmazon: { type: 'LoginWithAmazon', details, mapping: { email: 'email' } },
  Okta: openIdConnect(),
  Corp: {
    type: 'SAML',
    details: { MetadataURL: `${endpoint}/simulated-saml/metadata` },
    mapping: { email: 'email', 'custom:subject': 'subject' },
  },
})

/** What is believed of them: the authority for example.com is Google as its host, Okta and Corp as its owner's own providers. */
export const TRUST: NonNullable<NonNullable<TriggerOptions['policy']>['providers']> = {
  Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' },
  Facebook: { kind: 'facebook' },
  SignInWithApple: { kind: 'apple' },
  LoginWithAmazon: { kind: 'amazon' },
  Okta: { kind: 'oidc', domains: ['example.com'], subjectAttribute: 'custom:subject' },
  Corp: { kind: 'saml', domains: ['example.com'], addresses: 'managed', subjectAttribute: 'custom:subject' },
}
