import { type Policy, parsePolicy } from '../../../packages/onesub/src/core/policy.ts'
import { among, type Chooser } from '../random.ts'

/** What an operator chose when the pool was made, or cannot change. */
export interface PoolKind {
  readonly signInBy: 'name' | 'alias' | 'email' | 'phone'
  readonly keepsCase: boolean
  /** Where the code of a sign-up goes. */
  readonly verifies: 'email' | 'phone'
  /** `AttributesRequireVerificationBeforeUpdate` for the address. */
  readonly keepsOriginal: boolean
  /** A mark that is written alone makes a pending address the user's (UserAttributeUpdateSettingsType; T181). */
  readonly promotesPending: boolean
  /** ConfirmSignUp with `ForceAliasCreation`. */
  readonly forcesAlias: boolean
  /** Where the code of a recovery goes while both are verified. */
  readonly recoversBy: 'email' | 'phone'
  readonly hasInbound: boolean
  /** Without a mapping for it Cognito writes "no" at each sign-in (aws-amplify/amplify-js#7300); InboundFederation sees the flag all the same. */
  readonly mapsFlags: boolean
  /** How a sign-in ends whose own trigger made the link (aws-amplify/amplify-flutter#1716). */
  readonly linkingSignIn: 'fails once' | 'succeeds'
  /** A provider whose users cannot be linked: an attribute that is immutable, a name that is too long (aws-cdk#7011, aws-sdk-js-v3#6985). */
  readonly refusesLinksOf: string | undefined
}

export function anyPoolKind(chooser: Chooser): PoolKind {
  const yes = () => chooser.pick(2) === 1
  const hasInbound = yes()
  return {
    hasInbound,
    mapsFlags: !hasInbound || yes(),
    signInBy: among(chooser, ['name', 'alias', 'email', 'phone']),
    keepsCase: yes(),
    verifies: chooser.oneIn(4) ? 'phone' : 'email',
    keepsOriginal: yes(),
    promotesPending: yes(),
    forcesAlias: chooser.oneIn(4),
    recoversBy: chooser.oneIn(4) ? 'phone' : 'email',
    linkingSignIn: among(chooser, ['fails once', 'succeeds']),
    refusesLinksOf: chooser.oneIn(6) ? among(chooser, ['Google', 'Okta', 'Corp', 'Acme']) : undefined,
  }
}

/**
 * `Okta_West` is a provider of the pool too, and no policy lists it. Users write their own `email` at Acme, and the pool maps `corp_email`,
 * which administrators write.
 */
const PROVIDERS = {
  Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' },
  Okta: { kind: 'oidc', domains: ['example.com'] },
  Corp: { kind: 'saml', domains: ['example.com'], addresses: 'managed', subjectAttribute: 'custom:subject' },
  Acme: { kind: 'oidc', domains: ['example.com'], claims: { email: 'corp_email', emailVerified: 'corp_verified' } },
  Facebook: { kind: 'facebook' },
} as const satisfies Policy['providers']

export function anyPolicy(chooser: Chooser): Policy {
  const yes = () => chooser.pick(2) === 1
  return parsePolicy({
    existingAccount: among(chooser, ['link', 'link', 'link', 'enumeration-safe', 'ask', 'refuse']),
    mode: chooser.oneIn(12) ? among(chooser, ['observe', 'dry-run']) : 'enforce',
    unique: chooser.oneIn(6) ? ['email', 'phone'] : ['email'],
    providers: PROVIDERS,
    federatedSignUp: among(chooser, ['native-user', 'profile-only']),
    trustAdminVerified: yes(),
    existingUsers: yes() ? 'verified-by-code' : 'unknown',
    flagsOnlyByCode: yes(),
    invitations: yes() ? 'generated' : 'unknown',
    recovery: 'unknown',
    passwordBeforeProof: chooser.oneIn(4) ? 'always' : 'contested',
    unseenUsers: chooser.oneIn(3) ? 'look' : 'ignore',
  })
}
