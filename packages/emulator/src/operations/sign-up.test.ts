import { createHmac } from 'node:crypto'
import {
  AdminConfirmSignUpCommand,
  ConfirmSignUpCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { confirmedUser, openPool, PASSWORD, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
let now = Date.parse('2026-01-01T00:00:00Z')
beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now })
})
afterAll(() => emulator.close())

describe('SignUp (API reference: SignUp)', () => {
  it('starts a user as UNCONFIRMED and sends a code to a masked address', async () => {
    const pool = await openPool(emulator)
    const answer = await pool.signUp('ada', { email: 'ada@example.com' })
    expect(answer.UserConfirmed).toBe(false)
    expect(answer.CodeDeliveryDetails).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'a***@e***',
    })
    expect(await pool.user('ada')).toMatchObject({
      status: 'UNCONFIRMED',
      sub: answer.UserSub,
      email_verified: 'false',
    })
  })

  it('refuses a username that is taken', async () => {
    const pool = await openPool(emulator)
    await pool.signUp('ada')
    expect(await refusal(pool.signUp('ada'))).toBe('UsernameExistsException: User already exists')
  })

  it('lets exactly one of sixteen simultaneous sign-ups of one username in', async () => {
    const pool = await openPool(emulator)
    const answers = await Promise.all(Array.from({ length: 16 }, () => refusal(pool.signUp('ada'))))
    expect(answers.filter((answer) => answer === 'no refusal')).toHaveLength(1)
    expect(emulator.users(pool.UserPoolId)).toHaveLength(1)
  })

  it.each([
    ['short', 'Password not long enough'],
    ['no-uppercase-1', 'Password must have uppercase characters'],
    ['NO-LOWERCASE-1', 'Password must have lowercase characters'],
    ['No-numbers-here', 'Password must have numeric characters'],
    ['NoSymbols1here', 'Password must have symbol characters'],
  ])('holds the default password policy against %s', async (Password, complaint) => {
    const pool = await openPool(emulator)
    expect(await refusal(pool.signUp('ada', {}, { Password }))).toBe(
      `InvalidPasswordException: Password did not conform with policy: ${complaint}`,
    )
  })

  it('refuses attributes the schema does not know (text: getmoto/moto)', async () => {
    const pool = await openPool(emulator)
    expect(await refusal(pool.signUp('ada', { 'custom:foo': 'x' }))).toBe(
      'InvalidParameterException: Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n',
    )
  })

  it('takes custom attributes that the client may write (Developer Guide: user-pool-settings-attributes)', async () => {
    const pool = await openPool(emulator, {
      pool: { Schema: [{ Name: 'tenant', AttributeDataType: 'String', Mutable: false }] },
      client: { WriteAttributes: ['email', 'custom:tenant'] },
    })
    await pool.signUp('ada', { 'custom:tenant': 'acme' })
    expect(await pool.user('ada')).toMatchObject({ 'custom:tenant': 'acme' })
  })

  it('refuses to write what the client may not write (API reference: CreateUserPoolClient)', async () => {
    const pool = await openPool(emulator, { client: { WriteAttributes: ['email'] } })
    expect(await refusal(pool.signUp('ada', { name: 'Ada' }))).toBe(
      'NotAuthorizedException: A client attempted to write unauthorized attribute',
    )
    expect(await refusal(pool.signUp('ada', { email: 'a@x.org', email_verified: 'true' }))).toContain('unauthorized')
  })

  it('asks for required attributes', async () => {
    const pool = await openPool(emulator, { pool: { Schema: [{ Name: 'email', Required: true }] } })
    expect(await refusal(pool.signUp('ada'))).toContain('email: The attribute is required')
  })

  it.each([
    [{ email: 'not-an-address' }, 'Invalid email address format.'],
    [{ phone_number: '555-1234' }, 'Invalid phone number format.'],
  ])('refuses malformed values: %j', async (attributes, text) => {
    const pool = await openPool(emulator)
    expect(await refusal(pool.signUp('ada', attributes))).toBe(`InvalidParameterException: ${text}`)
  })

  it('is closed where only administrators create users', async () => {
    const pool = await openPool(emulator, { pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } })
    expect(await refusal(pool.signUp('ada'))).toBe('NotAuthorizedException: SignUp is not permitted for this user pool')
  })

  it('demands the right SECRET_HASH of a client with a secret (Developer Guide: signing-up-users-in-your-app)', async () => {
    const pool = await openPool(emulator, { client: { GenerateSecret: true } })
    const hash = createHmac('sha256', pool.secret).update(`ada${pool.ClientId}`).digest('base64')
    expect(await refusal(pool.signUp('ada'))).toContain('SECRET_HASH was not received')
    expect(await refusal(pool.signUp('bob', {}, { SecretHash: hash }))).toBe(
      `NotAuthorizedException: Unable to verify secret hash for client ${pool.ClientId}`,
    )
    expect(await refusal(pool.signUp('ada', {}, { SecretHash: hash }))).toBe('no refusal')
  })

  it('tells missing and overlong usernames apart from taken ones', async () => {
    const pool = await openPool(emulator)
    const without = new SignUpCommand({ ClientId: pool.ClientId, Username: undefined, Password: PASSWORD })
    expect(await refusal(pool.sdk.send(without))).toContain(
      "InvalidParameterException: 1 validation error detected: Value null at 'username'",
    )
    expect(await refusal(pool.signUp('x'.repeat(129)))).toContain('length less than or equal to 128')
    expect(await refusal(pool.signUp('two words'))).toContain('regular expression pattern')
  })
})

