import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { type Emulator, type QuirkSettings, startEmulator, type TriggerFunction } from '@onesub/emulator'
import { createMemoryRegistry } from 'onesub/registry/memory'
import { createTriggerHandler } from 'onesub/triggers'
import { createUserPoolAdapter } from 'onesub/user-pool'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPool, given } from '../../packages/cli/src/demo/pool.ts'
import { chromiumVersion, launchChromium } from './chromium.ts'

const PASSWORD = 'Correct-Horse-9'
const ADA = { id: 'ada', sub: '1180', email: 'ada@example.com', email_verified: true, hd: 'example.com' }
const GRACE = { id: 'grace', sub: '1190', email: 'grace@example.com', email_verified: true, hd: 'example.com' }
const ALREADY_FOUND = 'Already found an entry for username Google_1180'

interface TestPool {
  readonly userPoolId: string
  readonly clientId: string
  /** Ada, signed up with a password. */
  readonly native: string
}

/** What a page told the test, page load by page load. */
interface Heard {
  readonly kind: string
  readonly path: string
  readonly returnTo?: string
  readonly purpose?: string
  readonly message?: string
  readonly tokens?: { readonly accessToken: string; readonly idToken: string; readonly refreshToken: string }
  readonly refusal?: { readonly code: string }
  readonly began?: { readonly kind: string; readonly refusal?: { readonly code: string } }
}

interface Tab {
  readonly page: Page
  readonly heard: Heard[]
  readonly told: string[]
  /** Every authorisation that was asked for. */
  readonly authorised: URL[]
  readonly exchanges: string[]
}

