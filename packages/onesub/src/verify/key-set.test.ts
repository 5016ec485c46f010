import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { personId } from '../core/testing/samples.ts'
import { heldAfter } from './key-set.ts'
import { createPersonVerifier } from './person-verifier.ts'
import { CLIENT_ID, POOL_ID, startIssuer } from './testing/issuer.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let issuer: Awaited<ReturnType<typeof startIssuer>>
let clock: { now: number }

beforeEach(async () => {
  issuer = await startIssuer()
  clock = { now: Date.now() }
})
afterEach(() => issuer.close())

/** Nothing remembered but keys, so that each token asks for its own. */
const verifier = () =>
  createPersonVerifier({
    pools: [{ userPoolId: POOL_ID, clientIds: [CLIENT_ID] }],
    registry: null,
    cacheBytes: 0,
    clock: () => clock.now,
    dangerouslyTrustEmulator: issuer.endpoint,
  })

function open() {
  const verify = verifier()
  return (token: string) =>
    verify(token).then(
      ({ person }) => (person === personId(1) ? 'let in' : 'somebody else'),
      (error: Error) => ('code' in error ? error.code : error),
    )
}

/** Signed now by the issuer's present key, and good for as long as Cognito allows. */
const longToken = () => issuer.token({ exp: Math.floor(Date.now() / 1_000) + 86_400 })

const untilFetched = async (fetches: number) => {
  while (issuer.served.fetches < fetches) await new Promise((resolve) => setTimeout(resolve, 5))
  // The answer is on its way: one more turn for it to be read.
  await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('T67: when the pool rotates its keys', () => {
  it('nobody is refused amid the requests, old token or new, and the keys are fetched once more', async () => {
    const verify = open()
    issuer.served.waits = 10
    const answers: Promise<unknown>[] = []
    const old = Array.from({ length: 50 }, (_, at) => issuer.token({ jti: `old-${at}` }))
    answers.push(...old.map(verify))
    await Promise.all(answers)
    issuer.rotate()
    const young = Array.from({ length: 50 }, (_, at) => issuer.token({ jti: `new-${at}` }))
    for (let at = 0; at < 50; at += 1) {
      answers.push(...[...old, ...young].map(verify))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['let in']))
    expect(issuer.served.fetches).toBe(2)
  })

  it('a token of the former key is good until it ends, even after several rotations', async () => {
    const verify = open()
    const tokens = [longToken()]
    await verify(longToken())
    for (let rotation = 0; rotation < 5; rotation += 1) {
      issuer.rotate()
      tokens.push(longToken())
      expect(await verify(longToken())).toBe('let in')
    }
    for (const token of tokens) expect(await verify(token)).toBe('let in')
    expect(issuer.served.fetches).toBe(6)
  })

  it('a key that was withdrawn longer ago than a token lives is forgotten', () => {
    const key = (kid: string) => ({ kid, kty: 'RSA' })
    const names = (held: ReturnType<typeof heldAfter>) => held.map(({ jwk }) => jwk.kid)
    const first = heldAfter([], [key('a'), key('b')], 0)
    const second = heldAfter(first, [key('b'), key('c')], HOUR)
    expect(names(second)).toEqual(['b', 'c', 'a'])
    expect(names(heldAfter(second, [key('c')], HOUR + DAY - 1))).toEqual(['c', 'b', 'a'])
    expect(names(heldAfter(second, [key('c')], HOUR + DAY))).toEqual(['c', 'b'])
    // Published again, it is as new; the one published now counts, whatever was known under its name.
    const replaced = { kid: 'a', kty: 'RSA', n: 'another' }
    expect(heldAfter(second, [replaced], 2 * HOUR).filter(({ jwk }) => jwk.kid === 'a')).toEqual([
      { jwk: replaced, until: Number.POSITIVE_INFINITY },
    ])
  })

  it('the keys of a pool that never stops rotating have a bound', () => {
    let held: ReturnType<typeof heldAfter> = []
    for (let rotation = 0; rotation < 1_000; rotation += 1) {
      held = heldAfter(held, [{ kid: `k${rotation}`, kty: 'RSA' }], rotation)
    }
    expect(held).toHaveLength(25)
    expect(held.slice(0, 2).map(({ jwk }) => jwk.kid)).toEqual(['k999', 'k998'])
  })

  it('the set is fetched again after 12 hours, once, and nobody waits for it', async () => {
    const verify = open()
    const token = longToken()
    await verify(token)
    clock.now += 12 * HOUR - 1
    await verify(token)
    expect(issuer.served.fetches).toBe(1)
    clock.now += 1
    issuer.rotate()
    issuer.served.waits = 50
    const answers = await Promise.all(Array.from({ length: 100 }, () => verify(token)))
    expect(new Set(answers)).toEqual(new Set(['let in']))
    // The new key is known before the first token that it signs comes.
    await untilFetched(2)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(await verify(longToken())).toBe('let in')
    expect(issuer.served.fetches).toBe(2)
  })
})

