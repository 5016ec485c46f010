import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminLinkProviderForUserCommand,
  ConfirmSignUpCommand,
  DeleteUserCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { describe, expect } from 'vitest'
import { confirmedUser, type OpenPool, PASSWORD, pairs, refusal, unpaired } from '../testing/open-pool.ts'
import { arrive, exchange, signInWithGoogle } from '../testing/walk.ts'
import { EMAIL, GOOGLE, shows, useSuite } from './testing/shows.ts'

const suite = useSuite()
const DAY = 86_400_000
const HIDING = { client: { PreventUserExistenceErrors: 'ENABLED' as const } }
const PHONE = { phone_number: '+491701234567' }

describe('sign-up', () => {
  shows('signup-01', async () => {
    const pool = await suite.open()
    const answer = await pool.signUp('ada', EMAIL)
    expect(answer).toMatchObject({
      UserConfirmed: false,
      CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'a***@e***' },
    })
    expect(await pool.user('ada')).toMatchObject({ status: 'UNCONFIRMED', email_verified: 'false' })
    expect(pool.code('ada')).toMatch(/^[0-9]{6}$/u)
  })
  shows('signup-02', async () => {
    const pool = await suite.open()
    await pool.signUp('ada')
    expect(await refusal(pool.signUp('ada'))).toBe('UsernameExistsException: User already exists')
  })
  shows('signup-03', async () => {
    const pool = await suite.open({ pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } })
    expect(await refusal(pool.signUp('ada'))).toContain('NotAuthorizedException')
  })
  shows('signup-04', async () => {
    const pool = await suite.open()
    for (const name of ['a'.repeat(129), 'a b']) {
      expect(await refusal(pool.signUp(name))).toContain('InvalidParameterException')
    }
    expect(await refusal(pool.signUp('a'.repeat(128)))).toBe('no refusal')
  })
  shows('signup-05', async () => {
    const pool = await suite.open({ pool: { AutoVerifiedAttributes: ['email', 'phone_number'] } })
    const { CodeDeliveryDetails } = await pool.signUp('ada', { ...EMAIL, ...PHONE })
    expect(CodeDeliveryDetails).toMatchObject({ AttributeName: 'phone_number', DeliveryMedium: 'SMS' })
  })
  shows('signup-06', async () => {
    const pool = await suite.open({ pool: { AutoVerifiedAttributes: [] } })
    expect(await pool.signUp('ada', EMAIL)).not.toHaveProperty('CodeDeliveryDetails')
    expect(suite.emulator().inbox(pool.UserPoolId, 'ada')).toEqual([])
  })
  shows('signup-07', async () => {
    const pool = await suite.open()
    const claim = pool.signUp('ada', { ...EMAIL, email_verified: 'true' })
    expect(await refusal(claim)).toContain('NotAuthorizedException: A client attempted to write unauthorized attribute')
  })
  shows('signup-08', async () => {
    const pool = await suite.open({ pool: { Schema: [{ Name: 'email', Required: true }] } })
    expect(await refusal(pool.signUp('ada'))).toContain('InvalidParameterException')
  })
  shows('signup-09', async () => {
    const { sdk } = await suite.open()
    const command = new SignUpCommand({ ClientId: 'unknown', Username: 'ada', Password: PASSWORD })
    expect(await refusal(sdk.send(command))).toContain('ResourceNotFoundException')
  })
  shows('signup-10', async () => {
    const pool = await suite.open(HIDING)
    await pool.signUp('ada')
    expect(await refusal(pool.signUp('ada'))).toContain('UsernameExistsException')
  })
  shows('signup-11', async () => {
    const pool = await suite.open()
    const { UserSub } = await pool.signUp('ada')
    expect(await pool.user('ada')).toMatchObject({ sub: UserSub })
  })
})

