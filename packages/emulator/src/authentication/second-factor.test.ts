import {
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateUserAttributesCommand,
  AssociateSoftwareTokenCommand,
  type ChallengeNameType,
  GetUserPoolMfaConfigCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { totpAt } from '../state/totp.ts'
import { confirmedUser, type OpenPool, openPool, PASSWORD, pairs, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
let now = Date.parse('2026-01-01T00:00:00Z')
beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now })
})
afterAll(() => emulator.close())

const SMS = { SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sns' } } }
const TOKEN = { SoftwareTokenMfaConfiguration: { Enabled: true } }
const EMAIL = { EmailMfaConfiguration: { Message: 'Your code: {####}', Subject: 'Code' } }
const codeNow = (secret: string) => totpAt(secret, Math.floor(now / 30_000))

async function poolWithMfa(config: Partial<SetUserPoolMfaConfigCommandInput>, tier = {}, client = {}) {
  const pool = await openPool(emulator, { pool: tier, client })
  await pool.sdk.send(new SetUserPoolMfaConfigCommand({ UserPoolId: pool.UserPoolId, ...config }))
  await confirmedUser(pool, 'ada', { email: 'ada@example.com', phone_number: '+4915112345678' })
  return pool
}

const access = async (pool: OpenPool) => (await pool.signIn('ada')).AuthenticationResult?.AccessToken

function answer(pool: OpenPool, name: ChallengeNameType, Session: string | undefined, responses: object) {
  const ChallengeResponses = { USERNAME: 'ada', ...responses }
  const { ClientId } = pool
  return pool.sdk.send(
    new RespondToAuthChallengeCommand({ ClientId, ChallengeName: name, Session, ChallengeResponses }),
  )
}

/** Ada's authenticator app, connected; answers its secret. */
async function connectApp(pool: OpenPool): Promise<string> {
  const AccessToken = await access(pool)
  const { SecretCode = '' } = await pool.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }))
  await pool.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: codeNow(SecretCode) }))
  now += 60_000
  const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
  await pool.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }))
  return SecretCode
}

describe('an authenticator app (RFC 6238, on the emulator’s clock)', () => {
  it('stands before the tokens once the user has chosen it', async () => {
    const pool = await poolWithMfa({ MfaConfiguration: 'OPTIONAL', ...TOKEN })
    const secret = await connectApp(pool)
    const { ChallengeName, Session, AuthenticationResult } = await pool.signIn('ada')
    expect([ChallengeName, AuthenticationResult]).toEqual(['SOFTWARE_TOKEN_MFA', undefined])
    const done = await answer(pool, 'SOFTWARE_TOKEN_MFA', Session, { SOFTWARE_TOKEN_MFA_CODE: codeNow(secret) })
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy()
    const user = await pool.sdk.send(new AdminGetUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect(user).toMatchObject({
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
      PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
    })
  })

  it('refuses wrong, old and used codes, and gives another try', async () => {
    const pool = await poolWithMfa({ MfaConfiguration: 'OPTIONAL', ...TOKEN })
    const secret = await connectApp(pool)
    const sign = async (code: string, session?: string) => {
      const Session = session ?? (await pool.signIn('ada')).Session
      return await refusal(answer(pool, 'SOFTWARE_TOKEN_MFA', Session, { SOFTWARE_TOKEN_MFA_CODE: code }))
    }
    const { Session } = await pool.signIn('ada')
    const code = codeNow(secret)
    const wrong = code === '000000' ? '000001' : '000000'
    expect(await sign(wrong, Session)).toBe('CodeMismatchException: Invalid code or auth state for the user.')
    expect(await sign(code, Session)).toBe('no refusal')
    expect(await sign(code)).toBe('ExpiredCodeException: Your software token has already been used once.')
    now += 120_000
    expect(await sign(code)).toContain('CodeMismatchException')
    expect(await sign(codeNow(secret))).toBe('no refusal')
  })

  it('works with amazon-cognito-identity-js, after SRP', async () => {
    const ExplicitAuthFlows = ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH'] as const
    const pool = await poolWithMfa({ MfaConfiguration: 'OPTIONAL', ...TOKEN }, {}, { ExplicitAuthFlows })
    const secret = await connectApp(pool)
    const { UserPoolId, ClientId } = pool
    const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: emulator.endpoint })
    const user = new CognitoUser({ Username: 'ada', Pool })
    const signedIn = new Promise((resolve, reject) => {
      const callbacks = {
        onSuccess: resolve,
        onFailure: reject,
        totpRequired: () => user.sendMFACode(codeNow(secret), callbacks, 'SOFTWARE_TOKEN_MFA'),
      }
      user.authenticateUser(new AuthenticationDetails({ Username: 'ada', Password: PASSWORD }), callbacks)
    })
    expect(await refusal(signedIn)).toBe('no refusal')
  })

  it('is proven by a first code before it can be turned on', async () => {
    const pool = await poolWithMfa({ MfaConfiguration: 'OPTIONAL', ...TOKEN })
    const AccessToken = await access(pool)
    const turnOn = () =>
      pool.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true } }))
    expect(await refusal(turnOn())).toContain('User has not verified software token mfa')
    const verify = (UserCode: string) => pool.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }))
    expect(await refusal(verify('123456'))).toContain('SoftwareTokenMFANotFoundException')
    const { SecretCode = '' } = await pool.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }))
    expect(await refusal(verify(totpAt(SecretCode, 1)))).toBe('EnableSoftwareTokenMFAException: Code mismatch')
    expect((await verify(codeNow(SecretCode))).Status).toBe('SUCCESS')
    expect(await refusal(turnOn())).toBe('no refusal')
  })

  it('is set up during the sign-in where the pool demands a second factor', async () => {
    const pool = await poolWithMfa({ MfaConfiguration: 'ON', ...TOKEN })
    const first = await pool.signIn('ada')
    expect(first.ChallengeName).toBe('MFA_SETUP')
    expect(first.ChallengeParameters?.MFAS_CAN_SETUP).toBe('["SOFTWARE_TOKEN_MFA"]')
    expect(await refusal(answer(pool, 'MFA_SETUP', first.Session, {}))).toContain('InvalidParameterException')
    const app = await pool.sdk.send(new AssociateSoftwareTokenCommand({ Session: first.Session }))
    const UserCode = codeNow(app.SecretCode ?? '')
    const verified = await pool.sdk.send(new VerifySoftwareTokenCommand({ Session: app.Session, UserCode }))
    const done = await answer(pool, 'MFA_SETUP', verified.Session, {})
    expect(done.AuthenticationResult?.IdToken).toBeTruthy()
    expect((await pool.signIn('ada')).ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
  })
})

