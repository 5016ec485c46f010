import type { JsonRecord } from '../shared/json.ts'

export const PROVIDER_TYPES = ['SAML', 'Facebook', 'Google', 'LoginWithAmazon', 'SignInWithApple', 'OIDC'] as const
export type ProviderType = (typeof PROVIDER_TYPES)[number]

export interface IdentityProvider {
  readonly name: string
  readonly type: ProviderType
  readonly details: JsonRecord
  /** Pool attribute → the provider's claim. */
  readonly mapping: Readonly<Record<string, string>>
  readonly identifiers: readonly string[]
  readonly createdAt: number
  readonly modifiedAt: number
}

export const isSocial = (provider: IdentityProvider) => provider.type !== 'SAML' && provider.type !== 'OIDC'

/** The claim that carries the subject (Developer Guide: cognito-user-pools-specifying-attribute-mapping). */
export function subjectClaim(type: ProviderType): string {
  if (type === 'Facebook') return 'id'
  if (type === 'LoginWithAmazon') return 'user_id'
  return type === 'SAML' ? 'NameID' : 'sub'
}
