import type { ProviderType } from '../state/identity-provider.ts'

/** How the simulated providers differ from OpenID Connect. Personas use the claim names of OpenID Connect. */
export interface ProviderKind {
  readonly issuer: string
  /** Claims that this provider names differently. */
  readonly ownNames: Readonly<Record<string, string>>
  /** Claims that it never sends. */
  readonly neverSays: readonly string[]
  /** Claims that it sends at the first consent only. */
  readonly saysOnce: readonly string[]
  readonly hasIdToken: boolean
  readonly writesBooleansAsText: boolean
  readonly returnsBy: 'query' | 'form_post'
}

const PLAIN = {
  ownNames: {},
  neverSays: [],
  saysOnce: [],
  hasIdToken: true,
  writesBooleansAsText: false,
  returnsBy: 'query',
} as const

/** Developer Guide: cognito-user-pools-social-idp, cognito-user-pools-specifying-attribute-mapping. */
export const PROVIDER_KINDS: Readonly<Record<ProviderType, ProviderKind>> = {
  Google: { ...PLAIN, issuer: 'https://accounts.google.com' },
  // Facebook sends no email_verified, and no address for accounts made with a phone number (aws-amplify/amplify-js#11565).
  Facebook: {
    ...PLAIN,
    issuer: 'https://www.facebook.com',
    ownNames: { sub: 'id', given_name: 'first_name', family_name: 'last_name', birthdate: 'birthday' },
    neverSays: ['email_verified', 'hd'],
    hasIdToken: false,
  },
  // Apple Developer Documentation: Authenticating users with Sign in with Apple (name in the first form post only).
  SignInWithApple: {
    ...PLAIN,
    issuer: 'https://appleid.apple.com',
    ownNames: { given_name: 'firstName', family_name: 'lastName' },
    neverSays: ['hd', 'picture'],
    saysOnce: ['name', 'firstName', 'lastName'],
    writesBooleansAsText: true,
    returnsBy: 'form_post',
  },
  LoginWithAmazon: {
    ...PLAIN,
    issuer: 'https://www.amazon.com',
    ownNames: { sub: 'user_id' },
    neverSays: ['email_verified', 'hd', 'given_name', 'family_name'],
    hasIdToken: false,
  },
  OIDC: { ...PLAIN, issuer: 'https://oidc.simulated.test' },
  SAML: { ...PLAIN, issuer: 'https://saml.simulated.test', ownNames: { sub: 'NameID' }, hasIdToken: false },
}
