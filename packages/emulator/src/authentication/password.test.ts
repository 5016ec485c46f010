import { createHmac } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableProviderForUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  DeleteUserCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { confirmedUser, type OpenPool, openPool, PASSWORD, refusal, unpaired } from '../testing/open-pool.ts'

let emulator: Emulator
let now = Date.parse('2026-01-01T00:00:00Z')
beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now })
})
afterAll(() => emulator.close())

const email = { email: 'ada@example.com' }

function refresh(pool: OpenPool, REFRESH_TOKEN: string | undefined, more = {}) {
  const AuthParameters = { REFRESH_TOKEN: REFRESH_TOKEN ?? '', ...more }
  return pool.sdk.send(
    new InitiateAuthCommand({ ClientId: pool.ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }),
  )
}

describe('password sign-in (API reference: InitiateAuth)', () => {
  it('gives three tokens and their lifetime', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const { AuthenticationResult: result } = await pool.signIn('ada')
    expect(result).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer', RefreshToken: expect.any(String) })
    expect(decodeJwt(result?.AccessToken ?? '')).toMatchObject({
      scope: 'aws.cognito.signin.user.admin',
      username: 'ada',
    })
  })

  it('refuses a wrong password, an unknown user and an unconfirmed one, each in its own words', async () => {
    const pool = await openPool(emulator)
    await pool.signUp('ada', email)
    expect(await refusal(pool.signIn('ada'))).toBe('UserNotConfirmedException: User is not confirmed.')
    expect(await refusal(pool.signIn('ada', 'wrong'))).toBe('NotAuthorizedException: Incorrect username or password.')
    expect(await refusal(pool.signIn('bob'))).toBe('UserNotFoundException: User does not exist.')
  })

  it('hides who exists when the client asks for it (Developer Guide: cognito-user-pool-managing-errors)', async () => {
    const pool = await openPool(emulator, { client: { PreventUserExistenceErrors: 'ENABLED' } })
    expect(await refusal(pool.signIn('bob'))).toBe('NotAuthorizedException: Incorrect username or password.')
  })

  it('refuses a flow that the client has not enabled', async () => {
    const pool = await openPool(emulator, { client: { ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] } })
    expect(await refusal(pool.signIn('ada'))).toBe(
      'InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client',
    )
  })

  it('works by e-mail address where that is the username or a verified alias', async () => {
    const usernames = await openPool(emulator, { pool: { UsernameAttributes: ['email'] } })
    await confirmedUser(usernames, 'ada@example.com', {})
    expect(await refusal(usernames.signIn('ada@example.com'))).toBe('no refusal')
    const aliases = await openPool(emulator, { pool: { AliasAttributes: ['email'] } })
    await confirmedUser(aliases, 'ada', email)
    expect(await refusal(aliases.signIn('ada@example.com'))).toBe('no refusal')
  })

  it('by an administrator uses its own flow', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const AuthParameters = { USERNAME: 'ada', PASSWORD }
    const place = { UserPoolId: pool.UserPoolId, ClientId: pool.ClientId, AuthParameters }
    const admin = new AdminInitiateAuthCommand({ ...place, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' })
    expect((await pool.sdk.send(admin)).AuthenticationResult?.AccessToken).toBeTruthy()
    const open = new InitiateAuthCommand({ ...place, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' })
    expect(await refusal(pool.sdk.send(open))).toContain('InvalidParameterException')
  })

  it('checks SECRET_HASH, and for a refresh against the real username', async () => {
    const pool = await openPool(emulator, {
      pool: { UsernameAttributes: ['email'] },
      client: { GenerateSecret: true },
    })
    const hash = (name: string) =>
      createHmac('sha256', pool.secret)
        .update(name + pool.ClientId)
        .digest('base64')
    const SECRET_HASH = hash('ada@example.com')
    const { UserSub = '' } = await pool.signUp('ada@example.com', {}, { SecretHash: SECRET_HASH })
    const UserPoolId = pool.UserPoolId
    await pool.sdk.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username: UserSub, Password: PASSWORD, Permanent: true }),
    )
    const AuthParameters = { USERNAME: 'ada@example.com', PASSWORD, SECRET_HASH }
    const signIn = new InitiateAuthCommand({ ClientId: pool.ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
    const token = (await pool.sdk.send(signIn)).AuthenticationResult?.RefreshToken
    expect(await refusal(refresh(pool, token, { SECRET_HASH }))).toContain('Unable to verify secret hash')
    expect(await refusal(refresh(pool, token, { SECRET_HASH: hash(UserSub) }))).toBe('no refusal')
  })
})

