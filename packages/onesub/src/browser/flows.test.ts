import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSignIn, lastSignInMethod, type SignInOptions, type StartOptions } from './index.ts'

/** As much of a browser as the flows touch; with a real one they run in test/clients/browser-room.client.ts. */
function memoryStore(values = new Map<string, string>()) {
  return {
    get length() {
      return values.size
    },
    key: (index: number) => [...values.keys()][index] ?? null,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  }
}

const APP = 'https://app.example.com'
const FLOW = 'onesub.7web.flow'
const options: SignInOptions = { domain: 'auth.example.com', clientId: '7web', redirectUris: [`${APP}/callback`] }

let tab: ReturnType<typeof memoryStore>
let visited: URL[]
let exchanged: URLSearchParams[]
/** What the pool answers, changed by a test. */
let pool: { tokens: (nonce: unknown) => object; userInfo: { status: number; body: unknown } }

beforeEach(() => {
  tab = memoryStore()
  visited = []
  exchanged = []
  pool = { tokens: tokensOf, userInfo: { status: 200, body: { sub: 'sub-of-ada' } } }
  const location = {
    href: `${APP}/`,
    origin: APP,
    hostname: 'app.example.com',
    pathname: '/',
    assign: (url: string) => void visited.push(new URL(url)),
  }
  vi.stubGlobal('location', location)
  vi.stubGlobal('history', { state: null, replaceState: () => {} })
  vi.stubGlobal('sessionStorage', tab)
  vi.stubGlobal('localStorage', memoryStore())
  vi.stubGlobal('fetch', async (url: string, { body }: { body?: URLSearchParams }) => {
    if (url.endsWith('/oauth2/userInfo')) return Response.json(pool.userInfo.body, { status: pool.userInfo.status })
    exchanged.push(new URLSearchParams(body))
    return Response.json(pool.tokens(visited.at(-1)?.searchParams.get('nonce')))
  })
})
afterEach(() => vi.unstubAllGlobals())

const idToken = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
const tokensOf = (nonce: unknown) => ({
  access_token: 'of-ada',
  id_token: idToken({ nonce, sub: 'sub-of-ada' }),
  refresh_token: 'r',
  expires_in: 3600,
})

async function asked(start: StartOptions = {}, more: Partial<SignInOptions> = {}): Promise<URLSearchParams> {
  await createSignIn({ ...options, ...more }).start(start)
  return visited.at(-1)?.searchParams ?? new URLSearchParams()
}

const arrive = (query: Record<string, string>) =>
  createSignIn(options).callback(`${APP}/callback?${new URLSearchParams(query)}`)
const stateOf = (query: URLSearchParams) => query.get('state') ?? ''

describe('T159: a sign-in that has to be fresh', () => {
  it.each<[string, StartOptions]>([
    ['of a second sign-in method', { purpose: 'link', provider: 'Google' }],
    ['of a second sign-in method, whatever else is said', { purpose: 'link', fresh: false }],
    ['of an account page', { fresh: true }],
    ['of an account page, by a provider', { fresh: true, provider: 'Google' }],
  ])('%s is asked for by a prompt', async (_, start) => {
    const query = await asked(start)
    expect([query.get('prompt'), query.get('max_age'), query.get('acr_values')]).toEqual(['login', null, null])
  })

  it.each<[string, StartOptions]>([
    ['of a second sign-in method', { purpose: 'link', provider: 'Google' }],
    ['of an account page', { fresh: true }],
  ])('%s is asked for by its age too in a pool with authentication levels', async (_, start) => {
    const query = await asked(start, { acrValues: ['urn:cognito:loa:2', 'urn:cognito:loa:1'] })
    expect([query.get('prompt'), query.get('max_age'), query.get('acr_values')]).toEqual([
      'login',
      '0',
      'urn:cognito:loa:2 urn:cognito:loa:1',
    ])
  })

  it.each<[string, StartOptions, Partial<SignInOptions>]>([
    ['a sign-in', {}, {}],
    ['a sign-in by a provider', { provider: 'Google' }, {}],
    ['a sign-in in a pool with authentication levels', {}, { acrValues: ['urn:cognito:loa:1'] }],
    ['a sign-in that need not be', { fresh: false, purpose: 'sign-in' }, {}],
  ])('is not what %s asks for', async (_, start, more) => {
    const query = await asked(start, more)
    expect([query.get('prompt'), query.get('max_age'), query.get('acr_values')]).toEqual([null, null, null])
  })

  it.each<[StartOptions, string | null]>([
    [{ purpose: 'link', provider: 'Google' }, 'login'],
    [{ fresh: true, provider: 'Google' }, 'login'],
    [{ provider: 'Google' }, null],
  ])('is asked for again where the flow is started over: %j', async (start, prompt) => {
    const state = stateOf(await asked(start))
    const error_description = 'Already found an entry for username Google_1180'
    expect(await arrive({ error: 'invalid_request', error_description, state })).toEqual({ kind: 'retrying' })
    expect(visited).toHaveLength(2)
    expect(visited[1]?.searchParams.get('prompt')).toBe(prompt)
    expect(visited[1]?.searchParams.get('state')).not.toBe(state)
  })

  it('is asked for after a token of a user who does not exist, since the session has no user either', async () => {
    const state = stateOf(await asked({ provider: 'Google' }))
    pool.userInfo = { status: 401, body: {} }
    expect(await arrive({ code: 'c', state })).toEqual({ kind: 'retrying' })
    expect(visited[1]?.searchParams.get('prompt')).toBe('login')
  })

  it.each([[[]], [['']], [['a b']], [[7]]])('cannot be asked for by levels that are none: %j', (acrValues) => {
    expect(() => Reflect.apply(createSignIn, undefined, [{ ...options, acrValues }])).toThrow(
      'onesub/CONFIG_INVALID: "acrValues"',
    )
  })
})

