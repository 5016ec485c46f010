import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { confirmedUser, type OpenPool, openPool, PASSWORD, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

const client = { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH' as const, 'ALLOW_REFRESH_TOKEN_AUTH' as const] }
const email = { email: 'ada@example.com' }

/** The browser library of AWS, unchanged: it never sends the password, so its success proves the protocol. */
function withLibrary(pool: OpenPool, Username: string, Password: string, newPassword?: string): Promise<string> {
  const Pool = new CognitoUserPool({
    UserPoolId: pool.UserPoolId,
    ClientId: pool.ClientId,
    endpoint: pool.emulator.endpoint,
  })
  const user = new CognitoUser({ Username, Pool })
  return new Promise((resolve, reject) => {
    const callbacks = {
      onSuccess: () => resolve(user.getUsername()),
      onFailure: reject,
      newPasswordRequired: () => user.completeNewPasswordChallenge(newPassword ?? '', {}, callbacks),
    }
    user.authenticateUser(new AuthenticationDetails({ Username, Password }), callbacks)
  })
}

describe('USER_SRP_AUTH, with amazon-cognito-identity-js', () => {
  it('signs in without ever sending the password', async () => {
    const pool = await openPool(emulator, { client })
    await confirmedUser(pool, 'ada', email)
    expect(await withLibrary(pool, 'ada', PASSWORD)).toBe('ada')
  })

  it('holds for many users: salts, verifiers and public values of every shape', async () => {
    const pool = await openPool(emulator, { client })
    for (const name of Array.from({ length: 12 }, (_, index) => `user-${index}`)) {
      await confirmedUser(pool, name, { email: `${name}@example.com` })
      expect(await withLibrary(pool, name, PASSWORD)).toBe(name)
    }
  })

  it('refuses a wrong password', async () => {
    const pool = await openPool(emulator, { client })
    await confirmedUser(pool, 'ada', email)
    expect(await refusal(withLibrary(pool, 'ada', `${PASSWORD}!`))).toBe(
      'NotAuthorizedException: Incorrect username or password.',
    )
  })

  it('works by e-mail address: USER_ID_FOR_SRP names the real username', async () => {
    const pool = await openPool(emulator, { client, pool: { UsernameAttributes: ['email'] } })
    const sub = await confirmedUser(pool, 'ada@example.com', {})
    expect(await withLibrary(pool, 'ada@example.com', PASSWORD)).toBe(sub)
  })

  it('asks an invited user for a new password, and signs in with that from then on', async () => {
    const pool = await openPool(emulator, { client })
    const invited = { UserPoolId: pool.UserPoolId, Username: 'ada', TemporaryPassword: 'Temp0rary!pass' }
    await pool.sdk.send(new AdminCreateUserCommand({ ...invited, MessageAction: 'SUPPRESS' }))
    await withLibrary(pool, 'ada', 'Temp0rary!pass', PASSWORD)
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED' })
    expect(await withLibrary(pool, 'ada', PASSWORD)).toBe('ada')
  })

  it('follows a changed password', async () => {
    const pool = await openPool(emulator, { client })
    await confirmedUser(pool, 'ada', email)
    const changed = { UserPoolId: pool.UserPoolId, Username: 'ada', Password: 'An0ther-horse', Permanent: true }
    await pool.sdk.send(new AdminSetUserPasswordCommand(changed))
    expect(await refusal(withLibrary(pool, 'ada', PASSWORD))).toContain('NotAuthorizedException')
    expect(await withLibrary(pool, 'ada', 'An0ther-horse')).toBe('ada')
  })

  it('shows a stranger the same face as a wrong password where existence is hidden', async () => {
    const hidden = { ...client, PreventUserExistenceErrors: 'ENABLED' as const }
    const pool = await openPool(emulator, { client: hidden })
    expect(await refusal(withLibrary(pool, 'nobody', PASSWORD))).toBe(
      'NotAuthorizedException: Incorrect username or password.',
    )
  })

  it('an unconfirmed user proves the password first and is then refused', async () => {
    const pool = await openPool(emulator, { client })
    await pool.signUp('ada', email)
    expect(await refusal(withLibrary(pool, 'ada', PASSWORD))).toBe('UserNotConfirmedException: User is not confirmed.')
  })
})

describe('USER_SRP_AUTH, by hand', () => {
  const begin = (pool: OpenPool, SRP_A: string) =>
    pool.sdk.send(
      new InitiateAuthCommand({
        ClientId: pool.ClientId,
        AuthFlow: 'USER_SRP_AUTH',
        AuthParameters: { USERNAME: 'ada', SRP_A },
      }),
    )
  const prove = (pool: OpenPool, Session: string | undefined, more: Readonly<Record<string, string>>) =>
    pool.sdk.send(
      new RespondToAuthChallengeCommand({
        ClientId: pool.ClientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        Session,
        ChallengeResponses: {
          USERNAME: 'ada',
          PASSWORD_CLAIM_SECRET_BLOCK: 'eA==',
          PASSWORD_CLAIM_SIGNATURE: 'eA==',
          ...more,
        },
      }),
    )

  it('refuses a public value that would give the key away (RFC 5054, section 2.5.4)', async () => {
    const pool = await openPool(emulator, { client })
    await confirmedUser(pool, 'ada', email)
    for (const SRP_A of ['0', '00', 'nonsense']) {
      expect(await refusal(begin(pool, SRP_A))).toContain('InvalidParameterException')
    }
  })

  it('insists on the English timestamp, and accepts one proof per session only', async () => {
    const pool = await openPool(emulator, { client })
    await confirmedUser(pool, 'ada', email)
    const { Session, ChallengeParameters } = await begin(pool, 'abcdef')
    expect(ChallengeParameters).toMatchObject({ USER_ID_FOR_SRP: 'ada', SALT: expect.stringMatching(/^[0-7]/u) })
    expect(await refusal(prove(pool, Session, { TIMESTAMP: '2026-01-01T00:00:00Z' }))).toContain('TIMESTAMP format')
    const TIMESTAMP = 'Thu Jan 1 00:00:00 UTC 2026'
    expect(await refusal(prove(pool, Session, { TIMESTAMP }))).toContain('Incorrect username or password')
    expect(await refusal(prove(pool, Session, { TIMESTAMP }))).toContain('Invalid session')
  })

  it('is not open to clients that have not enabled it', async () => {
    const pool = await openPool(emulator)
    expect(await refusal(begin(pool, 'abcdef'))).toContain('USER_SRP_AUTH flow not enabled')
  })
})
