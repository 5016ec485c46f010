import {
  AdminAddUserToGroupCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUserGlobalSignOutCommand,
  CreateGroupCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { describe, expect } from 'vitest'
import { confirmedUser, type Given, type OpenPool, refusal } from '../testing/open-pool.ts'
import { signInWithGoogle, tokenRequest } from '../testing/walk.ts'
import { EMAIL, GOOGLE, shows, useSuite } from './testing/shows.ts'

let now = Date.parse('2026-01-01T00:00:00Z')
const suite = useSuite({ clock: () => now })

async function withAda(given: Given = {}) {
  const pool = await suite.open(given)
  await confirmedUser(pool, 'ada', EMAIL)
  return pool
}

async function signedIn(given: Given = {}) {
  const pool = await withAda(given)
  const tokens = (await pool.signIn('ada')).AuthenticationResult
  return { pool, access: tokens?.AccessToken, refresh: tokens?.RefreshToken }
}

const renew = async ({ sdk, ClientId }: OpenPool, RefreshToken: string | undefined) =>
  (await sdk.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }))).AuthenticationResult
const look = ({ sdk }: OpenPool, AccessToken: string | undefined) =>
  refusal(sdk.send(new GetUserCommand({ AccessToken })))
const REVOKED = 'NotAuthorizedException: Access Token has been revoked'

describe('sessions', () => {
  const rotating: Given = {
    client: {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
    },
  }

  shows('session-01', async () => {
    const [plain, turning] = [await signedIn(), await signedIn(rotating)]
    const renewed = await renew(plain.pool, plain.refresh)
    expect([renewed?.IdToken === undefined, renewed?.RefreshToken]).toEqual([false, undefined])
    const next = (await renew(turning.pool, turning.refresh))?.RefreshToken
    expect(next).toBeTruthy()
    expect(next).not.toBe(turning.refresh)
  })
  shows('session-02', async () => {
    const { pool, refresh } = await signedIn(rotating)
    const next = (await renew(pool, refresh))?.RefreshToken
    now += 9_000
    expect(await refusal(renew(pool, refresh))).toBe('no refusal')
    now += 2_000
    expect(await refusal(renew(pool, refresh))).toContain('RefreshTokenReuseException')
    expect(await refusal(renew(pool, next))).toBe('no refusal')
  })
  shows('session-03', async () => {
    const { pool, refresh } = await signedIn(rotating)
    now += 29 * 86_400_000
    const next = (await renew(pool, refresh))?.RefreshToken
    now += 2 * 86_400_000
    expect(await refusal(renew(pool, next))).toContain('NotAuthorizedException')
  })
  shows('session-04', async () => {
    const { pool, refresh = '' } = await signedIn(rotating)
    const given = { AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: refresh } } as const
    const old = pool.sdk.send(new InitiateAuthCommand({ ClientId: pool.ClientId, ...given }))
    expect(await refusal(old)).toContain('InvalidParameterException')
  })
  shows('session-05', async () => {
    const sourceUnder = async (getTokensSource: 'TokenGeneration_Authentication' | 'TokenGeneration_RefreshTokens') => {
      const pool = await suite.triggered(['PreTokenGeneration'], (event) => event)
      suite.emulator().setQuirks({ getTokensSource }, pool.UserPoolId)
      await confirmedUser(pool, 'ada', EMAIL)
      await renew(pool, (await pool.signIn('ada')).AuthenticationResult?.RefreshToken)
      return suite.eventsOf(pool).map(({ source }) => source)
    }
    const signIn = 'TokenGeneration_Authentication'
    expect(await sourceUnder('TokenGeneration_Authentication')).toEqual([signIn, signIn])
    expect(await sourceUnder('TokenGeneration_RefreshTokens')).toEqual([signIn, 'TokenGeneration_RefreshTokens'])
  })
  const revoke = ({ sdk, ClientId }: OpenPool, Token: string | undefined) =>
    sdk.send(new RevokeTokenCommand({ ClientId, Token }))
  shows('session-06', async () => {
    const { pool, access, refresh } = await signedIn()
    const other = (await pool.signIn('ada')).AuthenticationResult
    await revoke(pool, refresh)
    expect(await look(pool, access)).toBe(REVOKED)
    expect(await refusal(renew(pool, refresh))).toBe('NotAuthorizedException: Refresh Token has been revoked')
    expect(await look(pool, other?.AccessToken)).toBe('no refusal')
    expect(await refusal(renew(pool, other?.RefreshToken))).toBe('no refusal')
  })
  shows('session-07', async () => {
    const { pool, access } = await signedIn()
    expect(await refusal(revoke(pool, access))).toContain('UnsupportedTokenTypeException')
    expect(await look(pool, access)).toBe('no refusal')
  })
  async function expectAllEnded(end: (pool: OpenPool, access: string | undefined) => Promise<unknown>) {
    const { pool, access, refresh } = await signedIn()
    const second = (await pool.signIn('ada')).AuthenticationResult
    await end(pool, access)
    expect([await look(pool, access), await look(pool, second?.AccessToken)]).toEqual([REVOKED, REVOKED])
    expect(await refusal(renew(pool, refresh))).toContain('Refresh Token has been revoked')
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  }
  shows('session-08', () =>
    expectAllEnded(({ sdk }, AccessToken) => sdk.send(new GlobalSignOutCommand({ AccessToken }))),
  )
  shows('session-09', () =>
    expectAllEnded(({ sdk, UserPoolId }) =>
      sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: 'ada' })),
    ),
  )
  shows('session-10', async () => {
    const movedBy = async (rotationAuthTime: 'stays' | 'moves', given: Given = rotating) => {
      const pool = await withAda(given)
      suite.emulator().setQuirks({ rotationAuthTime }, pool.UserPoolId)
      const { IdToken = '', RefreshToken } = (await pool.signIn('ada')).AuthenticationResult ?? {}
      now += 60_000
      const renewed = (await renew(pool, RefreshToken))?.IdToken ?? ''
      return Number(decodeJwt(renewed).auth_time) - Number(decodeJwt(IdToken).auth_time)
    }
    expect([await movedBy('stays'), await movedBy('moves'), await movedBy('moves', {})]).toEqual([0, 60, 0])
    const hosted = await suite.open({ ...rotating, google: GOOGLE })
    suite.emulator().setQuirks({ rotationAuthTime: 'moves' }, hosted.UserPoolId)
    const { id_token, refresh_token } = await signInWithGoogle(hosted, 'ada')
    now += 60_000
    const form = { grant_type: 'refresh_token', refresh_token: String(refresh_token) }
    const renewed = decodeJwt(String(Object((await tokenRequest(hosted, form)).body).id_token))
    expect(Number(renewed.auth_time) - Number(decodeJwt(String(id_token)).auth_time)).toBe(60)
  })
})

