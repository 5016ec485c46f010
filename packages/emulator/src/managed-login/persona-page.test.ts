import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { Browser } from '../testing/browser.ts'
import { openPool } from '../testing/open-pool.ts'
import { type Provider, poolWith } from '../testing/other-provider.ts'
import { authorizeUrl, formFields } from '../testing/walk.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

const isStation = (url: URL) => url.port !== '3000'
const typed = { sub: 'New.1', email: 'new@relay.test', name: 'New', hd: 'relay.test', is_private_email: 'on' }

const actionIn = (page: string) => /<form method="post" action="(?<to>[^"]+)"/u.exec(page)?.groups?.to ?? ''

function filled(page: string, answers: Readonly<Record<string, string>>): URLSearchParams {
  const fields = formFields(page.slice(page.indexOf('method="post"')).split('</form>')[0] ?? '')
  for (const [name, value] of Object.entries(answers)) fields.set(name, value)
  return fields
}

describe('a provider’s page', () => {
  it('lets a person make a persona, who stays to be chosen again', async () => {
    const pool = await openPool(emulator, {
      google: { email: 'email', email_verified: 'email_verified', nickname: 'hd' },
    })
    const browser = new Browser()
    const at = await browser.travel(authorizeUrl(pool), isStation)
    const body = filled(at.page, typed)
    const back = await browser.travel(new URL(actionIn(at.page), at.url).href, isStation, { method: 'POST', body })
    expect(back.url.searchParams.get('code')).toBeTruthy()
    expect(await pool.user('Google_New.1')).toMatchObject({
      email: 'new@relay.test',
      email_verified: 'false',
      nickname: 'relay.test',
    })
    expect(emulator.personas()).toMatchObject([{ id: 'New.1', is_private_email: true }])
    emulator.reset()
  })

  it('takes no form from elsewhere', async () => {
    const pool = await openPool(emulator, { google: { email: 'email' } })
    const at = await new Browser().travel(authorizeUrl(pool), isStation)
    const body = filled(at.page, typed)
    const to = new URL(actionIn(at.page), at.url)
    const withoutCookie = await fetch(to, { method: 'POST', body })
    expect(withoutCookie.status).toBe(403)
    expect(emulator.personas()).toEqual([])
  })

  it('lets a person change their mind at the SAML provider', async () => {
    const details = { MetadataURL: `${emulator.endpoint}/simulated-saml/metadata` }
    const pool = await poolWith(emulator, { name: 'Corp', type: 'SAML', details, mapping: {} })
    const browser = new Browser()
    const at = await browser.travel(authorizeUrl(pool, { identity_provider: 'Corp' }), isStation)
    const cancelled = await browser.travel(`${at.url.href}&error=access_denied`, isStation)
    const consumer = { method: 'POST', body: formFields(cancelled.page) }
    const back = await browser.travel(new URL(actionIn(cancelled.page), at.url).href, isStation, consumer)
    expect(back.url.searchParams.get('error')).toBe('server_error')
  })

  it('is the same at the SAML provider, whose answer a browser posts back', async () => {
    const details = { MetadataURL: `${emulator.endpoint}/simulated-saml/metadata` }
    const corp: Provider = { name: 'Corp', type: 'SAML', details, mapping: { email: 'email' } }
    const pool = await poolWith(emulator, corp)
    const browser = new Browser()
    const at = await browser.travel(authorizeUrl(pool, { identity_provider: 'Corp' }), isStation)
    expect(at.page).toContain('Simulated SAML provider: who are you?')
    const forged = await fetch(new URL(actionIn(at.page), at.url), { method: 'POST', body: filled(at.page, typed) })
    expect(forged.status).toBe(403)
    const body = filled(at.page, { sub: 'saml.1', email: 'saml@example.com' })
    const answer = await browser.travel(new URL(actionIn(at.page), at.url).href, isStation, { method: 'POST', body })
    const consumer = { method: 'POST', body: formFields(answer.page) }
    const back = await browser.travel(new URL(actionIn(answer.page), answer.url).href, isStation, consumer)
    expect(back.url.searchParams.get('code')).toBeTruthy()
    expect(await pool.user('Corp_saml.1')).toMatchObject({ email: 'saml@example.com' })
  })
})
