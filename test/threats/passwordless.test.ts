import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownerByGoogle } from '../environment/people.ts'
import { KEEPS } from '../environment/pools.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type PoolSettings,
  type TestEnvironment,
  type TestPool,
  type TestPoolOptions,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const ADA = 'ada@example.com'
const PASSWORDLESS: PoolSettings = {
  ...KEEPS,
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
}

function open(options: TestPoolOptions = {}): Promise<TestPool> {
  return openTestPool(environment, { settings: PASSWORDLESS, inbound: true, ...options })
}

/** With the code that was mailed, and no password. */
async function signInByCode({ clientId, userPoolId, personOf }: TestPool, USERNAME: string) {
  const asked = await environment.cognito.initiateAuth({
    AuthFlow: 'USER_AUTH',
    ClientId: clientId,
    AuthParameters: { USERNAME, PREFERRED_CHALLENGE: 'EMAIL_OTP' },
  })
  const { AuthenticationResult } = await environment.cognito.respondToAuthChallenge({
    ClientId: clientId,
    ChallengeName: 'EMAIL_OTP',
    Session: asked.Session,
    ChallengeResponses: { USERNAME, EMAIL_OTP_CODE: environment.emulator.newestCode(userPoolId, USERNAME) ?? '' },
  })
  return personOf({ accessToken: AuthenticationResult?.AccessToken ?? '' })
}

function signUpWithoutPassword({ clientId }: TestPool, Username: string, email: string) {
  return environment.cognito.signUp({ ClientId: clientId, Username, UserAttributes: [{ Name: 'email', Value: email }] })
}

/** The application's own handler: a proof of its own, a signed link, say, confirms. */
const byOwnProof = confirming({ autoConfirmUser: true, autoVerifyEmail: true, autoVerifyPhone: false })

function confirming(response: Readonly<Record<string, boolean>>) {
  return (event: Readonly<Record<string, unknown>>) =>
    event.triggerSource === 'PreSignUp_SignUp' ? { ...event, response } : event
}

describe('T180: sign-up without a password', () => {
  it('T180: by the code of the sign-up the address is owned, and a sign-in by its provider leads to the same person', async () => {
    const pool = await open()
    await signUpWithoutPassword(pool, 'ada', ADA)
    await pool.confirm('ada')
    const ada = await signInByCode(pool, 'ada')
    expect(ada).toMatch(/^[0-9a-f-]{36}$/)
    expect(await ownerByGoogle(environment, pool, ADA)).toBe(ada)
    expect(await signInByCode(pool, 'ada')).toBe(ada)
  })

  it('T180: an application’s own proof confirms where policy says so', async () => {
    const pool = await open({ policy: { signUpProof: 'application' }, ownHandler: byOwnProof })
    await signUpWithoutPassword(pool, 'ada', ADA)
    const ada = await signInByCode(pool, 'ada')
    await expect(signUpWithoutPassword(pool, 'eve', ADA)).rejects.toThrow('IDENTIFIER_TAKEN')
    expect(await ownerByGoogle(environment, pool, ADA)).toBe(ada)
  })

  it('T180: a confirmation without its address owns nothing', async () => {
    const pool = await open({
      policy: { signUpProof: 'application' },
      ownHandler: confirming({ autoConfirmUser: true }),
    })
    await pool.signUp('eve', ADA)
    const eve = await pool.personOf(await pool.signIn('eve', PASSWORD))
    expect(await ownerByGoogle(environment, pool, ADA)).not.toBe(eve)
  })

  it('T180: and nowhere else', async () => {
    const pool = await open({ ownHandler: byOwnProof })
    await expect(signUpWithoutPassword(pool, 'eve', ADA)).rejects.toThrow('AUTO_VERIFY_FORBIDDEN')
  })
})

describe('T180: made by an administrator without a password', () => {
  const make = (pool: TestPool, more: Readonly<Record<string, string>> = {}) =>
    environment.cognito.adminCreateUser({
      UserPoolId: pool.userPoolId,
      Username: 'ada',
      MessageAction: 'SUPPRESS',
      UserAttributes: Object.entries({ email: ADA, email_verified: 'true', ...more }).map(([Name, Value]) => ({
        Name,
        Value,
      })),
    })

  it('T180: the first code sign-in proves the address where policy says that there is no other', async () => {
    const pool = await open({ policy: { invitations: 'code' } })
    await make(pool)
    const ada = await signInByCode(pool, 'ada')
    expect(await ownerByGoogle(environment, pool, ADA)).toBe(ada)
  })

  it.each(['unknown', 'generated'] as const)('T180: and nothing where it says “%s”', async (invitations) => {
    const pool = await open({ policy: { invitations } })
    await make(pool)
    const ada = await signInByCode(pool, 'ada')
    expect(await ownerByGoogle(environment, pool, ADA)).not.toBe(ada)
  })

  it('T180: nor where the code may have gone to a number', async () => {
    const pool = await open({ policy: { invitations: 'code' } })
    await make(pool, { phone_number: '+4915112345678', phone_number_verified: 'true' })
    const ada = await signInByCode(pool, 'ada')
    expect(await ownerByGoogle(environment, pool, ADA)).not.toBe(ada)
  })

  it('T180: nor for another address than the one that was given', async () => {
    const pool = await open({ policy: { invitations: 'code' } })
    await make(pool)
    const UserAttributes = Object.entries({ email: 'other@example.com', email_verified: 'true' })
    await environment.cognito.adminUpdateUserAttributes({
      UserPoolId: pool.userPoolId,
      Username: 'ada',
      UserAttributes: UserAttributes.map(([Name, Value]) => ({ Name, Value })),
    })
    const ada = await signInByCode(pool, 'ada')
    expect(await ownerByGoogle(environment, pool, 'other@example.com')).not.toBe(ada)
  })
})