describe('refreshing (Developer Guide: amazon-cognito-user-pools-using-the-refresh-token)', () => {
  it('gives new tokens of the same sign-in, and no new refresh token', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const first = (await pool.signIn('ada')).AuthenticationResult
    now += 60_000
    const second = (await refresh(pool, first?.RefreshToken)).AuthenticationResult
    expect(second?.RefreshToken).toBeUndefined()
    const [before, after] = [decodeJwt(first?.AccessToken ?? ''), decodeJwt(second?.AccessToken ?? '')]
    expect(after).toMatchObject({ origin_jti: before.origin_jti, auth_time: before.auth_time })
    expect(after.jti).not.toBe(before.jti)
  })

  it('ends with the refresh token’s lifetime, and never worked for another client', async () => {
    const pool = await openPool(emulator)
    const other = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const token = (await pool.signIn('ada')).AuthenticationResult?.RefreshToken
    expect(await refusal(refresh(other, token))).toBe('NotAuthorizedException: Invalid Refresh Token')
    now += 31 * 86_400_000
    expect(await refusal(refresh(pool, token))).toBe('NotAuthorizedException: Invalid Refresh Token')
  })
})

describe('NEW_PASSWORD_REQUIRED', () => {
  async function invited(temporary = 'Temp0rary!pass') {
    const pool = await openPool(emulator)
    const { UserPoolId } = pool
    await pool.sdk.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: 'ada',
        TemporaryPassword: temporary,
        MessageAction: 'SUPPRESS',
      }),
    )
    return { pool, temporary }
  }

  it('stands before the first tokens of an invited user', async () => {
    const { pool, temporary } = await invited()
    const challenge = await pool.signIn('ada', temporary)
    expect(challenge).toMatchObject({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeParameters: { USER_ID_FOR_SRP: 'ada', requiredAttributes: '[]' },
    })
    const answer = {
      ClientId: pool.ClientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED' as const,
      Session: challenge.Session,
      ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD: PASSWORD, 'userAttributes.name': 'Ada' },
    }
    const done = await pool.sdk.send(new RespondToAuthChallengeCommand(answer))
    expect(done.AuthenticationResult?.IdToken).toBeTruthy()
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED', name: 'Ada' })
    expect(await refusal(pool.sdk.send(new RespondToAuthChallengeCommand(answer)))).toContain('Invalid session')
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })

  it('holds the new password against the policy and keeps the session for another try', async () => {
    const { pool, temporary } = await invited()
    const { Session } = await pool.signIn('ada', temporary)
    const answer = (NEW_PASSWORD: string) =>
      pool.sdk.send(
        new AdminRespondToAuthChallengeCommand({
          UserPoolId: pool.UserPoolId,
          ClientId: pool.ClientId,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session,
          ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD },
        }),
      )
    expect(await refusal(answer('short'))).toContain('InvalidPasswordException')
    expect(await refusal(answer(PASSWORD))).toBe('no refusal')
  })

  it('comes too late once the temporary password has expired', async () => {
    const { pool, temporary } = await invited()
    now += 8 * 86_400_000
    expect(await refusal(pool.signIn('ada', temporary))).toContain('Temporary password has expired')
  })
})

