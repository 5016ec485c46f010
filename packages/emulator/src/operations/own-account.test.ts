import {
  AdminDeleteUserAttributesCommand,
  AdminResetUserPasswordCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  DeleteUserAttributesCommand,
  ResendConfirmationCodeCommand,
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

async function signedIn(pool: object = {}) {
  const place = await openPool(emulator, { pool })
  await confirmedUser(place, 'ada', { email: 'ada@example.com', name: 'Ada', nickname: 'A' })
  return { pool: place, AccessToken: (await place.signIn('ada')).AuthenticationResult?.AccessToken }
}

const LIMIT = 'LimitExceededException: Attempt limit exceeded, please try after some time.'

describe('ChangePassword (API reference)', () => {
  it('wants the old password and a new one that the policy accepts', async () => {
    const { pool, AccessToken } = await signedIn()
    const change = (PreviousPassword: string, ProposedPassword: string) =>
      pool.sdk.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword }))
    expect(await refusal(change('wrong', 'An0ther-horse'))).toContain('Incorrect username or password')
    expect(await refusal(change(PASSWORD, 'short'))).toContain('InvalidPasswordException')
    await change(PASSWORD, 'An0ther-horse')
    expect(await refusal(pool.signIn('ada'))).toContain('NotAuthorizedException')
    expect(await refusal(pool.signIn('ada', 'An0ther-horse'))).toBe('no refusal')
  })

  it('can be tried five times an hour (Developer Guide: quotas)', async () => {
    const { pool, AccessToken } = await signedIn()
    const change = () =>
      refusal(
        pool.sdk.send(
          new ChangePasswordCommand({ AccessToken, PreviousPassword: 'wrong', ProposedPassword: 'An0ther-horse' }),
        ),
      )
    for (let count = 0; count < 5; count += 1) expect(await change()).toContain('NotAuthorizedException')
    expect(await change()).toBe(LIMIT)
    emulator.setQuirks({ attemptLimits: 'off' }, pool.UserPoolId)
    expect(await change()).toContain('NotAuthorizedException')
  })
})

describe('attempts (Developer Guide: quotas, authentication)', () => {
  it('five wrong passwords lock for a second, and each further one twice as long', async () => {
    const { pool } = await signedIn()
    const wrong = () => refusal(pool.signIn('ada', 'wrong'))
    for (let count = 0; count < 5; count += 1) expect(await wrong()).toContain('Incorrect username or password.')
    expect(await refusal(pool.signIn('ada'))).toBe('NotAuthorizedException: Password attempts exceeded')
    now += 1_000
    expect(await wrong()).toContain('Incorrect username or password.')
    now += 1_999
    expect(await refusal(pool.signIn('ada'))).toContain('Password attempts exceeded')
    now += 1
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })

  it('a code is resent five times an hour, and again in the next', async () => {
    const pool = await openPool(emulator)
    await pool.signUp('ada', { email: 'ada@example.com' })
    const resend = () =>
      refusal(pool.sdk.send(new ResendConfirmationCodeCommand({ ClientId: pool.ClientId, Username: 'ada' })))
    for (let count = 0; count < 5; count += 1) expect(await resend()).toBe('no refusal')
    expect(await resend()).toBe(LIMIT)
    now += 3_600_000
    expect(await resend()).toBe('no refusal')
  })
})

describe('AdminResetUserPassword (API reference)', () => {
  it('ends the old password and sends a code for a new one', async () => {
    const { pool } = await signedIn()
    await pool.sdk.send(new AdminResetUserPasswordCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect(await refusal(pool.signIn('ada'))).toContain('PasswordResetRequiredException')
    const reset = {
      ClientId: pool.ClientId,
      Username: 'ada',
      ConfirmationCode: pool.code('ada'),
      Password: 'N3w-horse!',
    }
    await pool.sdk.send(new ConfirmForgotPasswordCommand(reset))
    expect(await refusal(pool.signIn('ada', 'N3w-horse!'))).toBe('no refusal')
  })
})

describe('deleting attributes', () => {
  it('by the user, as far as the client may write, and by an administrator', async () => {
    const { pool, AccessToken } = await signedIn()
    await pool.sdk.send(new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames: ['nickname'] }))
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
    await pool.sdk.send(new AdminDeleteUserAttributesCommand({ ...who, UserAttributeNames: ['name', 'email'] }))
    const user = await pool.user('ada')
    for (const name of ['nickname', 'name', 'email', 'email_verified']) expect(user).not.toHaveProperty(name)
  })

  it('never what the pool requires, and never the sub', async () => {
    const { pool, AccessToken } = await signedIn({ Schema: [{ Name: 'email', Required: true }] })
    const remove = (name: string) =>
      refusal(pool.sdk.send(new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames: [name] })))
    expect(await remove('email')).toContain('InvalidParameterException')
    expect(await remove('sub')).not.toBe('no refusal')
  })
})
