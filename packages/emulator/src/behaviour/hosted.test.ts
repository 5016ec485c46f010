import { request } from 'node:https'
import {
  AdminDisableUserCommand,
  AdminUserGlobalSignOutCommand,
  GlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { describe, expect } from 'vitest'
import { type Arrival, Browser } from '../testing/browser.ts'
import { confirmedUser, type Given, type OpenPool, PASSWORD } from '../testing/open-pool.ts'
import { authorizeUrl, exchange, formFields } from '../testing/walk.ts'
import { EMAIL, shows, useSuite } from './testing/shows.ts'

const suite = useSuite({ https: true })
type Query = Readonly<Record<string, string>>

/** Ada, signed in at the hosted page in a separate browser. */
async function visitor(given: Given = {}, query: Query = {}) {
  const pool = await suite.open(given)
  await confirmedUser(pool, 'ada', EMAIL)
  const browser = new Browser()
  const { endpoint } = suite.emulator()
  const isStation = (url: URL) => url.origin === new URL(endpoint).origin
  const authorize = (more: Query = {}) =>
    browser.travel(authorizeUrl(pool, { identity_provider: 'COGNITO', ...query, ...more }), isStation)
  const { url, page } = await authorize()
  const [, action = ''] = /<form method="post" action="([^"]+)"/u.exec(page) ?? []
  const form = page.slice(page.indexOf(`action="${action}"`)).split('</form>')[0] ?? ''
  const body = new URLSearchParams([...formFields(form), ['username', 'ada'], ['password', PASSWORD]])
  const target = new URL(action.replaceAll('&amp;', '&'), url)
  const signedIn = await browser.travel(target.href, isStation, { method: 'POST', body })
  const logout = (logout_uri: string) =>
    browser.travel(`${endpoint}/logout?${new URLSearchParams({ client_id: pool.ClientId, logout_uri })}`, isStation)
  return { pool, signedIn, authorize, logout }
}

const BYE = 'http://localhost:3000/bye'

