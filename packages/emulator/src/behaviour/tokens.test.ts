import { request } from 'node:http'
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect } from 'vitest'
import { startEmulator } from '../index.ts'
import { CALLBACK, confirmedUser, type Given, type OpenPool, refusal, sdkFor } from '../testing/open-pool.ts'
import { arrive, authorizeUrl, exchange, follow, signInWithGoogle, tokenRequest } from '../testing/walk.ts'
import { EMAIL, GOOGLE, shows, useSuite } from './testing/shows.ts'

const suite = useSuite()
const googlePool = (given: Given = {}) => suite.open({ google: GOOGLE, ...given })
const get = (path: string, headers = {}) =>
  fetch(new URL(path, suite.emulator().endpoint), { redirect: 'manual', headers })

async function hosted(pool: OpenPool, query: Record<string, string> = {}) {
  const callback = await arrive(pool, 'ada', query)
  const { body } = await exchange(pool, callback.searchParams.get('code') ?? '')
  const { id_token, access_token, refresh_token } = { id_token: '', access_token: '', refresh_token: '', ...body }
  return { id: id_token, access: access_token, refresh: refresh_token }
}

describe('tokens', () => {
  async function signedIn(given: Given = {}, attributes: Record<string, string> = EMAIL) {
    const pool = await suite.open(given)
    const sub = await confirmedUser(pool, 'ada', attributes)
    const { IdToken = '', AccessToken = '', RefreshToken = '' } = (await pool.signIn('ada')).AuthenticationResult ?? {}
    return { pool, sub, IdToken, AccessToken, RefreshToken, id: decodeJwt(IdToken), access: decodeJwt(AccessToken) }
  }

  shows('token-01', async () => {
    const { IdToken, AccessToken } = await signedIn()
    const [id, access] = [IdToken, AccessToken].map((token) => decodeProtectedHeader(token))
    expect([id?.alg, access?.alg]).toEqual(['RS256', 'RS256'])
    expect(id?.kid).not.toBe(access?.kid)
  })
  shows('token-02', async () => {
    const { pool, IdToken, AccessToken } = await signedIn()
    const issuer = `${suite.emulator().endpoint}/${pool.UserPoolId}`
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
    const currentDate = new Date(Number(decodeJwt(IdToken).iat) * 1_000)
    for (const token of [IdToken, AccessToken]) await jwtVerify(token, keys, { issuer, currentDate })
  })
  shows('token-03', async () => {
    const { pool, sub, id } = await signedIn()
    expect(id).toMatchObject({ sub, aud: pool.ClientId, token_use: 'id', 'cognito:username': 'ada' })
    expect(id).not.toHaveProperty('client_id')
  })
  shows('token-04', async () => {
    const { pool, sub, access } = await signedIn()
    expect(access).toMatchObject({ sub, client_id: pool.ClientId, token_use: 'access', username: 'ada' })
    expect(access).not.toHaveProperty('aud')
  })
  shows('token-05', async () => expect((await signedIn()).id.email_verified).toBe(true))
  shows('token-06', async () => expect((await signedIn()).access.scope).toBe('aws.cognito.signin.user.admin'))
  shows('token-07', async () => {
    const { pool, access, RefreshToken } = await signedIn()
    suite.wait(60_000)
    const given = { AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: RefreshToken } } as const
    const answer = await pool.sdk.send(new InitiateAuthCommand({ ClientId: pool.ClientId, ...given }))
    const later = decodeJwt(answer.AuthenticationResult?.AccessToken ?? '')
    expect([later.origin_jti, later.auth_time]).toEqual([access.origin_jti, access.auth_time])
    expect(later.jti).not.toBe(access.jti)
    expect(Number(later.iat)).toBeGreaterThan(Number(access.iat))
  })
  shows('token-08', async () => {
    const { id } = await signedIn({ client: { ReadAttributes: ['name'] } }, { ...EMAIL, name: 'Ada' })
    expect(id).toMatchObject({ name: 'Ada' })
    expect(id).not.toHaveProperty('email')
  })
  shows('token-09', async () => {
    const Schema = [{ Name: 'age', AttributeDataType: 'Number' as const }]
    const client = { WriteAttributes: ['email', 'custom:age'], ReadAttributes: ['custom:age'] }
    const { id } = await signedIn({ pool: { Schema }, client }, { ...EMAIL, 'custom:age': '36' })
    expect(id['custom:age']).toBe('36')
  })
  shows('token-10', async () => {
    const { id } = await hosted(await googlePool(), { nonce: 'n-1' })
    expect(decodeJwt(id)).toMatchObject({ nonce: 'n-1', at_hash: expect.stringMatching(/^[\w-]{22}$/u) })
  })
  shows('token-11', async () => {
    const { access } = await hosted(await googlePool(), { scope: 'openid email' })
    expect(decodeJwt(access)).toMatchObject({ scope: 'openid email', version: 2 })
  })
  shows('token-12', async () => {
    const { id, access } = await signedIn()
    for (const { exp, iat } of [id, access]) expect(Number(exp) - Number(iat)).toBe(3_600)
    const units = { TokenValidityUnits: { IdToken: 'minutes' as const } }
    const short = await signedIn({ client: { IdTokenValidity: 5, ...units } })
    expect(Number(short.id.exp) - Number(short.id.iat)).toBe(300)
  })
  shows('token-13', async () => {
    const { id } = await hosted(await googlePool())
    expect(decodeJwt(id).identities).toMatchObject([{ primary: 'true', dateCreated: expect.stringMatching(/^\d+$/u) }])
  })
  shows('token-14', async () => {
    const { pool, AccessToken } = await signedIn()
    suite.wait(3_601_000)
    const call = pool.sdk.send(new GetUserCommand({ AccessToken }))
    expect(await refusal(call)).toBe('NotAuthorizedException: Access Token has expired')
  })
  shows('token-15', async () => {
    const { id } = await hosted(await googlePool(), { scope: 'openid email' })
    expect(decodeJwt(id)).toMatchObject(EMAIL)
    expect(decodeJwt(id)).not.toHaveProperty('name')
  })
})

