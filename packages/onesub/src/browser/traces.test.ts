import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { KeyValues } from './host.ts'
import { SIGN_IN_METHOD_KEY } from './sign-in-method.ts'
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
