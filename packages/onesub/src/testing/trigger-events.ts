import type { TriggerSource } from '../triggers/trigger-sources.ts'

type Texts = Record<string, string>

/** What each trigger is asked, by the first part of its sources (Developer Guide, the page of each trigger). */
interface Requests {
  PreSignUp: { userAttributes: Texts; validationData?: Texts; clientMetadata?: Texts }
  PostConfirmation: { userAttributes: Texts; clientMetadata?: Texts }
  PreAuthentication: { userAttributes: Texts; validationData?: Texts; userNotFound?: boolean }
  PostAuthentication: { userAttributes: Texts; newDeviceUsed: boolean; clientMetadata?: Texts }
  InboundFederation: {
    providerName: string
    providerType: 'OIDC' | 'SAML' | 'Facebook' | 'Google' | 'SignInWithApple' | 'LoginWithAmazon'
    /** As the provider wrote them: the first three with OIDC and social providers, the last one with SAML. */
    attributes: { tokenResponse?: Texts; idToken?: Texts; userInfo?: Texts; samlResponse?: Texts }
  }
  TokenGeneration: {
    userAttributes: Texts
    groupConfiguration: { groupsToOverride?: string[]; iamRolesToOverride?: string[]; preferredRole?: string }
    /** From version 2 on. */
    scopes?: string[]
    clientMetadata?: Texts
  }
  UserMigration: { password: string; validationData?: Texts; clientMetadata?: Texts }
  DefineAuthChallenge: AboutChallenge & { session: PastChallenge[] }
  CreateAuthChallenge: AboutChallenge & { challengeName: string; session: PastChallenge[] }
  VerifyAuthChallengeResponse: AboutChallenge & { privateChallengeParameters: Texts; challengeAnswer: string }
  CustomMessage: {
    userAttributes: Texts
    codeParameter: string
    linkParameter: string
    /** Of an invitation; null with the other sources. */
    usernameParameter: string | null
    clientMetadata?: Texts
  }
  CustomEmailSender: CustomSender<'customEmailSenderRequestV1'>
  CustomSMSSender: CustomSender<'customSMSSenderRequestV1'>
}

interface AboutChallenge {
  userAttributes: Texts
  clientMetadata?: Texts
  userNotFound?: boolean
}

interface PastChallenge {
  challengeName: 'CUSTOM_CHALLENGE'
  challengeResult: boolean
  challengeMetadata?: string
}

interface CustomSender<Type extends string> {
  type: Type
  /** Base64 of what AWS encrypted with the key of the pool. null where there is no code. */
  code: string | null
  userAttributes: Texts
  clientMetadata?: Texts
}

/** The response as it stands before any handler has written to it. */
interface Responses {
  PreSignUp: { autoConfirmUser: boolean; autoVerifyEmail: boolean; autoVerifyPhone: boolean }
  PostConfirmation: Empty
  PreAuthentication: Empty
  PostAuthentication: Empty
  InboundFederation: { userAttributesToMap: Texts }
  /** The first one in version 1, the second one from version 2 on. */
  TokenGeneration: {
    claimsOverrideDetails?: ClaimsOverride | null
    claimsAndScopeOverrideDetails?: ScopesOverride | null
  }
  UserMigration: Empty
  DefineAuthChallenge: { issueTokens: boolean; failAuthentication: boolean; challengeName?: string }
  CreateAuthChallenge: {
    publicChallengeParameters: Texts
    privateChallengeParameters: Texts
    challengeMetadata: string
  }
  VerifyAuthChallengeResponse: { answerCorrect: boolean }
  CustomMessage: { smsMessage: string | null; emailMessage: string | null; emailSubject: string | null }
  CustomEmailSender: Empty
  CustomSMSSender: Empty
}

interface ClaimsOverride {
  claimsToAddOrOverride?: Texts
  claimsToSuppress?: string[]
  groupOverrideDetails?: Requests['TokenGeneration']['groupConfiguration']
}

interface ScopesOverride {
  idTokenGeneration?: Pick<ClaimsOverride, 'claimsToAddOrOverride' | 'claimsToSuppress'>
  accessTokenGeneration?: ScopesOverride['idTokenGeneration'] & { scopesToAdd?: string[]; scopesToSuppress?: string[] }
  groupOverrideDetails?: ClaimsOverride['groupOverrideDetails']
}

type Empty = Record<never, never>
type Trigger = keyof Requests
type TriggerOf<Source extends TriggerSource> = Source extends `${infer Name extends Trigger}_${string}` ? Name : never

