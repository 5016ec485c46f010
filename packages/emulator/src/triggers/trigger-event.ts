import type { JsonRecord } from '../shared/json.ts'
import { identitiesText } from '../state/identities.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'

/** The keys of LambdaConfig (API reference: LambdaConfigType). */
export type TriggerSlot =
  | 'PreSignUp'
  | 'PostConfirmation'
  | 'PreAuthentication'
  | 'PostAuthentication'
  | 'PreTokenGeneration'
  | 'InboundFederation'
  | 'UserMigration'
  | 'CustomMessage'
  | 'DefineAuthChallenge'
  | 'CreateAuthChallenge'
  | 'VerifyAuthChallengeResponse'
  | 'CustomEmailSender'
  | 'CustomSMSSender'

export type PreSignUpSource = 'SignUp' | 'AdminCreateUser' | 'ExternalProvider'
export type ConfirmationSource = 'ConfirmSignUp' | 'ConfirmForgotPassword'
export type MigrationSource = 'Authentication' | 'ForgotPassword'
export type ChallengeSlot = 'DefineAuthChallenge' | 'CreateAuthChallenge' | 'VerifyAuthChallengeResponse'
export type SenderSlot = 'CustomEmailSender' | 'CustomSMSSender'
export type MessageSource =
  | 'SignUp'
  | 'AdminCreateUser'
  | 'ResendCode'
  | 'ForgotPassword'
  | 'UpdateUserAttribute'
  | 'VerifyUserAttribute'
  | 'Authentication'
export type TokenSource =
  | 'TokenGeneration_HostedAuth'
  | 'TokenGeneration_Authentication'
  | 'TokenGeneration_NewPasswordChallenge'
  | 'TokenGeneration_RefreshTokens'

/** Every `triggerSource` that the emulator sends (Developer Guide: cognito-user-pools-working-with-lambda-triggers). */
export type TriggerSource =
  | `PreSignUp_${PreSignUpSource}`
  | `PostConfirmation_${ConfirmationSource}`
  | 'PreAuthentication_Authentication'
  | 'PostAuthentication_Authentication'
  | `UserMigration_${MigrationSource}`
  | `${ChallengeSlot}_Authentication`
  | `CustomMessage_${MessageSource}`
  | `${SenderSlot}_${MessageSource}`
  | 'InboundFederation_ExternalProvider'
  | TokenSource

export interface TriggerEvent {
  readonly version: string
  readonly region: string
  readonly userPoolId: string
  readonly userName: string
  readonly callerContext: { readonly awsSdkVersion: string; readonly clientId: string }
  readonly triggerSource: TriggerSource
  readonly request: JsonRecord
  readonly response: JsonRecord
}

interface Particulars {
  readonly pool: Pool
  readonly clientId: string | undefined
  readonly userName: string
  readonly triggerSource: TriggerSource
  readonly request: JsonRecord
  readonly response: JsonRecord
  readonly version?: string
}

/** The envelope all triggers share. Developer Guide: cognito-user-pools-working-with-lambda-triggers. */
export function triggerEvent({ pool, clientId, ...rest }: Particulars): TriggerEvent {
  return {
    version: '1',
    region: pool.configuration.region,
    userPoolId: pool.id,
    // Both values as in the real event quoted in localstack/localstack#2964.
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: clientId ?? 'CLIENT_ID_NOT_APPLICABLE' },
    ...rest,
  }
}

/** A stored user's attributes as triggers see them: strings throughout, `identities` as a JSON text. */
export function attributesForTriggers(pool: Pool, user: User): Readonly<Record<string, string>> {
  const identities = identitiesText(user)
  return {
    sub: user.sub,
    'cognito:user_status': user.status,
    ...Object.fromEntries(pool.shown(user.attributes)),
    ...(identities === undefined ? {} : { identities }),
  }
}