describe('T69: when the keys are asked for and something else comes', () => {
  interface Bad {
    readonly status?: number
    readonly body?: (keys: readonly object[]) => string
  }
  const BAD: readonly [string, Bad][] = [
    ['an error', { status: 500 }],
    ['nothing there', { status: 404 }],
    ['a redirect', { status: 302 }],
    ['a page', { body: () => '<html>be right back</html>' }],
    ['half of a set', { body: () => '{"keys":[{"kty":"RSA"' }],
    ['an empty set', { body: () => '{"keys":[]}' }],
    ['no set', { body: () => '{"keys":{}}' }],
    ['a huge set', { body: (keys) => JSON.stringify({ keys, padding: 'x'.repeat(100_000) }) }],
  ]

  it.each(BAD)('%s: the keys at hand stay good, and a new one is not judged', async (_, { status = 200, body }) => {
    const verify = open()
    const old = issuer.token()
    expect(await verify(old)).toBe('let in')
    issuer.rotate()
    Object.assign(issuer.served, { status, body: body?.(issuer.served.keys) })
    expect(await verify(issuer.token())).toBe('TOKEN_KEYS_UNREACHABLE')
    expect(await verify(old)).toBe('let in')
    Object.assign(issuer.served, { status: 200, body: undefined })
    clock.now += 1_000
    expect(await verify(issuer.token())).toBe('let in')
  })

  it.each(BAD)('%s at the first request of all: told to come again', async (_, { status = 200, body }) => {
    Object.assign(issuer.served, { status, body: body?.(issuer.served.keys) })
    expect(await open()(issuer.token())).toBe('TOKEN_KEYS_UNREACHABLE')
  })

  it('T172: a failure is reported for a second without another fetch, however many tokens come, and then the set is fetched again', async () => {
    const verify = open()
    issuer.served.status = 500
    for (let at = 0; at < 20; at += 1) expect(await verify(issuer.token())).toBe('TOKEN_KEYS_UNREACHABLE')
    expect(issuer.served.fetches).toBe(1)
    clock.now += 999
    await verify(issuer.token())
    expect(issuer.served.fetches).toBe(1)
    clock.now += 1
    issuer.served.status = 200
    expect(await verify(issuer.token())).toBe('let in')
  })

  it('12 hours later: the old keys serve on, and the endpoint is not stormed', async () => {
    const verify = open()
    const token = longToken()
    await verify(token)
    clock.now += 12 * HOUR
    issuer.served.status = 500
    for (let at = 0; at < 50; at += 1) {
      expect(await verify(token)).toBe('let in')
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect(issuer.served.fetches).toBe(2)
    clock.now += 60_000
    expect(await verify(token)).toBe('let in')
    await untilFetched(3)
  })
})

describe('T172: keys that nobody has', () => {
  const unknown = (at: number) => issuer.token({}, { kid: `unknown-${at}` })

  it('are the caller’s fault, each of a thousand, in a row and at once, and the set is fetched for the first alone', async () => {
    const verify = open()
    expect(await verify(issuer.token())).toBe('let in')
    const inARow: unknown[] = []
    for (let at = 0; at < 500; at += 1) inARow.push(await verify(unknown(at)))
    const atOnce = await Promise.all(Array.from({ length: 500 }, (_, at) => verify(unknown(1_000 + at))))
    expect(new Set([...inARow, ...atOnce])).toEqual(new Set(['TOKEN_INVALID']))
    expect(issuer.served.fetches).toBe(2)
    expect(await verify(longToken())).toBe('let in')
  })

  it('are the caller’s fault where they are the first that ever come', async () => {
    const verify = open()
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => verify(unknown(at))))
    expect(new Set(answers)).toEqual(new Set(['TOKEN_INVALID']))
    expect(issuer.served.fetches).toBe(1)
    expect(await verify(issuer.token())).toBe('let in')
  })

  it('cannot be judged while the set cannot be fetched, and may be judged once it can', async () => {
    const verify = open()
    await verify(issuer.token())
    issuer.served.status = 500
    expect(await verify(unknown(1))).toBe('TOKEN_KEYS_UNREACHABLE')
    expect(await verify(issuer.token())).toBe('let in')
    issuer.served.status = 200
    clock.now += 1_000
    expect(await verify(unknown(1))).toBe('TOKEN_INVALID')
  })

  it('are named in the log as what they are, the second as the first', async () => {
    const verify = verifier()
    for (const at of [1, 2, 3]) await expect(verify(unknown(at))).rejects.toMatchObject({ detail: 'key' })
  })

  it('differ from those that are there by one letter’s case', async () => {
    const verify = open()
    expect(await verify(issuer.token())).toBe('let in')
    expect(await verify(issuer.token({}, { kid: 'K1' }))).toBe('TOKEN_INVALID')
  })
})