describe('T10: state, nonce and code verifier', () => {
  it('differ from each other, and from those of every other flow', async () => {
    const seen: string[] = []
    for (let at = 0; at < 20; at += 1) {
      const query = await asked()
      const flow = JSON.parse(tab.getItem(FLOW) ?? '{}')
      expect([query.get('state'), query.get('nonce')]).toEqual([flow.state, flow.nonce])
      expect(query.get('code_challenge')).not.toBe(flow.verifier)
      seen.push(flow.state, flow.nonce, flow.verifier, query.get('code_challenge') ?? '')
    }
    expect(new Set(seen).size).toBe(80)
    for (const text of seen) expect(text).toMatch(/^[\w-]{43}$/)
  })

  it('are those of the flow: the verifier of the challenge goes to the exchange, and no other', async () => {
    const query = await asked()
    const { verifier } = JSON.parse(tab.getItem(FLOW) ?? '{}')
    await arrive({ code: 'c', state: stateOf(query) })
    expect(exchanged.map((body) => body.get('code_verifier'))).toEqual([verifier])
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
    expect(query.get('code_challenge')).toBe(Buffer.from(digest).toString('base64url'))
    expect(query.get('code_challenge_method')).toBe('S256')
  })

  it.each<[string, (state: string) => Record<string, string>]>([
    ['no state', () => ({ code: 'c' })],
    ['an empty state', () => ({ code: 'c', state: '' })],
    ['another state', () => ({ code: 'c', state: 'another' })],
    ['the state in other case', (state) => ({ code: 'c', state: swapped(state) })],
    ['the state and more', (state) => ({ code: 'c', state: `${state} ` })],
    ['an error without a state', () => ({ error: 'access_denied' })],
    ['an error with an empty state', () => ({ error: 'access_denied', state: '' })],
  ])('an answer with %s is foreign, and the flow goes on', async (_, answer) => {
    const state = stateOf(await asked())
    expect(await arrive(answer(state))).toEqual({ kind: 'foreign' })
    expect(exchanged).toEqual([])
    expect(await arrive({ code: 'c', state })).toMatchObject({ kind: 'signed-in' })
  })

  it.each([
    ['state', undefined],
    ['state', ''],
    ['state', null],
    ['nonce', undefined],
    ['nonce', null],
    ['verifier', undefined],
    ['verifier', 7],
    ['redirectUri', undefined],
    ['provider', undefined],
    ['returnTo', undefined],
    ['purpose', undefined],
    ['purpose', 'Link'],
    ['again', undefined],
    ['again', 'false'],
    ['fresh', undefined],
  ])('a kept flow whose %s is %j is none', async (name, value) => {
    const state = stateOf(await asked())
    tab.setItem(FLOW, JSON.stringify({ ...JSON.parse(tab.getItem(FLOW) ?? '{}'), [name]: value }))
    for (const given of [{ state }, { state: 'undefined' }, { state: 'null' }, {}])
      expect(await arrive({ code: 'c', ...given })).toEqual({ kind: 'foreign' })
    expect(exchanged).toEqual([])
  })

  it.each<[string, string | null]>([
    ['nothing', null],
    ['an empty text', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a text', '"x"'],
    ['a list', '[]'],
  ])('where %s is kept, every answer is foreign', async (_, kept) => {
    const state = stateOf(await asked())
    if (kept === null) tab.removeItem(FLOW)
    else tab.setItem(FLOW, kept)
    for (const given of [{ state }, {}]) expect(await arrive({ code: 'c', ...given })).toEqual({ kind: 'foreign' })
  })

  it('of another app client on this origin answer nothing', async () => {
    const state = stateOf(await asked())
    const other = createSignIn({ ...options, clientId: '7WEB' })
    expect(await other.callback(`${APP}/callback?code=c&state=${state}`)).toEqual({ kind: 'foreign' })
    expect(await arrive({ code: 'c', state })).toMatchObject({ kind: 'signed-in' })
  })

  it.each<[string, (nonce: unknown) => string]>([
    ['no nonce', () => idToken({ sub: 'sub-of-ada' })],
    ['an empty nonce', () => idToken({ nonce: '' })],
    ['a nonce that is null', () => idToken({ nonce: null })],
    ['another nonce', () => idToken({ nonce: 'another' })],
    ['a list of nonces', (nonce) => idToken({ nonce: [nonce] })],
    ['the nonce in other case', (nonce) => idToken({ nonce: swapped(String(nonce)) })],
    ['the state for a nonce', () => idToken({ nonce: visited.at(-1)?.searchParams.get('state') })],
    ['no claims', () => 'h..s'],
    ['claims that are none', () => `h.${Buffer.from('null').toString('base64url')}.s`],
    ['one part', () => 'x'],
  ])('tokens whose ID token has %s are dropped', async (_, id_token) => {
    pool.tokens = (nonce) => ({ ...tokensOf(nonce), id_token: id_token(nonce) })
    const state = stateOf(await asked())
    expect(await arrive({ code: 'c', state })).toEqual({ kind: 'foreign' })
    // The code and the flow are spent.
    expect(await arrive({ code: 'c', state })).toEqual({ kind: 'foreign' })
  })

  it.each([undefined, '', 7, null])('without an ID token (%j) there is no sign-in', async (id_token) => {
    pool.tokens = (nonce) => ({ ...tokensOf(nonce), id_token })
    const state = stateOf(await asked())
    expect(await arrive({ code: 'c', state })).toMatchObject({ kind: 'refused', refusal: { code: 'CONFIG_INVALID' } })
  })
})

describe('T10: of two flows in one tab', () => {
  it('the later one counts: the answer to the earlier is foreign', async () => {
    const earlier = stateOf(await asked({ purpose: 'sign-in' }))
    const later = stateOf(await asked({ purpose: 'link' }))
    expect(await arrive({ code: 'c', state: earlier })).toEqual({ kind: 'foreign' })
    expect(await arrive({ code: 'c', state: later })).toMatchObject({ kind: 'signed-in', purpose: 'link' })
  })
})

describe('what a callback is for', () => {
  const description = encodeURIComponent('onesub/IDENTIFIER_TAKEN: x')
  it.each(['link', 'sign-in'] as const)('is what the flow was started for, however it ends: %s', async (purpose) => {
    const ends = async (query: Record<string, string>) => arrive({ ...query, state: stateOf(await asked({ purpose })) })
    expect(await ends({ code: 'c' })).toMatchObject({ kind: 'signed-in', purpose })
    expect(await ends({ error: 'access_denied' })).toMatchObject({ kind: 'cancelled', purpose })
    const error_description = decodeURIComponent(description)
    expect(await ends({ error: 'invalid_request', error_description })).toMatchObject({ kind: 'refused', purpose })
  })

  it.each([
    ['code', { code: 'c' }],
    ['error', { error: 'access_denied' }],
    ['error and text', { error: 'invalid_request', error_description: 'a stranger’s text' }],
  ])('leaves nothing of the answer in the address: %s', async (_, query) => {
    const shown: string[] = []
    vi.stubGlobal('history', {
      state: null,
      replaceState: (_state: unknown, _title: string, url: string) => shown.push(url),
    })
    const state = stateOf(await asked())
    const url = `${APP}/callback?${new URLSearchParams({ ...query, state, keep: '1' })}#here`
    vi.stubGlobal('location', {
      href: url,
      origin: APP,
      hostname: 'app.example.com',
      pathname: '/callback',
      assign: () => {},
    })
    await createSignIn(options).callback(url)
    expect(shown).toEqual(['/callback?keep=1#here'])
  })
})

describe('an answer that is met in an unusual way', () => {
  const arriveOnPage = async (query: Record<string, string>) => {
    const shown: string[] = []
    const replaceState = (_state: unknown, _title: string, url: string) => shown.push(url)
    vi.stubGlobal('history', { state: null, replaceState })
    const href = `${APP}/callback?${new URLSearchParams(query)}`
    vi.stubGlobal('location', { href, origin: APP, hostname: 'app.example.com', pathname: '/callback' })
    return { result: await createSignIn(options).callback(href), shown }
  }

  it('T10: a code that nothing asked for leaves the address all the same', async () => {
    const { result, shown } = await arriveOnPage({ code: 'of a stranger', state: 'of a stranger' })
    expect(result).toEqual({ kind: 'foreign' })
    expect(shown).toEqual(['/callback'])
  })

  it('by two calls at once, as React’s StrictMode makes them, is one sign-in with one result', async () => {
    const state = stateOf(await asked())
    const signIn = createSignIn(options)
    const url = `${APP}/callback?${new URLSearchParams({ code: 'c', state })}`
    const [first, second] = await Promise.all([signIn.callback(url), signIn.callback(url)])
    expect(first).toMatchObject({ kind: 'signed-in' })
    expect(second).toEqual(first)
    expect(exchanged).toHaveLength(1)
  })

  it('a refusal of ours is shown, also where it comes as the error that a cancelled sign-in has', async () => {
    const state = stateOf(await asked())
    const error_description = 'PreSignUp failed with error onesub/IDENTIFIER_TAKEN: An account exists.'
    expect(await arrive({ error: 'access_denied', error_description, state })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'IDENTIFIER_TAKEN' },
    })
  })

  it('a network that fails at the exchange is not taken for a user who turned back', async () => {
    const state = stateOf(await asked())
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    expect(await arrive({ code: 'c', state })).toMatchObject({ kind: 'refused', refusal: { code: 'TRY_AGAIN' } })
  })

  it('a link that is started over is a link still, and ends where it was to end', async () => {
    const start: StartOptions = { purpose: 'link', provider: 'Google', returnTo: '/account' }
    const state = stateOf(await asked(start))
    const error_description = 'Already found an entry for username Google_1180'
    await arrive({ error: 'invalid_request', error_description, state })
    const again = visited[1]?.searchParams ?? new URLSearchParams()
    expect(again.get('identity_provider')).toBe('Google')
    expect(await arrive({ code: 'c', state: stateOf(again) })).toMatchObject({
      kind: 'signed-in',
      purpose: 'link',
      returnTo: '/account',
    })
  })
})