describe('confirmation', () => {
  const confirmWith = ({ sdk, ClientId }: OpenPool, Username: string, ConfirmationCode: string) =>
    sdk.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }))
  const resend = ({ sdk, ClientId }: OpenPool, Username: string) =>
    sdk.send(new ResendConfirmationCodeCommand({ ClientId, Username }))
  const another = (code: string) => (code === '000000' ? '111111' : '000000')

  async function withAda(given = {}) {
    const pool = await suite.open(given)
    await pool.signUp('ada', EMAIL)
    return pool
  }
  shows('confirm-01', async () => {
    const pool = await withAda()
    await pool.confirm('ada')
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED', email_verified: 'true' })
  })
  shows('confirm-02', async () => {
    const pool = await withAda()
    const wrong = confirmWith(pool, 'ada', another(pool.code('ada')))
    expect(await refusal(wrong)).toContain('CodeMismatchException: Invalid verification code provided')
    expect(await pool.user('ada')).toMatchObject({ status: 'UNCONFIRMED', email_verified: 'false' })
  })
  shows('confirm-03', async () => {
    const pool = await withAda()
    suite.wait(DAY)
    expect(await refusal(pool.confirm('ada'))).toContain('ExpiredCodeException')
  })
  shows('confirm-04', async () => {
    const pool = await withAda()
    await pool.confirm('ada')
    const text = 'NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED'
    expect(await refusal(pool.confirm('ada'))).toBe(text)
  })
  shows('confirm-05', async () => {
    const pool = await withAda()
    await pool.sdk.send(new AdminConfirmSignUpCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED', email_verified: 'false' })
  })
  shows('confirm-06', async () => {
    const pool = await withAda()
    const first = pool.code('ada')
    do await resend(pool, 'ada')
    while (pool.code('ada') === first)
    expect(await refusal(confirmWith(pool, 'ada', first))).toContain('CodeMismatchException')
    expect(await refusal(pool.confirm('ada'))).toBe('no refusal')
  })
  shows('confirm-07', async () => {
    const pool = await withAda()
    await pool.confirm('ada')
    expect(await refusal(resend(pool, 'ada'))).toContain('InvalidParameterException')
  })
  shows('confirm-08', async () => {
    const pool = await suite.open(HIDING)
    expect(await resend(pool, 'nobody')).toMatchObject({ CodeDeliveryDetails: { DeliveryMedium: 'EMAIL' } })
  })
  shows('confirm-09', async () => {
    const pool = await suite.open()
    expect(await refusal(confirmWith(pool, 'nobody', '123456'))).toContain('UserNotFoundException')
  })
  shows('confirm-10', async () => {
    const pool = await suite.open({ pool: { AutoVerifiedAttributes: ['email', 'phone_number'] } })
    await pool.signUp('ada', { ...EMAIL, ...PHONE })
    await pool.confirm('ada')
    expect(await pool.user('ada')).toMatchObject({ phone_number_verified: 'true', email_verified: 'false' })
  })
})

