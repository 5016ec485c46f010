import { AdminDisableUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { CALLBACK, type OpenPool, openPool } from '../testing/open-pool.ts'
import { arrive, authorizeUrl, exchange, follow, signInWithGoogle, tokenRequest } from '../testing/walk.ts'

let emulator: Emulator
let pool: OpenPool
let now = Date.parse('2026-01-01T00:00:00Z')
const google = { email: 'email', email_verified: 'email_verified' }
beforeAll(async () => {
  const personas = [
    { id: 'ada', sub: '1099', email: 'ada@example.com', email_verified: true },
    { id: '<b>eve</b>', sub: '666' },
  ]
  emulator = await startEmulator({ personas, clock: () => now })
  pool = await openPool(emulator, { google })
})
afterAll(() => emulator.close())

async function refused(query: Record<string, string>): Promise<string | null> {
  return (await follow(authorizeUrl(pool, query), emulator.endpoint)).searchParams.get('error')
}

async function code(): Promise<string> {
  return (await arrive(pool, 'ada')).searchParams.get('code') ?? ''
}

const get = (path: string, headers = {}) => fetch(emulator.endpoint + path, { redirect: 'manual', headers })

describe('/oauth2/authorize (Developer Guide: authorization-endpoint)', () => {
  it('goes by the provider’s page, back to Cognito, and to the application with code and state', async () => {
    const first = await fetch(authorizeUrl(pool, { persona: 'ada' }), { redirect: 'manual' })
    expect(first.headers.get('location')).toContain('/simulated-provider/authorize?state=')
    const callback = await arrive(pool, 'ada')
    expect(callback.href.startsWith(`${CALLBACK}?code=`)).toBe(true)
    expect(callback.searchParams.get('state')).toBe('my-state')
  })

  it('login_hint chooses the persona by address, and so does nobody', async () => {
    const byHint = await follow(authorizeUrl(pool, { login_hint: 'ada@example.com' }), emulator.endpoint)
    expect(byHint.searchParams.get('code')).toBeTruthy()
    await expect(arrive(pool, 'nobody')).rejects.toThrow('There is no persona with this id.')
  })

  it('never redirects to an address the client has not registered', async () => {
    for (const query of [{ redirect_uri: 'https://evil.test/' }, { client_id: 'unknown' }]) {
      const answer = await fetch(authorizeUrl(pool, query), { redirect: 'manual' })
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    }
  })

  it.each([
    [{ scope: 'openid admin' }, 'invalid_scope'],
    [{ response_type: 'wrong' }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ identity_provider: 'Facebook' }, 'invalid_request'],
    [{ prompt: 'none' }, 'login_required'],
  ])('refuses %j with %s', async (query, error) => {
    expect(await refused(query)).toBe(error)
  })

  it('is closed to clients without OAuth', async () => {
    const api = await openPool(emulator, { google, client: { AllowedOAuthFlowsUserPoolClient: false } })
    const callback = await follow(authorizeUrl(api), emulator.endpoint)
    expect(callback.searchParams.get('error')).toBe('unauthorized_client')
  })

  it('shows a page with the providers when none is named, and one with the personas at the provider', async () => {
    const url = authorizeUrl(pool).replace('&identity_provider=Google', '')
    const login = await fetch(url)
    expect(await login.text()).toContain('Continue with Google')
    const provider = await (await fetch(authorizeUrl(pool))).text()
    expect(provider).toContain('Simulated Google: who are you?')
    expect(provider).toContain('ada@example.com (verified)')
    expect(provider).toContain('&lt;b&gt;eve&lt;/b&gt;')
  })

  it('brings a cancelled visit back as access_denied', async () => {
    const visit = new URL((await fetch(authorizeUrl(pool))).url).searchParams.get('state')
    const back = await get(`/oauth2/idpresponse?error=access_denied&state=${visit}`)
    expect(new URL(back.headers.get('location') ?? '').searchParams.get('error')).toBe('access_denied')
  })

  it('takes a provider’s answer only once, and none that it did not ask for', async () => {
    expect((await get('/oauth2/idpresponse?code=made-up&state=made-up')).status).toBe(400)
    const visit = new URL((await fetch(authorizeUrl(pool))).url).searchParams.get('state')
    const first = await get(`/oauth2/idpresponse?code=made-up&state=${visit}`)
    expect(first.headers.get('location')).toContain('error_description=Google+Error+-+400+invalid_grant')
    expect((await get(`/oauth2/idpresponse?code=made-up&state=${visit}`)).status).toBe(400)
  })
})

