import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { totpAt } from '../state/totp.ts'
import { Browser } from '../testing/browser.ts'
import { confirmedUser, type Given, type OpenPool, openPool, PASSWORD } from '../testing/open-pool.ts'
import { authorizeUrl, exchange, formFields } from '../testing/walk.ts'

let emulator: Emulator
let now = Date.parse('2026-01-01T00:00:00Z')
beforeAll(async () => {
  const personas = [{ id: 'ada', sub: '1099', email: 'ada@example.com' }]
  emulator = await startEmulator({ clock: () => now, personas })
})
afterAll(() => emulator.close())

type Query = Readonly<Record<string, string>>
const localUrl = (pool: OpenPool, query: Query = {}) => authorizeUrl(pool, { identity_provider: 'COGNITO', ...query })

/** A person in front of a browser: opens them, fills in forms, and follows where they lead. */
function person() {
  const browser = new Browser()
  const isStation = (url: URL) => url.origin === new URL(emulator.endpoint).origin
  const open = (url: string) => browser.travel(url, isStation)
  const fill = async (at: { url: URL; page: string }, answers: Query) => {
    const action = /<form method="post" action="(?<action>[^"]+)"/u.exec(at.page)?.groups?.action ?? ''
    const main = at.page.slice(at.page.indexOf(`action="${action}"`)).split('</form>')[0] ?? ''
    const body = formFields(main)
    for (const [name, value] of Object.entries(answers)) body.set(name, value)
    return await browser.travel(new URL(action.replaceAll('&amp;', '&'), at.url).href, isStation, {
      method: 'POST',
      body,
    })
  }
  return { browser, open, fill }
}

async function poolWithAda(given: Given = {}) {
  const pool = await openPool(emulator, given)
  await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
  return pool
}

const credentials = { username: 'ada', password: PASSWORD }
const alertIn = (page: string) => /role="alert"[^>]*>(?<text>[^<]*)</u.exec(page)?.groups?.text

