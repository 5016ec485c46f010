import type { BehaviourEntries } from './behaviour.ts'

export const SIGN_UP = {
  'signup-01': {
    says: 'A new user is UNCONFIRMED, and the code goes to the auto-verified address, shown masked.',
    source: 'API reference: SignUp',
  },
  'signup-02': { says: 'A taken username ends with UsernameExistsException.', source: 'API reference: SignUp' },
  'signup-03': {
    says: 'Where only administrators create users, SignUp ends with NotAuthorizedException.',
    source: 'API reference: AdminCreateUserConfigType',
  },
  'signup-04': {
    says: 'A username has 1 to 128 characters and no white space.',
    source: 'API reference: SignUp',
  },
  'signup-05': {
    says: 'When e-mail and phone are both auto-verified, the code goes to the phone.',
    source: 'Developer Guide: user-pool-settings-email-phone-verification',
  },
  'signup-06': {
    says: 'Where nothing is auto-verified, no code is sent.',
    source: 'Developer Guide: user-pool-settings-email-phone-verification',
  },
  'signup-07': {
    says: 'Nobody can declare the own address verified.',
    source: 'API reference: CreateUserPoolClient (WriteAttributes)',
  },
  'signup-08': {
    says: 'A missing required attribute ends with InvalidParameterException.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'signup-09': { says: 'An unknown app client ends with ResourceNotFoundException.', source: 'API reference: SignUp' },
  'signup-10': {
    says: 'SignUp tells that a name is taken even where the client hides who exists.',
    source: 'Developer Guide: cognito-user-pool-managing-errors',
  },
  'signup-11': { says: 'UserSub is the attribute sub of the new user.', source: 'API reference: SignUp' },
} as const satisfies BehaviourEntries

export const CONFIRMATION = {
  'confirm-01': {
    says: 'The right code makes the user CONFIRMED and the address verified.',
    source: 'API reference: ConfirmSignUp',
  },
  'confirm-02': {
    says: 'A wrong code ends with CodeMismatchException and changes nothing.',
    source: 'API reference: ConfirmSignUp',
  },
  'confirm-03': { says: 'The code is good for 24 hours.', source: 'Developer Guide: quotas' },
  'confirm-04': {
    says: 'A confirmed user cannot be confirmed again.',
    source: 'API reference: ConfirmSignUp (NotAuthorizedException)',
  },
  'confirm-05': {
    says: 'AdminConfirmSignUp confirms the person without verifying the address.',
    source: 'API reference: AdminConfirmSignUp',
  },
  'confirm-06': {
    says: 'A code sent again replaces the earlier one.',
    source: 'API reference: ResendConfirmationCode',
  },
  'confirm-07': {
    says: 'To a confirmed user no code is sent again.',
    source: 'API reference: ResendConfirmationCode (InvalidParameterException)',
  },
  'confirm-08': {
    says: 'Where the client hides who exists, sending again to nobody answers a simulated delivery.',
    source: 'Developer Guide: cognito-user-pool-managing-errors',
  },
  'confirm-09': { says: 'Confirming nobody ends with UserNotFoundException.', source: 'API reference: ConfirmSignUp' },
  'confirm-10': {
    says: 'The confirmation proves only the address the code went to.',
    source: 'Developer Guide: user-pool-settings-email-phone-verification',
  },
} as const satisfies BehaviourEntries

export const INVITATION = {
  'invite-01': {
    says: 'AdminCreateUser makes a user in FORCE_CHANGE_PASSWORD.',
    source: 'API reference: AdminCreateUser',
  },
  'invite-02': {
    says: 'The temporary password goes by SMS unless DesiredDeliveryMediums says EMAIL.',
    source: 'API reference: AdminCreateUser',
  },
  'invite-03': { says: 'MessageAction SUPPRESS sends nothing.', source: 'API reference: AdminCreateUser' },
  'invite-04': {
    says: 'RESEND gives a new temporary password to a user who still waits, and to no other.',
    source: 'API reference: AdminCreateUser (UnsupportedUserStateException)',
  },
  'invite-05': {
    says: 'A taken username ends with “User account already exists”.',
    source: 'localstack/localstack#4465',
  },
  'invite-06': {
    says: 'The first sign-in asks for a new password and then gives tokens.',
    source: 'API reference: AdminInitiateAuth (NEW_PASSWORD_REQUIRED)',
  },
  'invite-07': {
    says: 'A temporary password dies after seven days.',
    source: 'API reference: PasswordPolicyType (TemporaryPasswordValidityDays)',
  },
  'invite-08': {
    says: 'Required attributes may be left out at creation and are asked for with the new password.',
    source: 'API reference: AdminCreateUser; API reference: AdminRespondToAuthChallenge',
  },
  'invite-09': {
    says: 'An administrator may declare addresses verified at creation.',
    source: 'API reference: AdminCreateUser',
  },
  'invite-10': {
    says: 'A challenge session is good for three minutes.',
    source: 'API reference: CreateUserPoolClient (AuthSessionValidity)',
  },
  'invite-11': {
    says: 'The new password must meet the policy, and the challenge can be tried again.',
    source: 'API reference: RespondToAuthChallenge (InvalidPasswordException)',
  },
  'invite-12': {
    says: 'Administrators can create users where SignUp is closed.',
    source: 'API reference: AdminCreateUserConfigType',
  },
  'invite-13': {
    says: 'Where a code can stand in for it, a user who is given no temporary password has none and is CONFIRMED.',
    source: 'API reference: AdminCreateUser',
  },
  'invite-14': {
    says: 'An address that is written in the answer to NEW_PASSWORD_REQUIRED is not verified.',
    source: 'API reference: RespondToAuthChallenge; Developer Guide: user-pool-settings-email-phone-verification',
  },
  'invite-15': {
    says: 'An attribute that is required, or the sign-in name, and has a value cannot be written in that answer.',
    source: 'API reference: RespondToAuthChallenge',
  },
} as const satisfies BehaviourEntries

export const ACCOUNTS = {
  'account-01': {
    says: 'GetUser shows only attributes the client may read.',
    source: 'API reference: GetUser',
  },
  'account-02': {
    says: 'A deleted user’s token finds nobody.',
    source: 'API reference: GetUser (UserNotFoundException)',
  },
  'account-03': {
    says: 'After deletion the username is free, and the next user of that name has another sub.',
    source: 'API reference: AdminDeleteUser',
  },
  'account-04': { says: 'Users can delete themselves.', source: 'API reference: DeleteUser' },
  'account-05': {
    says: 'Disabling revokes the access tokens and refuses sign-in with “User is disabled.”',
    source: 'API reference: AdminDisableUser',
  },
  'account-06': {
    says: 'Disabled users stay in ListUsers.',
    source: 'API reference: AdminDisableUser',
  },
  'account-07': { says: 'An enabled user can sign in again.', source: 'API reference: AdminEnableUser' },
  'account-08': {
    says: 'The sub of a local user works as Username.',
    source: 'API reference: AdminGetUser',
  },
  'account-09': {
    says: 'AdminGetUser says UserAttributes where ListUsers says Attributes.',
    source: 'API reference: AdminGetUser; API reference: UserType',
  },
  'account-10': {
    says: 'A token that is not ours is invalid.',
    source: 'API reference: GetUser (NotAuthorizedException)',
  },
  'account-11': {
    says: 'GetUser needs the scope aws.cognito.signin.user.admin.',
    source: 'API reference: GetUser',
  },
  'account-13': {
    says: 'Who deletes the own account can come back, by a provider that was linked or by the form, as another user.',
    source: 'API reference: DeleteUser; API reference: AdminDisableProviderForUser',
  },
  'account-12': {
    says: 'An unknown user ends with UserNotFoundException “User does not exist.”',
    source: 'API reference: AdminGetUser',
  },
} as const satisfies BehaviourEntries