describe('/oauth2/token (Developer Guide: token-endpoint)', () => {
  it('exchanges a code once', async () => {
    const given = await code()
    const { status, body } = await exchange(pool, given)
    expect([status, Object.keys(body).sort()]).toEqual([
      200,
      ['access_token', 'expires_in', 'id_token', 'refresh_token', 'token_type'],
    ])
    expect(await exchange(pool, given)).toEqual({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('refuses a wrong verifier, another redirect_uri, a missing code and other grants', async () => {
    const wrong = { code_verifier: 'wrong' }
    expect(await exchange(pool, await code(), wrong)).toMatchObject({ body: { error: 'invalid_grant' } })
    const elsewhere = { redirect_uri: 'http://localhost:3000/other' }
    expect(await exchange(pool, await code(), elsewhere)).toMatchObject({ body: { error: 'invalid_grant' } })
    expect(await tokenRequest(pool, {})).toMatchObject({ body: { error: 'invalid_request' } })
    const machine = { grant_type: 'client_credentials' }
    expect(await tokenRequest(pool, machine)).toMatchObject({ body: { error: 'unauthorized_client' } })
    expect(await tokenRequest(pool, { grant_type: 'password' })).toMatchObject({
      body: { error: 'unsupported_grant_type' },
    })
  })

  it('lets a code live for five minutes', async () => {
    const given = await code()
    now += 5 * 60_000
    expect(await exchange(pool, given)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('demands the client’s secret, in the header or in the form', async () => {
    const secretPool = await openPool(emulator, { google, client: { GenerateSecret: true } })
    const given = (await arrive(secretPool, 'ada')).searchParams.get('code') ?? ''
    expect(await exchange(secretPool, given)).toMatchObject({ body: { error: 'invalid_client' } })
    expect(await exchange(secretPool, given, { client_secret: secretPool.secret })).toMatchObject({ status: 200 })
  })

  it('refreshes without a new refresh token, until the user is disabled', async () => {
    const { refresh_token: token } = await signInWithGoogle(pool, 'ada')
    const form = { grant_type: 'refresh_token', refresh_token: String(token) }
    const { status, body } = await tokenRequest(pool, form)
    expect([status, Object.keys(body).sort()]).toEqual([200, ['access_token', 'expires_in', 'id_token', 'token_type']])
    const target = await openPool(emulator, { google })
    const other = await signInWithGoogle(target, 'ada')
    const who = { UserPoolId: target.UserPoolId, Username: 'Google_1099' }
    await target.sdk.send(new AdminDisableUserCommand(who))
    const late = { grant_type: 'refresh_token', refresh_token: String(other.refresh_token) }
    expect(await tokenRequest(target, late)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('answers invalid_grant when the scope email is asked by a client that cannot read email_verified', async () => {
    const blind = await openPool(emulator, { google, client: { ReadAttributes: ['email'] } })
    const given = (await arrive(blind, 'ada')).searchParams.get('code') ?? ''
    expect(await exchange(blind, given)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})

describe('/oauth2/userInfo and /logout', () => {
  it('tells claims with booleans as texts, and nothing to others (Developer Guide: userinfo-endpoint)', async () => {
    const { access_token: token } = await signInWithGoogle(pool, 'ada')
    const info = await get('/oauth2/userInfo', { authorization: `Bearer ${token}` })
    expect(await info.json()).toMatchObject({
      email: 'ada@example.com',
      email_verified: 'true',
      username: 'Google_1099',
    })
    const none = await get('/oauth2/userInfo', { authorization: 'Bearer nonsense' })
    expect([none.status, await none.json()]).toMatchObject([401, { error: 'invalid_token' }])
  })

  it('logout goes to a registered address only (Developer Guide: logout-endpoint)', async () => {
    const to = (uri: string) => get(`/logout?client_id=${pool.ClientId}&logout_uri=${encodeURIComponent(uri)}`)
    expect((await to('http://localhost:3000/bye')).headers.get('location')).toBe('http://localhost:3000/bye')
    expect((await to('https://evil.test/')).status).toBe(400)
  })

  it('pages that are not emulated say so', async () => {
    const answer = await get('/passkeys/add')
    expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining('is not emulated')])
  })
})

describe('a frame around the pages', () => {
  const policyOf = async (endpoint: string) => (await fetch(`${endpoint}/error`)).headers.get('content-security-policy')

  it('is forbidden', async () => {
    expect(await policyOf(emulator.endpoint)).toContain("frame-ancestors 'none'")
  })

  it('is allowed to the origins that were named at the start', async () => {
    const framed = await startEmulator({ frameAncestors: ['http://localhost:3000', 'http://127.0.0.1:3001'] })
    const policy = await policyOf(framed.endpoint)
    await framed.close()
    expect(policy).toContain('frame-ancestors http://localhost:3000 http://127.0.0.1:3001')
    expect(policy).not.toContain("frame-ancestors 'none'")
  })

  it.each(['https://example.com', 'http://localhost:3000/', 'http://localhost:3000; script-src *', 'localhost', '*'])(
    'is allowed to no %s',
    async (origin) => {
      await expect(startEmulator({ frameAncestors: [origin] })).rejects.toThrow('loopback origins only')
    },
  )
})
