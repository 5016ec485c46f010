import type { BehaviourEntries } from './behaviour.ts'

export const TRIGGERS = {
  'trigger-01': {
    says: 'Every event has version, Region, pool, user name, caller context, source, request and response.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers; localstack/localstack#2964',
  },
  'trigger-02': {
    says: 'At sign-up, PreSignUp gets the attributes as texts, without sub, and validationData null when none is given.',
    source: 'localstack/localstack#2964',
  },
  'trigger-03': {
    says: 'PreSignUp gets the caller’s ValidationData and ClientMetadata.',
    source: 'Developer Guide: user-pool-lambda-pre-sign-up',
  },
  'trigger-04': {
    says: 'A thrown error reaches the client as UserLambdaValidationException with a full stop added.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'trigger-05': {
    says: 'An answer that is no event is “Unrecognizable lambda output”.',
    source: 'amazon-archives/amazon-cognito-identity-js#633',
  },
  'trigger-06': {
    says: 'A function that may not be invoked ends with UnexpectedLambdaException and AccessDeniedException.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'trigger-07': {
    says: 'A trigger that does not answer in time is run again; how often is a switch.',
    source: 'aws-amplify/amplify-js#4805; aws-amplify/amplify-js#13334',
    quirk: 'triggerTimeout',
  },
  'trigger-08': {
    says: 'A trigger has five seconds.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
    quirk: 'triggerTimeLimitMs',
  },
  'trigger-09': {
    says: 'Only response counts: a changed name or attribute in the returned event changes nothing.',
    source: 'aws-amplify/amplify-backend#1665; aws-amplify/amplify-backend#1619',
  },
  'trigger-10': {
    says: 'autoConfirmUser confirms, and runs PostConfirmation in the same call.',
    source: 'KensioSoftware/yulin#462',
  },
  'trigger-11': {
    says: 'autoVerifyEmail without an address is an error.',
    source: 'Developer Guide: user-pool-lambda-pre-sign-up',
  },
  'trigger-12': {
    says: 'The flags of PreSignUp are ignored for AdminCreateUser.',
    source: 'Developer Guide: user-pool-lambda-pre-sign-up',
  },
  'trigger-13': {
    says: 'For AdminCreateUser the client id is CLIENT_ID_NOT_APPLICABLE.',
    source: 'localstack/localstack#2964',
  },
  'trigger-14': {
    says: 'PreSignUp runs before the username is looked up, unless switched.',
    source: 'amazon-archives/amazon-cognito-auth-js#207',
    quirk: 'preSignUpOrder',
  },
  'trigger-15': {
    says: 'PostConfirmation sees sub, status and the verified address.',
    source: 'Developer Guide: user-pool-lambda-post-confirmation',
  },
  'trigger-16': {
    says: 'An error of PostConfirmation does not undo the confirmation.',
    source: 'Developer Guide: user-pool-lambda-post-confirmation',
  },
  'trigger-17': {
    says: 'PostConfirmation runs after a reset password, too, with its own source.',
    source: 'Developer Guide: user-pool-lambda-post-confirmation',
  },
  'trigger-18': {
    says: 'PostConfirmation does not run after AdminCreateUser.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'trigger-19': {
    says: 'AdminConfirmSignUp runs PostConfirmation.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'trigger-20': {
    says: 'PreAuthentication gets the ClientMetadata of InitiateAuth as validationData.',
    source: 'API reference: InitiateAuth (ClientMetadata)',
  },
  'trigger-21': {
    says: 'PreAuthentication can deny a sign-in.',
    source: 'Developer Guide: user-pool-lambda-pre-authentication',
  },
  'trigger-22': {
    says: 'PreAuthentication runs for nobody, with userNotFound, only where the client hides who exists.',
    source: 'Developer Guide: user-pool-lambda-pre-authentication',
  },
  'trigger-23': {
    says: 'An error of PostAuthentication withholds the tokens.',
    source: 'Developer Guide: user-pool-lambda-post-authentication',
  },
  'trigger-24': {
    says: 'PostAuthentication says whether the device is new.',
    source: 'Developer Guide: user-pool-lambda-post-authentication',
  },
  'trigger-25': {
    says: 'Refreshing runs PreTokenGeneration alone.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'trigger-26': {
    says: 'AdminSetUserPassword and AdminDeleteUser run no trigger.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'trigger-27': {
    says: 'A new password at the first sign-in runs PreTokenGeneration with its own source.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
  'trigger-28': {
    says: 'VerifyUserAttribute runs no trigger.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'trigger-29': {
    says: 'For AdminConfirmSignUp the client id is CLIENT_ID_NOT_APPLICABLE.',
    source: 'KensioSoftware/yulin: docs, Cognito, triggers; localstack/localstack#2964',
  },
  'trigger-30': {
    says: 'RESEND runs CustomMessage_AdminCreateUser and no PreSignUp.',
    source: 'API reference: AdminCreateUser; Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'trigger-31': {
    says: 'An invited user runs PreSignUp, CustomMessage and the sign-in triggers, and never PostConfirmation.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'trigger-32': {
    says: 'AdminResetUserPassword runs CustomMessage_ForgotPassword, and the new password PostConfirmation.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'trigger-33': {
    says: 'A sign-up without a password runs PostConfirmation and then the triggers of a sign-in.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers; API reference: ConfirmSignUp',
  },
  'trigger-34': {
    says: 'The largest set of attributes reaches the triggers as it is: 50 custom ones of 2,048 characters.',
    source: 'Developer Guide: quotas; Developer Guide: user-pool-settings-attributes',
  },
  'trigger-35': {
    says: 'ForceAliasCreation runs the triggers of the new holder only, and shows the address as verified.',
    source: 'API reference: ConfirmSignUp; Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
} as const satisfies BehaviourEntries

export const TOKEN_TRIGGER = {
  'pretoken-01': {
    says: 'Version 1 changes the ID token and not the access token.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
  'pretoken-02': {
    says: 'Version 2 changes both tokens.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
  'pretoken-03': {
    says: 'Version 2 adds and suppresses scopes.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
  'pretoken-04': {
    says: 'Identity and time claims cannot be changed or suppressed: no duplicate can carry another user’s sub.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
  'pretoken-05': {
    says: 'Suppressing wins over adding.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
  'pretoken-06': {
    says: 'Overridden groups reach both tokens.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
  'pretoken-07': {
    says: 'An empty group override removes the groups.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
  'pretoken-08': {
    says: 'The event names the groups the user is in, and no roles.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
  'pretoken-09': {
    says: 'Version 2 sees the scopes, version 1 does not.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
  'pretoken-10': {
    says: 'Version 2 claims may be numbers, booleans, lists and objects.',
    source: 'Developer Guide: user-pool-lambda-pre-token-generation',
  },
} as const satisfies BehaviourEntries