describe('AdminCreateUser (API reference: AdminCreateUser)', () => {
  it('sends the temporary password, to the phone unless told otherwise', async () => {
    const pool = await openPool(emulator)
    const UserAttributes = [{ Name: 'email', Value: 'ada@example.com' }]
    const create = (Username: string, DesiredDeliveryMediums?: 'EMAIL'[]) =>
      pool.sdk.send(
        new AdminCreateUserCommand({ UserPoolId: pool.UserPoolId, Username, UserAttributes, DesiredDeliveryMediums }),
      )
    await create('ada')
    expect(emulator.inbox(pool.UserPoolId, 'ada')).toEqual([])
    await create('bob', ['EMAIL'])
    expect((await pool.signIn('bob', pool.code('bob'))).ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
  })

  it('refuses a taken username, and resends only to users who still wait', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const create = (MessageAction?: 'RESEND') =>
      pool.sdk.send(new AdminCreateUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada', MessageAction }))
    expect(await refusal(create())).toBe('UsernameExistsException: User account already exists')
    expect(await refusal(create('RESEND'))).toContain('UnsupportedUserStateException')
  })

  it('with a verified address that somebody holds: the switch decides which error (boto/boto3#3213)', async () => {
    const pool = await openPool(emulator, { pool: { AliasAttributes: ['email'] } })
    await confirmedUser(pool, 'ada', email)
    const create = (ForceAliasCreation?: boolean) =>
      pool.sdk.send(
        new AdminCreateUserCommand({
          UserPoolId: pool.UserPoolId,
          Username: 'bob',
          ForceAliasCreation,
          UserAttributes: [
            { Name: 'email', Value: 'ada@example.com' },
            { Name: 'email_verified', Value: 'true' },
          ],
        }),
      )
    expect(await refusal(create())).toBe('UsernameExistsException: An account with the given email already exists.')
    emulator.setQuirks({ adminCreateTakenAlias: 'AliasExistsException' }, pool.UserPoolId)
    expect(await refusal(create())).toBe('AliasExistsException: An account with the email already exists.')
    await create(true)
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'bob' })
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'false' })
  })
})

describe('own account and administration', () => {
  it('GetUser shows only what the client may read', async () => {
    const pool = await openPool(emulator, { client: { ReadAttributes: ['email'], WriteAttributes: ['email', 'name'] } })
    const sub = await confirmedUser(pool, 'ada', { ...email, name: 'Ada' })
    const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken
    const user = await pool.sdk.send(new GetUserCommand({ AccessToken }))
    expect(unpaired(user.UserAttributes)).toEqual({ sub, email: 'ada@example.com' })
  })

  it('disabling ends every session and every sign-in; enabling allows new ones (API reference: AdminDisableUser)', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const tokens = (await pool.signIn('ada')).AuthenticationResult
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
    const getUser = () => pool.sdk.send(new GetUserCommand({ AccessToken: tokens?.AccessToken }))
    await pool.sdk.send(new AdminDisableUserCommand(who))
    expect(await refusal(pool.signIn('ada'))).toBe('NotAuthorizedException: User is disabled.')
    expect(await refusal(getUser())).toBe('NotAuthorizedException: Access Token has been revoked')
    await pool.sdk.send(new AdminEnableUserCommand(who))
    expect(await refusal(refresh(pool, tokens?.RefreshToken))).toBe(
      'NotAuthorizedException: Refresh Token has been revoked',
    )
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })

  it('after deletion the token finds nobody, the name is free and the sub never returns', async () => {
    const pool = await openPool(emulator)
    const sub = await confirmedUser(pool, 'ada', email)
    const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken
    await pool.sdk.send(new AdminDeleteUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect(await refusal(pool.sdk.send(new GetUserCommand({ AccessToken })))).toContain('UserNotFoundException')
    expect(await confirmedUser(pool, 'ada', email)).not.toBe(sub)
  })

  it('a user can delete itself', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken
    await pool.sdk.send(new DeleteUserCommand({ AccessToken }))
    expect(emulator.users(pool.UserPoolId)).toEqual([])
  })

  it('refuses forged and expired access tokens', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const tokens = (await pool.signIn('ada')).AuthenticationResult
    const getUser = (AccessToken: string | undefined) => refusal(pool.sdk.send(new GetUserCommand({ AccessToken })))
    expect(await getUser('nonsense')).toBe('NotAuthorizedException: Invalid Access Token')
    expect(await getUser(tokens?.IdToken)).toBe('NotAuthorizedException: Invalid Access Token')
    now += 2 * 3_600_000
    expect(await getUser(tokens?.AccessToken)).toBe('NotAuthorizedException: Access Token has expired')
  })

  it('AdminDisableProviderForUser takes the password sign-in from a native user', async () => {
    const pool = await openPool(emulator)
    await confirmedUser(pool, 'ada', email)
    const User = { ProviderName: 'Cognito', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: 'ada' }
    await pool.sdk.send(new AdminDisableProviderForUserCommand({ UserPoolId: pool.UserPoolId, User }))
    expect(await refusal(pool.signIn('ada'))).toBe('NotAuthorizedException: Incorrect username or password.')
  })
})