describe('OAuth endpoints', () => {
  const errorOf = async (pool: OpenPool, query: Record<string, string>) =>
    (await follow(authorizeUrl(pool, query), pool.emulator.endpoint)).searchParams.get('error')
  const codeFor = async (pool: OpenPool) => (await arrive(pool, 'ada')).searchParams.get('code') ?? ''
  const refused = { status: 400, body: { error: 'invalid_grant' } }

  shows('oauth-01', async () => {
    const { UserPoolId } = await suite.open()
    const issuer = `${suite.emulator().endpoint}/${UserPoolId}`
    expect(await (await get(`/${UserPoolId}/.well-known/openid-configuration`)).json()).toMatchObject({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      authorization_endpoint: expect.stringContaining('/oauth2/authorize'),
      token_endpoint: expect.stringContaining('/oauth2/token'),
      userinfo_endpoint: expect.stringContaining('/oauth2/userInfo'),
    })
  })
  shows('oauth-02', async () => {
    const pool = await googlePool()
    for (const query of [{ redirect_uri: 'https://evil.test/' }, { client_id: 'unknown' }]) {
      const answer = await fetch(authorizeUrl(pool, query), { redirect: 'manual' })
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    }
  })
  shows('oauth-03', async () => expect(await errorOf(await googlePool(), { scope: 'openid x' })).toBe('invalid_scope'))
  shows('oauth-04', async () => {
    expect(await errorOf(await googlePool(), { response_type: 'wrong' })).toBe('invalid_request')
  })
  shows('oauth-05', async () => {
    expect(await errorOf(await googlePool(), { code_challenge_method: 'plain' })).toBe('invalid_request')
  })
  shows('oauth-06', async () => {
    const pool = await googlePool({ client: { AllowedOAuthFlowsUserPoolClient: false } })
    expect(await errorOf(pool, {})).toBe('unauthorized_client')
  })
  shows('oauth-07', async () => {
    expect(await errorOf(await googlePool(), { prompt: 'none' })).toBe('login_required')
  })
  shows('oauth-08', async () => {
    const pool = await googlePool()
    const url = authorizeUrl(pool).replace('&identity_provider=Google', '')
    const location = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? ''
    expect(new URL(location, url).pathname).toBe('/login')
    expect(new URL(location, url).searchParams.get('client_id')).toBe(pool.ClientId)
  })
  shows('oauth-09', async () => {
    const callback = await arrive(await googlePool(), 'ada', { state: 'a b&c=ü' })
    expect(callback.searchParams.get('state')).toBe('a b&c=ü')
  })
  shows('oauth-10', async () => {
    const pool = await googlePool()
    const code = await codeFor(pool)
    expect((await exchange(pool, code)).status).toBe(200)
    expect(await exchange(pool, code)).toMatchObject(refused)
  })
  shows('oauth-11', async () => {
    const pool = await googlePool()
    const code = await codeFor(pool)
    suite.wait(5 * 60_000)
    expect(await exchange(pool, code)).toMatchObject(refused)
  })
  shows('oauth-12', async () => {
    const pool = await googlePool()
    expect(await exchange(pool, await codeFor(pool), { code_verifier: 'wrong' })).toMatchObject(refused)
  })
  shows('oauth-13', async () => {
    const pool = await googlePool()
    const elsewhere = { redirect_uri: `${CALLBACK}/other` }
    expect(await exchange(pool, await codeFor(pool), elsewhere)).toMatchObject(refused)
  })
  shows('oauth-14', async () => {
    const [pool, other] = [await googlePool(), await googlePool()]
    expect(await exchange(other, await codeFor(pool))).toMatchObject(refused)
  })
  shows('oauth-15', async () => {
    const pool = await googlePool({ client: { GenerateSecret: true } })
    expect(await exchange(pool, await codeFor(pool))).toMatchObject({ body: { error: 'invalid_client' } })
    const form = { client_secret: pool.secret }
    expect((await exchange(pool, await codeFor(pool), form)).status).toBe(200)
    const basic = Buffer.from(`${pool.ClientId}:${pool.secret}`).toString('base64')
    const answer = await fetch(`${pool.emulator.endpoint}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' }),
    })
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' })
  })
  shows('oauth-16', async () => {
    const pool = await googlePool()
    const { refresh } = await hosted(pool)
    const { status, body } = await tokenRequest(pool, { grant_type: 'refresh_token', refresh_token: refresh })
    expect(status).toBe(200)
    expect(Object.keys(body)).not.toContain('refresh_token')
  })
  shows('oauth-17', async () => {
    const answer = await tokenRequest(await googlePool(), { grant_type: 'password' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
  })
  shows('oauth-18', async () => {
    const pool = await googlePool({ client: { ReadAttributes: ['email'] } })
    expect(await exchange(pool, await codeFor(pool))).toMatchObject(refused)
  })
  shows('oauth-19', async () => {
    const pool = await googlePool()
    const body = new URLSearchParams({ client_id: pool.ClientId, grant_type: 'refresh_token', refresh_token: 'x' })
    const answer = await fetch(`${pool.emulator.endpoint}/oauth2/token`, { method: 'POST', body })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
  const infoFor = (token: string) => get('/oauth2/userInfo', { authorization: `Bearer ${token}` })
  shows('oauth-20', async () => {
    const { access } = await hosted(await googlePool())
    expect(await (await infoFor(access)).json()).toMatchObject({ ...EMAIL, email_verified: 'true' })
  })
  shows('oauth-21', async () => {
    const pool = await suite.open()
    await confirmedUser(pool, 'ada', EMAIL)
    const token = (await pool.signIn('ada')).AuthenticationResult?.AccessToken ?? ''
    expect((await infoFor(token)).status).toBe(401)
  })
  shows('oauth-22', async () => {
    const pool = await googlePool()
    const { access } = await hosted(pool)
    await pool.sdk.send(new AdminDeleteUserCommand({ UserPoolId: pool.UserPoolId, Username: 'Google_1099' }))
    const answer = await infoFor(access)
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: 'invalid_token' }])
  })
  shows('oauth-23', async () => {
    const { ClientId } = await googlePool()
    const to = (uri: string) => get(`/logout?client_id=${ClientId}&logout_uri=${encodeURIComponent(uri)}`)
    expect((await to('http://localhost:3000/bye')).headers.get('location')).toBe('http://localhost:3000/bye')
    expect((await to('https://evil.test/')).headers.get('location')).toBeNull()
  })
  shows('oauth-24', async () => {
    const { ClientId } = await googlePool()
    const query = new URLSearchParams({ client_id: ClientId, redirect_uri: CALLBACK, response_type: 'code' })
    expect((await get(`/logout?${query}`)).headers.get('location')).toContain('/login?')
  })
  shows('oauth-25', async () => {
    const pool = await googlePool()
    const url = `${authorizeUrl(pool, { persona: 'ada' })}`.replace(/&scope=[^&]*/u, '')
    const code = (await follow(url, pool.emulator.endpoint)).searchParams.get('code') ?? ''
    const { access_token } = { access_token: '', ...(await exchange(pool, code)).body }
    expect(String(decodeJwt(String(access_token)).scope).split(' ')).toEqual(
      expect.arrayContaining(['openid', 'email', 'profile', 'aws.cognito.signin.user.admin']),
    )
  })
})

describe('the protocol', () => {
  const TYPE = 'application/x-amz-json-1.1'
  interface Answer {
    readonly status: number | undefined
    readonly headers: Readonly<Record<string, unknown>>
    readonly body: unknown
  }

  /** Not by `fetch`, which would not let us choose Host and Origin. */
  function call(operation: string, body: string, more: Record<string, string> = {}): Promise<Answer> {
    const target = `AWSCognitoIdentityProviderService.${operation}`
    const headers = { 'content-type': TYPE, 'x-amz-target': target, ...more }
    return new Promise((resolve, reject) => {
      const asked = request({ port: suite.emulator().port, host: '127.0.0.1', method: 'POST', headers }, (response) => {
        const chunks: Buffer[] = []
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => {
            const text = Buffer.concat(chunks).toString()
            resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(text) })
          })
      })
      asked.on('error', reject).end(body)
    })
  }

  shows('protocol-01', async () => {
    expect(await call('DescribeUserPool', '{"UserPoolId":"none"}')).toMatchObject({
      status: 400,
      headers: { 'content-type': TYPE, 'x-amzn-errortype': 'ResourceNotFoundException' },
      body: { __type: 'ResourceNotFoundException', message: 'User pool none does not exist.' },
    })
  })
  shows('protocol-02', async () => {
    const { body } = await call('CreateUserPool', '{"PoolName":"p"}')
    expect(Math.abs(Object(body).UserPool.CreationDate - Date.now() / 1_000)).toBeLessThan(100_000_000)
  })
  shows('protocol-03', async () => {
    const { headers } = await call('ListUserPools', '{"MaxResults":1}')
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/u)
  })
  shows('protocol-04', async () => {
    const { status, body } = await call('MakeCoffee', '{}')
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body).toMatchObject({ __type: 'NotEmulatedException' })
  })
  shows('protocol-05', async () => {
    for (const body of ['{', '[]', '{"UserPoolId":1}']) {
      expect(await call('DescribeUserPool', body)).toMatchObject({ body: { __type: 'SerializationException' } })
    }
  })
  shows('protocol-06', async () => {
    const { body } = await call('SignUp', '{}')
    expect(Object(body).message).toMatch(/^1 validation error detected: .*Member must not be null$/u)
  })
  shows('protocol-07', async () => {
    const unsigned = await call('ListUserPools', '{"MaxResults":1}')
    const signed = await call('ListUserPools', '{"MaxResults":1}', { authorization: 'AWS4-HMAC-SHA256 x' })
    expect([unsigned.status, signed.status]).toEqual([200, 200])
  })
  shows('protocol-08', async () => {
    const { port } = suite.emulator()
    for (const more of [{ host: `evil.test:${port}` }, { host: '127.0.0.1' }, { origin: 'https://evil.test' }]) {
      expect((await call('ListUserPools', '{"MaxResults":1}', more)).status).toBe(403)
    }
  })
  shows('protocol-09', async () => {
    const origin = 'http://localhost:3000'
    const allowed = async (operation: string) =>
      (await call(operation, '{}', { origin })).headers['access-control-allow-origin']
    expect([await allowed('SignUp'), await allowed('ListUsers')]).toEqual([origin, undefined])
  })
  shows('protocol-10', async () => {
    const strict = await startEmulator({ quirks: { throttling: 'quotas' }, clock: () => 0 })
    const list = () => refusal(sdkFor(strict).send(new ListUsersCommand({ UserPoolId: 'none' })))
    for (let count = 0; count < 30; count += 1) expect(await list()).toContain('ResourceNotFoundException')
    expect(await list()).toBe('TooManyRequestsException: Rate exceeded')
    await strict.close()
  })
  shows('protocol-11', async () => {
    const { sdk, UserPoolId } = await suite.open()
    await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ada' }))
    const { body } = await call('AdminDeleteUser', JSON.stringify({ UserPoolId, Username: 'ada' }))
    expect(body).toEqual({})
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
  })
})
