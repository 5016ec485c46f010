import {
  AdminUpdateUserAttributesCommand,
  AssociateSoftwareTokenCommand,
  type AuthFlowType,
  type ChallengeNameType,
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js'
import { describe, expect } from 'vitest'
import { totpAt } from '../state/totp.ts'
import { confirmedUser, type Given, type OpenPool, PASSWORD, pairs, refusal } from '../testing/open-pool.ts'
import { arnOf, EMAIL, shows, useSuite } from './testing/shows.ts'

let now = Date.parse('2026-01-01T00:00:00Z')
const suite = useSuite({ clock: () => now })

type Texts = Readonly<Record<string, string>>

const begin = ({ sdk, ClientId }: OpenPool, AuthFlow: AuthFlowType, more: Texts = {}) =>
  sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow, AuthParameters: { USERNAME: 'ada', ...more } }))

function answer(pool: OpenPool, name: ChallengeNameType, Session: string | undefined, responses: Texts) {
  const ChallengeResponses = { USERNAME: 'ada', ...responses }
  const given = { ClientId: pool.ClientId, ChallengeName: name, Session, ChallengeResponses }
  return pool.sdk.send(new RespondToAuthChallengeCommand(given))
}

async function withAda(given: Given = {}) {
  const pool = await suite.open(given)
  await confirmedUser(pool, 'ada', { ...EMAIL, phone_number: '+4915112345678' })
  return pool
}

describe('SRP', () => {
  const client = { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH' as const] }
  const publicValue = { SRP_A: 'abcdef' }

  /** The browser library of AWS, unchanged; it calculates the proof. */
  function signIn({ UserPoolId, ClientId }: OpenPool, Password: string): Promise<unknown> {
    const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: suite.emulator().endpoint })
    const user = new CognitoUser({ Username: 'ada', Pool })
    return new Promise((onSuccess, onFailure) => {
      const details = new AuthenticationDetails({ Username: 'ada', Password })
      user.authenticateUser(details, { onSuccess, onFailure })
    })
  }

  shows('srp-01', async () => {
    const pool = await withAda({ client })
    expect(await refusal(signIn(pool, PASSWORD))).toBe('no refusal')
    expect(await refusal(pool.signIn('ada'))).toContain('USER_PASSWORD_AUTH flow not enabled')
  })
  shows('srp-02', async () => {
    const text = 'NotAuthorizedException: Incorrect username or password.'
    expect(await refusal(signIn(await withAda({ client }), `${PASSWORD}!`))).toBe(text)
  })
  shows('srp-03', async () => {
    const pool = await suite.open({ client, pool: { UsernameAttributes: ['email'] } })
    const USER_ID_FOR_SRP = await confirmedUser(pool, EMAIL.email, {})
    const asked = await begin(pool, 'USER_SRP_AUTH', { USERNAME: EMAIL.email, ...publicValue })
    expect(asked).toMatchObject({ ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters: { USER_ID_FOR_SRP } })
    expect(USER_ID_FOR_SRP).not.toBe(EMAIL.email)
  })
  shows('srp-04', async () => {
    const pool = await withAda({ client })
    for (const SRP_A of ['0', '00']) {
      expect(await refusal(begin(pool, 'USER_SRP_AUTH', { SRP_A }))).toContain('InvalidParameterException')
    }
  })
  shows('srp-05', async () => {
    const pool = await withAda()
    expect(await refusal(begin(pool, 'USER_SRP_AUTH', publicValue))).toContain('InvalidParameterException')
  })
  shows('srp-06', async () => {
    const pool = await withAda({ client })
    const { Session } = await begin(pool, 'USER_SRP_AUTH', publicValue)
    const proof = {
      TIMESTAMP: 'Thu Jan 1 00:00:00 UTC 2026',
      PASSWORD_CLAIM_SECRET_BLOCK: 'eA==',
      PASSWORD_CLAIM_SIGNATURE: 'eA==',
    }
    const prove = () => refusal(answer(pool, 'PASSWORD_VERIFIER', Session, proof))
    expect(await prove()).toContain('Incorrect username or password')
    expect(await prove()).toContain('Invalid session')
  })
})

