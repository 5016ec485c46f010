import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Identity, PersonId } from '../core/person.ts'
import { personId } from '../core/testing/samples.ts'
import { type PersonVerifier, type PersonVerifierOptions, personVerifier } from './person-verifier.ts'
import { CLIENT_ID, encode, hmacSigned, POOL_ID, rsaKey, startIssuer } from './testing/issuer.ts'

let issuer: Awaited<ReturnType<typeof startIssuer>>
let verify: PersonVerifier
let asked: Identity[]
const stranger = rsaKey()

const POOL = { userPoolId: POOL_ID, clientIds: [CLIENT_ID] }

const open = (options: Partial<PersonVerifierOptions> = {}) =>
  personVerifier({
    pools: [POOL],
    registry: knowing(personId(2)),
    dangerouslyTrustEmulator: issuer.endpoint,
    ...options,
  })

function knowing(person: PersonId | undefined) {
  return {
    async resolve(identity: Identity) {
      asked.push(identity)
      return person
    },
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
  it('that carries the person is hers, without a look-up', async () => {
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

  it.each([undefined, '', 'ada@example.com', 7, ['x'], null])(
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
    ['T65: for another use', { token_use: 'id', aud: CLIENT_ID }],
    ['T65: for no use', { token_use: undefined }],
    ['T65: for two uses', { token_use: ['access'] }],
    ['T66: that has expired', { exp: Math.floor(Date.now() / 1000) - 1 }],
    ['T66: that is not yet good', { nbf: Math.floor(Date.now() / 1000) + 60 }],
    ['T66: whose end is a text', { exp: '9999999999' }],
    ['T64: of another pool', { iss: 'http://127.0.0.1:1/eu-west-1_Other' }],
    ['T64: of a longer issuer', { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Test1/' }],
    ['T64: of no issuer', { iss: undefined }],
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

  it.each([undefined, null, 7, '', 'a.b', 'a.b.c.d', 'x'.repeat(20_000)])(
    'that is none is refused: %j',
    async (token) => {
      // A JavaScript user has no compiler to stop her.
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
  })
})

describe('a look-up', () => {
  it('T112: that fails is to be tried again, and shows nothing of the store', async () => {
    const down = { resolve: () => Promise.reject(new TypeError('ada is locked')) }
    const refusal = await open({ registry: down })(issuer.token({ person_id: undefined })).catch(
      (error: Error) => error,
    )
    expect(refusal).toMatchObject({ code: 'TRY_AGAIN' })
    expect(String(refusal)).not.toContain('locked')
  })
})

describe('a token seen before', () => {
  it('is hers without another check, for a minute, and then with one', async () => {
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

describe('an ID token', () => {
  it('T65: is taken where the route says so, by its audience', async () => {
    const forIds = open({ tokenUse: 'id' })
    const id = { token_use: 'id', client_id: undefined, aud: CLIENT_ID }
    expect(await code(issuer.token(id), forIds)).toBe('let in')
    expect(await code(issuer.token({ ...id, aud: 'other' }), forIds)).toBe('TOKEN_INVALID')
    expect(await code(issuer.token(), forIds)).toBe('TOKEN_INVALID')
  })
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
    const real = personVerifier({ pools: [POOL], registry: null })
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

  it('T60: no client, or no pool id, is refused at start', () => {
    expect(() => open({ pools: [{ userPoolId: POOL_ID, clientIds: [] }] })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
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
