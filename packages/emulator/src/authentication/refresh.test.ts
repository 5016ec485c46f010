import {
  AdminUserGlobalSignOutCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { confirmedUser, type OpenPool, openPool, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
let now = Date.parse('2026-01-01T00:00:00Z')
beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now })
})
afterAll(() => emulator.close())

const rotating = {
  ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH' as const],
  RefreshTokenRotation: { Feature: 'ENABLED' as const, RetryGracePeriodSeconds: 10 },
}

async function signedIn(client: object = {}, pool: object = {}) {
  const place = await openPool(emulator, { client, pool })
  await confirmedUser(place, 'ada', { email: 'ada@example.com' })
  const tokens = (await place.signIn('ada')).AuthenticationResult
  return { pool: place, access: tokens?.AccessToken, refresh: tokens?.RefreshToken }
}

const renew = async ({ sdk, ClientId }: OpenPool, RefreshToken: string | undefined, more = {}) =>
  (await sdk.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken, ...more }))).AuthenticationResult
const getUser = (pool: OpenPool, AccessToken: string | undefined) => pool.sdk.send(new GetUserCommand({ AccessToken }))

describe('GetTokensFromRefreshToken (Developer Guide: amazon-cognito-user-pools-using-the-refresh-token)', () => {
  it('gives new tokens, and no new refresh token where tokens do not rotate', async () => {
    const { pool, refresh } = await signedIn()
    const renewed = await renew(pool, refresh)
    expect(renewed).toMatchObject({ AccessToken: expect.any(String), IdToken: expect.any(String) })
    expect(renewed?.RefreshToken).toBeUndefined()
  })

  it('rotates: the old token is good for the grace period, then its use is an error of its own', async () => {
    const { pool, refresh } = await signedIn(rotating)
    const first = await renew(pool, refresh)
    expect(first?.RefreshToken).not.toBe(refresh)
    now += 9_000
    expect(await refusal(renew(pool, refresh))).toBe('no refusal')
    now += 2_000
    expect(await refusal(renew(pool, refresh))).toContain('RefreshTokenReuseException')
    expect(await refusal(renew(pool, first?.RefreshToken))).toBe('no refusal')
  })

  it('a rotated token lives only as long as the first one would have', async () => {
    const { pool, refresh } = await signedIn(rotating)
    now += 29 * 86_400_000
    const renewed = await renew(pool, refresh)
    now += 2 * 86_400_000
    expect(await refusal(renew(pool, renewed?.RefreshToken))).toBe('NotAuthorizedException: Invalid Refresh Token')
  })

  it('takes the place of REFRESH_TOKEN_AUTH on a rotating client', async () => {
    const both = { ...rotating, ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH' as const] }
    expect(await refusal(openPool(emulator, { client: both }))).toContain('InvalidParameterException')
    const { pool, refresh = '' } = await signedIn(rotating)
    const old = { AuthFlow: 'REFRESH_TOKEN_AUTH' as const, AuthParameters: { REFRESH_TOKEN: refresh } }
    expect(await refusal(pool.sdk.send(new InitiateAuthCommand({ ClientId: pool.ClientId, ...old })))).toContain(
      'InvalidParameterException',
    )
  })

  it('wants the plain client secret, and no token of another client', async () => {
    const { pool, refresh } = await signedIn()
    const other = await signedIn()
    expect(await refusal(renew(pool, other.refresh))).toBe('NotAuthorizedException: Invalid Refresh Token')
    expect(await refusal(renew(pool, refresh, { ClientSecret: 'none' }))).toContain('NotAuthorizedException')
  })

  it('runs PreTokenGeneration under the source that the switch names', async () => {
    emulator.setTrigger('tokens', (event) => event)
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:tokens'
    const LambdaConfig = { PreTokenGenerationConfig: { LambdaVersion: 'V3_0', LambdaArn: arn } }
    const { pool, refresh } = await signedIn({}, { LambdaConfig })
    await renew(pool, refresh, { ClientMetadata: { from: 'test' } })
    expect(emulator.triggerCalls().at(-1)).toMatchObject({
      source: 'TokenGeneration_Authentication',
      event: { version: '3', request: { clientMetadata: { from: 'test' }, scopes: ['aws.cognito.signin.user.admin'] } },
    })
    emulator.setQuirks({ getTokensSource: 'TokenGeneration_RefreshTokens' }, pool.UserPoolId)
    await renew(pool, refresh)
    expect(emulator.triggerCalls().at(-1)?.source).toBe('TokenGeneration_RefreshTokens')
  })
})

describe('ending sessions', () => {
  it('RevokeToken kills one sign-in with its access tokens, and leaves the others alone', async () => {
    const { pool, access, refresh } = await signedIn()
    const other = (await pool.signIn('ada')).AuthenticationResult
    const revoke = (Token: string | undefined) =>
      pool.sdk.send(new RevokeTokenCommand({ ClientId: pool.ClientId, Token }))
    expect(await refusal(revoke(access))).toContain('UnsupportedTokenTypeException')
    await revoke(refresh)
    expect(await refusal(getUser(pool, access))).toBe('NotAuthorizedException: Access Token has been revoked')
    expect(await refusal(renew(pool, refresh))).toBe('NotAuthorizedException: Refresh Token has been revoked')
    expect(await refusal(getUser(pool, other?.AccessToken))).toBe('no refusal')
    expect(await refusal(revoke('unknown'))).toBe('no refusal')
  })

  it('RevokeToken needs a client with revocation on', async () => {
    const { pool, refresh } = await signedIn({ EnableTokenRevocation: false })
    const revoke = pool.sdk.send(new RevokeTokenCommand({ ClientId: pool.ClientId, Token: refresh }))
    expect(await refusal(revoke)).toContain('UnsupportedOperationException')
  })

  it.each(['user', 'administrator'])('a global sign-out by the %s ends every session', async (who) => {
    const { pool, access, refresh } = await signedIn()
    const second = (await pool.signIn('ada')).AuthenticationResult
    if (who === 'user') await pool.sdk.send(new GlobalSignOutCommand({ AccessToken: access }))
    else await pool.sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    for (const token of [access, second?.AccessToken]) {
      expect(await refusal(getUser(pool, token))).toBe('NotAuthorizedException: Access Token has been revoked')
    }
    expect(await refusal(renew(pool, refresh))).toContain('Refresh Token has been revoked')
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })
})