describe('case of usernames (Developer Guide: user-pool-case-sensitivity)', () => {
  it('keeps Ada and ada apart by default, as the API does', async () => {
    const pool = await openPool(emulator)
    await pool.signUp('Ada')
    expect(await refusal(pool.signUp('ada'))).toBe('no refusal')
    expect(await refusal(pool.user('ADA'))).toBe('UserNotFoundException: User does not exist.')
  })

  it('takes Ada and ada for one user in an insensitive pool, and shows everything lowercased', async () => {
    const pool = await openPool(emulator, { pool: { UsernameConfiguration: { CaseSensitive: false } } })
    await pool.signUp('Ada', { email: 'Ada@Example.com' })
    expect(await refusal(pool.signUp('aDA'))).toBe('UsernameExistsException: User already exists')
    expect(await pool.user('ADA')).toMatchObject({ username: 'ada', email: 'ada@example.com' })
  })

  it('refuses A@X.com after a@x.com where the address is the username', async () => {
    const pool = await openPool(emulator, {
      pool: { UsernameAttributes: ['email'], UsernameConfiguration: { CaseSensitive: false } },
    })
    await pool.signUp('A@X.com')
    expect(await refusal(pool.signUp('a@x.com'))).toBe('UsernameExistsException: User already exists')
  })
})

describe('pools with the address as username (Developer Guide: user-pool-settings-attributes)', () => {
  it('make a UUID the username, equal to the sub, and copy the address', async () => {
    const pool = await openPool(emulator, { pool: { UsernameAttributes: ['email'] } })
    const { UserSub } = await pool.signUp('ada@example.com')
    expect(await pool.user('ada@example.com')).toMatchObject({
      username: UserSub,
      sub: UserSub,
      email: 'ada@example.com',
    })
  })

  it('refuse what is no address, and an address that differs from the attribute (jagregory/cognito-local#102)', async () => {
    const pool = await openPool(emulator, { pool: { UsernameAttributes: ['email'] } })
    expect(await refusal(pool.signUp('ada'))).toBe('InvalidParameterException: Username should be an email.')
    expect(await refusal(pool.signUp('ada@example.com', { email: 'bob@example.com' }))).toBe(
      'InvalidParameterException: User email should be empty or same as username, since username attribute is email',
    )
    const both = await openPool(emulator, { pool: { UsernameAttributes: ['email', 'phone_number'] } })
    expect(await refusal(both.signUp('ada'))).toContain('Username should be either an email or a phone number.')
  })

  it('reserve the address while it is still unverified', async () => {
    const pool = await openPool(emulator, { pool: { UsernameAttributes: ['email'] } })
    await pool.signUp('ada@example.com')
    expect(await refusal(pool.signUp('ada@example.com'))).toContain('UsernameExistsException')
  })
})

