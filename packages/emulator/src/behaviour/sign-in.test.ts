import { createHmac } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminDisableProviderForUserCommand,
  AdminDisableUserCommand,
  AdminInitiateAuthCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  CreateUserPoolClientCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect } from 'vitest'
import { confirmedUser, type OpenPool, PASSWORD, pairs, refusal } from '../testing/open-pool.ts'
import { signInWithGoogle } from '../testing/walk.ts'
import { EMAIL, GOOGLE, shows, useSuite } from './testing/shows.ts'

const suite = useSuite()
const HIDING = { client: { PreventUserExistenceErrors: 'ENABLED' as const } }
const NEW_PASSWORD = 'An0ther-horse'

async function withAda(given = {}) {
  const pool = await suite.open(given)
  await confirmedUser(pool, 'ada', EMAIL)
  return pool
}

const setPassword = ({ sdk, UserPoolId }: OpenPool, Password: string, Permanent: boolean, Username = 'ada') =>
  sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent }))

describe('passwords', () => {
  const signUpWith = async (Password: string, pool = {}) =>
    await refusal((await suite.open({ pool })).signUp('ada', {}, { Password }))

  shows('password-01', async () => {
    for (const weak of ['Aa1!aaa', 'aa1!aaaa', 'AA1!AAAA', 'Aaa!aaaa', 'Aa1aaaaa']) {
      expect(await signUpWith(weak)).toContain('InvalidPasswordException: Password did not conform with policy')
    }
    expect(await signUpWith('Aa1!aaaa')).toBe('no refusal')
  })
  shows('password-02', async () => {
    const Policies = { PasswordPolicy: { MinimumLength: 6 } }
    expect(await signUpWith('aaaaaa', { Policies })).toBe('no refusal')
    expect(await signUpWith('aaaaa', { Policies })).toContain('InvalidPasswordException')
  })
  shows('password-03', async () => {
    const long = (length: number) => `Aa1!${'a'.repeat(length - 4)}`
    expect(await signUpWith(long(257))).toMatch(/Invalid(Password|Parameter)Exception/u)
    expect(await signUpWith(long(256))).toBe('no refusal')
  })
  shows('password-04', async () => {
    const pool = await suite.open()
    await pool.sdk.send(new AdminCreateUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    await setPassword(pool, NEW_PASSWORD, true)
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED' })
    expect(await refusal(pool.signIn('ada', NEW_PASSWORD))).toBe('no refusal')
  })
  shows('password-05', async () => {
    const pool = await withAda()
    await setPassword(pool, NEW_PASSWORD, false)
    expect(await pool.user('ada')).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD' })
    expect((await pool.signIn('ada', NEW_PASSWORD)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
  })
  shows('password-06', async () => {
    const pool = await suite.open()
    await pool.signUp('ada', EMAIL)
    expect(await refusal(setPassword(pool, 'short', true))).toContain('InvalidPasswordException')
    await setPassword(pool, NEW_PASSWORD, true)
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'false' })
  })
  shows('password-07', async () => {
    const pool = await suite.open({ google: GOOGLE })
    await signInWithGoogle(pool, 'ada')
    await setPassword(pool, NEW_PASSWORD, true, 'Google_1099')
    expect(await pool.user('Google_1099')).toMatchObject({ status: 'CONFIRMED' })
    expect(await refusal(pool.signIn('Google_1099', NEW_PASSWORD))).toBe('no refusal')
  })
})

describe('forgotten passwords', () => {
  const forget = ({ sdk, ClientId }: OpenPool, Username = 'ada') =>
    sdk.send(new ForgotPasswordCommand({ ClientId, Username }))
  const reset = ({ sdk, ClientId }: OpenPool, ConfirmationCode: string, Password = NEW_PASSWORD, Username = 'ada') =>
    sdk.send(new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode, Password }))

  shows('forgot-01', async () => {
    const pool = await withAda()
    expect(await forget(pool)).toMatchObject({ CodeDeliveryDetails: { AttributeName: 'email' } })
    await reset(pool, pool.code('ada'))
    expect(await refusal(pool.signIn('ada', NEW_PASSWORD))).toBe('no refusal')
    expect(await refusal(pool.signIn('ada'))).toContain('NotAuthorizedException')
  })
  shows('forgot-02', async () => {
    const pool = await withAda()
    await forget(pool)
    suite.wait(3_600_000)
    expect(await refusal(reset(pool, pool.code('ada')))).toContain('ExpiredCodeException')
  })
  shows('forgot-03', async () => {
    const pool = await withAda()
    const UserAttributes = pairs({ email_verified: 'false' })
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
    await pool.sdk.send(new AdminUpdateUserAttributesCommand({ ...who, UserAttributes }))
    expect(await refusal(forget(pool))).toContain('InvalidParameterException: Cannot reset password for the user')
  })
  shows('forgot-04', async () => {
    const pool = await suite.open({ google: GOOGLE })
    await signInWithGoogle(pool, 'ada')
    const UserAttributes = pairs({ ...EMAIL, email_verified: 'true' })
    await pool.sdk.send(new AdminCreateUserCommand({ UserPoolId: pool.UserPoolId, Username: 'bob', UserAttributes }))
    for (const name of ['Google_1099', 'bob']) {
      expect(await refusal(forget(pool, name))).toBe(
        'NotAuthorizedException: User password cannot be reset in the current state.',
      )
    }
  })
  shows('forgot-05', async () => {
    expect(await forget(await suite.open(HIDING), 'nobody')).toMatchObject({
      CodeDeliveryDetails: { DeliveryMedium: 'EMAIL' },
    })
  })
  shows('forgot-06', async () => {
    const attempt = reset(await suite.open(HIDING), '123456', NEW_PASSWORD, 'nobody')
    expect(await refusal(attempt)).toContain('CodeMismatchException')
  })
  shows('forgot-07', async () => {
    expect(await refusal(forget(await suite.open(), 'nobody'))).toContain('UserNotFoundException')
  })
  shows('forgot-08', async () => {
    const pool = await withAda()
    await forget(pool)
    expect(await refusal(reset(pool, pool.code('ada'), 'short'))).toContain('InvalidPasswordException')
  })
  shows('forgot-09', async () => {
    const pool = await withAda()
    await forget(pool)
    const wrong = pool.code('ada') === '000000' ? '111111' : '000000'
    expect(await refusal(reset(pool, wrong))).toContain('CodeMismatchException')
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })
  const PHONE = { phone_number: '+4915112345678' }
  const inOrder = (...names: readonly ('verified_email' | 'verified_phone_number' | 'admin_only')[]) => ({
    AccountRecoverySetting: { RecoveryMechanisms: names.map((Name, at) => ({ Name, Priority: at + 1 })) },
  })
  /** Ada with whatever of the two is verified. */
  async function reachable(pool: object, verified: readonly ('email' | 'phone_number')[]) {
    const place = await withAda({ pool })
    const flags = Object.fromEntries(['email', 'phone_number'].map((name) => [`${name}_verified`, 'false']))
    const attributes = {
      ...PHONE,
      ...flags,
      ...Object.fromEntries(verified.map((name) => [`${name}_verified`, 'true'])),
    }
    const who = { UserPoolId: place.UserPoolId, Username: 'ada' }
    await place.sdk.send(new AdminUpdateUserAttributesCommand({ ...who, UserAttributes: pairs(attributes) }))
    return place
  }
  const sentTo = async (pool: OpenPool) => {
    const text = await refusal(forget(pool))
    const newest = suite.emulator().inbox(pool.UserPoolId, 'ada').at(-1)
    return text === 'no refusal' ? newest?.destination : text.split(':')[0]
  }
  const BOTH = ['email', 'phone_number'] as const
  shows('forgot-10', async () => {
    expect(await sentTo(await reachable({}, BOTH))).toBe(PHONE.phone_number)
    expect(await sentTo(await reachable({}, ['email']))).toBe(EMAIL.email)
  })
  shows('forgot-11', async () => {
    const [emailFirst, phoneFirst] = [
      inOrder('verified_email', 'verified_phone_number'),
      inOrder('verified_phone_number', 'verified_email'),
    ]
    expect(await sentTo(await reachable(emailFirst, BOTH))).toBe(EMAIL.email)
    expect(await sentTo(await reachable(emailFirst, ['phone_number']))).toBe(PHONE.phone_number)
    expect(await sentTo(await reachable(phoneFirst, BOTH))).toBe(PHONE.phone_number)
    expect(await sentTo(await reachable(phoneFirst, ['email']))).toBe(EMAIL.email)
    expect(await sentTo(await reachable(inOrder('verified_email'), BOTH))).toBe(EMAIL.email)
    expect(await sentTo(await reachable(inOrder('verified_email'), ['phone_number']))).toBe('InvalidParameterException')
    // The order of the list is nothing, the priorities are all.
    const RecoveryMechanisms = emailFirst.AccountRecoverySetting.RecoveryMechanisms.toReversed()
    expect(await sentTo(await reachable({ AccountRecoverySetting: { RecoveryMechanisms } }, BOTH))).toBe(EMAIL.email)
    const twice = { AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 3 }] } }
    for (const wrong of [twice, inOrder('admin_only', 'verified_email'), inOrder('verified_email', 'verified_email')]) {
      expect(await refusal(reachable(wrong, BOTH))).toContain('InvalidParameterException')
    }
  })
  shows('forgot-12', async () => {
    const withFactor = async (factor: 'EmailMfaSettings' | 'SMSMfaSettings', setting: object) => {
      const pool = await reachable({ EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' }, ...setting }, BOTH)
      const { UserPoolId } = pool
      const SmsMfaConfiguration = { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms' } }
      const mfa = { MfaConfiguration: 'OPTIONAL' as const, EmailMfaConfiguration: {}, SmsMfaConfiguration }
      await pool.sdk.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...mfa }))
      const choice = { UserPoolId, Username: 'ada', [factor]: { Enabled: true, PreferredMfa: true } }
      await pool.sdk.send(new AdminSetUserMFAPreferenceCommand(choice))
      return await sentTo(pool)
    }
    const emailFirst = inOrder('verified_email', 'verified_phone_number')
    const phoneFirst = inOrder('verified_phone_number', 'verified_email')
    expect(await withFactor('EmailMfaSettings', emailFirst)).toBe(PHONE.phone_number)
    expect(await withFactor('SMSMfaSettings', emailFirst)).toBe(EMAIL.email)
    expect(await withFactor('SMSMfaSettings', phoneFirst)).toBe(EMAIL.email)
    expect(await withFactor('SMSMfaSettings', inOrder('verified_phone_number'))).toBe('InvalidParameterException')
    expect(await withFactor('SMSMfaSettings', {})).toBe(PHONE.phone_number)
  })
  shows('forgot-13', async () => {
    const pool = await reachable(inOrder('admin_only'), BOTH)
    expect(await sentTo(pool)).toBe('InvalidParameterException')
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
    const byAdministrator = pool.sdk.send(new AdminResetUserPasswordCommand(who))
    expect(await refusal(byAdministrator)).toContain('InvalidParameterException')
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED' })
  })
})