describe('/login (Developer Guide: login-endpoint)', () => {
  it('lets a local user in by password, and gives the tokens of a hosted sign-in', async () => {
    const pool = await poolWithAda()
    const { open, fill } = person()
    const { url } = await fill(await open(localUrl(pool)), credentials)
    const { body } = await exchange(pool, url.searchParams.get('code') ?? '')
    const token = 'access_token' in body ? String(body.access_token) : ''
    expect(decodeJwt(token)).toMatchObject({ username: 'ada', version: 2, scope: 'openid email profile' })
    expect(url.searchParams.get('state')).toBe('my-state')
  })

  it.each([
    [{ username: 'ada', password: 'wrong' }, 'Incorrect username or password.'],
    [{ username: 'nobody', password: PASSWORD }, 'User does not exist.'],
  ])('says above the form what is wrong: %j', async (answers, text) => {
    const pool = await poolWithAda()
    const { open, fill } = person()
    const at = await fill(await open(localUrl(pool)), answers)
    expect([at.status, alertIn(at.page)]).toEqual([400, text])
    expect(at.page).toContain(`value="${answers.username}"`)
    expect(at.page).not.toContain(answers.password)
  })

  it('shows what a trigger refuses in plain words, and runs the triggers of the API', async () => {
    emulator.setTrigger('no-entry', () => {
      throw new Error('Come back tomorrow')
    })
    const PreAuthentication = 'arn:aws:lambda:us-east-1:000000000000:function:no-entry'
    const pool = await poolWithAda({ pool: { LambdaConfig: { PreAuthentication } } })
    const { open, fill } = person()
    const at = await fill(await open(localUrl(pool)), credentials)
    expect(alertIn(at.page)).toBe('PreAuthentication failed with error Come back tomorrow.')
  })

  it('asks the migration trigger about somebody unknown, with the password that was typed', async () => {
    emulator.setTrigger('migrate', (event: { userName: string; response: object }) => {
      const userAttributes = { email: `${event.userName}@example.com`, email_verified: 'true' }
      return { ...event, response: { userAttributes, finalUserStatus: 'CONFIRMED', messageAction: 'SUPPRESS' } }
    })
    const UserMigration = 'arn:aws:lambda:us-east-1:000000000000:function:migrate'
    const pool = await openPool(emulator, { pool: { LambdaConfig: { UserMigration } } })
    const { open, fill } = person()
    const { url } = await fill(await open(localUrl(pool)), { username: 'old', password: 'kept-as-it-was' })
    expect(url.searchParams.get('code')).toBeTruthy()
    expect(await pool.user('old')).toMatchObject({ email: 'old@example.com', status: 'CONFIRMED' })
  })

  it('asks an invited user for a password of their own', async () => {
    const pool = await openPool(emulator)
    const UserPoolId = pool.UserPoolId
    await pool.sdk.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: 'eve',
        TemporaryPassword: 'Temp0rary!',
        MessageAction: 'SUPPRESS',
      }),
    )
    const { open, fill } = person()
    const asked = await fill(await open(localUrl(pool)), { username: 'eve', password: 'Temp0rary!' })
    expect(asked.page).toContain('Choose a password of your own')
    const weak = await fill(asked, { NEW_PASSWORD: 'short' })
    expect(alertIn(weak.page)).toContain('Password did not conform with policy')
    const done = await fill(weak, { NEW_PASSWORD: PASSWORD })
    expect(done.url.searchParams.get('code')).toBeTruthy()
    expect(await pool.user('eve')).toMatchObject({ status: 'CONFIRMED' })
  })

  it('asks for the second factor, again after a wrong code, and lets in by the right one', async () => {
    const pool = await poolWithAda()
    const { UserPoolId } = pool
    const SoftwareTokenMfaConfiguration = { Enabled: true }
    const configuration = { UserPoolId, MfaConfiguration: 'OPTIONAL' as const, SoftwareTokenMfaConfiguration }
    await pool.sdk.send(new SetUserPoolMfaConfigCommand(configuration))
    const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken
    const { SecretCode = '' } = await pool.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }))
    const codeAt = (moment: number) => totpAt(SecretCode, Math.floor(moment / 30_000))
    await pool.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: codeAt(now) }))
    const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
    await pool.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }))
    const { open, fill } = person()
    const asked = await fill(await open(localUrl(pool)), credentials)
    expect(asked.page).toContain('Enter your code')
    now += 60_000
    const wrong = await fill(asked, { SOFTWARE_TOKEN_MFA_CODE: codeAt(now + 3_600_000) })
    expect([alertIn(wrong.page) === undefined, wrong.url.searchParams.has('code')]).toEqual([false, false])
    const right = await fill(wrong, { SOFTWARE_TOKEN_MFA_CODE: codeAt(now) })
    expect(right.url.searchParams.get('code')).toBeTruthy()
  })

  it('takes only forms of its own pages, and none for an application without local users', async () => {
    const pool = await poolWithAda()
    const login = localUrl(pool).replace('/oauth2/authorize', '/login')
    const body = new URLSearchParams(credentials)
    expect((await fetch(login, { method: 'POST', body })).status).toBe(403)
    const google = { google: { email: 'email' }, client: { SupportedIdentityProviders: ['Google'] } }
    const federated = await openPool(emulator, google)
    const page = await (await fetch(authorizeUrl(federated).replace('&identity_provider=Google', ''))).text()
    expect(page).toContain('Continue with Google')
    expect(page).not.toContain('type="password"')
  })

  it('is a page that people can use: labels, landmark, heading, no inline script or style', async () => {
    const pool = await poolWithAda()
    const answer = await fetch(localUrl(pool))
    const page = await answer.text()
    const ids = [...page.matchAll(/<input id="([^"]+)"/gu)].map(([, id]) => id)
    expect(ids).toEqual(['username', 'password'])
    for (const id of ids) expect(page).toContain(`<label for="${id}">`)
    expect(page).toMatch(/<html lang="en">.*<main><h1>Sign in<\/h1>/su)
    expect(page).not.toMatch(/<script|<style|\son\w+=/u)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await fetch(`${emulator.endpoint}/hosted/style.css`)).headers.get('content-type')).toContain('text/css')
  })
})

