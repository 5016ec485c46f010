import type { BehaviourEntries } from './behaviour.ts'

const ID_TOKEN = 'Developer Guide: amazon-cognito-user-pools-using-the-id-token'
const ACCESS_TOKEN = 'Developer Guide: amazon-cognito-user-pools-using-the-access-token'
const AUTHORIZE = 'Developer Guide: authorization-endpoint'
const TOKEN = 'Developer Guide: token-endpoint'

export const TOKENS = {
  'token-01': { says: 'ID and access tokens are signed with RS256, each kind by its own key.', source: ACCESS_TOKEN },
  'token-02': {
    says: 'Tokens verify against the published key set and name the pool as issuer.',
    source: 'Developer Guide: amazon-cognito-user-pools-using-tokens-verifying-a-jwt',
  },
  'token-03': { says: 'The ID token has the client as audience and says token_use id.', source: ID_TOKEN },
  'token-04': {
    says: 'The access token names client_id and username and says token_use access, without audience.',
    source: ACCESS_TOKEN,
  },
  'token-05': { says: 'email_verified is a boolean in the ID token.', source: ID_TOKEN },
  'token-06': {
    says: 'An API sign-in has the scope aws.cognito.signin.user.admin and no other.',
    source: ACCESS_TOKEN,
  },
  'token-07': {
    says: 'origin_jti stays through a refresh, jti does not; auth_time stays the time of the sign-in.',
    source: 'Developer Guide: amazon-cognito-user-pools-using-the-refresh-token',
  },
  'token-08': { says: 'The ID token shows only what the client may read.', source: ID_TOKEN },
  'token-09': { says: 'Custom attributes are texts in the ID token.', source: ID_TOKEN },
  'token-10': {
    says: 'After a hosted sign-in the ID token has at_hash and the nonce that was asked for.',
    source: `${ID_TOKEN}; OpenID Connect Core 1.0, section 3.1.3.6`,
  },
  'token-11': { says: 'After a hosted sign-in the access token has the scopes and version 2.', source: ACCESS_TOKEN },
  'token-12': {
    says: 'Tokens live an hour unless the client says otherwise.',
    source: 'API reference: CreateUserPoolClient (AccessTokenValidity, IdTokenValidity)',
  },
  'token-13': { says: 'In identities of the ID token primary and dateCreated are texts.', source: ID_TOKEN },
  'token-14': {
    says: 'An expired access token is refused.',
    source: 'API reference: GetUser (NotAuthorizedException)',
  },
  'token-15': {
    says: 'The scopes email and profile decide what a hosted ID token shows.',
    source: 'Developer Guide: cognito-user-pools-define-resource-servers',
  },
} as const satisfies BehaviourEntries

export const OAUTH = {
  'oauth-01': {
    says: 'The discovery document names issuer, key set and endpoints.',
    source: 'OpenID Connect Discovery 1.0, section 3',
  },
  'oauth-02': { says: 'Nothing is ever sent to an address the client has not registered.', source: AUTHORIZE },
  'oauth-03': { says: 'An unknown scope ends with invalid_scope.', source: AUTHORIZE },
  'oauth-04': { says: 'An unknown response_type ends with invalid_request.', source: AUTHORIZE },
  'oauth-05': { says: 'PKCE is by S256 only.', source: AUTHORIZE },
  'oauth-06': { says: 'A client without OAuth ends with unauthorized_client.', source: AUTHORIZE },
  'oauth-07': { says: 'prompt=none without a session ends with login_required.', source: AUTHORIZE },
  'oauth-08': { says: 'Without a provider, the person is led to /login with the same query.', source: AUTHORIZE },
  'oauth-09': { says: 'state comes back unchanged.', source: `${AUTHORIZE}; RFC 6749, section 4.1.2` },
  'oauth-10': { says: 'A code is good once.', source: TOKEN },
  'oauth-11': { says: 'A code is good for five minutes.', source: 'Developer Guide: quotas' },
  'oauth-12': { says: 'A wrong code verifier ends with invalid_grant.', source: `${TOKEN}; RFC 7636, section 4.6` },
  'oauth-13': { says: 'Another redirect_uri ends with invalid_grant.', source: `${TOKEN}; RFC 6749, section 4.1.3` },
  'oauth-14': { says: 'Another client ends with invalid_grant.', source: `${TOKEN}; RFC 6749, section 5.2` },
  'oauth-15': { says: 'A client with a secret must prove it, in the header or in the form.', source: TOKEN },
  'oauth-16': { says: 'A refresh gives no new refresh token.', source: TOKEN },
  'oauth-17': { says: 'An unknown grant ends with unsupported_grant_type.', source: `${TOKEN}; RFC 6749, section 5.2` },
  'oauth-18': {
    says: 'The scope email of a client that cannot read email_verified ends with invalid_grant.',
    source: TOKEN,
  },
  'oauth-19': { says: 'Answers with tokens must not be stored.', source: 'RFC 6749, section 5.1' },
  'oauth-20': { says: 'userInfo tells email_verified as text.', source: 'Developer Guide: userinfo-endpoint' },
  'oauth-21': {
    says: 'userInfo refuses tokens without openid, such as those of an API sign-in.',
    source: 'Developer Guide: userinfo-endpoint',
  },
  'oauth-22': {
    says: 'userInfo refuses the token of a deleted user with 401 invalid_token.',
    source: 'Developer Guide: userinfo-endpoint',
  },
  'oauth-23': { says: 'logout leads to a registered address only.', source: 'Developer Guide: logout-endpoint' },
  'oauth-24': {
    says: 'logout with redirect_uri and response_type leads on to the sign-in page.',
    source: 'Developer Guide: logout-endpoint',
  },
  'oauth-25': { says: 'A scope that is not asked for is every allowed one.', source: AUTHORIZE },
} as const satisfies BehaviourEntries

export const PROTOCOL = {
  'protocol-01': {
    says: 'An error has its type and text in the body and in the headers, with status 400.',
    source: 'Smithy: AWS JSON 1.1 protocol',
  },
  'protocol-02': { says: 'Times are epoch seconds.', source: 'aws/aws-cli#2264' },
  'protocol-03': { says: 'Every answer has a request id.', source: 'Smithy: AWS JSON 1.1 protocol' },
  'protocol-04': {
    says: 'An unknown operation is refused, never answered with something friendly.',
    source: 'Smithy: AWS JSON 1.1 protocol (X-Amz-Target)',
  },
  'protocol-05': {
    says: 'A body that is not JSON, or has wrong types, is a SerializationException.',
    source: 'Smithy: AWS JSON 1.1 protocol',
  },
  'protocol-06': {
    says: 'A missing member is named in a validation error.',
    source: 'API reference: CommonErrors',
  },
  'protocol-07': {
    says: 'Public operations need no signature; signed calls are taken alike.',
    source: 'aws/aws-sdk-js-v3: client-cognito-identity-provider (httpAuthSchemes noAuth)',
  },
  'protocol-08': {
    says: 'A foreign Host or Origin is refused: no web page may reach an emulator on this machine.',
    source: 'CVE-2025-66414',
  },
  'protocol-09': {
    says: 'Browsers may call the public operations across origins, and only those.',
    source: 'aws/aws-sdk-js-v3: client-cognito-identity-provider (httpAuthSchemes noAuth)',
  },
  'protocol-10': {
    says: 'The default quotas end with TooManyRequestsException when switched on.',
    source: 'Developer Guide: quotas',
    quirk: 'throttling',
  },
  'protocol-11': { says: 'Operations without output answer an empty object.', source: 'Smithy: AWS JSON 1.1 protocol' },
} as const satisfies BehaviourEntries