it('a login hint is handed on to the hosted pages, and kept nowhere', async () => {
  const query = await asked({ provider: 'Google', loginHint: 'ada@example.com' })
  expect(query.get('login_hint')).toBe('ada@example.com')
  expect(tab.getItem(FLOW)).not.toContain('ada@example.com')
})

describe('the remembered sign-in method', () => {
  const remembering = { ...options, rememberSignInMethod: true }
  const comes = async (status: number) => {
    pool.userInfo = { status, body: { sub: 'sub-of-ada' } }
    const state = stateOf(await asked({ provider: 'Google' }, remembering))
    await createSignIn(remembering).callback(`${APP}/callback?${new URLSearchParams({ code: 'c', state })}`)
    return lastSignInMethod(['Google'])
  }

  it('is one by which the user was signed in, not one without a user', async () => {
    expect(await comes(401)).toBeUndefined()
    expect(await comes(200)).toBe('Google')
  })

  it('stays where a later sign-in begins on the hosted page, which does not tell what the user clicked', async () => {
    await comes(200)
    const state = stateOf(await asked({}, remembering))
    await createSignIn(remembering).callback(`${APP}/callback?${new URLSearchParams({ code: 'c', state })}`)
    expect(lastSignInMethod(['Google'])).toBe('Google')
  })
})

