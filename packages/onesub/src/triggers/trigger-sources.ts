/**
 * Every trigger source that Cognito sends (developer guide, "Customizing user pool workflows with Lambda triggers"), and what it is to us.
 * `passes`: nothing is decided there, the event goes back untouched. A source that is not in this table is refused, never guessed.
 */
export const TRIGGER_SOURCES = {
  PreSignUp_SignUp: 'native-sign-up',
  PreSignUp_AdminCreateUser: 'admin-creation',
  PreSignUp_ExternalProvider: 'federation',
  PostConfirmation_ConfirmSignUp: 'sign-up-confirmed',
  PostConfirmation_ConfirmForgotPassword: 'recovery-confirmed',

  PreAuthentication_Authentication: 'passes',
  PostAuthentication_Authentication: 'signed-in',
  InboundFederation_ExternalProvider: 'inbound-federation',

  TokenGeneration_HostedAuth: 'token-generation',
  TokenGeneration_Authentication: 'token-generation',
  TokenGeneration_NewPasswordChallenge: 'token-generation',
  TokenGeneration_AuthenticateDevice: 'token-generation',
  TokenGeneration_RefreshTokens: 'token-generation',
  // A machine is nobody.
  TokenGeneration_ClientCredentials: 'passes',

  UserMigration_Authentication: 'passes',
  UserMigration_ForgotPassword: 'passes',

  DefineAuthChallenge_Authentication: 'passes',
  CreateAuthChallenge_Authentication: 'passes',
  VerifyAuthChallengeResponse_Authentication: 'passes',

  CustomMessage_SignUp: 'passes',
  CustomMessage_AdminCreateUser: 'passes',
  CustomMessage_ResendCode: 'passes',
  CustomMessage_ForgotPassword: 'passes',
  CustomMessage_UpdateUserAttribute: 'passes',
  CustomMessage_VerifyUserAttribute: 'passes',
  CustomMessage_Authentication: 'passes',

  CustomEmailSender_SignUp: 'passes',
  CustomEmailSender_ResendCode: 'passes',
  CustomEmailSender_ForgotPassword: 'passes',
  CustomEmailSender_UpdateUserAttribute: 'passes',
  CustomEmailSender_VerifyUserAttribute: 'passes',
  CustomEmailSender_AdminCreateUser: 'passes',
  CustomEmailSender_Authentication: 'passes',
  CustomEmailSender_AccountTakeOverNotification: 'passes',

  CustomSMSSender_SignUp: 'passes',
  CustomSMSSender_ResendCode: 'passes',
  CustomSMSSender_ForgotPassword: 'passes',
  CustomSMSSender_UpdateUserAttribute: 'passes',
  CustomSMSSender_VerifyUserAttribute: 'passes',
  CustomSMSSender_AdminCreateUser: 'passes',
  CustomSMSSender_Authentication: 'passes',
} as const

export type TriggerSource = keyof typeof TRIGGER_SOURCES
export type TriggerPhase = (typeof TRIGGER_SOURCES)[TriggerSource]

export function isTriggerSource(text: string): text is TriggerSource {
  return Object.hasOwn(TRIGGER_SOURCES, text)
}