export type TriggerRequest<Source extends TriggerSource> = Requests[TriggerOf<Source>]
export type TriggerResponse<Source extends TriggerSource> = Responses[TriggerOf<Source>]

/** An event as Cognito sends it to a trigger (Developer Guide, "Customizing user pool workflows with Lambda triggers"). */
export interface CognitoTriggerEvent<Source extends TriggerSource = TriggerSource> {
  version: '1' | '2' | '3'
  region: string
  userPoolId: string
  userName: string
  callerContext: { awsSdkVersion: string; clientId: string }
  triggerSource: Source
  request: TriggerRequest<Source>
  response: TriggerResponse<Source>
}

export interface TriggerEventsOptions {
  readonly userPoolId: string
  readonly clientId: string
}

export interface TriggerEventOptions<Source extends TriggerSource> {
  /** @default `ada`; `Google_1180` where a provider's profile signs up; the client id where no user is concerned */
  readonly userName?: string
  /** Instead of all default attributes. @default those of a user with an e-mail address, in the state that the source implies */
  readonly userAttributes?: Readonly<Texts>
  /** Instead of single fields of the request. @default none */
  readonly request?: Partial<TriggerRequest<Source>>
  /** Instead of single fields of the response, as if another handler had written to it. @default none */
  readonly response?: Partial<TriggerResponse<Source>>
  /** @default `3` for `TokenGeneration_ClientCredentials`, which has no other version; `1` for all other sources */
  readonly version?: '1' | '2' | '3'
}

export type TriggerEvents = <Source extends TriggerSource>(
  source: Source,
  options?: TriggerEventOptions<Source>,
) => CognitoTriggerEvent<Source>

/**
 * A function that builds the event of any trigger source, for tests of a handler.
 *
 * ```ts
 * const event = createTriggerEvents({ userPoolId: 'eu-west-1_Example01', clientId: 'web' })
 * await handler(event('PreSignUp_SignUp', { userName: 'ada', userAttributes: { email: 'ada@example.com' } }))
 * ```
 *
 * Each call gives a new event, since handlers write to the response. Throws nothing.
 */
export function createTriggerEvents({ userPoolId, clientId }: TriggerEventsOptions): TriggerEvents {
  return (source, options = {}) => {
    const { userName = userNameFor(source, clientId), version = versionOf(source) } = options
    const userAttributes = { ...(options.userAttributes ?? attributesFor(source, userName)) }
    const trigger = triggerOf(source)
    const subject: Subject = { source, version, userAttributes }
    return {
      version,
      region: userPoolId.split('_')[0] ?? '',
      userPoolId,
      userName,
      // Both values as in a real event (localstack/localstack#2964).
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: clientFor(source, clientId) },
      triggerSource: source,
      request: { ...REQUESTS[trigger](subject), ...options.request },
      response: { ...RESPONSES[trigger](subject), ...options.response },
    }
  }
}

/** The compiler does not follow the cut; `TriggerOf` makes the same. */
function triggerOf<Source extends TriggerSource>(source: Source): TriggerOf<Source> {
  return source.slice(0, source.indexOf('_')) as TriggerOf<Source>
}

interface Subject {
  readonly source: TriggerSource
  readonly version: '1' | '2' | '3'
  readonly userAttributes: Texts
}

const REQUESTS: { readonly [Name in Trigger]: (subject: Subject) => Requests[Name] } = {
  PreSignUp: ({ userAttributes }) => ({ userAttributes }),
  PostConfirmation: ({ userAttributes }) => ({ userAttributes }),
  PreAuthentication: ({ userAttributes }) => ({ userAttributes }),
  PostAuthentication: ({ userAttributes }) => ({ userAttributes, newDeviceUsed: false }),
  InboundFederation: () => ({
    providerName: 'Google',
    providerType: 'Google',
    attributes: {
      tokenResponse: { token_type: 'Bearer' },
      idToken: { sub: '1180', email: 'ada@example.com', email_verified: 'true' },
      userInfo: { sub: '1180', email: 'ada@example.com', email_verified: 'true' },
    },
  }),
  TokenGeneration: ({ userAttributes, version }) => ({
    userAttributes,
    groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [] },
    ...(version !== '1' && { scopes: ['openid'] }),
  }),
  UserMigration: ({ source }) => ({ password: source === 'UserMigration_Authentication' ? 'a-password' : '' }),
  DefineAuthChallenge: ({ userAttributes }) => ({ userAttributes, session: [] }),
  CreateAuthChallenge: ({ userAttributes }) => ({ userAttributes, challengeName: 'CUSTOM_CHALLENGE', session: [] }),
  VerifyAuthChallengeResponse: ({ userAttributes }) => ({
    userAttributes,
    privateChallengeParameters: { answer: '42' },
    challengeAnswer: '42',
  }),
  CustomMessage: ({ userAttributes, source }) => ({
    userAttributes,
    codeParameter: '{####}',
    linkParameter: '{##Click Here##}',
    usernameParameter: source === 'CustomMessage_AdminCreateUser' ? '{username}' : null,
  }),
  CustomEmailSender: ({ userAttributes, source }) => ({
    type: 'customEmailSenderRequestV1',
    code: source === 'CustomEmailSender_AccountTakeOverNotification' ? null : ENCRYPTED_CODE,
    userAttributes,
  }),
  CustomSMSSender: ({ userAttributes }) => ({ type: 'customSMSSenderRequestV1', code: ENCRYPTED_CODE, userAttributes }),
}

