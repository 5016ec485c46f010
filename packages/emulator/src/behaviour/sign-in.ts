import type { BehaviourEntries } from './behaviour.ts'

export const PASSWORDS = {
  'password-01': {
    says: 'Without a policy the strict default holds: eight characters, upper and lower case, a number, a symbol.',
    source: 'Developer Guide: user-pool-settings-policies',
  },
  'password-02': {
    says: 'What a given policy leaves out is not required.',
    source: 'API reference: PasswordPolicyType',
  },
  'password-03': { says: 'A password has at most 256 characters.', source: 'Developer Guide: quotas' },
  'password-04': {
    says: 'A password set for good makes the user CONFIRMED.',
    source: 'API reference: AdminSetUserPassword',
  },
  'password-05': {
    says: 'A password set for a time puts the user into FORCE_CHANGE_PASSWORD.',
    source: 'API reference: AdminSetUserPassword',
  },
  'password-06': {
    says: 'A password set by an administrator must meet the policy and verifies no address.',
    source: 'API reference: AdminSetUserPassword (InvalidPasswordException)',
  },
  'password-07': {
    says: 'AdminSetUserPassword turns a federated profile into a CONFIRMED one that can use a password.',
    source: 'API reference: AdminSetUserPassword',
  },
} as const satisfies BehaviourEntries

export const FORGOTTEN_PASSWORDS = {
  'forgot-01': {
    says: 'The code goes to a verified address and sets a new password.',
    source: 'API reference: ForgotPassword; API reference: ConfirmForgotPassword',
  },
  'forgot-02': { says: 'The code is good for one hour.', source: 'Developer Guide: quotas' },
  'forgot-03': {
    says: 'Without a verified address nothing can be sent.',
    source: 'API reference: ForgotPassword (InvalidParameterException)',
  },
  'forgot-04': {
    says: 'Users who come from a provider, or still hold a temporary password, cannot reset.',
    source: 'aws-amplify/amplify-js#2383; aws/aws-aspnet-cognito-identity-provider#37',
  },
  'forgot-05': {
    says: 'Where the client hides who exists, nobody gets a simulated delivery.',
    source: 'Developer Guide: cognito-user-pool-managing-errors',
  },
  'forgot-06': {
    says: 'Where the client hides who exists, confirming for nobody ends with CodeMismatchException.',
    source: 'Developer Guide: cognito-user-pool-managing-errors',
  },
  'forgot-07': { says: 'Otherwise an unknown user is said to be unknown.', source: 'API reference: ForgotPassword' },
  'forgot-08': {
    says: 'The new password must meet the policy.',
    source: 'API reference: ConfirmForgotPassword (InvalidPasswordException)',
  },
  'forgot-09': {
    says: 'A wrong code changes nothing.',
    source: 'API reference: ConfirmForgotPassword (CodeMismatchException)',
  },
  'forgot-10': {
    says: 'Without AccountRecoverySetting a verified phone comes first, and then a verified e-mail address.',
    source: 'Developer Guide: managing-users-passwords; aws/aws-cdk: AccountRecovery',
  },
  'forgot-11': {
    says: 'With AccountRecoverySetting the priorities decide, and an address that is not listed is not used.',
    source: 'Developer Guide: managing-users-passwords; API reference: RecoveryOptionType',
  },
  'forgot-12': {
    says: 'With AccountRecoverySetting the address of the second factor is not used.',
    source: 'Developer Guide: managing-users-passwords; Developer Guide: user-pool-settings-mfa',
  },
  'forgot-13': {
    says: 'Under admin_only neither the user nor AdminResetUserPassword can have a code sent.',
    source: 'Developer Guide: managing-users-passwords; API reference: AdminResetUserPassword',
  },
} as const satisfies BehaviourEntries

export const SIGN_IN = {
  'signin-01': {
    says: 'A password sign-in gives an ID, an access and a refresh token, of type Bearer.',
    source: 'API reference: InitiateAuth (AuthenticationResultType)',
  },
  'signin-02': {
    says: 'A wrong password ends with “Incorrect username or password.”',
    source: 'API reference: InitiateAuth (NotAuthorizedException)',
  },
  'signin-03': {
    says: 'An unknown user ends with UserNotFoundException where the client shows who exists.',
    source: 'Developer Guide: cognito-user-pool-managing-errors',
  },
  'signin-04': {
    says: 'Where the client hides who exists, an unknown user and a wrong password are told the same.',
    source: 'Developer Guide: cognito-user-pool-managing-errors',
  },
  'signin-05': {
    says: 'An unconfirmed user with the right password ends with UserNotConfirmedException.',
    source: 'API reference: InitiateAuth',
  },
  'signin-06': {
    says: 'A flow the client does not allow is refused; by default a client allows no password in the clear.',
    source: 'API reference: CreateUserPoolClient (ExplicitAuthFlows)',
  },
  'signin-07': {
    says: 'Administrators have their own password flow, closed to everybody else.',
    source: 'API reference: AdminInitiateAuth; API reference: InitiateAuth',
  },
  'signin-08': {
    says: 'A federated profile has no password to sign in with.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'signin-09': {
    says: 'A client with a secret demands SECRET_HASH.',
    source: 'Developer Guide: signing-up-users-in-your-app',
  },
  'signin-10': {
    says: 'SECRET_HASH is the HMAC-SHA256 of username and client id under the secret; a wrong one is refused.',
    source: 'Developer Guide: signing-up-users-in-your-app',
  },
  'signin-11': {
    says: 'ExpiresIn is the lifetime of the access token in seconds.',
    source: 'API reference: AuthenticationResultType',
  },
  'signin-12': {
    says: 'Refreshing gives new tokens but no new refresh token.',
    source: 'Developer Guide: amazon-cognito-user-pools-using-the-refresh-token',
  },
  'signin-13': {
    says: 'A refresh token is good for 30 days by default.',
    source: 'API reference: CreateUserPoolClient (RefreshTokenValidity)',
  },
  'signin-14': {
    says: 'A refresh token works for its own client only.',
    source: 'API reference: InitiateAuth (NotAuthorizedException)',
  },
  'signin-15': {
    says: 'After disabling, the refresh token is refused.',
    source: 'API reference: AdminDisableUser',
  },
  'signin-16': {
    says: 'AdminDisableProviderForUser with ProviderName Cognito takes the password sign-in away.',
    source: 'API reference: AdminDisableProviderForUser',
  },
  'signin-17': {
    says: 'A missing USERNAME or PASSWORD ends with InvalidParameterException.',
    source: 'API reference: InitiateAuth',
  },
} as const satisfies BehaviourEntries