describe('groups', () => {
  const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`
  const ada = ({ UserPoolId }: OpenPool, GroupName: string) => ({ UserPoolId, GroupName, Username: 'ada' })

  async function groupPool() {
    const pool = await withAda()
    const { sdk, UserPoolId } = pool
    for (const [Precedence, GroupName] of ['writers', 'readers'].entries()) {
      await sdk.send(new CreateGroupCommand({ UserPoolId, GroupName, Precedence, RoleArn: role(GroupName) }))
      await sdk.send(new AdminAddUserToGroupCommand(ada(pool, GroupName)))
    }
    return pool
  }
  async function claimsOf(pool: OpenPool) {
    const { IdToken = '', AccessToken = '' } = (await pool.signIn('ada')).AuthenticationResult ?? {}
    return { id: decodeJwt(IdToken), access: decodeJwt(AccessToken) }
  }
  const both = expect.arrayContaining(['readers', 'writers'])

  shows('group-01', async () => {
    const { id, access } = await claimsOf(await groupPool())
    expect([id['cognito:groups'], access['cognito:groups']]).toEqual([both, both])
  })
  shows('group-02', async () => {
    const { id, access } = await claimsOf(await groupPool())
    expect(id['cognito:roles']).toEqual(expect.arrayContaining([role('readers'), role('writers')]))
    expect([id['cognito:preferred_role'], access['cognito:roles']]).toEqual([role('writers'), undefined])
  })
  shows('group-03', async () => {
    const pool = await groupPool()
    await pool.sdk.send(new AdminRemoveUserFromGroupCommand(ada(pool, 'writers')))
    expect((await claimsOf(pool)).id['cognito:groups']).toEqual(['readers'])
  })
})

describe('limits', () => {
  const limited = async (attemptLimits: 'documented' | 'lowest' | 'off') => {
    const pool = await withAda()
    suite.emulator().setQuirks({ attemptLimits }, pool.UserPoolId)
    return pool
  }

  shows('limit-01', async () => {
    const afterFive = async (position: 'documented' | 'lowest' | 'off') => {
      const pool = await limited(position)
      for (let tried = 0; tried < 5; tried += 1) await pool.signIn('ada', 'wrong').catch(() => {})
      const locked = await refusal(pool.signIn('ada'))
      now += 1_000
      return [locked, await refusal(pool.signIn('ada'))]
    }
    const locked = ['NotAuthorizedException: Password attempts exceeded', 'no refusal']
    expect(await afterFive('documented')).toEqual(locked)
    expect(await afterFive('lowest')).toEqual(locked)
    expect(await afterFive('off')).toEqual(['no refusal', 'no refusal'])
  })
  shows('limit-02', async () => {
    // The AWS SDK waits and tries again after this error, so the calls are made without it.
    const ask = ({ ClientId }: OpenPool) =>
      fetch(suite.emulator().endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'AWSCognitoIdentityProviderService.ForgotPassword',
        },
        body: JSON.stringify({ ClientId, Username: 'ada' }),
      })
    const grantedOf = async (position: 'documented' | 'lowest' | 'off') => {
      const pool = await limited(position)
      const answers: (string | null)[] = []
      for (let asked = 0; asked < 22; asked += 1) answers.push((await ask(pool)).headers.get('x-amzn-errortype'))
      const granted = answers.filter((name) => name === null).length
      expect(answers.slice(granted)).toEqual(Array(22 - granted).fill('LimitExceededException'))
      return granted
    }
    expect([await grantedOf('documented'), await grantedOf('lowest'), await grantedOf('off')]).toEqual([20, 5, 22])
  })
})