describe('invitation', () => {
  const TemporaryPassword = 'Temp0rary-horse'
  const invite = ({ sdk, UserPoolId }: OpenPool, more: Partial<AdminCreateUserCommandInput> = {}) =>
    sdk.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ada', TemporaryPassword, ...more }))
  const sent = ({ UserPoolId }: OpenPool) => suite.emulator().inbox(UserPoolId, 'ada')
  const both = pairs({ ...EMAIL, ...PHONE })

  async function answer(pool: OpenPool, NEW_PASSWORD: string, more: Record<string, string> = {}, Session?: string) {
    const session = Session ?? (await pool.signIn('ada', TemporaryPassword)).Session
    const ChallengeResponses = { USERNAME: 'ada', NEW_PASSWORD, ...more }
    const ChallengeName = 'NEW_PASSWORD_REQUIRED'
    const { ClientId } = pool
    return await pool.sdk.send(
      new RespondToAuthChallengeCommand({ ClientId, ChallengeName, Session: session, ChallengeResponses }),
    )
  }

  shows('invite-01', async () => {
    const pool = await suite.open()
    expect((await invite(pool)).User).toMatchObject({ UserStatus: 'FORCE_CHANGE_PASSWORD', Enabled: true })
  })
  shows('invite-02', async () => {
    const [bySms, byMail] = [await suite.open(), await suite.open()]
    await invite(bySms, { UserAttributes: both })
    await invite(byMail, { UserAttributes: both, DesiredDeliveryMediums: ['EMAIL'] })
    expect(sent(bySms)).toMatchObject([{ medium: 'SMS', code: TemporaryPassword }])
    expect(sent(byMail)).toMatchObject([{ medium: 'EMAIL', code: TemporaryPassword }])
  })
  shows('invite-03', async () => {
    const pool = await suite.open()
    await invite(pool, { UserAttributes: both, MessageAction: 'SUPPRESS' })
    expect(sent(pool)).toEqual([])
  })
  shows('invite-04', async () => {
    const pool = await suite.open()
    await invite(pool)
    const again = { MessageAction: 'RESEND', TemporaryPassword: 'An0ther-horse' } as const
    await invite(pool, again)
    expect(await refusal(pool.signIn('ada', TemporaryPassword))).toContain('NotAuthorizedException')
    expect((await pool.signIn('ada', 'An0ther-horse')).ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
    await pool.signUp('bob')
    expect(await refusal(invite(pool, { ...again, Username: 'bob' }))).toContain('UnsupportedUserStateException')
  })
  shows('invite-05', async () => {
    const pool = await suite.open()
    await invite(pool)
    expect(await refusal(invite(pool))).toBe('UsernameExistsException: User account already exists')
  })
  shows('invite-06', async () => {
    const pool = await suite.open()
    await invite(pool)
    expect((await pool.signIn('ada', TemporaryPassword)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
    expect((await answer(pool, PASSWORD)).AuthenticationResult?.AccessToken).toBeTruthy()
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED' })
  })
  shows('invite-07', async () => {
    const pool = await suite.open()
    await invite(pool)
    suite.wait(7 * DAY)
    expect(await refusal(pool.signIn('ada', TemporaryPassword))).toContain('Temporary password has expired')
  })
  shows('invite-08', async () => {
    const pool = await suite.open({ pool: { Schema: [{ Name: 'name', Required: true }] } })
    await invite(pool)
    const { ChallengeParameters } = await pool.signIn('ada', TemporaryPassword)
    expect(JSON.parse(ChallengeParameters?.requiredAttributes ?? '')).toEqual(['userAttributes.name'])
    expect(await refusal(answer(pool, PASSWORD))).toContain('InvalidParameterException')
    await answer(pool, PASSWORD, { 'userAttributes.name': 'Ada' })
    expect(await pool.user('ada')).toMatchObject({ name: 'Ada' })
  })
  shows('invite-09', async () => {
    const pool = await suite.open()
    await invite(pool, { UserAttributes: pairs({ ...EMAIL, email_verified: 'true' }) })
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'true' })
  })
  shows('invite-10', async () => {
    const pool = await suite.open()
    await invite(pool)
    const { Session } = await pool.signIn('ada', TemporaryPassword)
    suite.wait(3 * 60_000)
    expect(await refusal(answer(pool, PASSWORD, {}, Session))).toContain('NotAuthorizedException: Invalid session')
  })
  shows('invite-11', async () => {
    const pool = await suite.open()
    await invite(pool)
    const { Session } = await pool.signIn('ada', TemporaryPassword)
    expect(await refusal(answer(pool, 'short', {}, Session))).toContain('InvalidPasswordException')
    expect(await refusal(answer(pool, PASSWORD, {}, Session))).toBe('no refusal')
  })
  shows('invite-12', async () => {
    const pool = await suite.open({ pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } })
    expect(await refusal(invite(pool))).toBe('no refusal')
  })
  shows('invite-13', async () => {
    const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD' as const, 'EMAIL_OTP' as const] } }
    const client = { ExplicitAuthFlows: ['ALLOW_USER_AUTH' as const] }
    const pool = await suite.open({ pool: { Policies }, client })
    const bare = { TemporaryPassword: undefined, UserAttributes: pairs({ ...EMAIL, email_verified: 'true' }) }
    const { User } = await invite(pool, { ...bare, DesiredDeliveryMediums: ['EMAIL'] })
    expect(User).toMatchObject({ UserStatus: 'CONFIRMED' })
    expect(sent(pool)).toMatchObject([{ medium: 'EMAIL', code: '', body: 'Your username is ada.' }])
    const AuthParameters = { USERNAME: 'ada' }
    const { ClientId } = pool
    const asked = await pool.sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_AUTH', AuthParameters }))
    expect(asked.AvailableChallenges).toEqual(['EMAIL_OTP'])
    const unreachable = invite(pool, { ...bare, UserAttributes: [], Username: 'bob' })
    expect(await refusal(unreachable)).toContain('InvalidParameterException')
    const eve = { Username: 'eve', UserAttributes: pairs({ email: 'eve@example.com' }) }
    expect((await invite(pool, eve)).User).toMatchObject({ UserStatus: 'FORCE_CHANGE_PASSWORD' })
    // Who had a password gets another one.
    const again = { Username: 'eve', TemporaryPassword: undefined, DesiredDeliveryMediums: ['EMAIL' as const] }
    await invite(pool, { ...again, MessageAction: 'RESEND' })
    expect(await pool.user('eve')).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD' })
    expect(pool.code('eve').length).toBeGreaterThanOrEqual(8)
  })
  shows('invite-14', async () => {
    const written = { 'userAttributes.email': 'eve@example.com' }
    for (const UserAttributes of [[], pairs({ ...EMAIL, email_verified: 'true' })]) {
      const pool = await suite.open()
      await invite(pool, { UserAttributes })
      await answer(pool, PASSWORD, written)
      expect(await pool.user('ada')).toMatchObject({ email: 'eve@example.com', email_verified: 'false' })
    }
    const kept = await suite.open()
    await invite(kept, { UserAttributes: pairs({ ...EMAIL, email_verified: 'true' }) })
    await answer(kept, PASSWORD, { 'userAttributes.email': EMAIL.email })
    expect(await kept.user('ada')).toMatchObject({ ...EMAIL, email_verified: 'true' })
  })
  shows('invite-15', async () => {
    const requiring = await suite.open({ pool: { Schema: [{ Name: 'email', Required: true, Mutable: true }] } })
    const byEmail = await suite.open({ pool: { UsernameAttributes: ['email'] } })
    for (const [pool, Username] of [
      [requiring, 'ada'],
      [byEmail, EMAIL.email],
    ] as const) {
      await invite(pool, { Username, UserAttributes: pairs(EMAIL) })
      const { Session } = await pool.signIn(Username, TemporaryPassword)
      for (const email of ['eve@example.com', EMAIL.email]) {
        const written = answer(pool, PASSWORD, { USERNAME: Username, 'userAttributes.email': email }, Session)
        expect(await refusal(written)).toBe('NotAuthorizedException: Cannot modify an already provided email')
      }
      expect(await pool.user(Username)).toMatchObject({ ...EMAIL, status: 'FORCE_CHANGE_PASSWORD' })
      expect(await refusal(answer(pool, PASSWORD, { USERNAME: Username }, Session))).toBe('no refusal')
    }
    // What was required and missing is what the answer is there for.
    const missing = await suite.open({ pool: { Schema: [{ Name: 'email', Required: true, Mutable: true }] } })
    await invite(missing)
    expect(await refusal(answer(missing, PASSWORD, { 'userAttributes.email': EMAIL.email }))).toBe('no refusal')
  })
})