describe('pools with aliases (Developer Guide: user-pool-settings-attributes)', () => {
  const aliases = { pool: { AliasAttributes: ['email' as const, 'preferred_username' as const] } }

  it('refuse a username in the shape of the alias', async () => {
    const pool = await openPool(emulator, aliases)
    expect(await refusal(pool.signUp('ada@example.com'))).toBe(
      'InvalidParameterException: Username cannot be of email format, since user pool is configured for email alias.',
    )
  })

  it('activate an alias only once it is verified', async () => {
    const pool = await openPool(emulator, aliases)
    await pool.signUp('ada', { email: 'ada@example.com' })
    expect(await refusal(pool.user('ada@example.com'))).toBe('UserNotFoundException: User does not exist.')
    await pool.confirm('ada')
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'ada' })
  })

  it('accept a second sign-up with the address, and refuse its confirmation (API reference: ConfirmSignUp)', async () => {
    const pool = await openPool(emulator, aliases)
    await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
    await pool.signUp('ada2', { email: 'ada@example.com' })
    expect(await refusal(pool.confirm('ada2'))).toBe('AliasExistsException: An account with the email already exists.')
    expect(await pool.user('ada2')).toMatchObject({ status: 'UNCONFIRMED' })
  })

  it('move the alias when ForceAliasCreation says so, and un-verify it for the old holder', async () => {
    const pool = await openPool(emulator, aliases)
    await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
    await pool.signUp('ada2', { email: 'ada@example.com' })
    await pool.confirm('ada2', true)
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'ada2' })
    expect(await pool.user('ada')).toMatchObject({ email: 'ada@example.com', email_verified: 'false' })
  })

  it('take preferred_username only from confirmed users', async () => {
    const pool = await openPool(emulator, aliases)
    expect(await refusal(pool.signUp('ada', { preferred_username: 'countess' }))).toContain(
      'once the user is confirmed',
    )
  })
})

describe('confirmation (API reference: ConfirmSignUp)', () => {
  it('refuses a wrong code and leaves the right one good', async () => {
    const pool = await openPool(emulator)
    await pool.signUp('ada', { email: 'ada@example.com' })
    const wrong = pool.code('ada') === '000000' ? '111111' : '000000'
    const confirm = (ConfirmationCode: string) =>
      pool.sdk.send(new ConfirmSignUpCommand({ ClientId: pool.ClientId, Username: 'ada', ConfirmationCode }))
    expect(await refusal(confirm(wrong))).toBe(
      'CodeMismatchException: Invalid verification code provided, please try again.',
    )
    expect(await refusal(confirm(pool.code('ada')))).toBe('no refusal')
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED', email_verified: 'true' })
    expect(await refusal(confirm(pool.code('ada')))).toBe(
      'NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED',
    )
  })

  it('refuses a code after 24 hours, and a new one replaces it (Developer Guide: quotas)', async () => {
    const pool = await openPool(emulator)
    await pool.signUp('ada', { email: 'ada@example.com' })
    now += 25 * 3_600_000
    expect(await refusal(pool.confirm('ada'))).toContain('ExpiredCodeException')
    const resend = new ResendConfirmationCodeCommand({ ClientId: pool.ClientId, Username: 'ada' })
    expect((await pool.sdk.send(resend)).CodeDeliveryDetails?.Destination).toBe('a***@e***')
    expect(await refusal(pool.confirm('ada'))).toBe('no refusal')
    expect(await refusal(pool.sdk.send(resend))).toBe('InvalidParameterException: User is already confirmed.')
  })

  it('by an administrator does not verify the address', async () => {
    const pool = await openPool(emulator)
    await pool.signUp('ada', { email: 'ada@example.com' })
    await pool.sdk.send(new AdminConfirmSignUpCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED', email_verified: 'false' })
  })
})
