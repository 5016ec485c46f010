import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { type Emulator, startEmulator } from '@onesub/emulator'
import { createMemoryRegistry } from 'onesub/registry/memory'
import { createTriggerHandler } from 'onesub/triggers'
import { createUserPoolAdapter } from 'onesub/user-pool'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPool, type DemoPool, given, subOf } from '../../packages/cli/src/demo/pool.ts'
import { chromiumVersion, launchChromium } from './chromium.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:onesub'
const PASSWORD = 'Correct-Horse-9'
const PERSONA = { id: 'ada', sub: '1180', email: 'ada@example.com', email_verified: true, hd: 'example.com' }
const SCOPE = 'openid email aws.cognito.signin.user.admin'
/** What a person would see, kept for whoever wants to look. */
const PICTURES = 'test-output/four-sign-in-methods'

/** One human, four sign-in methods, through the pages that a user sees. */
describe.skipIf(!chromiumVersion)(
  `hosted pages in ${chromiumVersion ?? 'a browser (SKIPPED: apt-get install chromium)'}`,
  () => {
    let emulator: Emulator
    let cognito: CognitoIdentityProvider
    let browser: Browser
    let app: Server
    let pool: DemoPool
    const registry = createMemoryRegistry()
    const personOf = (subject: string) => registry.resolve({ pool: pool.userPoolId, provider: 'Cognito', subject })

    beforeAll(async () => {
      mkdirSync(PICTURES, { recursive: true })
      app = createServer((_, response) =>
        response.setHeader('content-type', 'text/html').end('<title>app</title>'),
      ).listen(0, 'localhost')
      await once(app, 'listening')
      const redirectUri = `http://localhost:${(app.address() as AddressInfo).port}/callback`
      emulator = await startEmulator({ personas: [PERSONA] })
      cognito = new CognitoIdentityProvider({
        endpoint: emulator.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      })
      pool = await createPool(cognito, emulator.endpoint, 'pages', ARN, {}, redirectUri)
      const { userPoolId, clientId } = pool
      const triggers = createTriggerHandler({
        userPoolId,
        clientIds: [clientId],
        registry,
        userPool: createUserPoolAdapter(cognito),
        policy: { providers: { Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' } } },
        report: () => {},
      })
      emulator.setTrigger(ARN, (event) => triggers(event))
      browser = await launchChromium()
    })

    afterAll(async () => {
      await browser?.close()
      cognito?.destroy()
      app?.closeAllConnections()
      app?.close()
      await emulator?.close()
    })

    it('signs Ada up once, refuses two more, and links Google at the second try', async () => {
      const page = await newPage()
      await signUp(page, 'ada', 'Ada@Example.com')
      await page.getByLabel('Code').fill(given(emulator.newestCode(pool.userPoolId, 'ada')))
      await picture(page, '1-confirm')
      await page.locator('button.main').click()
      const native = await signIn(page)
      const person = await personOf(native)
      expect(person).toBeDefined()

      const second = await newPage()
      await signUp(second, 'ada-lovelace', 'ada@example.com')
      await picture(second, '2-refused')
      expect(await second.locator('body').innerText()).toMatch(
        /onesub\/IDENTIFIER_TAKEN: An account with these details already exists/,
      )

      const clicks = await Promise.all(Array.from({ length: 8 }, () => newPage()))
      await Promise.all(clicks.map((click, at) => signUp(click, `click-${at}`, 'ADA@example.com')))
      for (const click of clicks) expect(await click.locator('body').innerText()).toContain('onesub/IDENTIFIER_TAKEN')

      const google = await newPage()
      const first = await continueWithGoogle(google)
      expect(first.searchParams.get('error_description')).toMatch(/^Already found an entry for username Google_1180/i)
      await picture(google, '3-first-link')
      const again = await continueWithGoogle(google)
      await picture(google, '4-linked')
      const linked = await subIn(again)
      expect(linked).toBe(native)
      expect(await personOf(linked)).toBe(person)

      const { Users = [] } = await cognito.listUsers({ UserPoolId: pool.userPoolId })
      expect(Users.map(({ Username }) => Username)).toEqual(['ada'])
    })

    const newPage = async (): Promise<Page> => (await browser.newContext()).newPage()
    const picture = (page: Page, name: string) => page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })

    function address(path: string, more: Record<string, string> = {}): string {
      const { endpoint, clientId, redirectUri } = pool
      const query = {
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: SCOPE,
        state: 's',
        ...more,
      }
      return `${endpoint}${path}?${new URLSearchParams(query)}`
    }

    async function signUp(page: Page, userName: string, email: string): Promise<void> {
      await page.goto(address('/signup'))
      await page.getByLabel(/user ?name/i).fill(userName)
      await page.getByLabel('E-mail address').fill(email)
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.locator('button.main').click()
      await page.waitForLoadState()
    }

    async function signIn(page: Page): Promise<string> {
      await page.goto(address('/login'))
      await page.getByLabel(/user ?name/i).fill('ada')
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.locator('button.main').click()
      return subIn(await atTheApp(page))
    }

    async function continueWithGoogle(page: Page): Promise<URL> {
      await page.goto(address('/oauth2/authorize', { identity_provider: 'Google' }))
      await page.locator('button[value="ada"]').click()
      return atTheApp(page)
    }

    async function atTheApp(page: Page): Promise<URL> {
      await page.waitForURL(`${pool.redirectUri}**`)
      return new URL(page.url())
    }

    async function subIn(callback: URL): Promise<string> {
      const response = await fetch(`${pool.endpoint}/oauth2/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: pool.clientId,
          redirect_uri: pool.redirectUri,
          code: given(callback.searchParams.get('code') ?? undefined),
        }),
      })
      const { access_token } = (await response.json()) as { access_token?: string }
      return subOf(pool, given(access_token))
    }
  },
)