describe('hosted pages', () => {
  shows('hosted-01', async () => {
    const { authorize } = await visitor()
    expect((await authorize()).url.searchParams.get('code')).toBeTruthy()
    suite.wait(3_600_000)
    expect((await authorize()).page).toContain('type="password"')
  })
  shows('hosted-02', async () => {
    const { authorize } = await visitor()
    expect((await authorize({ prompt: 'none' })).url.searchParams.get('code')).toBeTruthy()
    suite.wait(3_600_000)
    expect((await authorize({ prompt: 'none' })).url.searchParams.get('error')).toBe('login_required')
  })
  shows('hosted-03', async () => {
    const { authorize } = await visitor()
    expect((await authorize({ prompt: 'login' })).page).toContain('type="password"')
  })
  shows('hosted-04', async () => {
    const { pool, authorize } = await visitor()
    await pool.sdk.send(new AdminDisableUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect((await authorize()).page).toContain('type="password"')
  })
  shows('hosted-05', async () => {
    const { authorize, logout } = await visitor()
    expect((await logout(BYE)).url.href).toBe(BYE)
    expect((await authorize()).page).toContain('type="password"')
  })
  shows('hosted-06', async () => {
    const { authorize, logout } = await visitor()
    const near = [`${BYE}/`, `${BYE}?a=b`, `${BYE}#a`, BYE.slice(0, -1), BYE.replace('/bye', '/Bye'), `${BYE}/../x`]
    for (const url of near) expect([url, (await logout(url)).status]).toEqual([url, 400])
    expect((await authorize()).url.searchParams.get('code')).toBeTruthy()
  })
  shows('hosted-07', async () => {
    const implicit: Given = { client: { AllowedOAuthFlows: ['implicit'] } }
    const { url } = (await visitor(implicit, { response_type: 'token' })).signedIn
    const given = [...new URLSearchParams(url.hash.slice(1)).keys()]
    expect(given).toEqual(expect.arrayContaining(['id_token', 'access_token']))
    expect([given.includes('refresh_token'), url.search]).toEqual([false, ''])
  })
  const authTimeOf = async (pool: OpenPool, { url }: Arrival) => {
    const { id_token } = Object((await exchange(pool, url.searchParams.get('code') ?? '')).body)
    return Number(decodeJwt(String(id_token)).auth_time)
  }
  shows('hosted-08', async () => {
    const { authorize } = await visitor()
    suite.wait(30_000)
    expect((await authorize({ max_age: '60' })).url.searchParams.get('code')).toBeTruthy()
    // The cookie's own answer was no sign-in: the age goes on.
    suite.wait(31_000)
    expect((await authorize({ max_age: '60' })).page).toContain('type="password"')
    expect((await authorize({ max_age: '60', prompt: 'none' })).url.searchParams.get('error')).toBe('login_required')
    expect((await authorize({ max_age: '0' })).page).toContain('type="password"')
    expect((await authorize({ max_age: 'soon' })).url.searchParams.get('error')).toBe('invalid_request')
    expect((await authorize({ max_age: '-1' })).url.searchParams.get('error')).toBe('invalid_request')
    expect((await authorize()).url.searchParams.get('code')).toBeTruthy()
  })
  shows('hosted-09', async () => {
    const { authorize } = await visitor({ pool: { UserPoolTier: 'LITE' } })
    expect((await authorize({ max_age: '0' })).url.searchParams.get('code')).toBeTruthy()
  })
  shows('hosted-13', async () => {
    const { authorize } = await visitor()
    for (const prompt of ['select_account', 'consent', 'select_account consent']) {
      expect((await authorize({ prompt })).url.searchParams.get('code')).toBeTruthy()
    }
    expect((await authorize({ prompt: 'login consent' })).page).toContain('type="password"')
    expect((await authorize({ prompt: 'sometimes' })).url.searchParams.get('error')).toBe('invalid_request')
  })
  shows('hosted-14', async () => {
    const { pool, authorize } = await visitor()
    suite.emulator().setQuirks({ promptParameter: 'ignored' }, pool.UserPoolId)
    const lite = await visitor({ pool: { UserPoolTier: 'LITE' } })
    for (const prompt of ['login', 'none', 'sometimes']) {
      expect((await authorize({ prompt })).url.searchParams.get('code')).toBeTruthy()
      expect((await lite.authorize({ prompt })).url.searchParams.get('code')).toBeTruthy()
    }
    suite.wait(3_600_000)
    expect((await authorize({ prompt: 'none' })).page).toContain('type="password"')
  })
  shows('hosted-10', async () => {
    const movedBy = async (cookieAuthTime: 'moves' | 'stays') => {
      const { pool, signedIn, authorize } = await visitor()
      suite.emulator().setQuirks({ cookieAuthTime }, pool.UserPoolId)
      const first = await authTimeOf(pool, signedIn)
      suite.wait(120_000)
      return Math.round(((await authTimeOf(pool, await authorize())) - first) / 10) * 10
    }
    expect([await movedBy('moves'), await movedBy('stays')]).toEqual([120, 0])
  })
  shows('hosted-11', async () => {
    const stillIn = async (globalSignOutCookie: 'survives' | 'ends', signOut: 'own' | 'admin') => {
      const { pool, authorize } = await visitor()
      suite.emulator().setQuirks({ globalSignOutCookie }, pool.UserPoolId)
      const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken
      const who = { UserPoolId: pool.UserPoolId, Username: 'ada' }
      if (signOut === 'own') await pool.sdk.send(new GlobalSignOutCommand({ AccessToken }))
      else await pool.sdk.send(new AdminUserGlobalSignOutCommand(who))
      return (await authorize()).url.searchParams.has('code')
    }
    for (const signOut of ['own', 'admin'] as const) {
      expect(await stillIn('survives', signOut)).toBe(true)
      expect(await stillIn('ends', signOut)).toBe(false)
    }
  })
})

function get(path: string, ca: string | undefined, headers = {}): Promise<{ status: number; text: string }> {
  return new Promise((answer, fail) => {
    const url = new URL(path, suite.emulator().httpsEndpoint)
    const asked = request(url, { ca, headers, servername: 'localhost' }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => answer({ status: response.statusCode ?? 0, text }))
    })
    asked.on('error', fail).end()
  })
}

describe('TLS', () => {
  shows('https-01', async () => {
    const { UserPoolId } = await suite.open()
    const { ca, endpoint, httpsEndpoint } = suite.emulator()
    const { text } = await get(`/${UserPoolId}/.well-known/openid-configuration`, ca)
    const token_endpoint = `${httpsEndpoint}/oauth2/token`
    expect(JSON.parse(text)).toMatchObject({ issuer: `${endpoint}/${UserPoolId}`, token_endpoint })
  })
  shows('https-02', async () => {
    await expect(get('/_onesub/health', undefined)).rejects.toThrow(/certificate/u)
    expect((await get('/_onesub/health', suite.emulator().ca)).status).toBe(200)
  })
  shows('https-03', async () => {
    expect((await get('/_onesub/health', suite.emulator().ca, { host: 'evil.test' })).status).toBe(403)
  })
})