describe('second factors', () => {
  const BY_SMS = { SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sns' } } }
  const BY_APP = { SoftwareTokenMfaConfiguration: { Enabled: true } }
  const BY_EMAIL = { EmailMfaConfiguration: { Message: 'Your code: {####}', Subject: 'Code' } }
  const codeNow = (secret = '') => totpAt(secret, Math.floor(now / 30_000))
  const other = (code: string) => (code === '000000' ? '000001' : '000000')

  async function mfaPool(config: Partial<SetUserPoolMfaConfigCommandInput>, pool: Given['pool'] = {}) {
    const place = await withAda({ pool })
    const { UserPoolId, sdk } = place
    await sdk.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...config }))
    return place
  }
  const accessOf = async (pool: OpenPool) => (await pool.signIn('ada')).AuthenticationResult?.AccessToken
  const turnOn = ({ sdk }: OpenPool, AccessToken: string | undefined) =>
    sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true } }))

  async function appPool() {
    const pool = await mfaPool({ MfaConfiguration: 'OPTIONAL', ...BY_APP })
    const AccessToken = await accessOf(pool)
    const { SecretCode } = await pool.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }))
    await pool.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: codeNow(SecretCode) }))
    now += 60_000
    await turnOn(pool, AccessToken)
    const type = async (SOFTWARE_TOKEN_MFA_CODE: string) =>
      answer(pool, 'SOFTWARE_TOKEN_MFA', (await pool.signIn('ada')).Session, { SOFTWARE_TOKEN_MFA_CODE })
    return { pool, type, code: () => codeNow(SecretCode) }
  }

  shows('mfa-01', async () => {
    const { pool, type, code } = await appPool()
    const { ChallengeName, AuthenticationResult } = await pool.signIn('ada')
    expect([ChallengeName, AuthenticationResult]).toEqual(['SOFTWARE_TOKEN_MFA', undefined])
    expect((await type(code())).AuthenticationResult?.AccessToken).toBeTruthy()
  })
  shows('mfa-02', async () => {
    const { type, code } = await appPool()
    expect(await refusal(type(other(code())))).toContain('CodeMismatchException')
    expect(await refusal(type(code()))).toBe('no refusal')
    expect(await refusal(type(code()))).toContain('ExpiredCodeException')
  })
  shows('mfa-03', async () => {
    const pool = await mfaPool({ MfaConfiguration: 'OPTIONAL', ...BY_APP })
    const AccessToken = await accessOf(pool)
    const { SecretCode } = await pool.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }))
    expect(await refusal(turnOn(pool, AccessToken))).toContain('InvalidParameterException')
    await pool.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: codeNow(SecretCode) }))
    expect(await refusal(turnOn(pool, AccessToken))).toBe('no refusal')
  })
  shows('mfa-04', async () => {
    const pool = await mfaPool({ MfaConfiguration: 'ON', ...BY_APP })
    const first = await pool.signIn('ada')
    expect(first.ChallengeName).toBe('MFA_SETUP')
    const app = await pool.sdk.send(new AssociateSoftwareTokenCommand({ Session: first.Session }))
    const UserCode = codeNow(app.SecretCode)
    const { Session } = await pool.sdk.send(new VerifySoftwareTokenCommand({ Session: app.Session, UserCode }))
    expect((await answer(pool, 'MFA_SETUP', Session, {})).AuthenticationResult?.IdToken).toBeTruthy()
  })
  shows('mfa-05', async () => {
    const pool = await mfaPool({ MfaConfiguration: 'OPTIONAL', ...BY_SMS })
    const AccessToken = await accessOf(pool)
    await pool.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, SMSMfaSettings: { Enabled: true } }))
    const { ChallengeName, Session, ChallengeParameters } = await pool.signIn('ada')
    expect(ChallengeName).toBe('SMS_MFA')
    expect(ChallengeParameters).toMatchObject({ CODE_DELIVERY_DESTINATION: '+*******5678' })
    const SMS_MFA_CODE = pool.code('ada')
    const type = (code: string) => refusal(answer(pool, 'SMS_MFA', Session, { SMS_MFA_CODE: code }))
    expect(await type(other(SMS_MFA_CODE))).toContain('CodeMismatchException')
    expect(await type(SMS_MFA_CODE)).toBe('no refusal')
    expect(await type(SMS_MFA_CODE)).toContain('NotAuthorizedException')
  })
  shows('mfa-06', async () => {
    const pool = await mfaPool({ MfaConfiguration: 'ON', ...BY_EMAIL })
    const { ChallengeName, Session } = await pool.signIn('ada')
    expect(ChallengeName).toBe('EMAIL_OTP')
    const done = await answer(pool, 'EMAIL_OTP', Session, { EMAIL_OTP_CODE: pool.code('ada') })
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy()
  })
  shows('mfa-07', async () => {
    const pool = await mfaPool({ MfaConfiguration: 'ON', ...BY_EMAIL, ...BY_SMS })
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
    const UserAttributes = pairs({ phone_number_verified: 'true' })
    await pool.sdk.send(new AdminUpdateUserAttributesCommand({ ...who, UserAttributes }))
    const { ChallengeName, Session } = await pool.signIn('ada')
    expect(ChallengeName).toBe('SELECT_MFA_TYPE')
    expect((await answer(pool, 'SELECT_MFA_TYPE', Session, { ANSWER: 'SMS_MFA' })).ChallengeName).toBe('SMS_MFA')
  })
  shows('mfa-08', async () => {
    const lite = mfaPool({ MfaConfiguration: 'ON', ...BY_EMAIL }, { UserPoolTier: 'LITE' })
    expect(await refusal(lite)).toContain('FeatureUnavailableInTierException')
  })
})

