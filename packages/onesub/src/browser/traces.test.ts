import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { KeyValues } from './host.ts'
import { SIGN_IN_METHOD_KEY } from './sign-in-method.ts'
import { type SignOutOptions, signOut } from './sign-out.ts'
import { clearTraces } from './traces.ts'

const OURS = 'onesub.7web.flow'
const OTHERS = 'onesub.other.flow'

/** As much of a browser as this needs; all of it runs in test/clients/browser-room.client.ts. */
function storeOf(...names: readonly string[]): KeyValues & { readonly names: () => string[] } {
  const values = new Map(names.map((name) => [name, 'x']))
  return {
    get length() {
      return values.size
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    names: () => [...values.keys()],
  }
}

let ofTab: ReturnType<typeof storeOf>
const written: string[] = []
beforeEach(() => {
  ofTab = storeOf(OURS, OTHERS, SIGN_IN_METHOD_KEY)
  written.length = 0
  vi.stubGlobal('localStorage', storeOf(OURS, 'CognitoIdentityServiceProvider.7web.ada.idToken'))
  vi.stubGlobal('sessionStorage', ofTab)
  vi.stubGlobal('location', { hostname: 'app.example.com', pathname: '/' })
  vi.stubGlobal('document', {
    get cookie() {
      return `${OURS}=1; theme=dark`
    },
    set cookie(cookie: string) {
      written.push(cookie)
    },
  })
})
afterEach(() => vi.unstubAllGlobals())

it('what a sign-out clears is this app client’s, and nothing else', () => {
  clearTraces('7web', true)
  expect(localStorage).toMatchObject({ length: 0 })
  expect(ofTab.names()).toEqual([OTHERS, SIGN_IN_METHOD_KEY])
  clearTraces('7web', false)
  expect(ofTab.names()).toEqual([OTHERS])
  expect(written.length).toBeGreaterThan(0)
  for (const cookie of written) expect(cookie).toMatch(/^onesub\.7web\.flow=; max-age=0; /)
})

it('a place that the browser forbids does not keep the others from being cleared', () => {
  const forbidden = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  }
  vi.stubGlobal('localStorage', {
    get length() {
      return forbidden()
    },
  })
  clearTraces('7web', false)
  expect(ofTab.names()).toEqual([OTHERS])
  expect(written.length).toBeGreaterThan(0)
})

describe('a sign-out', () => {
  const signsOut = async (more: Partial<SignOutOptions> = {}, answers: () => Promise<unknown> = async () => {}) => {
    const steps: string[] = []
    vi.stubGlobal('location', {
      hostname: 'app.example.com',
      pathname: '/',
      assign: (url: string) => steps.push(`went to ${new URL(url).pathname}`),
    })
    vi.stubGlobal('fetch', (url: string, { body }: { body: URLSearchParams }) => {
      steps.push(`${new URL(url).pathname} ${body.get('token')}`)
      return answers()
    })
    const options = { domain: 'auth.example.com', clientId: '7web', logoutUri: 'https://app.example.com/' }
    await signOut({ ...options, refreshToken: 'of-ada', ...more })
    return steps
  }

  it('revokes the refresh token, also where Amplify signs out what it holds', async () => {
    const steps = ['/oauth2/revoke of-ada', 'went to /logout']
    expect(await signsOut()).toEqual(steps)
    expect(await signsOut({ amplify: { signOut: async () => {} } })).toEqual(steps)
  })

  it('forgets the sign-in method, unless it is the user’s own device', async () => {
    await signsOut({ keepSignInMethod: true })
    expect(ofTab.names()).toEqual([OTHERS, SIGN_IN_METHOD_KEY])
    await signsOut()
    expect(ofTab.names()).toEqual([OTHERS])
  })

  it('is told to the other tabs of this app client', { timeout: 5_000 }, async () => {
    const other = new BroadcastChannel('onesub.7web')
    const told = new Promise((heard) => {
      other.onmessage = ({ data }) => heard(data)
    })
    await signsOut()
    expect(await told).toEqual({ signedOutBy: expect.any(String) })
    other.close()
  })

  it('is not held up for ever by a server that does not answer, or a database', { timeout: 15_000 }, async () => {
    vi.stubGlobal('indexedDB', { deleteDatabase: () => ({}) })
    const hangs = () => new Promise<never>(() => {})
    const steps = await signsOut({ databases: ['notes'], amplify: { signOut: hangs } }, hangs)
    expect(steps.at(-1)).toBe('went to /logout')
    expect(ofTab.names()).toEqual([OTHERS])
  })
})
