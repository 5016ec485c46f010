import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { OnesubError } from '../core/errors.ts'
import type { Identity, Person, PersonId } from '../core/person.ts'
import { person, personId } from '../core/testing/samples.ts'
import { createIdentityVerifier, type IdentityVerifierOptions } from './identity-verifier.ts'
import { createPersonVerifier, type PersonVerifier, type PersonVerifierOptions } from './person-verifier.ts'
import { CLIENT_ID, encode, hmacSigned, POOL_ID, rsaKey, startIssuer } from './testing/issuer.ts'

let issuer: Awaited<ReturnType<typeof startIssuer>>
let verify: PersonVerifier
let asked: Identity[]
const stranger = rsaKey()

const POOL = { userPoolId: POOL_ID, clientIds: [CLIENT_ID] }

const open = (options: Partial<PersonVerifierOptions> = {}) =>
  createPersonVerifier({
    pools: [POOL],
    registry: knowing(personId(2)),
    dangerouslyTrustEmulator: issuer.endpoint,
    ...options,
  })

function knowing(found: PersonId | undefined) {
  return {
    async resolve(identity: Identity) {
      asked.push(identity)
      return found
    },
    person: async (id: PersonId) => ({ ...person(), id }),
  }
}

const code = (token: string, by: PersonVerifier = verify) =>
  by(token).then(
    () => 'let in',
    (error: Error) => ('code' in error ? error.code : error),
  )

beforeAll(async () => {
  issuer = await startIssuer()
})
afterAll(() => issuer.close())
beforeEach(() => {
  asked = []
  issuer.served.status = 200
  verify = open()
})
afterEach(() => vi.unstubAllEnvs())