describe('sign-in', () => {
  const refresh = ({ sdk }: OpenPool, ClientId: string, REFRESH_TOKEN = '') =>
    sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN } }))
  const refreshTokenOf = async (pool: OpenPool) => (await pool.signIn('ada')).AuthenticationResult?.RefreshToken

  shows('signin-01', async () => {
    const { AuthenticationResult: result } = await (await withAda()).signIn('ada')
    expect(result).toEqual({
      AccessToken: expect.any(String),
      IdToken: expect.any(String),
      RefreshToken: expect.any(String),
      ExpiresIn: expect.any(Number),
      TokenType: 'Bearer',
    })
  })
  shows('signin-02', async () => {
    const pool = await withAda()
    const text = 'NotAuthorizedException: Incorrect username or password.'
    expect(await refusal(pool.signIn('ada', NEW_PASSWORD))).toBe(text)
  })
  shows('signin-03', async () => {
    const text = 'UserNotFoundException: User does not exist.'
    expect(await refusal((await suite.open()).signIn('nobody'))).toBe(text)
  })
  shows('signin-04', async () => {
    const pool = await withAda(HIDING)
    const text = 'NotAuthorizedException: Incorrect username or password.'
    expect(await refusal(pool.signIn('nobody'))).toBe(text)
    expect(await refusal(pool.signIn('ada', NEW_PASSWORD))).toBe(text)
  })
  shows('signin-05', async () => {
    const pool = await suite.open()
    await pool.signUp('ada', EMAIL)
    expect(await refusal(pool.signIn('ada'))).toBe('UserNotConfirmedException: User is not confirmed.')
    expect(await refusal(pool.signIn('ada', NEW_PASSWORD))).toContain('NotAuthorizedException')
  })
  shows('signin-06', async () => {
    const pool = await withAda()
    const client = { UserPoolId: pool.UserPoolId, ClientName: 'plain' }
    const { UserPoolClient } = await pool.sdk.send(new CreateUserPoolClientCommand(client))
    const AuthParameters = { USERNAME: 'ada', PASSWORD }
    const AuthFlow = 'USER_PASSWORD_AUTH'
    const attempt = new InitiateAuthCommand({ ClientId: UserPoolClient?.ClientId, AuthFlow, AuthParameters })
    expect(await refusal(pool.sdk.send(attempt))).toContain('InvalidParameterException: USER_PASSWORD_AUTH flow')
    expect(UserPoolClient?.ExplicitAuthFlows).toEqual(
      expect.arrayContaining(['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH']),
    )
  })
  shows('signin-07', async () => {
    const { sdk, UserPoolId, ClientId } = await withAda()
    const given = {
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ada', PASSWORD },
    } as const
    const answer = await sdk.send(new AdminInitiateAuthCommand({ UserPoolId, ...given }))
    expect(answer.AuthenticationResult?.AccessToken).toBeTruthy()
    expect(await refusal(sdk.send(new InitiateAuthCommand(given)))).toContain('InvalidParameterException')
  })
  shows('signin-08', async () => {
    const pool = await suite.open({ google: GOOGLE })
    await signInWithGoogle(pool, 'ada')
    expect(await refusal(pool.signIn('Google_1099'))).toContain('NotAuthorizedException')
  })
  shows('signin-09', async () => {
    const pool = await suite.open({ client: { GenerateSecret: true } })
    const text = 'NotAuthorizedException: Client'
    expect(await refusal(pool.signUp('ada'))).toContain(text)
    expect(await refusal(pool.signIn('ada'))).toContain(text)
  })
  shows('signin-10', async () => {
    const { sdk, ClientId, secret } = await suite.open({ client: { GenerateSecret: true } })
    const signUpWith = (SecretHash: string) =>
      sdk.send(new SignUpCommand({ ClientId, Username: 'ada', Password: PASSWORD, SecretHash }))
    expect(await refusal(signUpWith('wrong'))).toContain('NotAuthorizedException: Unable to verify secret hash')
    const hash = createHmac('sha256', secret).update(`ada${ClientId}`).digest('base64')
    expect(await refusal(signUpWith(hash))).toBe('no refusal')
  })
  shows('signin-11', async () => {
    const pool = await withAda({ client: { AccessTokenValidity: 10, TokenValidityUnits: { AccessToken: 'minutes' } } })
    expect((await pool.signIn('ada')).AuthenticationResult?.ExpiresIn).toBe(600)
  })
  shows('signin-12', async () => {
    const pool = await withAda()
    const { AuthenticationResult: result } = await refresh(pool, pool.ClientId, await refreshTokenOf(pool))
    expect(result?.AccessToken).toBeTruthy()
    expect(result?.IdToken).toBeTruthy()
    expect(result?.RefreshToken).toBeUndefined()
  })
  shows('signin-13', async () => {
    const pool = await withAda()
    const token = await refreshTokenOf(pool)
    suite.wait(30 * 86_400_000 - 60_000)
    expect(await refusal(refresh(pool, pool.ClientId, token))).toBe('no refusal')
    suite.wait(60_000)
    expect(await refusal(refresh(pool, pool.ClientId, token))).toContain('NotAuthorizedException')
  })
  shows('signin-14', async () => {
    const [pool, other] = [await withAda(), await withAda()]
    expect(await refusal(refresh(pool, other.ClientId, await refreshTokenOf(pool)))).toContain('NotAuthorizedException')
  })
  shows('signin-15', async () => {
    const pool = await withAda()
    const token = await refreshTokenOf(pool)
    await pool.sdk.send(new AdminDisableUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect(await refusal(refresh(pool, pool.ClientId, token))).toContain('NotAuthorizedException')
  })
  shows('signin-16', async () => {
    const pool = await withAda()
    const User = {
      ProviderName: 'Cognito',
      ProviderAttributeName: 'Cognito_Subject',
      ProviderAttributeValue: 'ada',
    }
    await pool.sdk.send(new AdminDisableProviderForUserCommand({ UserPoolId: pool.UserPoolId, User }))
    expect(await refusal(pool.signIn('ada'))).toContain('NotAuthorizedException')
  })
  shows('signin-17', async () => {
    const pool = await withAda()
    expect(await refusal(pool.signIn(''))).toContain('InvalidParameterException')
    expect(await refusal(pool.signIn('ada', ''))).toContain('InvalidParameterException')
  })
})
