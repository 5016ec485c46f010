import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { retryFirstLink } from './first-link.ts'
import type { KeyValues } from './host.ts'

const OURS = 'CognitoIdentityServiceProvider.7web.oauthState'

/** As much of a browser as this needs; all of it runs in test/clients/browser-room.client.ts. */
function memoryStore(): KeyValues {
  const values = new Map<string, string>()
  return {
    get length() {
      return values.size
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}

let amplifys: KeyValues
beforeEach(() => {
  amplifys = memoryStore()
  vi.stubGlobal('localStorage', amplifys)
  vi.stubGlobal('sessionStorage', memoryStore())
  vi.stubGlobal('location', { href: 'https://app.example.com/callback' })
  vi.stubGlobal('history', { state: null, replaceState: () => {} })
})
afterEach(() => vi.unstubAllGlobals())

/** Amplify has a sign-in under way, and Cognito answers it with the error after a link. */
async function answered(userName: string, providers: readonly string[]) {
  amplifys.setItem(OURS, 's')
  const description = `Already found an entry for username ${userName}`
  const query = new URLSearchParams({ error_description: description, state: 's', error: 'invalid_request' })
  const asked: (string | undefined)[] = []
  const again = (provider: string | undefined) => void asked.push(provider)
  const url = `https://app.example.com/callback?${query}`
  return { asked, result: await retryFirstLink({ url, clientId: '7web', providers, again }) }
}

describe('T106: the provider that is asked again', () => {
  it.each([
    ['Google_1180', ['Google', 'Facebook'], 'Google'],
    ['google_1180', ['Google', 'Facebook'], 'Google'],
    ['Corp_Saml_a_b', ['Corp', 'Corp_Saml'], 'Corp_Saml'],
    ['Elsewhere_1', ['Google'], undefined],
    ['Google', ['Google'], undefined],
  ])('for %s out of %j is %s', async (userName, providers, provider) => {
    const { asked, result } = await answered(userName, providers)
    expect(result).toEqual({ kind: 'retrying' })
    expect(asked).toEqual([provider])
  })

  it('waits for a click where it is Apple', async () => {
    const { asked, result } = await answered('signinwithapple_000.1', ['SignInWithApple'])
    expect(result.kind).toBe('retry-by-click')
    expect(asked).toEqual([])
    if (result.kind === 'retry-by-click') await result.again()
    expect(asked).toEqual(['SignInWithApple'])
    expect((await answered('signinwithapple_000.1', ['SignInWithApple'])).result.kind).toBe('refused')
  })
})

it('T106: is asked again once; after a success, a later flow has its own try', async () => {
  expect((await answered('Google_1180', ['Google'])).result.kind).toBe('retrying')
  expect((await answered('Google_1180', ['Google'])).result).toMatchObject({
    kind: 'refused',
    refusal: { code: 'TRY_AGAIN' },
  })
  expect((await answered('Google_1180', ['Google'])).result.kind).toBe('retrying')
  amplifys.setItem(OURS, 's')
  const url = 'https://app.example.com/callback?code=c&state=s'
  const options = { url, clientId: '7web', providers: [], again: () => {} }
  expect(await retryFirstLink(options)).toEqual({ kind: 'none' })
  expect((await answered('Google_1180', ['Google'])).result.kind).toBe('retrying')
})

describe('T106: an answer that nothing asked for is left to Amplify, and nothing is asked again', () => {
  const description = 'Already found an entry for username Google_1180'
  it.each<[string, string | undefined, string | undefined]>([
    ['no state where one is kept', 's', undefined],
    ['an empty state where one is kept', 's', ''],
    ['another state', 's', 'x'],
    ['the state in other case', 's', 'S'],
    ['a state where none is kept', undefined, 's'],
    ['no state where none is kept', undefined, undefined],
    ['an empty state where none is kept', undefined, ''],
    ['the text null where none is kept', undefined, 'null'],
  ])('%s', async (_, kept, state) => {
    if (kept !== undefined) amplifys.setItem(OURS, kept)
    const query = new URLSearchParams({ error_description: description, ...(state !== undefined && { state }) })
    const asked: unknown[] = []
    const url = `https://app.example.com/callback?${query}`
    const again = (provider: unknown) => void asked.push(provider)
    expect(await retryFirstLink({ url, clientId: '7web', providers: ['Google'], again })).toEqual({ kind: 'none' })
    expect(asked).toEqual([])
    expect(amplifys.getItem(OURS)).toBe(kept ?? null)
  })
})

it('T106: a link that a stranger wrote takes no try from the answer that is under way', async () => {
  expect((await answered('Google_1180', ['Google'])).result.kind).toBe('retrying')
  const description = 'Already found an entry for username Google_1180'
  const query = new URLSearchParams({ error_description: description, state: 'of a stranger' })
  const again = () => {
    throw new Error('asked again')
  }
  const url = `https://app.example.com/callback?${query}`
  expect(await retryFirstLink({ url, clientId: '7web', providers: ['Google'], again })).toEqual({ kind: 'none' })
  expect((await answered('Google_1180', ['Google'])).result.kind).toBe('refused')
})

it('T106: Amplify finds nothing of the sign-in that has failed, which it would take for a cancelled one', async () => {
  const names = ['inflightOAuth', 'inflightOAuthDeadline', 'oauthPKCE', 'oauthState']
  const keys = names.map((name) => `CognitoIdentityServiceProvider.7web.${name}`)
  const tokens = 'CognitoIdentityServiceProvider.7web.ada.idToken'
  for (const key of [...keys, tokens]) amplifys.setItem(key, 's')
  await answered('Google_1180', ['Google'])
  expect(keys.map((key) => amplifys.getItem(key))).toEqual([null, null, null, null])
  expect(amplifys.getItem(tokens)).toBe('s')
})

it('T106: the page that starts the sign-in again finds that it was tried', async () => {
  amplifys.setItem(OURS, 's')
  const description = 'Already found an entry for username Google_1180'
  const query = new URLSearchParams({ error_description: description, state: 's' })
  const marks: (string | null)[] = []
  const again = () => void marks.push(sessionStorage.getItem('onesub.7web.again'))
  await retryFirstLink({ url: `https://app.example.com/callback?${query}`, clientId: '7web', providers: [], again })
  expect(marks).toEqual([''])
})
