import {
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { confirmedUser, type OpenPool, openPool, PASSWORD, pairs, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

const email = { email: 'ada@example.com' }
type Attributes = Readonly<Record<string, string>>

const adminUpdate = ({ sdk, UserPoolId }: OpenPool, Username: string, attributes: Attributes) =>
  sdk.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes: pairs(attributes) }))

async function signedIn(pool: OpenPool, username = 'ada') {
  const AccessToken = (await pool.signIn(username)).AuthenticationResult?.AccessToken
  return {
    update: (attributes: Attributes) =>
      pool.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: pairs(attributes) })),
    askCode: () => pool.sdk.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' })),
    verify: (Code: string) =>
      pool.sdk.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code })),
  }
}

describe('AdminUpdateUserAttributes (API reference)', () => {
  it('sets, and with an empty value deletes', async () => {
    const pool = await openPool(emulator)
    await pool.signUp('ada', { name: 'Ada' })
    await adminUpdate(pool, 'ada', { name: '', nickname: 'countess' })
    expect(await pool.user('ada')).toMatchObject({ nickname: 'countess' })
    expect(await pool.user('ada')).not.toHaveProperty('name')
  })

  it('refuses to change what is immutable, and sub always is', async () => {
    const pool = await openPool(emulator, {
      pool: { Schema: [{ Name: 'x', AttributeDataType: 'String', Mutable: false }] },
    })
    await pool.signUp('ada')
    expect(await refusal(adminUpdate(pool, 'ada', { 'custom:x': '1' }))).toContain(
      'user.custom:x: Attribute cannot be updated.',
    )
    expect(await refusal(adminUpdate(pool, 'ada', { sub: '1' }))).toContain('user.sub: Attribute cannot be updated.')
  })

  it('un-verifies a new address and sends a code, unless it says verified itself', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    await adminUpdate(pool, 'ada', { email: 'new@example.com' })
    expect(await pool.user('ada')).toMatchObject({ email: 'new@example.com', email_verified: 'false' })
    expect(emulator.inbox(pool.UserPoolId, 'ada').at(-1)).toMatchObject({ destination: 'new@example.com' })
    await adminUpdate(pool, 'ada', { email: 'newer@example.com', email_verified: 'true' })
    expect(await pool.user('ada')).toMatchObject({ email: 'newer@example.com', email_verified: 'true' })
  })

  it('steals an alias silently with email_verified=true (boto/boto3#3213)', async () => {
    const pool = await openPool(emulator, { pool: { AliasAttributes: ['email'] } })
    await confirmedUser(pool, 'ada', email)
    await pool.signUp('eve', {})
    await adminUpdate(pool, 'eve', { ...email, email_verified: 'true' })
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'eve' })
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'false' })
  })

  it('refuses a taken address where the address is the username (aws/aws-sdk-net#4387)', async () => {
    const pool = await openPool(emulator, { pool: { UsernameAttributes: ['email'] } })
    await pool.signUp('ada@example.com')
    await pool.signUp('bob@example.com')
    const steal = adminUpdate(pool, 'bob@example.com', { ...email, email_verified: 'true' })
    expect(await refusal(steal)).toContain('AliasExistsException')
    await adminUpdate(pool, 'bob@example.com', { email: 'robert@example.com' })
    expect(await pool.user('robert@example.com')).toMatchObject({ email: 'robert@example.com' })
    expect(await refusal(pool.user('bob@example.com'))).toContain('UserNotFoundException')
  })
})

describe('UpdateUserAttributes (Developer Guide: user-pool-settings-email-phone-verification)', () => {
  it('takes the new address at once, unverified, and the code verifies it', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const self = await signedIn(pool)
    const answer = await self.update({ email: 'new@example.com' })
    expect(answer.CodeDeliveryDetailsList).toMatchObject([{ AttributeName: 'email', Destination: 'n***@e***' }])
    expect(await pool.user('ada')).toMatchObject({ email: 'new@example.com', email_verified: 'false' })
    const wrong = pool.code('ada') === '000000' ? '111111' : '000000'
    expect(await refusal(self.verify(wrong))).toContain('CodeMismatchException')
    await self.verify(pool.code('ada'))
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'true' })
  })

  it('keeps the old address until the code comes back where the pool requires it', async () => {
    const pool = await openPool(emulator, {
      pool: { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] } },
    })
    await confirmedUser(pool, 'ada', email)
    const self = await signedIn(pool)
    await self.update({ email: 'new@example.com' })
    expect(await pool.user('ada')).toMatchObject({ ...email, email_verified: 'true' })
    await self.verify(pool.code('ada'))
    expect(await pool.user('ada')).toMatchObject({ email: 'new@example.com', email_verified: 'true' })
  })

  it('sends a code on request, and refuses to verify an alias that somebody holds', async () => {
    const pool = await openPool(emulator, { pool: { AliasAttributes: ['email'] } })
    await confirmedUser(pool, 'ada', email)
    await confirmedUser(pool, 'bob', { email: 'bob@example.com' })
    const bob = await signedIn(pool, 'bob')
    await bob.update(email)
    await bob.askCode()
    expect(await refusal(bob.verify(pool.code('bob')))).toBe(
      'AliasExistsException: An account with the email already exists.',
    )
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'ada' })
  })
})

describe('forgotten passwords (API reference: ForgotPassword)', () => {
  const forgot = ({ sdk, ClientId }: OpenPool, Username: string) =>
    sdk.send(new ForgotPasswordCommand({ ClientId, Username }))
  const reset = (pool: OpenPool, Username: string, ConfirmationCode: string, Password = 'Another1-password') =>
    pool.sdk.send(new ConfirmForgotPasswordCommand({ ClientId: pool.ClientId, Username, ConfirmationCode, Password }))

  it('are replaced with the code, which works once', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    expect((await forgot(pool, 'ada')).CodeDeliveryDetails?.Destination).toBe('a***@e***')
    const code = pool.code('ada')
    expect(await refusal(reset(pool, 'ada', code === '000000' ? '111111' : '000000'))).toContain('CodeMismatch')
    await reset(pool, 'ada', code)
    expect(await refusal(pool.signIn('ada', 'Another1-password'))).toBe('no refusal')
    expect(await refusal(reset(pool, 'ada', code))).toContain('ExpiredCodeException')
  })

  it('cannot be reset without a verified address', async () => {
    const pool = await openPool(emulator)
    await pool.signUp('ada', email)
    expect(await refusal(forgot(pool, 'ada'))).toContain('there is no registered/verified email or phone_number')
  })

  it('cannot be reset while a temporary password waits (aws-amplify/amplify-js#2383)', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const { UserPoolId } = pool
    await pool.sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ada', Password: PASSWORD }))
    expect(await pool.user('ada')).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD' })
    expect(await refusal(forgot(pool, 'ada'))).toBe(
      'NotAuthorizedException: User password cannot be reset in the current state.',
    )
  })

  it('of nobody look like a delivery when existence is hidden', async () => {
    const pool = await openPool(emulator, { client: { PreventUserExistenceErrors: 'ENABLED' } })
    expect((await forgot(pool, 'nobody@example.com')).CodeDeliveryDetails?.Destination).toBe('n***@e***')
    const open = await openPool(emulator)
    expect(await refusal(forgot(open, 'nobody'))).toBe('UserNotFoundException: User does not exist.')
  })
})