describe('a token', () => {
  it('that carries the person is accepted without a look-up', async () => {
    expect(await verify(issuer.token())).toMatchObject({
      person: personId(1),
      identity: { pool: POOL_ID, provider: 'Cognito', subject: 'sub-of-ada' },
      claims: { client_id: CLIENT_ID },
    })
    expect(asked).toEqual([])
  })

  it('T76: without the claim is looked up by issuer and sub, never by the address in it', async () => {
    const token = issuer.token({ person_id: undefined, email: 'victim@example.com', email_verified: true })
    expect(await verify(token)).toMatchObject({ person: personId(2) })
    expect(asked).toEqual([{ pool: POOL_ID, provider: 'Cognito', subject: 'sub-of-ada' }])
  })

  it.each([undefined, '', 'ada@example.com', 7, ['x'], [personId(1)], null])(
    'T76: with a claim that is no person id is looked up too: %j',
    async (person_id) => {
      expect(await verify(issuer.token({ person_id }))).toMatchObject({ person: personId(2) })
    },
  )

  it('T50: of a user who is nobody yet is nobody’s: there is no default', async () => {
    const token = issuer.token({ person_id: undefined })
    expect(await code(token, open({ registry: knowing(undefined) }))).toBe('PERSON_UNKNOWN')
    expect(await code(token, open({ registry: null }))).toBe('PERSON_UNKNOWN')
  })

  it.each([
    ['T60: of another client', { client_id: 'other' }],
    ['T60: of no client', { client_id: undefined }],
    ['T60: of a client that is null', { client_id: null }],
    ['T60: of a client whose name differs by case', { client_id: CLIENT_ID.toUpperCase() }],
    ['T60: whose client is its audience', { client_id: undefined, aud: CLIENT_ID }],
    ['T65: for a use that differs by case', { token_use: 'Access' }],
    ['T66: that never ends', { exp: undefined }],
    ['T66: whose end is null', { exp: null }],
    ['T66: of no time', { iat: undefined }],
    ['T65: for another use', { token_use: 'id', aud: CLIENT_ID }],
    ['T65: for no use', { token_use: undefined }],
    ['T65: for two uses', { token_use: ['access'] }],
    ['T66: that has expired', { exp: Math.floor(Date.now() / 1000) - 1 }],
    ['T66: that is not yet good', { nbf: Math.floor(Date.now() / 1000) + 60 }],
    ['T66: whose end is a text', { exp: '9999999999' }],
    ['T64: of another pool', { iss: 'http://127.0.0.1:1/eu-west-1_Other' }],
    ['T64: of a longer issuer', { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Test1/' }],
    ['T64: of no issuer', { iss: undefined }],
    ['T64: of an issuer that is null', { iss: null }],
    ['T64: of an empty issuer', { iss: '' }],
    ['of a sub that is null', { sub: null }],
    ['of nobody', { sub: '' }],
    ['of no sub', { sub: undefined }],
  ])('%s is refused', async (_, change) => {
    expect(await code(issuer.token(change))).toBe('TOKEN_INVALID')
  })

  it('T60: signed by somebody else is refused', async () => {
    expect(await code(issuer.token({}, {}, stranger.privateKey))).toBe('TOKEN_INVALID')
  })

  it('T60: whose content was changed after signing is refused', async () => {
    const [head, , signature] = issuer.token().split('.')
    const body = encode({ ...issuer.claims, person_id: personId(9) })
    expect(await code(`${head}.${body}.${signature}`)).toBe('TOKEN_INVALID')
  })

  it.each(['none', 'None', 'nOnE', 'NONE', '', 'HS256', 'RS384', 'rs256', 'ES256', 'PS256'])(
    'T61: that names the algorithm %j is refused',
    async (alg) => {
      const [, body, signature] = issuer.token().split('.')
      const head = encode({ ...issuer.header, alg })
      for (const token of [`${head}.${body}.${signature}`, `${head}.${body}.`, `${head}.${body}`]) {
        expect(await code(token)).toBe('TOKEN_INVALID')
      }
    },
  )

  it('T62: signed with the public key as a secret is refused', async () => {
    const pem = issuer.publicKey.export({ format: 'pem', type: 'spki' })
    const der = issuer.publicKey.export({ format: 'der', type: 'spki' })
    for (const secret of [pem, der, JSON.stringify(issuer.publicKey.export({ format: 'jwk' }))]) {
      for (const alg of ['HS256', 'RS256']) {
        expect(await code(hmacSigned({ ...issuer.header, alg }, issuer.claims, secret))).toBe('TOKEN_INVALID')
      }
    }
  })

  it('T63: that brings its own key is refused, and fetches nothing from it', async () => {
    const jwk = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'k1' }
    const before = issuer.served.fetches
    for (const head of [
      { jwk },
      { jku: `${issuer.endpoint}/evil` },
      { x5u: `${issuer.endpoint}/evil` },
      { x5c: ['MII'] },
    ]) {
      expect(await code(issuer.token({}, head, stranger.privateKey))).toBe('TOKEN_INVALID')
    }
    expect(issuer.served.fetches - before).toBe(1)
  })

  it.each([{ crit: ['exp'] }, { b64: false }])('T63: with the header extension %j is refused', async (head) => {
    expect(await code(issuer.token({}, head))).toBe('TOKEN_INVALID')
  })

  it('T73: has one spelling: any character put in or changed to a twin is refused', async () => {
    const token = issuer.token()
    for (let at = 0; at <= token.length; at += 7) {
      for (const foreign of [' ', '\n', '=', '.', '+', '/', '%', '\u0000']) {
        expect(await code(token.slice(0, at) + foreign + token.slice(at))).toBe('TOKEN_INVALID')
      }
    }
    expect(await code(twinOf(token))).toBe('TOKEN_INVALID')
  })

  it.each([
    ['{"alg":"RS256","kid":"k1"}', (claims: string) => claims.replace('{', '{"sub":"sub-of-eve",')],
    ['{"alg":"RS256","kid":"k1"}', (claims: string) => claims.replace('{', '{"\\u0073ub":"sub-of-eve",')],
    ['{"alg":"RS256","kid":"k1"}', (claims: string) => claims.replace('{', '{"a":[{"b":1,"b":2}],')],
    ['{"alg":"RS256","kid":"k1"}', (claims: string) => claims.replace('{', '{"__proto__":{"admin":true},')],
    ['{"alg":"none","kid":"k1","alg":"RS256"}', (claims: string) => claims],
    ['{"alg":"RS256","kid":"k2","k\\u0069d":"k1"}', (claims: string) => claims],
  ])('T73: that names a member twice is refused, well signed or not: %s', async (head, change) => {
    const claims = JSON.stringify(issuer.claims)
    expect(await code(issuer.tokenOf('{"alg":"RS256","kid":"k1"}', claims))).toBe('let in')
    expect(await code(issuer.tokenOf(head, change(claims)))).toBe('TOKEN_INVALID')
  })

  it.each([
    ['header', '[]', '{}'],
    ['header', '"RS256"', '{}'],
    ['header', '{', '{}'],
    ['claims', '{"alg":"RS256","kid":"k1"}', 'null'],
    ['claims', '{"alg":"RS256","kid":"k1"}', '{"sub":'],
  ])('T73: whose %s are no object is refused, and the refusal quotes nothing of them: %s %s', async (_, head, body) => {
    const refusal = await verify(issuer.tokenOf(head, body)).catch((error: Error) => error)
    expect(refusal).toMatchObject({ code: 'TOKEN_INVALID', detail: 'form' })
    expect(refusal).not.toHaveProperty('cause')
  })

  it('T73: that is nested as deep as its length allows does no harm', async () => {
    const deep = `{"iss":"${issuer.claims.iss}","a":${'['.repeat(5_900)}${']'.repeat(5_900)}}`
    const [head, body] = issuer.tokenOf('{"alg":"RS256","kid":"k1"}', deep).split('.')
    expect(await code(`${head}.${body}.AAAA`)).toBe('TOKEN_INVALID')
  })

  it('T63: whose key has a name longer than any is refused, and fetches nothing', async () => {
    const before = issuer.served.fetches
    expect(await code(issuer.token({}, { kid: 'k'.repeat(257) }))).toBe('TOKEN_INVALID')
    expect(issuer.served.fetches).toBe(before)
  })

  it('T61: is refused for its algorithm before any key is asked for', async () => {
    const before = issuer.served.fetches
    expect(await code(issuer.token({}, { alg: 'none' }))).toBe('TOKEN_INVALID')
    expect(issuer.served.fetches).toBe(before)
  })

  it.each([undefined, null, 7, '', 'a.b', 'a.b.c.d', 'x'.repeat(20_000)])(
    'that is none is refused: %j',
    async (token) => {
      // A JavaScript user has no compiler that rejects it.
      const given: { token: string } = Object.assign(Object.create(null), { token })
      expect(await code(given.token)).toBe('TOKEN_INVALID')
    },
  )

  it('T62: checked with a key that is too short is refused', async () => {
    const weak = await startIssuer(1024)
    expect(await code(weak.token(), open({ dangerouslyTrustEmulator: weak.endpoint }))).toBe('TOKEN_INVALID')
    await weak.close()
  })
})

describe('a refusal', () => {
  const now = Math.floor(Date.now() / 1_000)

  it.each<[detail: string, token: () => string]>([
    ['form', () => 'a.b'],
    ['form', () => `${'x'.repeat(16_383)}.x.x`],
    ['members', () => issuer.tokenOf('{"alg":"RS256","kid":"k1"}', '{"sub":1,"sub":2}')],
    ['issuer', () => issuer.token({ iss: 'https://evil.test' })],
    ['algorithm', () => issuer.token({}, { alg: 'RS384' })],
    ['algorithm', () => issuer.token({}, { alg: undefined })],
    ['header', () => issuer.token({}, { crit: [] })],
    ['header', () => issuer.token({}, { b64: true })],
    ['key', () => issuer.token({}, { kid: 'unknown' })],
    ['key', () => issuer.token({}, { kid: undefined })],
    ['key', () => issuer.token({}, { kid: 'k'.repeat(257) })],
    ['signature', () => issuer.token({}, {}, stranger.privateKey)],
    ['client', () => issuer.token({ client_id: 'other' })],
    ['use', () => issuer.token({ token_use: 'id', aud: CLIENT_ID })],
    ['expired', () => issuer.token({ exp: now - 1 })],
    ['time', () => issuer.token({ nbf: now + 60 })],
    ['time', () => issuer.token({ exp: undefined })],
    ['sub', () => issuer.token({ sub: '' })],
  ])('names in one word, for the log, what is wrong: %s', async (detail, token) => {
    await expect(verify(token())).rejects.toMatchObject({ code: 'TOKEN_INVALID', detail })
  })

  it.each([
    { iss: 7 },
    { sub: 7 },
    { scope: 7 },
    { jti: 7 },
    { exp: '7' },
    { nbf: '7' },
    { iat: '7' },
    { aud: 7 },
    { aud: [CLIENT_ID, 7] },
  ])('says that a claim has another form than in any token: %j', async (change) => {
    await expect(verify(issuer.token(change))).rejects.toMatchObject({ code: 'TOKEN_INVALID', detail: 'form' })
  })

  it.each([{ alg: 7 }, { kid: 7 }])('says that a header has another form than in any token: %j', async (head) => {
    await expect(verify(issuer.token({}, head))).rejects.toMatchObject({ code: 'TOKEN_INVALID', detail: 'form' })
  })

  it.each([{ aud: ['a', 'b'] }, { aud: 'a' }, { scope: 'openid', jti: 'j' }, { nbf: 0 }])(
    'is not for what tokens may have: %j',
    async (change) => expect(await code(issuer.token(change))).toBe('let in'),
  )

  it('T63: a key may have a name of 256 characters', async () => {
    const long = 'k'.repeat(256)
    const [jwk] = issuer.served.keys
    issuer.served.body = JSON.stringify({ keys: [{ ...jwk, kid: long }] })
    expect(await code(issuer.token({}, { kid: long }), open())).toBe('let in')
    issuer.served.body = undefined
  })

  it('T73: a token may have 16,384 characters', async () => {
    const lengthOf = (padding: number) => issuer.token({ padding: 'x'.repeat(padding) }).length
    // Three bytes are four characters, so not every length can be had.
    let padding = Math.floor(((16_384 - lengthOf(0)) * 3) / 4) - 3
    while (lengthOf(padding + 1) <= 16_384) padding += 1
    expect(lengthOf(padding)).toBeGreaterThan(16_380)
    expect(await code(issuer.token({ padding: 'x'.repeat(padding) }))).toBe('let in')
    expect(await code(issuer.token({ padding: 'x'.repeat(padding + 1) }))).toBe('TOKEN_INVALID')
  })
})

describe('the keys', () => {
  it('T68: are fetched once for any number of first requests', async () => {
    const before = issuer.served.fetches
    await Promise.all(Array.from({ length: 500 }, () => verify(issuer.token())))
    expect(issuer.served.fetches - before).toBe(1)
  })

  it('T68: are not fetched again and again for keys that do not exist', async () => {
    await verify(issuer.token())
    const before = issuer.served.fetches
    for (let at = 0; at < 200; at += 1) await code(issuer.token({}, { kid: `unknown-${at}` }))
    expect(issuer.served.fetches - before).toBeLessThanOrEqual(1)
    expect(await code(issuer.token())).toBe('let in')
  })

  it('T69: out of reach are no fault of the token', async () => {
    issuer.served.status = 500
    expect(await code(issuer.token())).toBe('TOKEN_KEYS_UNREACHABLE')
    await expect(open()(issuer.token())).rejects.toHaveProperty('cause')
  })
})

describe('T66: the time of a token', () => {
  const exp = Math.floor(Date.now() / 1_000) + 600
  const at = (now: number, change: object) =>
    code(issuer.token({ exp, ...change }), open({ clock: () => now * 1_000, cacheBytes: 0 }))

  it.each([
    [-1, 'let in'],
    [0, 'TOKEN_INVALID'],
    [1, 'TOKEN_INVALID'],
  ])('its end is the first second at which it is not good: %i', async (seconds, answer) => {
    expect(await at(exp + seconds, {})).toBe(answer)
  })

  it.each([
    [-61, 'TOKEN_INVALID'],
    [-60, 'let in'],
    [0, 'let in'],
  ])('it may have been given out a minute from now, where clocks differ, and no later: %i', async (seconds, answer) => {
    const given = Math.floor(Date.now() / 1_000) - 3_600
    expect(await at(given + seconds, { iat: given, auth_time: 0 })).toBe(answer)
    expect(await at(given + seconds, { iat: 0, auth_time: given })).toBe(answer)
  })

  it.each([
    [-1, 'TOKEN_INVALID'],
    [0, 'let in'],
  ])('it is good from its first second on, where it has one: %i', async (seconds, answer) => {
    expect(await at(exp - 60 + seconds, { nbf: exp - 60, iat: 0, auth_time: 0 })).toBe(answer)
  })

  it.each([
    { exp: undefined },
    { exp: exp + 0.5 },
    { exp: 1e300 },
    { iat: undefined },
    { iat: '0' },
    { iat: 0.5 },
    { auth_time: 'now' },
    { nbf: null },
    { nbf: 0.5 },
  ])('is in whole seconds, and is there: %j', async (change) => {
    expect(await code(issuer.token(change))).toBe('TOKEN_INVALID')
  })
})

describe('a look-up', () => {
  it('T112: that fails is to be tried again, and shows nothing of the store', async () => {
    const down = { ...knowing(undefined), resolve: () => Promise.reject(new TypeError('ada is locked')) }
    const refusal = await open({ registry: down })(issuer.token({ person_id: undefined })).catch(
      (error: Error) => error,
    )
    expect(refusal).toMatchObject({ code: 'TRY_AGAIN', cause: expect.any(TypeError) })
    expect(String(refusal)).not.toContain('locked')
  })
})

describe('a token seen before', () => {
  it('is accepted without another check for a minute, and then with one', async () => {
    const clock = { now: Date.now() }
    const by = open({ clock: () => clock.now })
    const token = issuer.token({ person_id: undefined })
    await by(token)
    await by(token)
    expect(asked).toHaveLength(1)
    clock.now += 60_000
    await by(token)
    expect(asked).toHaveLength(2)
  })

  it('T60: does not make another one good that ends like it', async () => {
    const token = issuer.token()
    await verify(token)
    const [head, , signature] = token.split('.')
    expect(await code(`${head}.${encode({ ...issuer.claims, person_id: personId(9) })}.${signature}`)).toBe(
      'TOKEN_INVALID',
    )
  })

  it('gives out nothing that one request could change for the next', async () => {
    const first = await verify(issuer.token())
    expect(Object.isFrozen(first)).toBe(true)
    expect(Object.isFrozen(first.claims)).toBe(true)
  })

  it('is asked for once, however many requests bring its user at once', async () => {
    const tokens = Array.from({ length: 50 }, (_, at) => issuer.token({ person_id: undefined, jti: String(at) }))
    await verify(issuer.token())
    await Promise.all(tokens.map((token) => verify(token)))
    expect(asked).toHaveLength(1)
  })
})

describe('requests at once', () => {
  const later = <Value>(value: Value) => new Promise<Value>((done) => setTimeout(done, Math.random() * 20, value))
  /** Each subject is a person of its own; what is asked first is not answered first. */
  const registry = {
    resolve: async ({ subject }: Identity) => later(personId(Number(subject.slice('sub-'.length)))),
    person: async (id: PersonId) => later({ ...person(), id }),
  }

  it.each([
    ['by the claim', (at: number) => ({ sub: `sub-${at}`, person_id: personId(at) })],
    ['by a look-up', (at: number) => ({ sub: `sub-${at}`, person_id: undefined })],
  ])('T60: are each of their own person, %s', async (_, claims) => {
    for (const cacheBytes of [0, 4 * 1024 * 1024]) {
      const by = open({ registry, personStatus: registry, cacheBytes })
      const numbers = Array.from({ length: 60 }, (_, at) => (at % 20) + 1)
      const answers = await Promise.all(numbers.map((at) => by(issuer.token({ ...claims(at), jti: String(at) }))))
      expect(answers.map((answer) => [answer.person, answer.identity.subject])).toEqual(
        numbers.map((at) => [personId(at), `sub-${at}`]),
      )
    }
  })

  it('T60: of subjects that differ by case are of two persons', async () => {
    const people = new Map([
      ['sub-of-ada', personId(1)],
      ['Sub-Of-Ada', personId(2)],
    ])
    const by = open({ registry: { ...registry, resolve: async ({ subject }) => later(people.get(subject)) } })
    const subjects = ['sub-of-ada', 'Sub-Of-Ada', 'sub-of-ada', 'Sub-Of-Ada']
    const answers = await Promise.all(
      subjects.map((sub, at) => by(issuer.token({ sub, person_id: undefined, jti: String(at) }))),
    )
    expect(answers.map((answer) => answer.person)).toEqual(subjects.map((sub) => people.get(sub)))
    const unknown = issuer.token({ sub: 'SUB-OF-ADA', person_id: undefined })
    expect(await code(unknown, by)).toBe('PERSON_UNKNOWN')
  })

  it('T112: share a look-up that fails, and the next one asks again', async () => {
    let down = true
    const by = open({
      registry: {
        ...registry,
        resolve: async (identity) => (down ? Promise.reject(new Error('down')) : registry.resolve(identity)),
      },
    })
    const token = () => issuer.token({ sub: 'sub-3', person_id: undefined })
    expect(await Promise.all([code(token(), by), code(token(), by)])).toEqual(['TRY_AGAIN', 'TRY_AGAIN'])
    down = false
    expect(await by(token())).toMatchObject({ person: personId(3) })
  })
})

it('T70: a claim whose name differs by case names nobody', async () => {
  for (const name of ['Person_id', 'PERSON_ID', 'person_Id'])
    expect(await verify(issuer.token({ person_id: undefined, [name]: personId(9) }))).toMatchObject({
      person: personId(2),
    })
})

it('T69: the operator is told why the keys could not be fetched, and nothing of the token', async () => {
  issuer.served.status = 500
  const by = open()
  const refusal = await by(issuer.token()).catch((error: Error) => error)
  const uri = `${issuer.endpoint}/${POOL_ID}/.well-known/jwks.json`
  expect(refusal).toMatchObject({ code: 'TOKEN_KEYS_UNREACHABLE', detail: `Failed to fetch ${uri}: status 500` })
  issuer.served.status = 200
  issuer.served.body = '<html>ada</html>'
  const page = await open()(issuer.token()).catch((error: Error) => error)
  issuer.served.body = undefined
  expect(page).toMatchObject({ code: 'TOKEN_KEYS_UNREACHABLE', detail: 'The key set cannot be used.' })
})

it('a user is looked up again once the look-up before has ended, and each user separately', async () => {
  const by = open({ cacheBytes: 0 })
  await by(issuer.token({ person_id: undefined }))
  await by(issuer.token({ person_id: undefined }))
  expect(asked).toHaveLength(2)
  await Promise.all(['eve', 'bob'].map((sub) => by(issuer.token({ person_id: undefined, sub }))))
  expect(asked.map(({ subject }) => subject)).toEqual(['sub-of-ada', 'sub-of-ada', 'eve', 'bob'])
})

it('T112: a look-up that is refused in our own words is refused in these', async () => {
  const notReady = { ...knowing(undefined), resolve: () => Promise.reject(new OnesubError('REGISTRY_UNREACHABLE')) }
  expect(await code(issuer.token({ person_id: undefined }), open({ registry: notReady }))).toBe('REGISTRY_UNREACHABLE')
})

it('T66: what was decided with the person’s status is decided again at the end of the token, should that come first', async () => {
  const clock = { now: Date.now() }
  const exp = Math.floor(clock.now / 1_000) + 10
  const by = open({ clock: () => clock.now, personStatus: { person: async (id) => ({ ...person(), id }) } })
  const token = issuer.token({ exp })
  expect(await code(token, by)).toBe('let in')
  clock.now = exp * 1_000
  expect(await code(token, by)).toBe('TOKEN_INVALID')
})

describe('an ID token', () => {
  const LINKS = [
    { userId: '1180', providerName: 'Google', providerType: 'Google', issuer: null, primary: 'true', dateCreated: '1' },
    { userId: '7', providerName: 'Corp', providerType: 'SAML', issuer: 'x', primary: 'false', dateCreated: '2' },
  ]

  it.each<[string, unknown]>([
    ['none', []],
    ['one', LINKS.slice(0, 1)],
    ['several', LINKS],
    ['several, the other way round', LINKS.toReversed()],
    ['several in a text, as triggers see them', JSON.stringify(LINKS)],
    ['one that names the pool’s own users', [{ ...LINKS[0], providerName: 'Cognito', userId: 'sub-of-eve' }]],
    ['nonsense', 'Google_1180'],
    ['null', null],
  ])(
    'T14: that lists identities (%s) is of the pool’s user and nobody else: what is linked did not sign in',
    async (_, identities) => {
      const forIds = open({ tokenUse: 'id' })
      const id = { token_use: 'id', client_id: undefined, aud: CLIENT_ID, identities }
      const own = { pool: POOL_ID, provider: 'Cognito', subject: 'sub-of-ada' }
      expect(await forIds(issuer.token(id))).toMatchObject({ person: personId(1), identity: own })
      expect(await forIds(issuer.token({ ...id, person_id: undefined }))).toMatchObject({
        person: personId(2),
        identity: own,
      })
      expect(asked).toEqual([own])
    },
  )

  it('T65: is taken where the route says so, by its audience', async () => {
    const forIds = open({ tokenUse: 'id' })
    const id = { token_use: 'id', client_id: undefined, aud: CLIENT_ID }
    expect(await code(issuer.token(id), forIds)).toBe('let in')
    expect(await code(issuer.token({ ...id, aud: 'other' }), forIds)).toBe('TOKEN_INVALID')
    expect(await code(issuer.token(), forIds)).toBe('TOKEN_INVALID')
  })
})

describe('T70: the claim that names the person', () => {
  it.each([
    'custom:person_id',
    'dev:custom:person_id',
    'cognito:username',
    'email',
    'sub',
    'name',
    'preferred_username',
    'profile',
    'identities',
    '',
  ])('is none that a user or a provider could fill: %j', (personClaim) => {
    expect(() => open({ personClaim })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  it.each(['my_email', 'email_of_work', 'person', 'https://example.com/sub', 'customer', 'device:custom:id'])(
    'may have any name that is no attribute’s: %j',
    async (personClaim) => {
      const named = issuer.token({ person_id: undefined, [personClaim]: personId(5) })
      expect(await open({ personClaim })(named)).toMatchObject({ person: personId(5) })
    },
  )

  it.each(['custom:a\nb', 'cognito:', 'custom:'])('is no attribute with any name: %j', (personClaim) => {
    expect(() => open({ personClaim })).toThrow(/"personClaim" must be a name/)
  })

  it('is believed under our own name alone: an attribute beside it says nothing', async () => {
    const forIds = open({ tokenUse: 'id' })
    const id = { token_use: 'id', client_id: undefined, aud: CLIENT_ID, 'custom:person_id': personId(9) }
    expect(await forIds(issuer.token(id))).toMatchObject({ person: personId(1) })
    expect(await forIds(issuer.token({ ...id, person_id: undefined }))).toMatchObject({ person: personId(2) })
  })

  it('is looked up by issuer and sub where the trigger is gone', async () => {
    expect(await verify(issuer.token({ person_id: undefined, uid: personId(9) }))).toMatchObject({
      person: personId(2),
    })
    const renamed = open({ personClaim: 'https://example.com/person' })
    expect(await renamed(issuer.token())).toMatchObject({ person: personId(2) })
    expect(await renamed(issuer.token({ 'https://example.com/person': personId(3) }))).toMatchObject({
      person: personId(3),
    })
  })
})

describe('the status of a person', () => {
  const RECOVERED = 1_700_000_000
  let clock: { now: number }
  let people: Map<PersonId, Partial<Person>>
  let reads: PersonId[]

  beforeEach(() => {
    clock = { now: RECOVERED * 1_000 }
    people = new Map([[personId(1), {}]])
    reads = []
  })

  const personStatus = {
    async person(id: PersonId): Promise<Person | undefined> {
      reads.push(id)
      await new Promise((read) => setImmediate(read))
      const known = people.get(id)
      return known && { ...person(), id, ...known }
    },
  }
  const watching = (options: Partial<PersonVerifierOptions> = {}) =>
    open({ personStatus, clock: () => clock.now, ...options })
  const signedIn = (auth_time: number, change: object = {}) =>
    issuer.token({ auth_time, iat: auth_time, exp: RECOVERED + 86_400, ...change })

  it('costs one read per person and minute, however many tokens and requests there are', async () => {
    const by = watching()
    const tokens = Array.from({ length: 50 }, (_, at) => signedIn(RECOVERED - 60, { jti: String(at) }))
    await Promise.all([...tokens, ...tokens].map((token) => by(token)))
    clock.now += 59_999
    await Promise.all(tokens.map((token) => by(token)))
    expect(reads).toEqual([personId(1)])
    clock.now += 1
    await Promise.all(tokens.map((token) => by(token)))
    expect(reads).toEqual([personId(1), personId(1)])
  })

  it('is not asked for where nobody wants it', async () => {
    people.clear()
    expect(await code(signedIn(RECOVERED), open({ clock: () => clock.now }))).toBe('let in')
    expect(reads).toEqual([])
  })

  it.each([4 * 1024 * 1024, 0])(
    'T2: ends the sessions from before the recovery within a minute, and not the new one (cache of %i bytes)',
    async (cacheBytes) => {
      const by = watching({ cacheBytes })
      const old = signedIn(RECOVERED - 60)
      expect(await code(old, by)).toBe('let in')
      clock.now += 30_000
      // A second token of the same session, first seen later: the cached status of the person is not newer for that.
      const other = signedIn(RECOVERED - 60, { jti: 'another' })
      people.set(personId(1), { notBefore: RECOVERED * 1_000 + 700 })
      await code(other, by)
      clock.now += 30_000
      expect(await code(old, by)).toBe('TOKEN_INVALID')
      expect(await code(other, by)).toBe('TOKEN_INVALID')
      expect(await code(signedIn(RECOVERED), by)).toBe('let in')
      expect(await code(signedIn(RECOVERED + 30), by)).toBe('let in')
    },
  )

  it('T2: a refreshed token is as old as its sign-in', async () => {
    people.set(personId(1), { notBefore: RECOVERED * 1_000 })
    clock.now += 3_600_000
    const refusal = await watching()(signedIn(RECOVERED - 1, { iat: RECOVERED + 3_000 })).catch((error: Error) => error)
    expect(refusal).toMatchObject({ code: 'TOKEN_INVALID', detail: 'ended' })
  })

  it('T158: a token that does not say when its user signed in is older than any recovery, and good where there was none', async () => {
    expect(await code(signedIn(RECOVERED, { auth_time: undefined }), watching())).toBe('let in')
    people.set(personId(1), { notBefore: RECOVERED * 1_000 })
    clock.now += 60_000
    expect(await code(signedIn(RECOVERED + 30, { auth_time: undefined }), watching())).toBe('TOKEN_INVALID')
  })

  describe('T158: a sign-in from before the recovery is nobody’s', () => {
    const registry = {
      resolve: async () => personId(1),
      person: personStatus.person,
    }
    const unwatched = (options: Partial<PersonVerifierOptions>) => open({ ...options, clock: () => clock.now })
    const PATHS: readonly [string, Partial<PersonVerifierOptions>, object][] = [
      ['by the claim', { registry: null, personStatus }, {}],
      ['by the claim, with a registry for others', { registry, personStatus }, {}],
      ['by a look-up', { registry }, { person_id: undefined }],
      ['by a look-up, with the status', { registry, personStatus }, { person_id: undefined }],
      ['by a look-up, since the claim is no person id', { registry }, { person_id: '' }],
    ]

    it.each(
      PATHS.flatMap(([path, options, claims]) =>
        [4 * 1024 * 1024, 0].map((cacheBytes) => [path, cacheBytes, options, claims] as const),
      ),
    )('%s (cache of %i bytes), refreshed or not, known before or not', async (_, cacheBytes, options, claims) => {
      const by = open({ ...options, cacheBytes, clock: () => clock.now })
      const old = signedIn(RECOVERED - 60, claims)
      const refreshed = (seconds: number) =>
        signedIn(RECOVERED - 60, { ...claims, iat: RECOVERED + seconds, jti: String(seconds) })
      expect(await code(old, by)).toBe('let in')
      people.set(personId(1), { notBefore: RECOVERED * 1_000 + 999 })
      clock.now += 60_000
      for (const token of [old, refreshed(1), refreshed(59)]) {
        const refusal = await by(token).catch((error: Error) => error)
        expect(refusal).toMatchObject({ code: 'TOKEN_INVALID', detail: 'ended' })
      }
      expect(await code(signedIn(RECOVERED, claims), by)).toBe('let in')
      expect(await code(signedIn(RECOVERED, { ...claims, iat: RECOVERED + 60 }), by)).toBe('let in')
    })

    it('but cannot be known where the claim names the person and nobody is asked: documented, and free', async () => {
      people.set(personId(1), { notBefore: (RECOVERED + 10) * 1_000 })
      expect(await code(signedIn(RECOVERED), unwatched({ registry }))).toBe('let in')
      expect(reads).toEqual([])
    })

    it('and a look-up finds no erased person, and a merged person’s survivor', async () => {
      people.clear()
      expect(await code(signedIn(RECOVERED, { person_id: undefined }), unwatched({ registry }))).toBe('TOKEN_INVALID')
      people.set(personId(1), { mergedInto: personId(2) })
      people.set(personId(2), {})
      const token = signedIn(RECOVERED, { person_id: undefined })
      expect(await unwatched({ registry })(token)).toMatchObject({ person: personId(2) })
    })

    it('T112: which cannot be read is to be tried again on the look-up too', async () => {
      const down = { ...registry, person: () => Promise.reject(new TypeError('ada is locked')) }
      const refusal = await unwatched({ registry: down })(signedIn(RECOVERED, { person_id: undefined })).catch(
        (error: Error) => error,
      )
      expect(refusal).toMatchObject({ code: 'TRY_AGAIN', detail: 'registry' })
      expect(String(refusal)).not.toContain('locked')
    })
  })

  it.each([
    ['registry', {}],
    ['registry', { resolve: async () => undefined }],
    ['registry', { person: async () => undefined }],
    ['registry', undefined],
    ['personStatus', {}],
    ['personStatus', null],
  ])('a %s that is none is refused at start: %j', (name, port) => {
    const options = { pools: [POOL], registry: null, dangerouslyTrustEmulator: issuer.endpoint, [name]: port }
    expect(() => Reflect.apply(createPersonVerifier, undefined, [options])).toThrow(
      new RegExp(`CONFIG_INVALID: "${name}" must`),
    )
  })

  it('T72: an erased person’s token is nobody’s within a minute', async () => {
    const by = watching()
    const token = signedIn(RECOVERED)
    expect(await code(token, by)).toBe('let in')
    people.clear()
    clock.now += 60_000
    expect(await code(token, by)).toBe('TOKEN_INVALID')
  })

  it('T77: a token of a merged person belongs to the survivor, and to nobody where it is older than the survivor’s recovery', async () => {
    people.set(personId(1), { mergedInto: personId(2) })
    people.set(personId(2), { mergedInto: personId(3) })
    people.set(personId(3), {})
    expect(await watching()(signedIn(RECOVERED))).toMatchObject({ person: personId(3) })
    people.set(personId(3), { notBefore: (RECOVERED + 1) * 1_000 })
    expect(await code(signedIn(RECOVERED), watching())).toBe('TOKEN_INVALID')
  })

  it('T77: within a minute of the merge each request of the merged person belongs to the survivor', async () => {
    const by = watching()
    const tokens = Array.from({ length: 50 }, (_, at) => signedIn(RECOVERED, { jti: String(at) }))
    await Promise.all(tokens.map((token) => by(token)))
    people.set(personId(1), { mergedInto: personId(2) })
    people.set(personId(2), {})
    clock.now += 60_000
    const after = await Promise.all(tokens.map((token) => by(token)))
    expect(new Set(after.map(({ person: whose }) => whose))).toEqual(new Set([personId(2)]))
  })

  it('T77: a registry that follows the merge by itself is believed', async () => {
    people.set(personId(1), { id: personId(2) })
    expect(await watching()(signedIn(RECOVERED))).toMatchObject({ person: personId(2) })
  })

  it('T77: a circle of merges is nobody, and ends', async () => {
    people.set(personId(1), { mergedInto: personId(2) })
    people.set(personId(2), { mergedInto: personId(1) })
    expect(await code(signedIn(RECOVERED), watching())).toBe('TRY_AGAIN')
    expect(reads.length).toBeLessThan(20)
  })

  it('T112: that cannot be read is to be tried again, and the next request does', async () => {
    let down = true
    const by = watching({
      personStatus: {
        person: (id) => (down ? Promise.reject(new TypeError('ada is locked')) : personStatus.person(id)),
      },
    })
    const token = signedIn(RECOVERED)
    const refusal = await by(token).catch((error: Error) => error)
    expect(refusal).toMatchObject({ code: 'TRY_AGAIN' })
    expect(String(refusal)).not.toContain('locked')
    down = false
    expect(await code(token, by)).toBe('let in')
  })
})

describe('createIdentityVerifier', () => {
  const identify = (options: Partial<IdentityVerifierOptions> = {}) =>
    createIdentityVerifier({ pools: [POOL], dangerouslyTrustEmulator: issuer.endpoint, ...options })

  it('returns the sign-in method, whether or not it has a person', async () => {
    expect(await identify()(issuer.token({ person_id: undefined }))).toEqual({
      identity: { pool: POOL_ID, provider: 'Cognito', subject: 'sub-of-ada' },
      claims: expect.objectContaining({ sub: 'sub-of-ada', client_id: CLIENT_ID }),
    })
    expect(asked).toEqual([])
  })

  it.each([
    ['T60: signed by somebody else', () => issuer.token({}, {}, stranger.privateKey)],
    ['T60: of another client', () => issuer.token({ client_id: 'other' })],
    ['T64: of another pool', () => issuer.token({ iss: 'http://127.0.0.1:1/eu-west-1_Other' })],
    ['T65: for another use', () => issuer.token({ token_use: 'id', aud: CLIENT_ID })],
    ['T66: that has expired', () => issuer.token({ exp: Math.floor(Date.now() / 1000) - 1 })],
  ])('refuses a token %s', async (_, token) => {
    await expect(identify()(token())).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
  })

  it('T71: gives out claims that one request cannot change for the next', async () => {
    const by = identify()
    const token = issuer.token({ 'cognito:groups': ['customers'] })
    const { claims } = await by(token)
    expect(() => Object.assign(Object(claims['cognito:groups']), ['admin'])).toThrow(TypeError)
    expect((await by(token)).claims['cognito:groups']).toEqual(['customers'])
  })
})

it('T60: the room gives out nothing but verifiers: no export reads a token that is not verified', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toEqual(['createIdentityVerifier', 'createPersonVerifier'])
})

describe('settings', () => {
  it('T136: an emulator is not trusted in production', () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(() => open()).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    vi.stubEnv('NODE_ENV', 'test')
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'fn')
    expect(() => open()).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  it('T136: a verifier for AWS refuses an emulator’s token', async () => {
    const real = createPersonVerifier({ pools: [POOL], registry: null })
    expect(await code(issuer.token(), real)).toBe('TOKEN_INVALID')
  })

  it.each(['http://example.com:80', 'https://127.0.0.1:1', 'http://127.0.0.1', 'http://127.0.0.1:1/x'])(
    'T136: nothing but a loopback address is an emulator: %s',
    (endpoint) => {
      expect(() => open({ dangerouslyTrustEmulator: endpoint })).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      )
    },
  )

  it.each([
    [null],
    [undefined],
    ['7webclient'],
    [[]],
    [['']],
    [[null]],
    [[undefined]],
    [[CLIENT_ID, undefined]],
    [[7]],
  ])(
    'T60: app clients that are no list of names are refused at start, since a missing one would be any: %j',
    (clientIds) => {
      const options = { pools: [{ userPoolId: POOL_ID, clientIds }], registry: null }
      expect(() => Reflect.apply(createPersonVerifier, undefined, [options])).toThrow(
        /CONFIG_INVALID: "clientIds" names no/,
      )
    },
  )

  it.each([[null], [undefined], [[]], [{}]])('T60: no pools are refused at start: %j', (pools) => {
    expect(() => Reflect.apply(createPersonVerifier, undefined, [{ pools, registry: null }])).toThrow(
      /CONFIG_INVALID: "pools" names no user pool/,
    )
  })

  it.each([null, '', 'Access', 'ID', 'refresh', ['access', 'id']])(
    'T65: another use than these two is refused at start, since none would be any: %j',
    (tokenUse) => {
      const options = { pools: [POOL], registry: null, tokenUse }
      expect(() => Reflect.apply(createPersonVerifier, undefined, [options])).toThrow(/CONFIG_INVALID: "tokenUse"/)
      expect(() => Reflect.apply(createIdentityVerifier, undefined, [{ pools: [POOL], tokenUse }])).toThrow(
        /CONFIG_INVALID: "tokenUse"/,
      )
    },
  )

  it.each([undefined, null, {}])('T112: no options are refused at start: %j', (options) => {
    for (const make of [createPersonVerifier, createIdentityVerifier])
      expect(() => Reflect.apply(make, undefined, [options])).toThrow(/CONFIG_INVALID: "pools" names no user pool/)
  })

  it.each([
    [{ personStats: {} }, 'personStatus'],
    [{ tokenuse: 'id' }, 'tokenUse'],
  ])('T112: an option that does not exist is refused at start, with the one that was meant: %j', (wrong, meant) => {
    const options = { pools: [POOL], registry: null, ...wrong }
    expect(() => Reflect.apply(createPersonVerifier, undefined, [options])).toThrow(
      new RegExp(`CONFIG_INVALID: There is no option .*"${meant}"`),
    )
  })

  it('T112: also by the verifier that knows no persons', () => {
    expect(() => Reflect.apply(createIdentityVerifier, undefined, [{ pools: [POOL], registry: null }])).toThrow(
      /CONFIG_INVALID: There is no option "registry"/,
    )
  })

  it.each([null, undefined, 'eu-west-1_Test1'])('T112: a pool that is none is refused at start: %j', (pool) => {
    const options = { pools: [pool], registry: null }
    expect(() => Reflect.apply(createPersonVerifier, undefined, [options])).toThrow(
      /CONFIG_INVALID: "clientIds" names no/,
    )
  })

  it.each([Promise.resolve({ resolve() {}, person() {} }), () => ({ resolve() {}, person() {} })])(
    'T112: a registry that is not open is refused with the way out: %o',
    (registry) => {
      const options = { pools: [POOL], registry }
      expect(() => Reflect.apply(createPersonVerifier, undefined, [options])).toThrow(
        /CONFIG_INVALID: "registry" .*createLazyRegistry/,
      )
    },
  )

  it.each([null, 7, ['person_id']])('T70: a claim without a name is refused at start: %j', (personClaim) => {
    const options = { pools: [POOL], registry: null, personClaim }
    expect(() => Reflect.apply(createPersonVerifier, undefined, [options])).toThrow(/CONFIG_INVALID: "personClaim"/)
  })

  it('T60: no client, or no pool id, is refused at start', () => {
    expect(() => open({ pools: [{ userPoolId: POOL_ID, clientIds: [] }] })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
    expect(() => open({ pools: [{ userPoolId: POOL_ID, clientIds: [] }] })).toThrow(/"clientIds" names no app client/)
    expect(() => open({ pools: [{ userPoolId: 'customers', clientIds: [CLIENT_ID] }] })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
  })
})

/** The same bytes, with another last character. */
function twinOf(token: string): string {
  const body = token.split('.')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const signature = body[2] ?? ''
  const bytes = Buffer.from(signature, 'base64url')
  const twin = [...alphabet]
    .map((last) => signature.slice(0, -1) + last)
    .find((other) => other !== signature && Buffer.from(other, 'base64url').equals(bytes))
  return [body[0], body[1], twin].join('.')
}
