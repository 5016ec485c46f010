import type { BehaviourEntries } from './behaviour.ts'

const REFRESH = 'Developer Guide: amazon-cognito-user-pools-using-the-refresh-token'
const GROUP = 'Developer Guide: cognito-user-pools-user-groups'

export const SESSIONS = {
  'session-01': {
    says: 'GetTokensFromRefreshToken gives new tokens, and a new refresh token only where tokens rotate.',
    source: `${REFRESH}; API reference: GetTokensFromRefreshToken`,
  },
  'session-02': {
    says: 'After the grace period a rotated token ends with RefreshTokenReuseException.',
    source: `${REFRESH}; API reference: GetTokensFromRefreshToken (RefreshTokenReuseException)`,
  },
  'session-03': { says: 'A rotated token lives only as long as the first one would have.', source: REFRESH },
  'session-04': { says: 'A client that rotates tokens cannot use REFRESH_TOKEN_AUTH.', source: REFRESH },
  'session-05': {
    says: 'The trigger source of GetTokensFromRefreshToken is a switch.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
    quirk: 'getTokensSource',
  },
  'session-06': {
    says: 'RevokeToken ends one sign-in with its access tokens and leaves the others alone.',
    source: 'API reference: RevokeToken',
  },
  'session-07': {
    says: 'RevokeToken takes refresh tokens only.',
    source: 'API reference: RevokeToken (UnsupportedTokenTypeException)',
  },
  'session-08': {
    says: 'GlobalSignOut ends every session of the user, and a new sign-in is free.',
    source: 'API reference: GlobalSignOut',
  },
  'session-09': {
    says: 'An administrator can end every session of a user.',
    source: 'API reference: AdminUserGlobalSignOut',
  },
  'session-10': {
    says: 'Whether a refresh that rotates the refresh token moves auth_time is a switch.',
    source: 'authts/oidc-client-ts#2107; OpenID Connect Core 1.0, section 12.2',
    quirk: 'rotationAuthTime',
  },
} as const satisfies BehaviourEntries

export const GROUPS = {
  'group-01': { says: 'A user’s groups stand in both tokens.', source: GROUP },
  'group-02': {
    says: 'Roles stand in the ID token, and the lowest precedence gives the preferred one.',
    source: GROUP,
  },
  'group-03': {
    says: 'Who left a group no longer has it in new tokens.',
    source: 'API reference: AdminRemoveUserFromGroup',
  },
} as const satisfies BehaviourEntries

export const LIMITS = {
  'limit-01': {
    says: 'Five wrong passwords lock the user for a second that doubles with each further one, unless switched off.',
    source: 'Developer Guide: authentication',
    quirk: 'attemptLimits',
  },
  'limit-02': {
    says: 'A code for a forgotten password can be asked for so often an hour; where a range is documented, its end is a switch.',
    source: 'Developer Guide: quotas',
    quirk: 'attemptLimits',
  },
} as const satisfies BehaviourEntries
