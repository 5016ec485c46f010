import { mkdirSync } from 'node:fs'
import type { Browser, BrowserContext, Frame, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Seen } from '../../examples/records-app/stage/side.ts'
import { openStage, type Stage } from '../../examples/records-app/stage/stage.ts'
import { chromiumVersion, launchChromium } from './chromium.ts'

const PASSWORD = 'Correct-Horse-9'
/** What a person would see, kept for whoever wants to look. */
const PICTURES = 'test-output/records-app'

type Side = 'alone' | 'onesub'
/** The app, in a pane of the stage or in a window of its own. */
type Place = Page | Frame

describe.skipIf(!chromiumVersion)(
  `the records app in ${chromiumVersion ?? 'a browser (SKIPPED: apt-get install chromium)'}`,
  () => {
    let browser: Browser
    let stage: Stage
    let context: BrowserContext

    beforeAll(async () => {
      mkdirSync(PICTURES, { recursive: true })
      browser = await launchChromium()
    })
    afterAll(() => browser?.close())
    beforeEach(async () => {
      stage = await openStage(0)
      context = await browser.newContext({ locale: 'en-GB' })
      context.setDefaultTimeout(15_000)
    })
    afterEach(async () => {
      await context.close()
      await stage.close()
    })

    const picture = (page: Page, name: string) => page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })
    const heading = (place: Place, name: string) => place.getByRole('heading', { level: 1, name, exact: true })
    const button = (place: Place | Locator, name: string) => place.getByRole('button', { name, exact: true })

    async function seen(side: Side) {
      const answer: unknown = await (await fetch(`${stage.origin}/seen.json`)).json()
      return (answer as Readonly<Record<Side, Seen>>)[side]
    }

    /** A pane by itself, as wide as one of two on a small screen. */
    async function openPane(side: Side, path = '/'): Promise<Page> {
      const page = await context.newPage()
      await page.setViewportSize({ width: 380, height: 760 })
      await page.goto(stage.panes[side] + path)
      return page
    }

    async function beginSignUp(place: Place, address: string): Promise<void> {
      await button(place, 'Sign up').click()
      await heading(place, 'Sign up').waitFor()
      await place.getByLabel('E-mail address').fill(address)
      await place.getByLabel('Password').fill(PASSWORD)
      await button(place, 'Sign up').click()
    }

    async function signUp(place: Place, side: Side, address: string): Promise<void> {
      await beginSignUp(place, address)
      await heading(place, 'Look into your mail').waitFor()
      await place.getByLabel('Code').fill((await seen(side)).mail[0]?.code ?? '')
      await button(place, 'Confirm').click()
      await heading(place, 'Your records').waitFor()
    }

    async function signIn(place: Place, address: string): Promise<void> {
      await place.getByLabel('E-mail address').fill(address)
      await place.getByLabel('Password').fill(PASSWORD)
      await button(place, 'Sign in').click()
    }

    async function comeBy(place: Place, provider: string, persona = 'Ada'): Promise<void> {
      await button(place, `Continue with ${provider}`).click()
      await place.locator(`button[value="${persona}"]`).click()
    }

    async function addRecord(place: Place, exercise: string, amount: string, unit = 'kg'): Promise<void> {
      await heading(place, 'Your records').waitFor()
      await place.getByLabel('Exercise').fill(exercise)
      await place.getByLabel('Result').fill(amount)
      await place.getByLabel('Unit').selectOption(unit)
      await button(place, 'Add record').click()
      await place.getByText(`${exercise} is added.`).waitFor()
    }

    async function leave(place: Place): Promise<void> {
      await button(place, 'Sign out').click()
      await heading(place, 'Sign in').waitFor()
    }

    const exercises = (place: Place) => place.locator('.exercise').allInnerTexts()

    async function toAccount(place: Place): Promise<void> {
      await place.getByRole('link', { name: 'Account' }).click()
      await heading(place, 'Your account').waitFor()
    }

    async function link(place: Place, provider: string, persona = 'Ada'): Promise<void> {
      await toAccount(place)
      await button(place, `Add ${provider}`).click()
      await place.locator(`button[value="${persona}"]`).click()
      await heading(place, 'Add this sign-in method?').waitFor()
    }

    it('the same sign-ins on both sides end with several persons on the left, and with one on the right', async () => {
      const page = await context.newPage()
      const faults: string[] = []
      page.on('pageerror', ({ message }) => faults.push(message))
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) faults.push(message.text())
      })
      await page.setViewportSize({ width: 1440, height: 1000 })
      await page.goto(stage.origin)
      const [left, right] = await Promise.all([pane(page, 'alone'), pane(page, 'onesub')])
      await heading(left, 'Sign in').waitFor()
      await heading(right, 'Sign in').waitFor()
      await picture(page, 'stage-1-empty')

      for (const [place, side] of [
        [left, 'alone'],
        [right, 'onesub'],
      ] as const) {
        await signUp(place, side, 'Ada@Example.com')
        await addRecord(place, 'Deadlift', '102.5')
        await leave(place)
      }
      await signUp(left, 'alone', 'ada@example.com')
      await beginSignUp(right, 'ada@example.com')
      await right.getByText('An account with these details already exists.').waitFor()
      await picture(page, 'stage-2-refused')
      await button(right, 'Sign in instead').click()
      await signIn(right, 'Ada@Example.com')
      for (const place of [left, right]) {
        await addRecord(place, 'Pull-ups', '14', 'reps')
        await leave(place)
        await comeBy(place, 'Google')
        await addRecord(place, 'Run', '10', 'km')
      }
      await leave(left)
      await comeBy(left, 'Facebook')
      await addRecord(left, 'Plank', '3', 'min')
      await link(right, 'Facebook')
      await picture(page, 'stage-3-confirm')
      await button(right, 'Add it to my account').click()
      await right.getByRole('link', { name: 'Records' }).click()
      await addRecord(right, 'Plank', '3', 'min')

      expect(await exercises(left)).toEqual(['Plank'])
      expect(await exercises(right)).toEqual(['Plank', 'Run', 'Pull-ups', 'Deadlift'])
      expect((await seen('alone')).records).toEqual([1, 1, 1, 1])
      expect(await seen('onesub')).toMatchObject({ users: [{ person: 1 }], records: [4] })
      await expect.poll(() => countsIn(page, 'alone')).toEqual(['4', '4', '4'])
      await expect.poll(() => countsIn(page, 'onesub')).toEqual(['1', '1', '1'])
      await picture(page, 'stage-4-end')
      // Providers have sent the address in their own spelling since; Ada signs in by the own one.
      await leave(right)
      await signIn(right, 'Ada@Example.com')
      await expect.poll(() => exercises(right)).toHaveLength(4)
      expect(faults).toEqual([])
    })

    const countsIn = (page: Page, side: Side) => page.locator(`section[aria-labelledby="${side}"] dd`).allInnerTexts()

    async function pane(page: Page, name: Side): Promise<Frame> {
      await page.locator(`iframe[name="${name}"]`).waitFor()
      await expect.poll(() => page.frame(name)?.url() ?? '').toContain(stage.panes[name])
      const frame = page.frame(name)
      if (!frame) throw new Error(`There is no pane "${name}".`)
      return frame
    }

    describe('the account page', () => {
      it('joins what has no address in common, after naming both, and moves the records', async () => {
        const page = await openPane('onesub')
        await comeBy(page, 'Google', 'Ada, private')
        await addRecord(page, 'Run', '10', 'km')
        await leave(page)
        await signUp(page, 'onesub', 'ada@example.com')
        await addRecord(page, 'Deadlift', '102.5')
        await link(page, 'Google', 'Ada, private')
        await page.getByText('To be added').waitFor()
        const asked = await page.locator('main').innerText()
        expect(asked).toContain('ada@example.com')
        expect(asked).toContain('countess@gmail.com')
        expect(asked).toContain('Its 1 record will be in your account.')
        await picture(page, 'app-confirm-link')
        await button(page, 'Add it to my account').click()
        await page.getByText('Google opens your account from now on.').waitFor()
        await page.getByText('Google', { exact: true }).waitFor()
        await picture(page, 'app-account')
        await page.getByRole('link', { name: 'Records' }).click()
        await expect.poll(() => exercises(page)).toEqual(['Deadlift', 'Run'])
        await leave(page)
        await comeBy(page, 'Google', 'Ada, private')
        await expect.poll(() => exercises(page)).toEqual(['Deadlift', 'Run'])
        expect(await seen('onesub')).toMatchObject({ users: [{ person: 1 }], records: [2] })
      })

      it('changes nothing when Ada leaves the offer', async () => {
        const page = await openPane('onesub')
        await signUp(page, 'onesub', 'ada@example.com')
        await link(page, 'Facebook')
        await button(page, 'Leave it').click()
        await heading(page, 'Your account').waitFor()
        expect(await page.locator('.ways').innerText()).not.toContain('Facebook')
      })

      it('says so when the sign-in method is Ada’s already', async () => {
        const page = await openPane('onesub')
        await comeBy(page, 'Google')
        await toAccount(page)
        await button(page, 'Add another Google').click()
        await page.locator('button[value="Ada"]').click()
        await heading(page, 'Already yours').waitFor()
      })

      it('T18: unlinks a sign-in method; at its next sign-in it has no person, and Ada can start a separate one', async () => {
        const page = await openPane('onesub')
        await signUp(page, 'onesub', 'ada@example.com')
        await addRecord(page, 'Deadlift', '102.5')
        await link(page, 'Facebook')
        await button(page, 'Add it to my account').click()
        await button(page, 'Take off Facebook').click()
        await picture(page, 'app-take-off')
        await button(page, 'Take Facebook off').click()
        await page.getByText('Facebook no longer opens your account.').waitFor()
        await leave(page)
        await comeBy(page, 'Facebook')
        await heading(page, 'This sign-in method has no account').waitFor()
        await picture(page, 'app-unclaimed')
        await button(page, 'Begin a new account').click()
        await heading(page, 'Your records').waitFor()
        await page.getByText('No records yet.').waitFor()
        await addRecord(page, 'Plank', '3', 'min')
        expect((await seen('onesub')).records).toEqual([1, 1])
      })

      it('T18: keeps the last sign-in method, and says why', async () => {
        const page = await openPane('onesub')
        await comeBy(page, 'Facebook')
        await toAccount(page)
        await button(page, 'Take off Facebook').click()
        await button(page, 'Take Facebook off').click()
        await page.getByText('This is your only way to sign in. Add another one first.').waitFor()
        await expect.poll(() => page.evaluate(() => Object(globalThis).document.activeElement.role)).toBe('alert')
        await picture(page, 'app-last-way-in')
      })

      it('sets a password for a user of Google, who stays the same person', async () => {
        const page = await openPane('onesub')
        await comeBy(page, 'Google')
        await addRecord(page, 'Run', '10', 'km')
        await toAccount(page)
        await button(page, 'Set a password').click()
        await heading(page, 'Set a password').waitFor()
        await expect.poll(async () => (await seen('onesub')).mail[0]?.code).toBeTruthy()
        await page.getByLabel('Code').fill((await seen('onesub')).mail[0]?.code ?? '')
        await page.getByLabel('New password').fill(PASSWORD)
        await button(page, 'Set the password').click()
        await page.getByText('E-mail and password').waitFor()
        await leave(page)
        await signIn(page, 'ada@example.com')
        await expect.poll(() => exercises(page)).toEqual(['Run'])
      })

      it('changes the address by a code from the new mailbox, and the person stays the same', async () => {
        const page = await openPane('onesub')
        await signUp(page, 'onesub', 'Ada@Example.com')
        await addRecord(page, 'Deadlift', '102.5')
        await toAccount(page)
        await button(page, 'Change the address').click()
        await heading(page, 'Change your address').waitFor()
        await page.getByLabel('New e-mail address').fill('ada@new.example')
        await button(page, 'Send a code').click()
        await heading(page, 'Look into your new mail').waitFor()
        await page.getByLabel('Code').fill('000000')
        await button(page, 'Confirm').click()
        await page.getByText('This code is wrong or has expired.').waitFor()
        await page.getByLabel('Code').fill((await seen('onesub')).mail[0]?.code ?? '')
        await button(page, 'Confirm').click()
        await page.getByText('Your address is ada@new.example now.').waitFor()
        await picture(page, 'pane-changed-address')
        await leave(page)
        await signIn(page, 'ada@new.example')
        await heading(page, 'Your records').waitFor()
        expect(await exercises(page)).toEqual(['Deadlift'])
        expect((await seen('onesub')).users).toMatchObject([{ address: 'ada@new.example', person: 1 }])
      })

      it('T10: asks for another sign-in before a change with an old session', async () => {
        const page = await openPane('onesub')
        await comeBy(page, 'Google')
        await heading(page, 'Your records').waitFor()
        await page.clock.setSystemTime(Date.now() + 6 * 60_000)
        await toAccount(page)
        await page.getByText('You signed in a while ago.').waitFor()
        expect(await page.getByRole('button', { name: /^Add|^Take off/ }).count()).toBe(0)
        await button(page, 'Sign in again').click()
        await heading(page, 'Sign in').waitFor()
      })

      it('on the left has nothing to offer', async () => {
        const page = await openPane('alone')
        await comeBy(page, 'Google')
        await toAccount(page)
        await page.getByText('Each way to sign in is an account of its own here.').waitFor()
        await picture(page, 'app-account-alone')
      })
    })

    it('what goes wrong is said in plain words, and the focus is there', async () => {
      const page = await openPane('onesub')
      await signIn(page, 'nobody@example.com')
      await page.getByText('The address or the password is not right.').waitFor()
      await expect.poll(() => page.evaluate(() => Object(globalThis).document.activeElement.role)).toBe('alert')
      await button(page, 'Continue with Google').click()
      await page.locator('button[value="access_denied"]').click()
      await heading(page, 'Sign in').waitFor()
      await page.goto(`${stage.panes.onesub}/callback?code=stolen&state=foreign`)
      await page.getByText('This link belongs to another sign-in.').waitFor()
      await expect.poll(() => page.evaluate(() => Object(globalThis).document.activeElement.role)).toBe('alert')
      expect(page.url()).toBe(`${stage.panes.onesub}/`)
    })

    it('T139: signing out leaves nothing, and Back shows nothing of the user', async () => {
      const page = await openPane('onesub')
      const other = await openPane('onesub')
      await comeBy(page, 'Google')
      await addRecord(page, 'Deadlift', '102.5')
      await toAccount(page)
      await other.reload()
      await heading(other, 'Your records').waitFor()
      await leave(page)
      const kept = await page.evaluate(() => {
        const { localStorage, sessionStorage, document } = Object(globalThis)
        return { ...localStorage, ...sessionStorage, cookies: document.cookie }
      })
      expect(kept).toEqual({ cookies: '' })
      await heading(other, 'Sign in').waitFor()
      for (let steps = 0; steps < 3; steps += 1) {
        await page.goBack()
        if (!page.url().startsWith(stage.panes.onesub)) continue
        await heading(page, 'Sign in').waitFor()
        expect(await page.locator('body').innerText()).not.toMatch(/Deadlift|ada@example\.com/)
      }
    })

    it('T139: no token, code or address is in any URL that the app asks for or shows', async () => {
      const page = await openPane('onesub')
      const urls: string[] = []
      page.on('request', (request) => urls.push(request.url()))
      page.on('framenavigated', (frame) => urls.push(frame.url()))
      await comeBy(page, 'Google')
      await addRecord(page, 'Run', '10', 'km')
      await link(page, 'Facebook')
      await button(page, 'Add it to my account').click()
      await heading(page, 'Your account').waitFor()
      const own = urls.filter((url) => url.startsWith(stage.panes.onesub))
      expect(own.length).toBeGreaterThan(10)
      // The code comes back on the redirect URI, once, and is of no use without the verifier (RFC 7636).
      const shown = own.filter((url) => !url.startsWith(`${stage.panes.onesub}/callback?code=`))
      expect(shown.filter((url) => /eyJ|code=|token|%40|@/.test(url))).toEqual([])
    })

    it('works by keyboard alone', async () => {
      const page = await openPane('onesub')
      await signUp(page, 'onesub', 'ada@example.com')
      await leave(page)
      const { keyboard } = page
      await expect.poll(() => focused(page)).toBe('Sign in')
      await keyboard.press('Tab')
      await keyboard.type('ada@example.com')
      await keyboard.press('Tab')
      await keyboard.type(PASSWORD)
      await keyboard.press('Tab')
      await keyboard.press('Enter')
      await expect.poll(() => focused(page)).toBe('Your records')
      await keyboard.press('Tab')
      await keyboard.type('Squat')
      await keyboard.press('Tab')
      await keyboard.type('120')
      await keyboard.press('Enter')
      await page.getByText('Squat is added.').waitFor()
      const ring = await page.evaluate(() => {
        const { document, getComputedStyle } = Object(globalThis)
        return getComputedStyle(document.activeElement).outlineStyle
      })
      expect(ring).toBe('solid')
      await tabTo(page, 'Delete Squat, 120 kg')
      await keyboard.press('Enter')
      await page.getByText('Squat is deleted.').waitFor()
    })

    /** The heading that the focus is on, or the name of the control. */
    const focused = (page: Page): Promise<string> =>
      page.evaluate(() => {
        const { activeElement } = Object(globalThis).document
        return activeElement.getAttribute('aria-label') ?? activeElement.innerText
      })

    async function tabTo(page: Page, name: string): Promise<void> {
      for (let presses = 0; presses < 20; presses += 1) {
        await page.keyboard.press('Tab')
        if ((await focused(page)) === name) return
      }
      throw new Error(`"${name}" cannot be reached by Tab.`)
    }

    it.each(['light', 'dark'] as const)(
      'every screen fits 380 pixels and names its controls (%s)',
      async (colorScheme) => {
        const page = await openPane('onesub')
        await page.emulateMedia({ colorScheme })
        const look = async (name: string) => {
          await picture(page, `app-${name}-${colorScheme}`)
          expect(await faultsOf(page)).toEqual([])
        }
        await heading(page, 'Sign in').waitFor()
        await look('sign-in')
        await button(page, 'Forgot your password?').click()
        await heading(page, 'Reset your password').waitFor()
        await look('reset')
        await button(page, 'Back to sign in').click()
        await beginSignUp(page, 'ada.with.a.long.name.indeed@a-rather-long-name.example.com')
        await heading(page, 'Look into your mail').waitFor()
        await look('confirm')
        await page.getByLabel('Code').fill((await seen('onesub')).mail[0]?.code ?? '')
        await button(page, 'Confirm').click()
        await addRecord(page, 'Clean and jerk, from the blocks, with a pause', '102.5')
        await addRecord(page, 'Deadlift', '140')
        await look('records')
        await toAccount(page)
        await look('account')
        await button(page, 'Add Google').click()
        await page.locator('button[value="Ada"]').waitFor()
        await picture(page, `provider-${colorScheme}`)
        await page.locator('button[value="Ada"]').click()
        await heading(page, 'Add this sign-in method?').waitFor()
        await page.getByText('To be added').waitFor()
        await look('add')
        await page.goto(stage.origin)
        await heading(page, 'One human, one user').waitFor()
        await page.locator('iframe').first().waitFor()
        await picture(page, `stage-narrow-${colorScheme}`)
        expect(await faultsOf(page)).toEqual([])
      },
    )

    /** What a reader or a small screen would stumble over. */
    const faultsOf = (page: Page): Promise<string[]> =>
      page.evaluate(() => {
        const { document } = Object(globalThis)
        const all = (selector: string) => [...document.querySelectorAll(selector)]
        const faults: string[] = []
        if (document.documentElement.scrollWidth > document.documentElement.clientWidth) faults.push('scrolls sideways')
        if (all('h1').length !== 1) faults.push(`${all('h1').length} h1`)
        if (all('main').length !== 1) faults.push(`${all('main').length} main`)
        if (document.documentElement.lang === '' || document.title === '') faults.push('no language or title')
        const ids = all('[id]').map(({ id }) => id)
        if (new Set(ids).size !== ids.length) faults.push('an id twice')
        for (const field of all('input, select')) if (!field.labels?.length) faults.push(`no label: ${field.name}`)
        for (const control of all('button, a, iframe')) {
          const name = control.getAttribute('aria-label') ?? (control.innerText || control.title)
          if (!name?.trim()) faults.push(`no name: ${control.outerHTML}`)
        }
        return faults
      })
  },
)
