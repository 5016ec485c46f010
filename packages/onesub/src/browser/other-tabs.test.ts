import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { onSignedOutElsewhere } from './other-tabs.ts'
import { SIGN_IN_METHOD_KEY } from './sign-in-method.ts'

let kept: Map<string, string>
const store = () => ({
  get length() {
    return kept.size
  },
  key: (index: number) => [...kept.keys()][index] ?? null,
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
})

beforeEach(() => {
  kept = new Map([
    [SIGN_IN_METHOD_KEY, 'Google'],
    ['CognitoIdentityServiceProvider.7web.ada.accessToken', 'of-ada'],
  ])
  vi.stubGlobal('localStorage', store())
  vi.stubGlobal('sessionStorage', store())
  vi.stubGlobal('location', { hostname: 'app.example.com', pathname: '/' })
  vi.stubGlobal('document', { cookie: '' })
})
afterEach(() => vi.unstubAllGlobals())

it('a sign-out in another tab clears the tokens here, and leaves the sign-in method to the tab that signed out', async () => {
  const other = new BroadcastChannel('onesub.7web')
  const stop = await new Promise<() => void>((heard) => {
    const stopListening = onSignedOutElsewhere('7web', () => heard(stopListening))
    other.postMessage({ signedOutBy: 'another tab' })
  })
  stop()
  other.close()
  expect([...kept]).toEqual([[SIGN_IN_METHOD_KEY, 'Google']])
})