describe.skipIf(!chromiumVersion)(
  `onesub/browser in ${chromiumVersion ?? 'a browser (SKIPPED: apt-get install chromium)'}`,
  () => {
    const outDir = mkdtempSync(join(tmpdir(), 'browser-room-'))
    const sites: { readonly origin: string; close(): Promise<void> }[] = []
    let emulator: Emulator
    let cognito: CognitoIdentityProvider
    let browser: Browser
    let app: string
    let pools = 0

    beforeAll(async () => {
      const { build } = await import('vite')
      const root = join(import.meta.dirname, 'browser-room')
      await build({
        root,
        configFile: false,
        logLevel: 'error',
        build: { outDir, emptyOutDir: true, target: 'esnext' },
      })
      for (const host of ['localhost', 'localhost']) sites.push(await served(root, outDir, host))
      app = sites[0]?.origin ?? ''
      emulator = await startEmulator({ personas: [ADA, GRACE], https: true })
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
      cognito = new CognitoIdentityProvider({ endpoint: emulator.endpoint, region: 'us-east-1', credentials })
      browser = await launchChromium()
    })

    afterAll(async () => {
      await browser?.close()
      cognito?.destroy()
      await Promise.all(sites.map((site) => site.close()))
      await emulator?.close()
      rmSync(outDir, { recursive: true })
    })

    /** A pool with onesub on its triggers, and Ada in it, confirmed, with a password. */
    async function newTestPool(
      quirks: QuirkSettings = {},
      around = (inner: TriggerFunction) => inner,
    ): Promise<TestPool> {
      pools += 1
      const arn = `arn:aws:lambda:us-east-1:000000000000:function:browser-room-${pools}`
      const { userPoolId } = await createPool(cognito, emulator.endpoint, 'browser-room', arn)
      await cognito.createIdentityProvider({
        UserPoolId: userPoolId,
        ProviderName: 'SignInWithApple',
        ProviderType: 'SignInWithApple',
        ProviderDetails: {
          client_id: 'demo',
          team_id: 'demo',
          key_id: 'demo',
          private_key: 'demo',
          authorize_scopes: 'email',
        },
        AttributeMapping: { email: 'email', email_verified: 'email_verified' },
      })
      const { UserPoolClient } = await cognito.createUserPoolClient({
        UserPoolId: userPoolId,
        ClientName: 'browser',
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        SupportedIdentityProviders: ['COGNITO', 'Google', 'SignInWithApple'],
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthScopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
        CallbackURLs: sites.flatMap(({ origin }) => [`${origin}/callback`, `${origin}/linked`]),
        LogoutURLs: [`${app}/bye`, `${app}/amplify-bye`],
      })
      const clientId = given(UserPoolClient?.ClientId)
      const triggers = createTriggerHandler({
        userPoolId,
        clientIds: [clientId],
        registry: createMemoryRegistry(),
        userPool: createUserPoolAdapter(cognito),
        policy: {
          providers: {
            Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' },
            SignInWithApple: { kind: 'apple' },
          },
        },
        report: () => {},
      })
      emulator.setTrigger(
        arn,
        around((event) => triggers(event)),
      )
      emulator.setQuirks(quirks, userPoolId)
      const native = await cognito.signUp({
        ClientId: clientId,
        Username: 'ada',
        Password: PASSWORD,
        UserAttributes: [{ Name: 'email', Value: ADA.email }],
      })
      const ConfirmationCode = given(emulator.newestCode(userPoolId, 'ada'))
      await cognito.confirmSignUp({ ClientId: clientId, Username: 'ada', ConfirmationCode })
      return { userPoolId, clientId, native: given(native.UserSub) }
    }

    const redirectUris = (path: string) => sites.map(({ origin }) => `${origin}${path}`)

    /** A browser profile that knows the app's settings on every page it loads. */
    async function newBrowser({ clientId, userPoolId }: TestPool): Promise<BrowserContext> {
      const context = await browser.newContext()
      const settings = {
        domain: emulator.endpoint,
        emulator: emulator.endpoint,
        userPoolId,
        clientId,
        redirectUris: redirectUris('/callback'),
        logoutUri: `${app}/bye`,
      }
      await context.addInitScript((value) => Object.assign(globalThis, { settings: value }), settings)
      return context
    }

    /** The same for an app that signs in by Amplify, and uses ours at a redirect URI of its own. */
    async function newAmplifyBrowser({ clientId, userPoolId }: TestPool): Promise<BrowserContext> {
      const context = await browser.newContext({ ignoreHTTPSErrors: true })
      const domain = given(emulator.httpsEndpoint)
      const oauth = {
        domain: new URL(domain).host,
        scopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
        redirectSignIn: [`${app}/callback`],
        redirectSignOut: [`${app}/amplify-bye`],
        responseType: 'code',
      }
      const Cognito = {
        userPoolId,
        userPoolClientId: clientId,
        userPoolEndpoint: emulator.endpoint,
        loginWith: { oauth },
      }
      const settings = {
        domain,
        emulator: emulator.endpoint,
        userPoolId,
        clientId,
        redirectUris: redirectUris('/linked'),
        logoutUri: `${app}/bye`,
        amplifyConfig: { Auth: { Cognito } },
      }
      await context.addInitScript((value) => Object.assign(globalThis, { settings: value }), settings)
      return context
    }

    async function newTab(context: BrowserContext, origin = app, path = '/'): Promise<Tab> {
      const page = await context.newPage()
      const tab: Tab = { page, heard: [], told: [], authorised: [], exchanges: [] }
      await page.exposeFunction('report', (heard: Heard) => void tab.heard.push(heard))
      await page.exposeFunction('tell', (text: string) => void tab.told.push(text))
      page.on('request', (request) => {
        const url = new URL(request.url())
        if (url.pathname === '/oauth2/authorize') tab.authorised.push(url)
        if (url.pathname === '/oauth2/token') tab.exchanges.push(request.postData() ?? '')
      })
      await page.goto(`${origin}${path}`)
      await next(tab)
      return tab
    }

    /** What the next page load has to say, and forgets it. */
    async function next({ heard }: Tab): Promise<Heard> {
      await expect.poll(() => heard.length, { timeout: 15_000 }).toBeGreaterThan(0)
      return heard.shift() ?? { kind: 'nothing', path: '' }
    }

    /** Calls what the app calls; the page goes away under it. */
    async function call({ page }: Tab, name: string, ...input: readonly unknown[]): Promise<void> {
      const gone = page.evaluate(([method, args]) => Object(globalThis).room[method](...args), [name, input] as const)
      await gone.catch(() => {})
    }

    const choose = ({ page }: Tab, persona = 'ada') => page.locator(`button[value="${persona}"]`).click()

    async function begin(tab: Tab, provider = 'Google', returnTo = '/orders/7', persona = 'ada'): Promise<void> {
      await call(tab, 'continueWith', provider, returnTo)
      await choose(tab, persona)
    }

    async function continueWith(tab: Tab, ...how: readonly string[]): Promise<Heard> {
      const [provider, returnTo, persona] = how
      await begin(tab, provider, returnTo, persona)
      return next(tab)
    }

    /** The page has gone to the pool by itself. */
    const askedAgain = ({ authorised }: Tab, times = 2) =>
      expect.poll(() => authorised.length, { timeout: 15_000 }).toBe(times)

    /** Ada by Google, the first time: Cognito's error, the second try, in. */
    async function throughFirstLink(tab: Tab): Promise<Heard> {
      await begin(tab)
      await askedAgain(tab)
      await choose(tab)
      return next(tab)
    }

    async function subOf({ tokens }: Heard): Promise<string | undefined> {
      const { UserAttributes } = await cognito.getUser({ AccessToken: tokens?.accessToken })
      return UserAttributes?.find(({ Name }) => Name === 'sub')?.Value
    }

    /** All that scripts of the app could find of anybody. */
    async function everythingKept({ page }: Tab): Promise<Record<string, unknown>> {
      return page.evaluate(async () => {
        const { localStorage, sessionStorage, document, indexedDB } = Object(globalThis)
        const databases: { name: string }[] = await indexedDB.databases()
        return {
          local: { ...localStorage },
          session: { ...sessionStorage },
          cookies: document.cookie,
          databases: databases.map(({ name }) => name),
        }
      })
    }

    async function historyOf({ page }: Tab): Promise<string[]> {
      const session = await page.context().newCDPSession(page)
      const { entries } = await session.send('Page.getNavigationHistory')
      return entries.map(({ url }) => url)
    }

    describe('signing in', () => {
      it('T106: asks once more by itself after the link, and Ada is signed in as the same person', async () => {
        const pool = await newTestPool()
        const tab = await newTab(await newBrowser(pool))
        const arrived = await throughFirstLink(tab)
        expect(arrived).toMatchObject({ kind: 'signed-in', returnTo: '/orders/7', purpose: 'sign-in' })
        expect(await subOf(arrived)).toBe(pool.native)
        expect(tab.authorised.map((url) => url.searchParams.get('identity_provider'))).toEqual(['Google', 'Google'])
        const states = tab.authorised.map((url) => url.searchParams.get('state'))
        expect(new Set(states).size).toBe(2)
      })

      it('T106: with the error for ever, asks exactly once more and then says so', async () => {
        const fails: TriggerFunction = (event) => {
          if (Object(event).triggerSource === 'PreSignUp_ExternalProvider') throw new Error(ALREADY_FOUND)
          return event
        }
        const pool = await newTestPool({}, () => fails)
        const tab = await newTab(await newBrowser(pool))
        const arrived = await throughFirstLink(tab)
        expect(arrived).toMatchObject({
          kind: 'refused',
          refusal: { code: 'TRY_AGAIN' },
          returnTo: '/orders/7',
          message: 'This did not go through. Please try again.',
        })
        expect(tab.authorised).toHaveLength(2)
        // A new click is a new flow.
        await begin(tab)
        await askedAgain(tab, 4)
      })

      it('T106: waits for a click where Apple is to be asked again', async () => {
        let throws = true
        const once: TriggerFunction = (event) => {
          if (Object(event).triggerSource !== 'PreSignUp_ExternalProvider' || !throws) return event
          throws = false
          throw new Error('Already found an entry for username SignInWithApple_1190')
        }
        const pool = await newTestPool({}, () => once)
        const tab = await newTab(await newBrowser(pool))
        const arrived = await continueWith(tab, 'SignInWithApple', '/orders', 'grace')
        expect(arrived).toMatchObject({ kind: 'retry-by-click', message: 'One more click, and you are in.' })
        expect(tab.authorised).toHaveLength(1)
        await tab.page.evaluate(() => Object(globalThis).result.again()).catch(() => {})
        await choose(tab, 'grace')
        expect(await next(tab)).toMatchObject({ kind: 'signed-in', returnTo: '/orders' })
        expect(tab.authorised).toHaveLength(2)
      })

      it('T106: starts over once for a token of nobody', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'phantomSub' })
        const tab = await newTab(await newBrowser(pool))
        const arrived = await throughFirstLink(tab)
        expect(arrived).toMatchObject({ kind: 'signed-in' })
        expect(await subOf(arrived)).toBe(pool.native)
        expect(tab.authorised).toHaveLength(2)
      })

      it('T106: and not for ever, when nobody is all that comes', async () => {
        const tab = await newTab(await newBrowser(await newTestPool({ linkInPreSignUp: 'succeed' })))
        const headers = { 'access-control-allow-origin': '*' }
        await tab.page.route('**/oauth2/userInfo', (route) =>
          route.request().method() === 'OPTIONS' ? route.continue() : route.fulfill({ status: 401, headers }),
        )
        await begin(tab)
        await askedAgain(tab)
        await choose(tab)
        expect(await next(tab)).toMatchObject({ kind: 'refused', refusal: { code: 'TRY_AGAIN' } })
        expect(tab.authorised).toHaveLength(2)
      })

      it('asks once where the link and the sign-in succeed together', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const tab = await newTab(await newBrowser(pool))
        const arrived = await continueWith(tab)
        expect(await subOf(arrived)).toBe(pool.native)
        expect(tab.authorised).toHaveLength(1)
      })

      it('signs Ada in when userInfo cannot be reached, since the API decides anyway', async () => {
        const tab = await newTab(await newBrowser(await newTestPool({ linkInPreSignUp: 'succeed' })))
        await tab.page.route('**/oauth2/userInfo', (route) => route.abort())
        expect(await continueWith(tab)).toMatchObject({ kind: 'signed-in' })
      })

      it('asks the user to try again when the token endpoint cannot be reached', async () => {
        const tab = await newTab(await newBrowser(await newTestPool({ linkInPreSignUp: 'succeed' })))
        await tab.page.route('**/oauth2/token', (route) => route.abort())
        expect(await continueWith(tab)).toMatchObject({ kind: 'refused', refusal: { code: 'TRY_AGAIN' } })
      })

      it('shows our text of the refusal', async () => {
        const refuses: TriggerFunction = (event) => {
          if (Object(event).triggerSource !== 'PreSignUp_ExternalProvider') return event
          throw new Error('onesub/LINK_NEEDS_PROOF: Sign in the way you did before')
        }
        const tab = await newTab(await newBrowser(await newTestPool({}, () => refuses)))
        expect(await continueWith(tab)).toMatchObject({
          kind: 'refused',
          refusal: { code: 'LINK_NEEDS_PROOF', offer: 'link-when-signed-in' },
          message: 'Sign in the way you did before. You can add other sign-in methods on your account page.',
        })
      })

      it('says nothing when Ada cancels at the provider', async () => {
        const tab = await newTab(await newBrowser(await newTestPool()))
        await call(tab, 'continueWith', 'Google', '/orders')
        await tab.page.locator('button[value="access_denied"]').click()
        expect(await next(tab)).toMatchObject({ kind: 'cancelled', returnTo: '/orders', message: '' })
      })

      it('comes back to the origin it started from', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const other = given(sites[1]?.origin)
        const tab = await newTab(await newBrowser(pool), other)
        expect(await continueWith(tab)).toMatchObject({ kind: 'signed-in' })
        expect(tab.page.url()).toBe(`${other}/callback`)
        expect(tab.authorised[0]?.searchParams.get('redirect_uri')).toBe(`${other}/callback`)
      })

      it('gives both callers one result when it is called twice at once', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const context = await newBrowser(pool)
        const tab = await newTab(context)
        const callback = await finishedElsewhere(tab)
        await tab.page.goto(`${app}/other-page`)
        await next(tab)
        const kinds = await tab.page.evaluate(async (url) => {
          const { room, history } = Object(globalThis)
          history.replaceState(null, '', url)
          const [first, second] = await Promise.all([room.arrive(), room.arrive()])
          return [first.kind, second === first]
        }, callback)
        expect(kinds).toEqual(['signed-in', true])
      })
    })

    describe('where a sign-in has to be fresh', () => {
      /** When the sign-in was of which these tokens are, in seconds. */
      const signedInAt = ({ tokens }: Heard): number =>
        JSON.parse(Buffer.from(tokens?.accessToken.split('.')[1] ?? '', 'base64url').toString()).auth_time

      it('T159: the cookie of the hosted pages answers an ordinary sign-in, and not this one', async () => {
        const tab = await newTab(await newBrowser(await newTestPool({ linkInPreSignUp: 'succeed' })))
        const first = await continueWith(tab)
        await new Promise((resolve) => setTimeout(resolve, 1_100))
        // Only here, so that the rest sees something: nobody is asked.
        await call(tab, 'continueWith', 'Google', '/orders')
        expect(await next(tab)).toMatchObject({ kind: 'signed-in' })
        await call(tab, 'signInAgain', 'Google')
        // The provider asks, and nothing comes back until the user has answered.
        await choose(tab)
        const fresh = await next(tab)
        expect(fresh).toMatchObject({ kind: 'signed-in', returnTo: '/account', purpose: 'sign-in' })
        expect(signedInAt(fresh)).toBeGreaterThan(signedInAt(first))
        expect(tab.authorised.map((url) => url.searchParams.get('prompt'))).toEqual([null, null, 'login'])
      })

      it.each<QuirkSettings>([{ cookieAuthTime: 'moves' }, { cookieAuthTime: 'stays' }])(
        'T159: nor in a pool with authentication levels, whatever the cookie does to the time of a sign-in (%j)',
        async (quirks) => {
          const tab = await newTab(await newBrowser(await newTestPool({ linkInPreSignUp: 'succeed', ...quirks })))
          const first = await continueWith(tab)
          await new Promise((resolve) => setTimeout(resolve, 1_100))
          const gone = tab.page.evaluate(() => {
            const { room, settings } = Object(globalThis)
            const signIn = room.createSignIn({ ...settings, acrValues: ['urn:cognito:loa:1'] })
            return signIn.start({ provider: 'Google', fresh: true })
          })
          await gone.catch(() => {})
          await choose(tab)
          const fresh = await next(tab)
          expect(fresh).toMatchObject({ kind: 'signed-in' })
          expect(signedInAt(fresh)).toBeGreaterThan(signedInAt(first))
          const asked = tab.authorised.at(-1)?.searchParams
          expect([asked?.get('prompt'), asked?.get('max_age'), asked?.get('acr_values')]).toEqual([
            'login',
            '0',
            'urn:cognito:loa:1',
          ])
        },
      )

      it('T159: neither does it answer with a password, nor for a second sign-in method', async () => {
        const tab = await newTab(await newBrowser(await newTestPool({ linkInPreSignUp: 'succeed' })))
        await continueWith(tab)
        await call(tab, 'signInAgain', 'COGNITO')
        await tab.page.locator('input[name="password"], input[name="username"]').first().waitFor()
        await tab.page.goto(`${app}/account`)
        await next(tab)
        await call(tab, 'addSignInMethod', 'Google')
        await tab.page.locator('button[value="grace"]').waitFor()
        expect(tab.authorised.map((url) => url.searchParams.get('prompt'))).toEqual([null, 'login', 'login'])
      })

      it('T159: and it is asked for once more after the link, too', async () => {
        const pool = await newTestPool()
        const tab = await newTab(await newBrowser(pool))
        await call(tab, 'signInAgain', 'Google')
        await choose(tab)
        await askedAgain(tab)
        await choose(tab)
        const arrived = await next(tab)
        expect(await subOf(arrived)).toBe(pool.native)
        expect(tab.authorised.map((url) => url.searchParams.get('prompt'))).toEqual(['login', 'login'])
      })
    })

    describe('a sign-up that was left before the code', () => {
      it('T179: goes on in the page, from another browser too, and leaves nothing behind', async () => {
        const pool = await newTestPool()
        await cognito.signUp({
          ClientId: pool.clientId,
          Username: 'grace',
          Password: PASSWORD,
          UserAttributes: [{ Name: 'email', Value: GRACE.email }],
        })
        const tab = await newTab(await newBrowser(pool))
        const resumed = await tab.page.evaluate(async () => {
          const result = await Object(globalThis).room.resume('grace')
          Object.assign(globalThis, { resumed: result })
          return JSON.parse(JSON.stringify(result))
        })
        expect(resumed).toEqual({ kind: 'code-sent', sentTo: expect.stringMatching(/^g\*+@e\*+/) })
        const confirm = (code: string) => tab.page.evaluate((typed) => Object(globalThis).resumed.confirm(typed), code)
        expect(await confirm('')).toEqual({ kind: 'wrong-code' })
        expect(await confirm(given(emulator.newestCode(pool.userPoolId, 'grace')))).toEqual({ kind: 'confirmed' })
        expect(await everythingKept(tab)).toEqual({ local: {}, session: {}, cookies: '', databases: [] })
        expect((await historyOf(tab)).join()).not.toContain('grace')
      })
    })

    /** Signs in, and stops before the app sees the answer: the callback URL with code and state. */
    async function finishedElsewhere(tab: Tab): Promise<string> {
      const { page } = tab
      let callback = ''
      // The browser's own requests cannot be stopped half-way through a chain of redirects, so this one is followed by hand.
      await page.route('**/simulated-provider/authorize?*persona=ada', async (route) => {
        const back = await route.fetch({ maxRedirects: 0 })
        const idpResponse = new URL(given(back.headers().location), emulator.endpoint).href
        const answer = await page.context().request.get(idpResponse, { maxRedirects: 0 })
        callback = given(answer.headers().location)
        await route.fulfill({ body: 'stopped' })
      })
      await call(tab, 'continueWith', 'Google', '/orders')
      await choose(tab)
      await expect.poll(() => callback, { timeout: 15_000 }).toContain('code=')
      return callback
    }

    describe('what an attacker can send', () => {
      it('T10: code and state of another browser are not exchanged, and change nothing', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const attackers = await finishedElsewhere(await newTab(await newBrowser(pool)))
        const victim = await newTab(await newBrowser(pool))
        // Ada's own flow is in progress, and must survive.
        await call(victim, 'continueWith', 'Google', '/orders')
        await victim.page.locator('button[value="grace"]').waitFor()
        await victim.page.goto(`${app}/elsewhere`)
        await next(victim)
        const before = await everythingKept(victim)
        await victim.page.goto(attackers)
        expect(await next(victim)).toMatchObject({ kind: 'foreign', path: '/callback' })
        expect(victim.exchanges).toEqual([])
        expect(await everythingKept(victim)).toEqual(before)
      })

      it('T10: the session that Amplify holds stays as it was', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const attackers = await finishedElsewhere(await newTab(await newBrowser(pool)))
        const victim = await amplifyTab(pool)
        const before = await everythingKept(victim)
        await victim.page.goto(attackers.replace('/callback?', '/linked?'))
        expect(await next(victim)).toMatchObject({ kind: 'foreign', path: '/linked' })
        expect(victim.exchanges).toEqual([])
        expect(await everythingKept(victim)).toEqual(before)
        expect(await currentUser(victim)).toMatchObject({ username: 'ada' })
      })

      it('T10: an answer counts once', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const tab = await newTab(await newBrowser(pool))
        const callback = await finishedElsewhere(tab)
        await tab.page.goto(callback)
        expect(await next(tab)).toMatchObject({ kind: 'signed-in' })
        await tab.page.goto(callback)
        expect(await next(tab)).toMatchObject({ kind: 'foreign' })
        expect(tab.exchanges).toHaveLength(1)
      })

      it('T10: tokens with another nonce are dropped', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const context = await newBrowser(pool)
        await context.addInitScript((key) => {
          const { sessionStorage } = Object(globalThis)
          const flow = sessionStorage.getItem(key)
          if (flow) sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(flow), nonce: 'another' }))
        }, `onesub.${pool.clientId}.flow`)
        const tab = await newTab(context)
        const arrived = await continueWith(tab)
        expect(arrived.kind).toBe('foreign')
        expect(arrived.tokens).toBeUndefined()
        expect(tab.exchanges).toHaveLength(1)
      })

      it('T106: a link with the error in it starts nothing', async () => {
        const pool = await newTestPool()
        const query = new URLSearchParams({ error_description: ALREADY_FOUND, error: 'invalid_request', state: 'x' })
        const tab = await newTab(await newBrowser(pool))
        await tab.page.goto(`${app}/callback?${query}`)
        expect(await next(tab)).toMatchObject({ kind: 'foreign', path: '/callback' })
        const withAmplify = await newTab(await newAmplifyBrowser(pool))
        await withAmplify.page.goto(`${app}/callback?${query}`)
        expect(await next(withAmplify)).toMatchObject({ began: { kind: 'none' } })
        expect([...tab.authorised, ...withAmplify.authorised]).toEqual([])
      })

      it('T139: no return target leads away, not even one that was changed on the way', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const context = await newBrowser(pool)
        const tab = await newTab(context)
        await continueWith(tab)
        for (const target of ['//evil.test', '\\\\evil', '/%2f/evil', 'javascript:alert(1)', '/\\evil', '/elsewhere']) {
          await call(tab, 'continueWith', 'Google', target)
          expect(await next(tab)).toMatchObject({ kind: 'signed-in', returnTo: '/' })
        }
        await context.addInitScript((key) => {
          const { sessionStorage } = Object(globalThis)
          const flow = sessionStorage.getItem(key)
          if (flow) sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(flow), returnTo: '//evil.test' }))
        }, `onesub.${pool.clientId}.flow`)
        await call(tab, 'continueWith', 'Google', '/orders')
        expect(await next(tab)).toMatchObject({ kind: 'signed-in', returnTo: '/' })
      })
    })

    describe('what stays behind', () => {
      it('T139: no code, state or token in the address, the history or any storage', async () => {
        const pool = await newTestPool()
        const tab = await newTab(await newBrowser(pool))
        const { tokens } = await throughFirstLink(tab)
        expect(tab.page.url()).toBe(`${app}/callback`)
        const urls = (await historyOf(tab)).filter((url) => url.startsWith(app))
        expect(urls.filter((url) => /[?#]/.test(url))).toEqual([])
        expect(await everythingKept(tab)).toEqual({
          local: { 'onesub.sign-in-method': 'Google' },
          session: {},
          cookies: '',
          databases: [],
        })
        expect(tokens?.refreshToken).toBeTruthy()
      })

      it('T139: after signing out nothing of the user is left, here, at the pool, or in another tab', async () => {
        const pool = await newTestPool()
        const context = await newBrowser(pool)
        const tab = await newTab(context)
        const { tokens } = await throughFirstLink(tab)
        await leaveTraces(tab, pool)
        const second = await newTab(context)
        // Only here, so that the test below sees something: the session at the hosted pages signs Ada in without a question.
        await call(second, 'continueWith', 'Google', '/orders')
        expect(await next(second)).toMatchObject({ kind: 'signed-in' })

        await call(tab, 'leave')
        expect(await next(tab)).toMatchObject({ path: '/bye' })
        expect(await everythingKept(tab)).toEqual(KEPT_BY_THE_APP)
        await expect.poll(() => second.told).toEqual(['signed out elsewhere'])
        expect(tab.told).toEqual([])
        expect(await refreshed(pool, tokens?.refreshToken)).toBe('invalid_grant')
        await call(tab, 'continueWith', 'Google', '/orders')
        await tab.page.locator('button[value="grace"]').waitFor()
      })

      it('T139: whoever signs in next finds no value of the first', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const tab = await newTab(await newBrowser(pool))
        const ada = await continueWith(tab)
        await leaveTraces(tab, pool)
        await call(tab, 'leave')
        await next(tab)
        const grace = await continueWith(tab, 'Google', '/orders', 'grace')
        expect(await subOf(grace)).not.toBe(pool.native)
        const kept = JSON.stringify(await everythingKept(tab))
        for (const value of [...Object.values(ada.tokens ?? {}), ADA.email, ADA.sub, pool.native]) {
          expect(kept).not.toContain(String(value))
        }
      })

      it('T139: cookies of a domain or a path above the page’s go too', async () => {
        const pool = await newTestPool()
        const context = await newBrowser(pool)
        const above = app.replace('localhost', 'shop.app.localhost')
        const tab = await newTab(context, above, '/shop/orders')
        const name = `CognitoIdentityServiceProvider.${pool.clientId}.ada.idToken`
        await tab.page.evaluate((cookie) => {
          const { document } = Object(globalThis)
          document.cookie = `${cookie}=x; domain=app.localhost; path=/`
          document.cookie = `${cookie}=x; path=/shop`
        }, name)
        const names = async () => (await context.cookies(`${above}/shop/orders`)).map((cookie) => cookie.name)
        expect(await names()).toEqual([name, name])
        await call(tab, 'leave')
        expect(await next(tab)).toMatchObject({ path: '/bye' })
        expect(await names()).toEqual([])
      })

      it('a server that does not answer keeps nobody signed in', async () => {
        const pool = await newTestPool()
        const tab = await newTab(await newBrowser(pool))
        await throughFirstLink(tab)
        await leaveTraces(tab, pool)
        await tab.page.route('**/oauth2/revoke', () => {})
        await call(tab, 'leave')
        expect(await next(tab)).toMatchObject({ path: '/bye' })
        expect(await everythingKept(tab)).toEqual(KEPT_BY_THE_APP)
      })

      it('remembers which provider was used, until the user signs out', async () => {
        const tab = await newTab(await newBrowser(await newTestPool()))
        const used = () => tab.page.evaluate(() => Object(globalThis).room.usedLastTime() ?? 'nothing')
        expect(await used()).toBe('nothing')
        await throughFirstLink(tab)
        expect(await used()).toBe('Google')
        await call(tab, 'leave')
        await next(tab)
        expect(await used()).toBe('nothing')
      })
    })

    // Of the app itself and of another app client on the same origin: not ours to clear.
    const OF_OTHERS = { theme: 'dark', 'CognitoIdentityServiceProvider.another.LastAuthUser': 'eve' }
    const KEPT_BY_THE_APP = {
      local: OF_OTHERS,
      session: { draft: 'hello' },
      cookies: 'theme=dark',
      databases: ['drafts'],
    }

    /** What an app, Amplify and amazon-cognito-identity-js would have stored about Ada by now, and entries of others. */
    async function leaveTraces({ page }: Tab, { clientId }: TestPool): Promise<void> {
      await page.evaluate(
        async ({ ofOthers, prefix }) => {
          const { localStorage, sessionStorage, document, indexedDB } = Object(globalThis)
          const ofAda = {
            [`${prefix}.ada.idToken`]: 'x',
            [`${prefix}.ada.userData`]: 'ada@example.com',
            [`${prefix}.ada.deviceKey`]: 'x',
            [`${prefix}.LastAuthUser`]: 'ada',
            'com.amplify.Cognito.us-east-1:1.identityId': 'x',
            'amplify-signin-with-hostedUI': 'true',
            'aws-amplify-cache.user': 'ada',
          }
          for (const [key, value] of Object.entries({ ...ofOthers, ...ofAda })) localStorage.setItem(key, value)
          sessionStorage.setItem('draft', 'hello')
          sessionStorage.setItem('CognitoSignInState.username', 'ada')
          document.cookie = 'theme=dark; path=/'
          document.cookie = `${prefix}.ada.idToken=x; path=/`
          document.cookie = `${prefix}.LastAuthUser=ada`
          for (const name of ['orders', 'drafts']) {
            await new Promise<void>((done) => {
              const request = indexedDB.open(name)
              request.onsuccess = () => {
                request.result.close()
                done()
              }
            })
          }
        },
        { ofOthers: OF_OTHERS, prefix: `CognitoIdentityServiceProvider.${clientId}` },
      )
    }

    /** What the token endpoint makes of a refresh token. */
    async function refreshed({ clientId }: TestPool, refreshToken = ''): Promise<string> {
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: clientId,
        refresh_token: refreshToken,
      })
      const response = await fetch(`${emulator.endpoint}/oauth2/token`, { method: 'POST', body })
      return Object(await response.json()).error ?? 'refreshed'
    }

    const currentUser = ({ page }: Tab): Promise<unknown> =>
      page.evaluate(() =>
        Object(globalThis)
          .auth.getCurrentUser()
          .catch((error: Error) => error.name),
      )

    /** An app with Amplify in which Ada has signed in with a password. */
    async function amplifyTab(pool: TestPool): Promise<Tab> {
      const tab = await newTab(await newAmplifyBrowser(pool))
      await tab.page.evaluate(async (password) => {
        const options = { authFlowType: 'USER_PASSWORD_AUTH' }
        await Object(globalThis).auth.signIn({ username: 'ada', password, options })
      }, PASSWORD)
      return tab
    }

    async function amplifyWithGoogle(tab: Tab): Promise<void> {
      await tab.page.evaluate(() => Object(globalThis).auth.signInWithRedirect({ provider: 'Google' })).catch(() => {})
      await choose(tab)
    }

    describe('beside Amplify', () => {
      it('T106: the sign-in after the link is asked for once, and Amplify is signed in', async () => {
        const pool = await newTestPool()
        const tab = await newTab(await newAmplifyBrowser(pool))
        await amplifyWithGoogle(tab)
        await askedAgain(tab)
        await choose(tab)
        await next(tab)
        await expect.poll(() => currentUser(tab), { timeout: 15_000 }).toMatchObject({ userId: pool.native })
        expect(tab.authorised.map((url) => url.searchParams.get('identity_provider'))).toEqual(['Google', 'Google'])
        expect(tab.told).toEqual([])
      })

      it('T106: with the error for ever, once', async () => {
        const fails: TriggerFunction = (event) => {
          if (Object(event).triggerSource === 'PreSignUp_ExternalProvider') throw new Error(ALREADY_FOUND)
          return event
        }
        const tab = await newTab(await newAmplifyBrowser(await newTestPool({}, () => fails)))
        await amplifyWithGoogle(tab)
        await askedAgain(tab)
        await choose(tab)
        expect(await next(tab)).toMatchObject({ began: { kind: 'refused', refusal: { code: 'TRY_AGAIN' } } })
        expect(tab.authorised).toHaveLength(2)
        // We have told; Amplify must not tell of it as another failure.
        expect(tab.told).toEqual([])
        await amplifyWithGoogle(tab)
        await askedAgain(tab, 4)
      })

      it('T139: signing out leaves nothing of Amplify’s, and ends at the app’s own page', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const tab = await newTab(await newAmplifyBrowser(pool))
        await amplifyWithGoogle(tab)
        await next(tab)
        await expect.poll(() => currentUser(tab), { timeout: 15_000 }).toMatchObject({ userId: pool.native })
        const refreshToken = await tab.page.evaluate((clientId) => {
          const { localStorage } = Object(globalThis)
          const key = Object.keys(localStorage).find(
            (name) => name.includes(clientId) && name.endsWith('.refreshToken'),
          )
          return key && localStorage.getItem(key)
        }, pool.clientId)
        expect(await refreshed(pool, refreshToken)).toBe('refreshed')
        await tab.page.evaluate(() => Object(globalThis).room.withAmplify.leave()).catch(() => {})
        expect(await next(tab)).toMatchObject({ path: '/bye' })
        expect(await everythingKept(tab)).toEqual({ local: {}, session: {}, cookies: '', databases: [] })
        expect(await currentUser(tab)).toBe('UserUnAuthenticatedException')
        expect(await refreshed(pool, refreshToken)).toBe('invalid_grant')
        await amplifyWithGoogle(tab)
      })

      it('T10: linking returns the tokens of the second sign-in method, and does not touch the first session', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const tab = await amplifyTab(pool)
        const before = await everythingKept(tab)
        await call(tab, 'addSignInMethod', 'Google')
        await choose(tab, 'grace')
        const arrived = await next(tab)
        expect(arrived).toMatchObject({ kind: 'signed-in', purpose: 'link', returnTo: '/account', path: '/linked' })
        expect(await subOf(arrived)).not.toBe(pool.native)
        const after = await everythingKept(tab)
        expect(after).toEqual({ ...before, local: { ...Object(before.local), 'onesub.sign-in-method': 'Google' } })
        expect(await currentUser(tab)).toMatchObject({ userId: pool.native })
      })

      it('T10: linking asks the user for an account, though a session at the pool could answer', async () => {
        const pool = await newTestPool({ linkInPreSignUp: 'succeed' })
        const tab = await newTab(await newBrowser(pool))
        await continueWith(tab)
        await call(tab, 'addSignInMethod', 'Google')
        await choose(tab, 'grace')
        const arrived = await next(tab)
        expect(arrived).toMatchObject({ kind: 'signed-in', purpose: 'link' })
        expect(await subOf(arrived)).not.toBe(pool.native)
      })
    })
  },
)

/** The page as an application would ship it, on a port of its own. */
async function served(root: string, outDir: string, host: string) {
  const { preview } = await import('vite')
  const server = await preview({ root, configFile: false, build: { outDir }, preview: { host, port: 0 } })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error('Vite serves nothing.')
  return { origin: new URL(url).origin, close: () => server.close() }
}
