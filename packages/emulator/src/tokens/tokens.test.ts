import { CognitoJwtVerifier, JwtVerifier } from 'aws-jwt-verify'
import { assertIsJwks, type Jwks } from 'aws-jwt-verify/jwk'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator, type TriggerFunction } from '../index.ts'
import { confirmedUser, openPool } from '../testing/open-pool.ts'
import { arrive, exchange, signInWithGoogle } from '../testing/walk.ts'

let emulator: Emulator
beforeAll(async () => {
  const personas = [{ id: 'ada', sub: '1099', email: 'ada@example.com', email_verified: true }]
  emulator = await startEmulator({ personas })
})
afterAll(() => emulator.close())

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`
const ada = { email: 'ada@example.com', name: 'Ada' }

async function signedIn(given: Parameters<typeof openPool>[1] = {}) {
  const pool = await openPool(emulator, given)
  const sub = await confirmedUser(pool, 'ada', ada)
  const tokens = (await pool.signIn('ada')).AuthenticationResult
  return { pool, sub, id: tokens?.IdToken ?? '', access: tokens?.AccessToken ?? '' }
}

async function keySet({ endpoint }: Emulator, { UserPoolId }: { UserPoolId: string }): Promise<Jwks> {
  const keys = Object(await (await fetch(`${endpoint}/${UserPoolId}/.well-known/jwks.json`)).json())
  assertIsJwks(keys)
  return keys
}

describe('tokens (Developer Guide: amazon-cognito-user-pools-using-the-id-token, …-the-access-token)', () => {
  it('carry the documented claims', async () => {
    const { pool, sub, id, access } = await signedIn()
    const iss = `${emulator.endpoint}/${pool.UserPoolId}`
    const common = { sub, iss, origin_jti: expect.any(String), event_id: expect.any(String), jti: expect.any(String) }
    const times = { auth_time: expect.any(Number), iat: expect.any(Number), exp: expect.any(Number) }
    expect(decodeJwt(id)).toEqual({
      ...common,
      ...times,
      aud: pool.ClientId,
      token_use: 'id',
      'cognito:username': 'ada',
      email: 'ada@example.com',
      email_verified: true,
      name: 'Ada',
    })
    expect(decodeJwt(access)).toEqual({
      ...common,
      ...times,
      client_id: pool.ClientId,
      token_use: 'access',
      username: 'ada',
      scope: 'aws.cognito.signin.user.admin',
    })
  })

  it('are signed with RS256, each kind by its own key, and verify against the published key set', async () => {
    const { pool, id, access } = await signedIn()
    const configuration = await fetch(`${emulator.endpoint}/${pool.UserPoolId}/.well-known/openid-configuration`)
    const { issuer, jwks_uri: uri } = { issuer: '', jwks_uri: '', ...Object(await configuration.json()) }
    const keys = createRemoteJWKSet(new URL(uri))
    for (const token of [id, access]) await jwtVerify(token, keys, { issuer, algorithms: ['RS256'] })
    expect(decodeProtectedHeader(id).kid).not.toBe(decodeProtectedHeader(access).kid)
  })

  it('verify with aws-jwt-verify, given the key set', async () => {
    const { pool, sub, access } = await signedIn()
    const issuer = `${emulator.endpoint}/${pool.UserPoolId}`
    const verifier = JwtVerifier.create({ issuer, audience: null, jwksUri: `${issuer}/.well-known/jwks.json` })
    verifier.cacheJwks(await keySet(emulator, pool))
    expect((await verifier.verify(access)).sub).toBe(sub)
  })

  it('T136: are refused by a verifier made for the pool at AWS, and by the keys of another start', async () => {
    const { pool, id } = await signedIn()
    const verifier = CognitoJwtVerifier.create({ userPoolId: pool.UserPoolId, clientId: pool.ClientId, tokenUse: 'id' })
    verifier.cacheJwks(await keySet(emulator, pool))
    await expect(verifier.verify(id)).rejects.toThrow(/issuer/iu)
    const other = await startEmulator()
    const otherJwks = await keySet(other, await openPool(other))
    await other.close()
    expect(JSON.stringify(otherJwks)).not.toContain(decodeProtectedHeader(id).kid)
  })

  it('show only what the client may read', async () => {
    const { id } = await signedIn({ client: { ReadAttributes: ['name'] } })
    expect(decodeJwt(id)).toMatchObject({ name: 'Ada' })
    expect(decodeJwt(id)).not.toHaveProperty('email')
  })

  it('after a hosted sign-in carry the scopes, at_hash, the nonce and version 2', async () => {
    const pool = await openPool(emulator, { google: { email: 'email', email_verified: 'email_verified' } })
    const callback = await arrive(pool, 'ada', { nonce: 'n-1', scope: 'openid email' })
    const { body } = await exchange(pool, callback.searchParams.get('code') ?? '')
    const { id_token: id, access_token: access } = { id_token: '', access_token: '', ...body }
    expect(decodeJwt(id)).toMatchObject({ nonce: 'n-1', at_hash: expect.any(String), email: 'ada@example.com' })
    expect(decodeJwt(access)).toMatchObject({ scope: 'openid email', version: 2 })
  })
})

describe('PreTokenGeneration (Developer Guide: user-pool-lambda-pre-token-generation)', () => {
  async function withTrigger(LambdaVersion: 'V1_0' | 'V2_0' | undefined, handler: TriggerFunction) {
    emulator.setTrigger('tokens', handler)
    const LambdaArn = arnOf('tokens')
    const own = LambdaVersion && { PreTokenGenerationConfig: { LambdaVersion, LambdaArn } }
    return await signedIn({ pool: { LambdaConfig: own ?? { PreTokenGeneration: LambdaArn } } })
  }

  it('V1 changes the ID token, groups reach both tokens, and fixed claims stay', async () => {
    const { sub, id, access } = await withTrigger(undefined, (event: object) => ({
      ...event,
      response: {
        claimsOverrideDetails: {
          claimsToAddOrOverride: { person_id: 'p1', sub: 'forged', 'cognito:username': 'forged', name: 'Countess' },
          claimsToSuppress: ['email', 'iss'],
          groupOverrideDetails: { groupsToOverride: ['admins'] },
        },
      },
    }))
    expect(decodeJwt(id)).toMatchObject({ person_id: 'p1', sub, name: 'Countess', 'cognito:groups': ['admins'] })
    expect(decodeJwt(id)).toMatchObject({ 'cognito:username': 'ada', iss: expect.any(String) })
    expect(decodeJwt(id)).not.toHaveProperty('email')
    expect(decodeJwt(access)).not.toHaveProperty('person_id')
    expect(decodeJwt(access)).toMatchObject({ 'cognito:groups': ['admins'] })
  })

  it('V2 changes both tokens and the scopes, and gets the scopes to see', async () => {
    const { id, access } = await withTrigger('V2_0', (event: object) => ({
      ...event,
      response: {
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: { claimsToAddOrOverride: { tenants: ['a', 'b'] } },
          accessTokenGeneration: {
            claimsToAddOrOverride: { person_id: 'p1' },
            scopesToAdd: ['orders'],
            scopesToSuppress: ['aws.cognito.signin.user.admin'],
          },
        },
      },
    }))
    expect(decodeJwt(id)).toMatchObject({ tenants: ['a', 'b'] })
    expect(decodeJwt(access)).toMatchObject({ person_id: 'p1', scope: 'orders' })
    expect(emulator.triggerCalls().at(-1)?.event).toMatchObject({
      version: '2',
      triggerSource: 'TokenGeneration_Authentication',
      request: { scopes: ['aws.cognito.signin.user.admin'], groupConfiguration: { groupsToOverride: [] } },
      response: { claimsAndScopeOverrideDetails: null },
    })
  })

  it('untouched changes nothing', async () => {
    const { id } = await withTrigger('V1_0', (event) => event)
    expect(decodeJwt(id)).toMatchObject({ email: 'ada@example.com' })
  })

  it('sees a federated user with identities as text', async () => {
    emulator.setTrigger('tokens', (event) => event)
    const LambdaConfig = { PreTokenGeneration: arnOf('tokens') }
    const pool = await openPool(emulator, { google: { email: 'email' }, pool: { LambdaConfig } })
    await signInWithGoogle(pool, 'ada')
    expect(emulator.triggerCalls().at(-1)?.event).toMatchObject({
      triggerSource: 'TokenGeneration_HostedAuth',
      request: { userAttributes: { identities: expect.stringContaining('"primary":true') } },
    })
  })
})
