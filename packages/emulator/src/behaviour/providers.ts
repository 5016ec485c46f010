import type { BehaviourEntries } from './behaviour.ts'

const INBOUND_TRIGGER = 'Developer Guide: user-pool-lambda-inbound-federation'
const SOCIAL_IDP = 'Developer Guide: cognito-user-pools-social-idp'
const SAML_IDP = 'Developer Guide: cognito-user-pools-saml-idp-things-to-know'
const OIDC_IDP = 'Developer Guide: cognito-user-pools-oidc-idp'

export const INBOUND = {
  'inbound-01': { says: 'InboundFederation runs for new and for returning users.', source: INBOUND_TRIGGER },
  'inbound-02': { says: 'An empty map keeps every attribute as it was received.', source: INBOUND_TRIGGER },
  'inbound-03': { says: 'Any other map replaces everything: what it leaves out is dropped.', source: INBOUND_TRIGGER },
  'inbound-04': {
    says: 'It sees the subject as the provider wrote it, whatever the pool does to usernames.',
    source: INBOUND_TRIGGER,
  },
  'inbound-05': {
    says: 'Whether the keys of the map are names of the pool or of the provider is a switch.',
    source: INBOUND_TRIGGER,
    quirk: 'inboundFederationKeys',
  },
  'inbound-06': {
    says: 'Whether a link made by the trigger counts for this very sign-in is a switch.',
    source: INBOUND_TRIGGER,
    quirk: 'linkInInboundFederation',
  },
  'inbound-07': { says: 'It can refuse before anything is stored.', source: INBOUND_TRIGGER },
  'inbound-08': {
    says: 'It sees a whole SAML answer with 1,100 groups, and an ID token and userInfo of 13 kB.',
    source: `${INBOUND_TRIGGER}; Developer Guide: quotas`,
  },
} as const satisfies BehaviourEntries

export const SOCIAL = {
  'social-01': {
    says: 'Facebook vouches for no address: email_verified is not there to be mapped.',
    source: SOCIAL_IDP,
  },
  'social-02': { says: 'Apple comes back by a form post.', source: SOCIAL_IDP },
  'social-03': { says: 'Apple tells the name at the first consent only.', source: SOCIAL_IDP },
  'social-04': {
    says: 'Amazon’s users are named by user_id.',
    source: 'Developer Guide: cognito-user-pools-specifying-attribute-mapping',
  },
} as const satisfies BehaviourEntries

export const SAML = {
  'saml-01': { says: 'A signed assertion signs in, and its NameID keeps its case.', source: SAML_IDP },
  'saml-02': { says: 'An assertion for another pool’s audience is refused.', source: SAML_IDP },
  'saml-03': { says: 'An assertion is good once.', source: SAML_IDP },
  'saml-04': { says: 'A changed assertion is refused for its signature.', source: SAML_IDP },
  'saml-05': { says: 'An assertion without a signature is refused.', source: SAML_IDP },
  'saml-06': { says: 'An answer nobody asked for has no good RelayState and is refused.', source: SAML_IDP },
  'saml-07': { says: 'A response has at most 100,000 characters.', source: SAML_IDP },
  'saml-08': { says: 'A comment inside the NameID does not shorten it.', source: 'CVE-2017-11427' },
} as const satisfies BehaviourEntries

export const OIDC = {
  'oidc-01': { says: 'A provider known by its issuer alone is found by discovery.', source: OIDC_IDP },
  'oidc-02': {
    says: 'Where ID token and userInfo differ, the ID token wins.',
    source: 'Developer Guide: cognito-user-pools-oidc-idp',
  },
  'oidc-03': {
    says: 'An ID token for another audience opens nothing.',
    source: 'OpenID Connect Core 1.0, section 3.1.3.7',
  },
  'oidc-04': {
    says: 'An ID token with another nonce opens nothing.',
    source: 'OpenID Connect Core 1.0, section 3.1.3.7',
  },
  'oidc-05': {
    says: 'A provider that refuses the code ends on the callback with invalid_request and its status.',
    source: 'Developer Guide: authorization-endpoint',
  },
} as const satisfies BehaviourEntries