describe('T172: a signing key that was withdrawn', () => {
  /** Signed by the first key, whoever holds it, and good for days. */
  const days = () => Math.floor(Date.now() / 1_000) + 30 * 86_400

  it('ends a day after the set was first seen without it, after several refreshes too', async () => {
    const verify = open()
    const stolen = issuer.token({ exp: days() })
    expect(await verify(stolen)).toBe('let in')
    issuer.rotate()
    expect(await verify(longToken())).toBe('let in')
    for (let refresh = 2; refresh <= 3; refresh += 1) {
      clock.now += 12 * HOUR - 1
      expect(await verify(stolen)).toBe('let in')
      clock.now += 1
      await verify(issuer.token({ exp: days() }))
      await untilFetched(refresh + 1)
    }
    expect(await verify(stolen)).toBe('TOKEN_INVALID')
    expect(await verify(issuer.token({ exp: days() }))).toBe('let in')
  })

  it('ends on time also where the set cannot be fetched any more', async () => {
    const verify = open()
    const stolen = issuer.token({ exp: days() })
    await verify(stolen)
    issuer.rotate()
    await verify(longToken())
    issuer.served.status = 500
    clock.now += DAY - 1
    expect(await verify(stolen)).toBe('let in')
    clock.now += 1
    expect(await verify(stolen)).toBe('TOKEN_INVALID')
    // The key that is still published serves on.
    expect(await verify(issuer.token({ exp: days() }))).toBe('let in')
  })
})

it.each([
  [65_536, 'let in'],
  [65_537, 'TOKEN_KEYS_UNREACHABLE'],
])('T69: a key set of %i bytes: %s', async (bytes, answer) => {
  const empty = JSON.stringify({ keys: issuer.served.keys, padding: '' })
  issuer.served.body = empty.replace('""', `"${'x'.repeat(bytes - empty.length)}"`)
  expect(await open()(issuer.token())).toBe(answer)
})

it('T69: a key set that is not UTF-8 is none', async () => {
  const [before, after] = JSON.stringify({ keys: issuer.served.keys, note: '?' }).split('?')
  issuer.served.body = Buffer.concat([Buffer.from(before ?? ''), Buffer.from([0xff]), Buffer.from(after ?? '')])
  expect(await open()(issuer.token())).toBe('TOKEN_KEYS_UNREACHABLE')
})

it('T69: an endpoint that hangs up is out of reach', async () => {
  await issuer.close()
  expect(await open()(issuer.token())).toBe('TOKEN_KEYS_UNREACHABLE')
})

it('T62: a key that is not for RS256 signatures is not used', async () => {
  const [jwk] = issuer.served.keys
  for (const change of [
    { use: 'enc' },
    { use: undefined },
    { alg: 'RS512' },
    { alg: undefined },
    { kty: 'oct' },
    { n: undefined },
    { n: jwk?.n?.slice(1) },
  ]) {
    issuer.served.body = JSON.stringify({ keys: [{ ...jwk, ...change }] })
    await expect(verifier()(issuer.token())).rejects.toMatchObject({ code: 'TOKEN_INVALID', detail: 'key' })
  }
})

it('T62: a key that cannot be read is not used, and the refusal has a word for the log', async () => {
  const [jwk] = issuer.served.keys
  issuer.served.body = JSON.stringify({ keys: [{ ...jwk, e: undefined }] })
  await expect(verifier()(issuer.token())).rejects.toMatchObject({ code: 'TOKEN_INVALID', detail: 'token' })
})
