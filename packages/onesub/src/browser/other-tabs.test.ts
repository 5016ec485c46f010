import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { onSignedOutElsewhere, tellOtherTabs } from './other-tabs.ts'
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

it('the tab that signs out is not told of its own sign-out', async () => {
  const heard: string[] = []
  const stop = onSignedOutElsewhere('7web', () => heard.push('told'))
  tellOtherTabs('7web')
  const other = new BroadcastChannel('onesub.7web')
  other.postMessage({ signedOutBy: 'another tab' })
  await vi.waitFor(() => expect(heard).not.toEqual([]))
  await new Promise((done) => setTimeout(done, 50))
  stop()
  other.close()
  expect(heard).toEqual(['told'])
})