describe('the session cookie (Developer Guide: authorization-endpoint, quotas)', () => {
  it('lets a later authorize pass without a question, for one hour', async () => {
    const pool = await poolWithAda()
    const { open, fill } = person()
    await fill(await open(localUrl(pool)), credentials)
    const again = (query: Query = {}) => open(localUrl(pool, query))
    expect((await again()).url.searchParams.get('code')).toBeTruthy()
    expect((await again({ prompt: 'none' })).url.searchParams.get('code')).toBeTruthy()
    expect((await again({ prompt: 'login' })).page).toContain('Password')
    now += 3_600_000
    expect((await again()).page).toContain('Password')
    expect((await again({ prompt: 'none' })).url.searchParams.get('error')).toBe('login_required')
  })

  it('is good for its own pool only, and not for a user who was disabled', async () => {
    const [pool, other] = [await poolWithAda(), await poolWithAda()]
    const { open, fill } = person()
    await fill(await open(localUrl(pool)), credentials)
    expect((await open(localUrl(other))).page).toContain('Password')
    await pool.sdk.send(new AdminDisableUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect((await open(localUrl(pool))).page).toContain('Password')
  })

  it('ends at /logout, which goes to a registered address or on to /login (Developer Guide: logout-endpoint)', async () => {
    const pool = await poolWithAda()
    const { open, fill } = person()
    await fill(await open(localUrl(pool)), credentials)
    const query = new URL(localUrl(pool)).search
    const back = await open(`${emulator.endpoint}/logout${query}`)
    expect([back.url.pathname, back.page.includes('Password')]).toEqual(['/login', true])
    expect((await open(localUrl(pool))).page).toContain('Password')
    await fill(await open(localUrl(pool)), credentials)
    const bye = 'http://localhost:3000/bye'
    const left = await open(
      `${emulator.endpoint}/logout?client_id=${pool.ClientId}&logout_uri=${encodeURIComponent(bye)}`,
    )
    expect(left.url.href).toBe(bye)
    expect((await open(localUrl(pool))).page).toContain('Password')
  })
})

describe('/signup, /confirmUser, /forgotPassword, /confirmForgotPassword', () => {
  it('make a user, prove the address, and let in', async () => {
    const pool = await openPool(emulator, { client: { GenerateSecret: true } })
    const { open, fill } = person()
    const form = await open(localUrl(pool).replace('/oauth2/authorize', '/signup'))
    const weak = { username: 'ada', 'attribute.email': 'ada@example.com', password: 'short' }
    const refused = await fill(form, weak)
    expect(alertIn(refused.page)).toContain('Password did not conform with policy')
    const confirming = await fill(refused, { ...weak, password: PASSWORD })
    expect(confirming.url.pathname).toBe('/confirmUser')
    const wrong = await fill(confirming, { code: '000000' })
    expect(alertIn(wrong.page)).toContain('Invalid verification code')
    const done = await fill(wrong, { code: pool.code('ada') })
    expect([done.url.pathname, done.page.includes('You can sign in now.')]).toEqual(['/login', true])
    expect((await fill(done, credentials)).url.searchParams.get('code')).toBeTruthy()
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'true', status: 'CONFIRMED' })
  })

  it('bring an unconfirmed user to the code, and send a new one', async () => {
    const pool = await openPool(emulator)
    await pool.signUp('ada', { email: 'ada@example.com' })
    const before = pool.code('ada')
    const { browser, open, fill } = person()
    const at = await fill(await open(localUrl(pool)), credentials)
    expect(at.url.pathname).toBe('/confirmUser')
    const resend = /action="(?<action>\/resendcode[^"]+)"/u.exec(at.page)?.groups?.action ?? ''
    const body = formFields(at.page)
    await browser.travel(new URL(resend.replaceAll('&amp;', '&'), at.url).href, () => true, { method: 'POST', body })
    expect(emulator.inbox(pool.UserPoolId, 'ada')).toHaveLength(2)
    expect((await fill(at, { code: pool.code('ada') })).url.pathname).toBe('/login')
    expect(before).toMatch(/^[0-9]{6}$/u)
  })

  it('change a forgotten password', async () => {
    const pool = await poolWithAda()
    const { open, fill } = person()
    const asked = await open(localUrl(pool).replace('/oauth2/authorize', '/forgotPassword'))
    const sent = await fill(asked, { username: 'ada' })
    expect(sent.url.pathname).toBe('/confirmForgotPassword')
    const done = await fill(sent, { code: pool.code('ada'), password: 'An0ther-horse' })
    expect((await fill(done, { ...credentials, password: 'An0ther-horse' })).url.searchParams.get('code')).toBeTruthy()
  })

  it('refuse what the API refuses, in its words', async () => {
    const pool = await poolWithAda({ pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } }).catch(
      String,
    )
    expect(pool).toContain('SignUp is not permitted')
    const closed = await openPool(emulator, { pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } })
    const { open, fill } = person()
    expect((await open(localUrl(closed))).page).not.toContain('/signup')
    const form = await open(localUrl(closed).replace('/oauth2/authorize', '/signup'))
    expect(alertIn((await fill(form, { username: 'x', password: PASSWORD })).page)).toContain('not permitted')
  })
})