describe('accounts', () => {
  async function signedIn(given = {}) {
    const pool = await suite.open(given)
    const sub = await confirmedUser(pool, 'ada', { ...EMAIL, name: 'Ada' })
    const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken ?? ''
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
    return { pool, sub, AccessToken, who }
  }
  shows('account-01', async () => {
    const { pool, AccessToken } = await signedIn({ client: { ReadAttributes: ['name'] } })
    const { UserAttributes } = await pool.sdk.send(new GetUserCommand({ AccessToken }))
    expect(Object.keys(unpaired(UserAttributes))).toEqual(['sub', 'name'])
  })
  shows('account-02', async () => {
    const { pool, AccessToken, who } = await signedIn()
    await pool.sdk.send(new AdminDeleteUserCommand(who))
    expect(await refusal(pool.sdk.send(new GetUserCommand({ AccessToken })))).toContain('UserNotFoundException')
  })
  shows('account-03', async () => {
    const { pool, sub, who } = await signedIn()
    await pool.sdk.send(new AdminDeleteUserCommand(who))
    expect((await pool.signUp('ada')).UserSub).not.toBe(sub)
  })
  shows('account-04', async () => {
    const { pool, AccessToken } = await signedIn()
    await pool.sdk.send(new DeleteUserCommand({ AccessToken }))
    expect(await refusal(pool.user('ada'))).toContain('UserNotFoundException')
  })
  shows('account-05', async () => {
    const { pool, AccessToken, who } = await signedIn()
    await pool.sdk.send(new AdminDisableUserCommand(who))
    expect(await refusal(pool.sdk.send(new GetUserCommand({ AccessToken })))).toContain('NotAuthorizedException')
    expect(await refusal(pool.signIn('ada'))).toBe('NotAuthorizedException: User is disabled.')
  })
  shows('account-06', async () => {
    const { pool, who } = await signedIn()
    await pool.sdk.send(new AdminDisableUserCommand(who))
    const { Users } = await pool.sdk.send(new ListUsersCommand({ UserPoolId: pool.UserPoolId }))
    expect(Users).toMatchObject([{ Username: 'ada', Enabled: false }])
  })
  shows('account-07', async () => {
    const { pool, who } = await signedIn()
    await pool.sdk.send(new AdminDisableUserCommand(who))
    await pool.sdk.send(new AdminEnableUserCommand(who))
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })
  shows('account-08', async () => {
    const { pool, sub } = await signedIn()
    expect(await pool.user(sub)).toMatchObject({ username: 'ada' })
  })
  shows('account-09', async () => {
    const { pool, who } = await signedIn()
    const one = await pool.sdk.send(new AdminGetUserCommand(who))
    const { Users } = await pool.sdk.send(new ListUsersCommand({ UserPoolId: pool.UserPoolId }))
    expect(Users?.[0]?.Attributes).toEqual(one.UserAttributes)
  })
  shows('account-10', async () => {
    const { pool } = await signedIn()
    const forged = pool.sdk.send(new GetUserCommand({ AccessToken: 'a.b.c' }))
    expect(await refusal(forged)).toBe('NotAuthorizedException: Invalid Access Token')
  })
  shows('account-11', async () => {
    const pool = await suite.open({ google: GOOGLE })
    const callback = await arrive(pool, 'ada', { scope: 'openid email' })
    const { access_token } = {
      access_token: '',
      ...(await exchange(pool, callback.searchParams.get('code') ?? '')).body,
    }
    const call = pool.sdk.send(new GetUserCommand({ AccessToken: String(access_token) }))
    expect(await refusal(call)).toContain('NotAuthorizedException: Access Token does not have required scopes')
  })
  shows('account-12', async () => {
    const pool = await suite.open()
    expect(await refusal(pool.user('nobody'))).toBe('UserNotFoundException: User does not exist.')
  })
  shows('account-13', async () => {
    const { pool, sub, AccessToken } = await signedIn({ google: GOOGLE })
    const side = (ProviderName: string, ProviderAttributeValue: string) => ({
      ProviderName,
      ProviderAttributeName: 'Cognito_Subject',
      ProviderAttributeValue,
    })
    const { UserPoolId } = pool
    const sides = { SourceUser: side('Google', '1099'), DestinationUser: side('Cognito', 'ada') }
    await pool.sdk.send(new AdminLinkProviderForUserCommand({ UserPoolId, ...sides }))
    expect(decodeJwt(String((await signInWithGoogle(pool, 'ada')).id_token)).sub).toBe(sub)
    await pool.sdk.send(new DeleteUserCommand({ AccessToken }))
    expect(suite.emulator().users(UserPoolId)).toEqual([])
    const back = decodeJwt(String((await signInWithGoogle(pool, 'ada')).id_token))
    expect(back['cognito:username']).toBe('Google_1099')
    const again = await confirmedUser(pool, 'ada', EMAIL)
    expect(new Set([sub, back.sub, again]).size).toBe(3)
    expect(await pool.user('ada')).not.toHaveProperty('identities')
  })
})
