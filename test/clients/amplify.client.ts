import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenPool, PASSWORD } from '../../packages/emulator/src/testing/open-pool.ts'
import { chromiumVersion, launchChromium } from './chromium.ts'
import { GOOGLE, useTestPool } from './test-pool.ts'
import { named } from './versions.ts'

describe.skipIf(!chromiumVersion)(
  `${named('aws-amplify')} in ${chromiumVersion ?? 'a browser (SKIPPED: apt-get install chromium)'}`,
  () => {
    const open = useTestPool({ https: true })
    const outDir = mkdtempSync(join(tmpdir(), 'amplify-page-'))
    let site: { readonly url: string; close(): Promise<void> }
    let browser: Browser

    beforeAll(async () => {
      site = await bundled(outDir)
      browser = await launchChromium()
    })
    afterAll(async () => {
      await browser?.close()
      await site?.close()
      rmSync(outDir, { recursive: true })
    })

    /** A fresh browser profile on a page with Amplify, set up for this pool by its public options only. */
    async function pageFor({ emulator, UserPoolId, ClientId }: OpenPool): Promise<Page> {
      const page = await (await browser.newContext()).newPage()
      await page.goto(site.url)
      await page.waitForFunction(() => Object(globalThis).document.title === 'ready')
      const Cognito = { userPoolId: UserPoolId, userPoolClientId: ClientId, userPoolEndpoint: emulator.endpoint }
      await page.evaluate((config) => Object(globalThis).Amplify.configure({ Auth: { Cognito: config } }), Cognito)
      return page
    }

    const call = (page: Page, name: string, input: object = {}): Promise<unknown> =>
      page.evaluate(async ([method, given]) => await Object(globalThis).auth[method](given), [name, input] as const)

    async function signedUp(pool: OpenPool): Promise<Page> {
      const page = await pageFor(pool)
      const userAttributes = { email: 'ada@example.com' }
      const begun = await call(page, 'signUp', { username: 'ada', password: PASSWORD, options: { userAttributes } })
      expect(begun).toMatchObject({ nextStep: { signUpStep: 'CONFIRM_SIGN_UP' } })
      await call(page, 'confirmSignUp', { username: 'ada', confirmationCode: pool.code('ada') })
      return page
    }

    it.each(['USER_PASSWORD_AUTH', 'USER_SRP_AUTH'])(
      'signs up, confirms, signs in by %s and out',
      async (authFlowType) => {
        const page = await signedUp(await open())
        const answer = await call(page, 'signIn', { username: 'ada', password: PASSWORD, options: { authFlowType } })
        expect(answer).toMatchObject({ isSignedIn: true })
        expect(await call(page, 'getCurrentUser')).toMatchObject({ username: 'ada' })
        expect(await call(page, 'fetchUserAttributes')).toMatchObject({ email: 'ada@example.com' })
        await call(page, 'signOut')
        await expect(call(page, 'getCurrentUser')).rejects.toThrow('UserUnAuthenticatedException')
      },
    )

    it('signs in by redirect with Google over https, and out again', async () => {
      const here = { CallbackURLs: [site.url], LogoutURLs: [site.url] }
      const pool = await open({ google: GOOGLE, client: here })
      const context = await browser.newContext({ ignoreHTTPSErrors: true })
      const page = await context.newPage()
      await page.goto(site.url)
      await page.evaluate(
        (settings) => Object(globalThis).sessionStorage.setItem('settings', settings),
        oauthSettings(pool),
      )
      await page.reload()
      await page.waitForFunction(() => Object(globalThis).document.title === 'ready')
      // The page goes away while this call is under way.
      await call(page, 'signInWithRedirect', { provider: 'Google' }).catch(() => {})
      await page.click('button[value="ada"]')
      await page.waitForURL(`${site.url}**`)
      await expect
        .poll(() => call(page, 'getCurrentUser').catch(() => ({})), { timeout: 15_000 })
        .toMatchObject({
          username: 'Google_1099',
        })
      await call(page, 'signOut').catch(() => {})
      await expect
        .poll(() => call(page, 'getCurrentUser').catch(String), { timeout: 15_000 })
        .toContain('UserUnAuthenticatedException')
      await context.close()
    })

    function oauthSettings({ emulator, UserPoolId, ClientId }: OpenPool): string {
      const oauth = {
        domain: new URL(emulator.httpsEndpoint ?? '').host,
        scopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],
        redirectSignIn: [site.url],
        redirectSignOut: [site.url],
        responseType: 'code',
      }
      const userPoolEndpoint = emulator.endpoint
      const Cognito = { userPoolId: UserPoolId, userPoolClientId: ClientId, userPoolEndpoint, loginWith: { oauth } }
      return JSON.stringify({ Auth: { Cognito } })
    }

    it('shows a wrong password by its name', async () => {
      const page = await signedUp(await open())
      const options = { authFlowType: 'USER_PASSWORD_AUTH' }
      const attempt = call(page, 'signIn', { username: 'ada', password: 'Wr0ng-horse', options })
      await expect(attempt).rejects.toThrow('Incorrect username or password.')
    })
  },
)

/** The page as an application would ship it: bundled by Vite, served on loopback. */
async function bundled(outDir: string) {
  const { build, preview } = await import('vite')
  const root = join(import.meta.dirname, 'amplify')
  await build({ root, configFile: false, logLevel: 'error', build: { outDir, emptyOutDir: true } })
  const server = await preview({ root, configFile: false, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error('Vite serves nothing.')
  return { url, close: () => server.close() }
}