describe('the implicit flow (Developer Guide: authorization-endpoint)', () => {
  const implicit = { client: { AllowedOAuthFlows: ['implicit' as const] } }
  it('hands tokens over in the fragment, without a refresh token', async () => {
    const pool = await poolWithAda(implicit)
    const { open, fill } = person()
    const { url } = await fill(await open(localUrl(pool, { response_type: 'token', nonce: 'n1' })), credentials)
    const given = new URLSearchParams(url.hash.slice(1))
    expect([...given.keys()]).toEqual(['id_token', 'access_token', 'expires_in', 'token_type', 'state'])
    expect(decodeJwt(given.get('id_token') ?? '')).toMatchObject({ nonce: 'n1' })
    expect(url.search).toBe('')
  })

  it('puts errors into the fragment too, and must be allowed', async () => {
    const pool = await poolWithAda(implicit)
    const { open } = person()
    const { url } = await open(localUrl(pool, { response_type: 'token', prompt: 'none' }))
    expect(url.hash).toBe('#error_description=Login+is+required&state=my-state&error=login_required')
    const wrong = await open(localUrl(pool))
    expect(wrong.url.searchParams.get('error')).toBe('unauthorized_client')
  })
})

describe('/oauth2/revoke (Developer Guide: revocation-endpoint)', () => {
  const revoke = (pool: OpenPool, form: Query) =>
    fetch(`${emulator.endpoint}/oauth2/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: pool.ClientId, ...form }),
    })

  it('kills the refresh token and every access token of its sign-in', async () => {
    const pool = await poolWithAda()
    const { open, fill } = person()
    const { url } = await fill(await open(localUrl(pool)), credentials)
    const tokens: Record<string, unknown> = { ...(await exchange(pool, url.searchParams.get('code') ?? '')).body }
    expect((await revoke(pool, { token: String(tokens.refresh_token) })).status).toBe(200)
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    expect((await fetch(`${emulator.endpoint}/oauth2/userInfo`, { headers })).status).toBe(401)
  })

  it.each([
    [{ token: 'unknown' }, 200, ''],
    [{ token: 'a.b.c' }, 400, '{"error":"unsupported_token_type"}'],
    [{}, 400, '{"error":"invalid_request"}'],
    [{ token: 'x', client_id: 'nobody' }, 400, '{"error":"invalid_client"}'],
  ])('answers %j with %s', async (form, status, text) => {
    const answer = await revoke(await openPool(emulator), form)
    expect([answer.status, await answer.text()]).toEqual([status, text])
  })
})

it('machines get no tokens: there are no resource servers whose scopes could be granted', async () => {
  const pool = await openPool(emulator, {
    client: { GenerateSecret: true, AllowedOAuthFlows: ['client_credentials'], CallbackURLs: [] },
  })
  const form = { grant_type: 'client_credentials', client_id: pool.ClientId, client_secret: pool.secret }
  const answer = await fetch(`${emulator.endpoint}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) })
  expect(await answer.json()).toEqual({ error: 'invalid_scope' })
})

it('a password set by an administrator opens the page as well', async () => {
  const pool = await poolWithAda()
  const change = { UserPoolId: pool.UserPoolId, Username: 'ada', Password: 'Adm1n-horse', Permanent: true }
  await pool.sdk.send(new AdminSetUserPasswordCommand(change))
  const { open, fill } = person()
  const { url } = await fill(await open(localUrl(pool)), { username: 'ada', password: 'Adm1n-horse' })
  expect(url.searchParams.has('code')).toBe(true)
})