describe('choice-based sign-in', () => {
  const client = { ExplicitAuthFlows: ['ALLOW_USER_AUTH' as const] }
  const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD' as const, 'EMAIL_OTP' as const] } }
  const choicePool = (pool: Given['pool'] = { Policies }) => withAda({ pool, client })

  shows('choice-01', async () => {
    const offered = async (pool: OpenPool) => (await begin(pool, 'USER_AUTH')).AvailableChallenges
    expect(await offered(await choicePool())).toEqual(['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP'])
    expect(await offered(await choicePool({}))).toEqual(['PASSWORD', 'PASSWORD_SRP'])
  })
  shows('choice-02', async () => {
    const pool = await choicePool()
    const { Session } = await begin(pool, 'USER_AUTH')
    const asked = await answer(pool, 'SELECT_CHALLENGE', Session, { ANSWER: 'EMAIL_OTP' })
    const done = await answer(pool, 'EMAIL_OTP', asked.Session, { EMAIL_OTP_CODE: pool.code('ada') })
    expect(done.AuthenticationResult?.IdToken).toBeTruthy()
  })
  shows('choice-03', async () => {
    const pool = await choicePool()
    const direct = await begin(pool, 'USER_AUTH', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD })
    expect(direct.AuthenticationResult?.IdToken).toBeTruthy()
    const mailed = await begin(pool, 'USER_AUTH', { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
    expect(mailed.ChallengeName).toBe('EMAIL_OTP')
  })
  shows('choice-04', async () => {
    const asked = await begin(await choicePool(), 'USER_AUTH', { PREFERRED_CHALLENGE: 'SMS_OTP' })
    expect(asked.ChallengeName).toBe('SELECT_CHALLENGE')
  })
  shows('choice-05', async () => {
    const pool = await choicePool({})
    const { Session } = await begin(pool, 'USER_AUTH')
    const wrong = answer(pool, 'SELECT_CHALLENGE', Session, { ANSWER: 'EMAIL_OTP' })
    expect(await refusal(wrong)).toContain('InvalidParameterException')
  })
  shows('choice-06', async () => {
    const lite = await choicePool({ UserPoolTier: 'LITE' })
    expect(await refusal(begin(lite, 'USER_AUTH'))).toContain('FeatureUnavailableInTierException')
  })
  const SLOTS = ['PreSignUp', 'PostConfirmation', 'PreAuthentication', 'PostAuthentication', 'PreTokenGeneration']
  const triggered = (slots = SLOTS) => suite.triggered(slots, (event) => event, { pool: { Policies }, client })
  const sourcesOf = (pool: OpenPool) => suite.eventsOf(pool).map(({ source }) => source)
  const bare = { Password: undefined }
  const startWith = (pool: OpenPool, Session: string | undefined, more: Texts = {}, ClientId = pool.ClientId) =>
    pool.sdk.send(
      new InitiateAuthCommand({
        ClientId,
        Session,
        AuthFlow: 'USER_AUTH',
        AuthParameters: { USERNAME: 'ada', ...more },
      }),
    )
  async function confirmedSession(pool: OpenPool) {
    const { Session } = await pool.signUp('ada', EMAIL, bare)
    const proof = { ClientId: pool.ClientId, Username: 'ada', ConfirmationCode: pool.code('ada') }
    return { first: Session, next: (await pool.sdk.send(new ConfirmSignUpCommand({ ...proof, Session }))).Session }
  }

  shows('choice-07', async () => {
    const pool = await suite.open({ pool: { Policies }, client })
    expect(await refusal(pool.signUp('ada', EMAIL, bare))).toBe('no refusal')
    expect(await refusal(pool.signUp('bob', EMAIL, { Password: '' }))).toBe('no refusal')
    expect(await refusal(pool.signUp('eve', EMAIL, { Password: 'short' }))).toContain('InvalidPasswordException')
    await pool.confirm('ada')
    expect((await begin(pool, 'USER_AUTH')).AvailableChallenges).toEqual(['EMAIL_OTP'])
    const plain = await suite.open({ client })
    expect(await refusal(plain.signUp('ada', EMAIL, bare))).toContain('InvalidParameterException')
  })
  shows('choice-08', async () => {
    const pool = await suite.open({ pool: { Policies }, client })
    const { first, next } = await confirmedSession(pool)
    expect([first, next].every((session) => session !== undefined)).toBe(true)
    const wrong = 'NotAuthorizedException: Invalid session for the user.'
    expect(await refusal(startWith(pool, first))).toBe(wrong)
    const before = suite.emulator().inbox(pool.UserPoolId, 'ada').length
    expect((await startWith(pool, next)).AuthenticationResult?.IdToken).toBeTruthy()
    expect(suite.emulator().inbox(pool.UserPoolId, 'ada')).toHaveLength(before)
    expect(await refusal(startWith(pool, next))).toBe(wrong)
    // Neither before the code, nor for somebody else, nor by another client, nor after its time.
    const { Session } = await pool.signUp('bob', { email: 'bob@example.com' }, bare)
    expect(await refusal(startWith(pool, Session, { USERNAME: 'bob' }))).toBe(wrong)
    const other = await suite.open({ pool: { Policies }, client })
    const late = (await confirmedSession(other)).next
    await confirmedUser(other, 'bob', { email: 'bob@example.com' })
    expect(await refusal(startWith(other, late, { USERNAME: 'bob' }))).toBe(wrong)
    const { UserPoolId, sdk } = other
    const second = await sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'second', ...client }))
    expect(await refusal(startWith(other, late, {}, second.UserPoolClient?.ClientId))).toBe(wrong)
    now += 181_000
    expect(await refusal(startWith(other, late))).toBe(wrong)
    const closed = await suite.open({ pool: { Policies } })
    expect((await closed.signUp('ada', EMAIL, bare)).Session).toBeUndefined()
  })
  shows('choice-09', async () => {
    const pool = await triggered(['PreAuthentication', 'PostAuthentication', 'CustomMessage'])
    await confirmedUser(pool, 'ada', EMAIL)
    const { Session } = await begin(pool, 'USER_AUTH', { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
    const asked = ['CustomMessage_SignUp', 'PreAuthentication_Authentication', 'CustomMessage_Authentication']
    expect(sourcesOf(pool)).toEqual(asked)
    await refusal(answer(pool, 'EMAIL_OTP', Session, { EMAIL_OTP_CODE: 'wrong' }))
    expect(sourcesOf(pool)).toEqual(asked)
    await answer(pool, 'EMAIL_OTP', Session, { EMAIL_OTP_CODE: pool.code('ada') })
    expect(sourcesOf(pool)).toEqual([...asked, 'PostAuthentication_Authentication'])
  })
  shows('choice-10', async () => {
    const pool = await choicePool()
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
    const UserAttributes = pairs({ email_verified: 'false' })
    await pool.sdk.send(new AdminUpdateUserAttributesCommand({ ...who, UserAttributes }))
    expect((await begin(pool, 'USER_AUTH')).AvailableChallenges).toEqual(['PASSWORD', 'PASSWORD_SRP'])
  })
  shows('trigger-33', async () => {
    const pool = await triggered()
    await startWith(pool, (await confirmedSession(pool)).next)
    expect(sourcesOf(pool)).toEqual([
      'PreSignUp_SignUp',
      'PostConfirmation_ConfirmSignUp',
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_Authentication',
    ])
    expect(suite.eventsOf(pool)[1]?.event).toMatchObject({
      request: { userAttributes: { ...EMAIL, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' } },
    })
  })
})

interface ChallengeEvent {
  readonly request: {
    readonly session: readonly { readonly challengeResult: boolean }[]
    readonly challengeAnswer: string
    readonly privateChallengeParameters: { readonly answer: string }
  }
}

describe('custom challenges', () => {
  /** A riddle that may be tried twice. */
  const parts = {
    DefineAuthChallenge: ({ request: { session } }: ChallengeEvent) => ({
      challengeName: 'CUSTOM_CHALLENGE',
      issueTokens: session.at(-1)?.challengeResult ?? false,
      failAuthentication: session.length >= 2,
    }),
    CreateAuthChallenge: () => ({
      publicChallengeParameters: { riddle: 'What has four legs in the morning?' },
      privateChallengeParameters: { answer: 'man' },
      challengeMetadata: 'RIDDLE',
    }),
    VerifyAuthChallengeResponse: ({ request }: ChallengeEvent) => ({
      answerCorrect: request.challengeAnswer === request.privateChallengeParameters.answer,
    }),
  }
  async function riddlePool(client: Given['client'] = {}) {
    for (const [name, respond] of Object.entries(parts)) {
      suite.emulator().setTrigger(name, (event: ChallengeEvent) => ({ ...event, response: respond(event) }))
    }
    const LambdaConfig = Object.fromEntries(Object.keys(parts).map((name) => [name, arnOf(name)]))
    return await withAda({ pool: { LambdaConfig }, client: { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'], ...client } })
  }
  const riddle = (pool: OpenPool, more: Texts = {}) => begin(pool, 'CUSTOM_AUTH', more)
  const guess = (pool: OpenPool, Session: string | undefined, ANSWER: string, more: Texts = {}) =>
    answer(pool, 'CUSTOM_CHALLENGE', Session, { ANSWER, ...more })
  const definesOf = (pool: OpenPool) => suite.eventsOf(pool).filter(({ source }) => source.startsWith('Define'))

  shows('custom-01', async () => {
    const pool = await riddlePool()
    const { Session } = await riddle(pool)
    expect((await guess(pool, Session, 'man')).AuthenticationResult?.AccessToken).toBeTruthy()
    expect(suite.eventsOf(pool).map(({ source }) => source.replace('_Authentication', ''))).toEqual([
      'DefineAuthChallenge',
      'CreateAuthChallenge',
      'VerifyAuthChallengeResponse',
      'DefineAuthChallenge',
    ])
  })
  shows('custom-02', async () => {
    const { ChallengeParameters } = await riddle(await riddlePool())
    expect(ChallengeParameters).toEqual({ riddle: 'What has four legs in the morning?', USERNAME: 'ada' })
  })
  shows('custom-03', async () => {
    const pool = await riddlePool()
    const second = await guess(pool, (await riddle(pool)).Session, 'horse')
    expect(second.ChallengeName).toBe('CUSTOM_CHALLENGE')
    const step = { challengeName: 'CUSTOM_CHALLENGE', challengeResult: false, challengeMetadata: 'RIDDLE' }
    expect(definesOf(pool).map(({ event }) => Object(event).request.session)).toEqual([[], [step]])
  })
  shows('custom-04', async () => {
    const pool = await riddlePool()
    const second = await guess(pool, (await riddle(pool)).Session, 'horse')
    const text = 'NotAuthorizedException: Incorrect username or password.'
    expect(await refusal(guess(pool, second.Session, 'table'))).toBe(text)
  })
  shows('custom-05', async () => {
    const nobody = { USERNAME: 'nobody' }
    const pool = await riddlePool({ PreventUserExistenceErrors: 'ENABLED' })
    const { Session } = await riddle(pool, nobody)
    expect(definesOf(pool).at(-1)?.event).toMatchObject({ request: { userNotFound: true } })
    expect(await refusal(guess(pool, Session, 'man', nobody))).toContain('NotAuthorizedException')
  })
  shows('custom-06', async () => {
    const pool = await withAda({ client: { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'] } })
    expect(await refusal(riddle(pool))).toContain('InvalidParameterException')
  })
})