describe('codes by SMS and e-mail', () => {
  it('an SMS code arrives in the inbox and is good once', async () => {
    const pool = await poolWithMfa({ MfaConfiguration: 'OPTIONAL', ...SMS })
    const AccessToken = await access(pool)
    await pool.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, SMSMfaSettings: { Enabled: true } }))
    const { ChallengeName, Session, ChallengeParameters } = await pool.signIn('ada')
    expect(ChallengeName).toBe('SMS_MFA')
    expect(ChallengeParameters).toMatchObject({
      CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
      CODE_DELIVERY_DESTINATION: '+*******5678',
    })
    const code = pool.code('ada')
    const wrong = code === '000000' ? '000001' : '000000'
    expect(await refusal(answer(pool, 'SMS_MFA', Session, { SMS_MFA_CODE: wrong }))).toContain('CodeMismatchException')
    expect(await refusal(answer(pool, 'SMS_MFA', Session, { SMS_MFA_CODE: code }))).toBe('no refusal')
    expect(await refusal(answer(pool, 'SMS_MFA', Session, { SMS_MFA_CODE: code }))).toContain('Invalid session')
  })

  it('the challenge waits three minutes, or as long as the client says (AuthSessionValidity)', async () => {
    const pool = await poolWithMfa({ MfaConfiguration: 'ON', ...EMAIL })
    const { Session } = await pool.signIn('ada')
    now += 3 * 60_000
    const late = answer(pool, 'EMAIL_OTP', Session, { EMAIL_OTP_CODE: pool.code('ada') })
    expect(await refusal(late)).toContain('Invalid session')
  })

  it('demanded by the pool, a verified address is enough', async () => {
    const pool = await poolWithMfa({ MfaConfiguration: 'ON', ...EMAIL })
    const { ChallengeName, Session } = await pool.signIn('ada')
    expect(ChallengeName).toBe('EMAIL_OTP')
    const done = await answer(pool, 'EMAIL_OTP', Session, { EMAIL_OTP_CODE: pool.code('ada') })
    expect(done.AuthenticationResult?.AccessToken).toBeTruthy()
  })

  it('with several factors and no preference the user chooses', async () => {
    const pool = await poolWithMfa({ MfaConfiguration: 'ON', ...EMAIL, ...SMS })
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
    const UserAttributes = pairs({ phone_number_verified: 'true' })
    await pool.sdk.send(new AdminUpdateUserAttributesCommand({ ...who, UserAttributes }))
    const first = await pool.signIn('ada')
    expect(first.ChallengeName).toBe('SELECT_MFA_TYPE')
    expect(first.ChallengeParameters?.MFAS_CAN_CHOOSE).toBe('["SMS_MFA","EMAIL_OTP"]')
    const wrong = answer(pool, 'SELECT_MFA_TYPE', first.Session, { ANSWER: 'SOFTWARE_TOKEN_MFA' })
    expect(await refusal(wrong)).toContain('InvalidParameterException')
    const chosen = await answer(pool, 'SELECT_MFA_TYPE', first.Session, { ANSWER: 'SMS_MFA' })
    expect(chosen.ChallengeName).toBe('SMS_MFA')
    const EmailMfaSettings = { Enabled: true, PreferredMfa: true }
    await pool.sdk.send(new AdminSetUserMFAPreferenceCommand({ ...who, EmailMfaSettings }))
    expect((await pool.signIn('ada')).ChallengeName).toBe('EMAIL_OTP')
  })
})

describe('SetUserPoolMfaConfig (API reference)', () => {
  it('is given back, and needs a factor to be more than OFF', async () => {
    const pool = await poolWithMfa({ MfaConfiguration: 'OPTIONAL', ...TOKEN, ...EMAIL })
    const { UserPoolId, sdk } = pool
    expect(await sdk.send(new GetUserPoolMfaConfigCommand({ UserPoolId }))).toMatchObject({
      MfaConfiguration: 'OPTIONAL',
      ...TOKEN,
      ...EMAIL,
    })
    const bare = new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration: 'ON' })
    expect(await refusal(sdk.send(bare))).toContain('InvalidParameterException')
  })

  it('leaves e-mail codes to the Essentials plan', async () => {
    const lite = poolWithMfa({ MfaConfiguration: 'ON', ...EMAIL }, { UserPoolTier: 'LITE' })
    expect(await refusal(lite)).toContain('FeatureUnavailableInTierException')
  })
})