describe('where the ID token and userInfo disagree', () => {
  it.each<[string, { status: number; body: unknown }]>([
    ['another user', { status: 200, body: { sub: 'sub-of-eve', email: 'eve@example.com' } }],
    ['nothing', { status: 200, body: null }],
    ['no sub', { status: 200, body: {} }],
    ['a fault', { status: 500, body: {} }],
    ['a refusal of another kind', { status: 403, body: { error: 'invalid_token' } }],
  ])('neither is believed: the tokens are handed on as they came, for the API to verify (%s)', async (_, userInfo) => {
    pool.userInfo = userInfo
    const state = stateOf(await asked())
    const result = await arrive({ code: 'c', state })
    expect(result).toMatchObject({ kind: 'signed-in', tokens: { accessToken: 'of-ada' } })
    expect(JSON.stringify(result)).not.toContain('eve')
  })

  it('only that the pool knows no such user ends a sign-in, whatever the ID token says', async () => {
    pool.userInfo = { status: 401, body: { sub: 'sub-of-ada' } }
    const state = stateOf(await asked({ provider: 'Google' }))
    expect(await arrive({ code: 'c', state })).toEqual({ kind: 'retrying' })
    expect(await arrive({ code: 'c', state: visited[1]?.searchParams.get('state') ?? '' })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'TRY_AGAIN' },
    })
  })
})

const swapped = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