/** No function can decrypt it; a test of a sender puts its own one in. */
const ENCRYPTED_CODE = Buffer.from('not encrypted by AWS').toString('base64')

const RESPONSES: { readonly [Name in Trigger]: (subject: Subject) => Responses[Name] } = {
  PreSignUp: () => ({ autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false }),
  PostConfirmation: () => ({}),
  PreAuthentication: () => ({}),
  PostAuthentication: () => ({}),
  InboundFederation: () => ({ userAttributesToMap: {} }),
  TokenGeneration: ({ version }) =>
    version === '1' ? { claimsOverrideDetails: null } : { claimsAndScopeOverrideDetails: null },
  UserMigration: () => ({}),
  DefineAuthChallenge: () => ({ issueTokens: false, failAuthentication: false }),
  CreateAuthChallenge: () => ({ publicChallengeParameters: {}, privateChallengeParameters: {}, challengeMetadata: '' }),
  VerifyAuthChallengeResponse: () => ({ answerCorrect: false }),
  CustomMessage: () => ({ smsMessage: null, emailMessage: null, emailSubject: null }),
  CustomEmailSender: () => ({}),
  CustomSMSSender: () => ({}),
}

function userNameFor(source: TriggerSource, clientId: string): string {
  if (source === 'TokenGeneration_ClientCredentials') return clientId
  return source.endsWith('_ExternalProvider') ? 'Google_1180' : 'ada'
}

function versionOf(source: TriggerSource): '1' | '3' {
  return source === 'TokenGeneration_ClientCredentials' ? '3' : '1'
}

/** An administrator's call comes through no client of the pool. */
function clientFor(source: TriggerSource, clientId: string): string {
  return source === 'PreSignUp_AdminCreateUser' ? 'CLIENT_ID_NOT_APPLICABLE' : clientId
}

const EMAIL = 'ada@example.com'

/** Where the user is not one who has confirmed an address. */
const OTHER_ATTRIBUTES: { readonly [Source in TriggerSource]?: (userName: string) => Texts } = {
  PreSignUp_SignUp: () => ({ email: EMAIL }),
  PreSignUp_AdminCreateUser: () => ({ email: EMAIL, email_verified: 'false' }),
  PreSignUp_ExternalProvider: () => ({ 'cognito:email_alias': '', email: EMAIL, email_verified: 'true' }),
  TokenGeneration_ClientCredentials: () => ({}),
  CustomEmailSender_AccountTakeOverNotification: (userName) => ({
    EVENT_ID: '6a1f3f2e-3f0e-4c6b-9f57-0d8f5f3f9f11',
    USER_NAME: userName,
    IP_ADDRESS: '192.0.2.1',
    ACCOUNT_TAKE_OVER_ACTION: 'NO_ACTION',
    ONE_CLICK_LINK_VALID: 'https://example.com/valid',
    ONE_CLICK_LINK_INVALID: 'https://example.com/invalid',
    LOGIN_TIME: '2026-01-01T00:00:00Z',
    FEEDBACK_TOKEN: 'token',
  }),
}

function attributesFor(source: TriggerSource, userName: string): Texts {
  const attributes = OTHER_ATTRIBUTES[source]
  if (attributes) return attributes(userName)
  return { sub: `sub-of-${userName}`, 'cognito:user_status': 'CONFIRMED', email: EMAIL, email_verified: 'true' }
}
