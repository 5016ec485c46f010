import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { Browser } from '../testing/browser.ts'
import type { OpenPool } from '../testing/open-pool.ts'
import { poolWith } from '../testing/other-provider.ts'
import { authorizeUrl, exchange } from '../testing/walk.ts'
import { type StrictProvider, startStrictProvider } from './strict-provider.ts'

let emulator: Emulator
let strict: StrictProvider
const accounts = {
  'Sub-With.Case_1': { email: 'ada@example.com', email_verified: true, name: 'Ada' },
  bob: { email: 'bob@example.com', email_verified: false, name: 'Bob' },
}
beforeAll(async () => {
  emulator = await startEmulator()
  const redirectUri = `${emulator.endpoint}/oauth2/idpresponse`
  strict = await startStrictProvider({ clientId: 'cognito', clientSecret: 'a-real-secret', redirectUri, accounts })
})
afterAll(async () => {
  await emulator.close()
  await strict.close()
})

const corp = (details: Readonly<Record<string, string>> = {}): Promise<OpenPool> =>
  poolWith(emulator, {
    name: 'Corp',
    type: 'OIDC',
    details: {
      client_id: 'cognito',
      client_secret: 'a-real-secret',
      authorize_scopes: 'openid email profile',
      attributes_request_method: 'GET',
      oidc_issuer: strict.issuer,
      ...details,
    },
    mapping: { email: 'email', email_verified: 'email_verified', name: 'name' },
  })

async function signIn(pool: OpenPool, query: Readonly<Record<string, string>> = {}): Promise<URLSearchParams> {
  const isStation = (url: URL) => url.port !== '3000'
  const start = authorizeUrl(pool, { identity_provider: 'Corp', ...query })
  return (await new Browser().travel(start, isStation)).url.searchParams
}

describe('a real OpenID provider (Developer Guide: cognito-user-pools-oidc-idp)', () => {
  it('is found by discovery, asked for a code, and believed for what its keys have signed', async () => {
    const pool = await corp()
    const answer = await signIn(pool)
    const { body } = await exchange(pool, answer.get('code') ?? '')
    expect(body).toHaveProperty('id_token')
    expect(await pool.user('Corp_Sub-With.Case_1')).toMatchObject({
      status: 'EXTERNAL_PROVIDER',
      email: 'ada@example.com',
      email_verified: 'true',
      name: 'Ada',
    })
  })

  it('gets the login_hint, and may be asked for attributes by POST', async () => {
    const pool = await corp({ attributes_request_method: 'POST' })
    expect((await signIn(pool, { login_hint: 'bob' })).get('code')).toBeTruthy()
    expect(await pool.user('Corp_bob')).toMatchObject({ email_verified: 'false' })
  })

  it('may be given by its endpoints instead of by discovery', async () => {
    const pool = await corp({
      authorize_url: `${strict.issuer}/auth`,
      token_url: `${strict.issuer}/token`,
      attributes_url: `${strict.issuer}/me`,
      jwks_uri: `${strict.issuer}/jwks`,
    })
    expect((await signIn(pool)).get('code')).toBeTruthy()
  })

  it.each([
    ['a wrong secret', { client_secret: 'wrong' }, 'Corp Error - 401 error getting token'],
    ['keys that did not sign', { jwks: true }, 'Corp Error - the ID token is not valid (JWKSNoMatchingKey)'],
    ['an endpoint elsewhere', { token: 'https://elsewhere.test/' }, 'Corp Error - an endpoint is not on this machine'],
    ['no server', { token: 'http://127.0.0.1:1/token' }, 'Connection reset'],
  ])('%s ends on the callback with invalid_request', async (_, wrong, description) => {
    const keys = createServer((_request, response) => response.end('{"keys":[]}'))
    await new Promise<void>((listening) => keys.listen(0, '127.0.0.1', listening))
    const address = keys.address()
    const emptyKeys = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    const pool = await corp({
      client_secret: 'client_secret' in wrong ? wrong.client_secret : 'a-real-secret',
      authorize_url: `${strict.issuer}/auth`,
      token_url: 'token' in wrong ? wrong.token : `${strict.issuer}/token`,
      jwks_uri: 'jwks' in wrong ? emptyKeys : `${strict.issuer}/jwks`,
    })
    const answer = await signIn(pool)
    keys.close()
    expect([answer.get('error'), answer.get('error_description')]).toEqual(['invalid_request', description])
    expect(emulator.users(pool.UserPoolId)).toEqual([])
  })

  it('an answer that belongs to another visit is refused by its nonce', async () => {
    const pool = await corp()
    const code = new Map<string, string>()
    // The provider's answer to one visit is carried into another one, whose nonce it cannot know.
    for (const visit of ['first', 'second']) {
      const browser = new Browser()
      const isBefore = (url: URL) => url.pathname !== '/oauth2/idpresponse'
      const stopped = await browser.travel(authorizeUrl(pool, { identity_provider: 'Corp' }), isBefore)
      code.set(visit, stopped.url.searchParams.get('code') ?? '')
      code.set(`${visit} state`, stopped.url.searchParams.get('state') ?? '')
    }
    const query = new URLSearchParams({ code: code.get('first') ?? '', state: code.get('second state') ?? '' })
    const answer = await fetch(`${emulator.endpoint}/oauth2/idpresponse?${query}`, { redirect: 'manual' })
    const back = new URL(answer.headers.get('location') ?? '')
    expect(back.searchParams.get('error_description')).toBe('Corp Error - the ID token has another nonce')
  })
})
