import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Identity, PersonId } from '../core/person.ts'
import { person, personId } from '../core/testing/samples.ts'
import { createPersonVerifier } from './person-verifier.ts'
import { poolsAtAws, tokenAtAws } from './testing/pools-at-aws.ts'
import type { PoolOptions } from './token-check.ts'

const WEB = '7webclient'
const POOL = 'us-east-1_Test1'
const ORIGINAL = `https://cognito-idp.us-east-1.amazonaws.com/${POOL}`
const UPDATED = `https://issuer-cognito-idp.us-east-1.amazonaws.com/${POOL}`
const REPLICA = `https://cognito-idp.us-west-2.amazonaws.com/${POOL}`

let aws: ReturnType<typeof poolsAtAws>
let asked: Identity[]
let clock: { now: number }

beforeEach(() => {
  aws = poolsAtAws()
  asked = []
  clock = { now: Date.now() }
})
afterEach(() => vi.restoreAllMocks())

function open(...pools: [PoolOptions, ...PoolOptions[]]) {
  const registry = {
    async resolve(identity: Identity) {
      asked.push(identity)
      return personId(2)
    },
    person: async (id: PersonId) => ({ ...person(), id }),
  }
  return createPersonVerifier({ pools, registry, clock: () => clock.now })
}

const codeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'let in',
    (error: Error) => ('code' in error ? error.code : error),
  )

const claimsOf = (iss: string, more: object = {}) => ({ iss, client_id: WEB, person_id: personId(1), ...more })
const keySetOf = (issuer: string) => `${issuer}/.well-known/jwks.json`

describe('T169: a token of a pool', () => {
  it.each([
    ['the original issuer', ORIGINAL],
    ['the updated issuer', UPDATED],
    ['a replica', REPLICA],
  ])('that names %s is of the same person and identity, and only that key set is fetched', async (_, issuer) => {
    const verify = open({ userPoolId: POOL, clientIds: [WEB], regions: ['us-west-2'] })
    const key = aws.publish(issuer, 'k1')
    expect(await verify(tokenAtAws(key, 'k1', claimsOf(issuer)))).toMatchObject({
      person: personId(1),
      identity: { pool: POOL, provider: 'Cognito', subject: 'sub-of-ada' },
    })
    // Without the claim it is looked up: by the same identity, whichever issuer it names.
    expect(await verify(tokenAtAws(key, 'k1', claimsOf(issuer, { person_id: undefined })))).toMatchObject({
      person: personId(2),
    })
    expect(asked).toEqual([{ pool: POOL, provider: 'Cognito', subject: 'sub-of-ada' }])
    expect(aws.fetched).toEqual([keySetOf(issuer)])
  })

  it.each([
    ['eusc-de-east-1_Test1', 'https://cognito-idp.eusc-de-east-1.amazonaws.eu'],
    ['cn-north-1_Test1', 'https://cognito-idp.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1_Test1', 'https://cognito-idp.us-gov-west-1.amazonaws.com'],
  ])('of another partition is its person’s: %s', async (userPoolId, host) => {
    const verify = open({ userPoolId, clientIds: [WEB] })
    const key = aws.publish(`${host}/${userPoolId}`, 'k1')
    expect(await verify(tokenAtAws(key, 'k1', claimsOf(`${host}/${userPoolId}`)))).toMatchObject({
      identity: { pool: userPoolId },
    })
  })

  it.each([
    ['a replica that is not configured', REPLICA],
    ['the updated issuer of a replica, which there is not', UPDATED.replace('us-east-1.', 'us-west-2.')],
    ['another partition', ORIGINAL.replace('amazonaws.com', 'amazonaws.eu')],
    ['the issuer in capitals', ORIGINAL.replace('cognito', 'Cognito')],
    ['a pool whose id differs by case', ORIGINAL.replace('Test1', 'test1')],
    ['the issuer with a slash behind', `${ORIGINAL}/`],
    ['the issuer without TLS', ORIGINAL.replace('https', 'http')],
    ['a host that begins like it', ORIGINAL.replace('amazonaws.com', 'amazonaws.com.evil.test')],
    ['a host that ends like it', ORIGINAL.replace('cognito-idp', 'evil-issuer-cognito-idp')],
    ['no issuer', undefined],
    ['an empty issuer', ''],
  ])('that names %s is refused before any key is fetched', async (_, iss) => {
    const verify = open({ userPoolId: POOL, clientIds: [WEB] })
    const key = aws.publish(iss ?? '', 'k1')
    await expect(verify(tokenAtAws(key, 'k1', { ...claimsOf(''), iss }))).rejects.toMatchObject({
      code: 'TOKEN_INVALID',
      detail: 'issuer',
    })
    expect(aws.fetched).toEqual([])
  })
})

describe('T169: the updated issuer of a pool that has none', () => {
  it('is the caller’s fault, asks AWS once a minute, and keeps nobody else out', async () => {
    const verify = open({ userPoolId: POOL, clientIds: [WEB] })
    const key = aws.publish(ORIGINAL, 'k1')
    const forged = (jti: number) => tokenAtAws(key, 'k1', claimsOf(UPDATED, { jti: String(jti) }))
    for (let at = 0; at < 50; at += 1) {
      await expect(verify(forged(at))).rejects.toMatchObject({ code: 'TOKEN_INVALID', detail: 'issuer' })
    }
    expect(aws.fetched).toEqual([keySetOf(UPDATED)])
    expect(await codeOf(verify(tokenAtAws(key, 'k1', claimsOf(ORIGINAL))))).toBe('let in')
    // The pool is changed to it.
    const updated = aws.publish(UPDATED, 'k2')
    clock.now += 60_000
    expect(await codeOf(verify(tokenAtAws(updated, 'k2', claimsOf(UPDATED))))).toBe('let in')
  })

  it('T69: keys are waited for 1.5 seconds and no longer, so that a function ends before its own time is over', async () => {
    const key = aws.publish(ORIGINAL, 'k1')
    await open({ userPoolId: POOL, clientIds: [WEB] })(tokenAtAws(key, 'k1', claimsOf(ORIGINAL)))
    expect(aws.patience).toEqual([{ timeout: 1_500, responseTimeout: 1_500 }])
  })

  it('T69: is not what an outage is taken for, nor the original issuer’s absence', async () => {
    const verify = open({ userPoolId: POOL, clientIds: [WEB] })
    const key = aws.publish(UPDATED, 'k1')
    aws.setDown(true)
    expect(await codeOf(verify(tokenAtAws(key, 'k1', claimsOf(UPDATED))))).toBe('TOKEN_KEYS_UNREACHABLE')
    aws.setDown(false)
    // No pool of this id: an operator's mistake, which no user can repair by signing in again.
    expect(await codeOf(verify(tokenAtAws(key, 'k1', claimsOf(ORIGINAL))))).toBe('TOKEN_KEYS_UNREACHABLE')
  })
})

describe('T172: a key of one issuer', () => {
  const OTHER = 'us-east-1_Test2'
  const OTHERS = `https://cognito-idp.us-east-1.amazonaws.com/${OTHER}`

  it.each([
    ['another pool', OTHERS],
    ['the other issuer of the same pool', UPDATED],
  ])('signs nothing in the name of %s, known by then or not', async (_, other) => {
    const verify = open({ userPoolId: POOL, clientIds: [WEB] }, { userPoolId: OTHER, clientIds: [WEB] })
    const own = aws.publish(ORIGINAL, 'of-the-one')
    const others = aws.publish(other, 'of-the-other')
    const crossed = (jti: string) => tokenAtAws(others, 'of-the-other', claimsOf(ORIGINAL, { jti }))
    await expect(verify(crossed('unknown'))).rejects.toMatchObject({ code: 'TOKEN_INVALID', detail: 'key' })
    expect(await codeOf(verify(tokenAtAws(others, 'of-the-other', claimsOf(other))))).toBe('let in')
    await expect(verify(crossed('known'))).rejects.toMatchObject({ code: 'TOKEN_INVALID', detail: 'key' })
    expect(await codeOf(verify(tokenAtAws(own, 'of-the-one', claimsOf(ORIGINAL))))).toBe('let in')
  })

  it('signs nothing in the name of another pool that has a key of the same name', async () => {
    const verify = open({ userPoolId: POOL, clientIds: [WEB] }, { userPoolId: OTHER, clientIds: [WEB] })
    const own = aws.publish(ORIGINAL, 'k1')
    const others = aws.publish(OTHERS, 'k1')
    expect(await codeOf(verify(tokenAtAws(others, 'k1', claimsOf(OTHERS))))).toBe('let in')
    await expect(verify(tokenAtAws(others, 'k1', claimsOf(ORIGINAL)))).rejects.toMatchObject({ detail: 'signature' })
    expect(await codeOf(verify(tokenAtAws(own, 'k1', claimsOf(ORIGINAL))))).toBe('let in')
  })
})

describe('a token that was good once', () => {
  const OTHER = 'us-east-1_test1'
  const OTHERS = `https://cognito-idp.us-east-1.amazonaws.com/${OTHER}`

  it('T60: is not good for another client, pool or use, in whatever order they are asked', async () => {
    const key = aws.publish(ORIGINAL, 'k1')
    aws.publish(OTHERS, 'k1')
    const token = tokenAtAws(key, 'k1', claimsOf(ORIGINAL))
    const own = open({ userPoolId: POOL, clientIds: [WEB] })
    const elsewhere = [
      open({ userPoolId: POOL, clientIds: ['7mobile'] }),
      open({ userPoolId: POOL, clientIds: [WEB.toUpperCase()] }),
      open({ userPoolId: OTHER, clientIds: [WEB] }),
      createPersonVerifier({ pools: [{ userPoolId: POOL, clientIds: [WEB] }], registry: null, tokenUse: 'id' }),
    ]
    for (let round = 0; round < 2; round += 1) {
      expect(await codeOf(own(token))).toBe('let in')
      for (const verify of elsewhere) expect(await codeOf(verify(token))).toBe('TOKEN_INVALID')
    }
  })

  it('T60: of a client of one pool is not good in the other pool of the same verifier', async () => {
    const verify = open({ userPoolId: POOL, clientIds: [WEB] }, { userPoolId: OTHER, clientIds: ['7mobile'] })
    const own = aws.publish(ORIGINAL, 'k1')
    const others = aws.publish(OTHERS, 'k1')
    expect(await codeOf(verify(tokenAtAws(own, 'k1', claimsOf(ORIGINAL))))).toBe('let in')
    expect(await codeOf(verify(tokenAtAws(others, 'k1', claimsOf(OTHERS, { client_id: '7mobile' }))))).toBe('let in')
    expect(await codeOf(verify(tokenAtAws(others, 'k1', claimsOf(OTHERS))))).toBe('TOKEN_INVALID')
    expect(await codeOf(verify(tokenAtAws(own, 'k1', claimsOf(ORIGINAL, { client_id: '7mobile' }))))).toBe(
      'TOKEN_INVALID',
    )
  })

  it('T60: names the pool that it is of, also where the same sub is in two pools', async () => {
    const verify = open({ userPoolId: POOL, clientIds: [WEB] }, { userPoolId: OTHER, clientIds: [WEB] })
    for (const [issuer, pool] of [
      [ORIGINAL, POOL],
      [OTHERS, OTHER],
    ] as const) {
      const token = tokenAtAws(aws.publish(issuer, 'k1'), 'k1', claimsOf(issuer, { person_id: undefined }))
      expect((await verify(token)).identity.pool).toBe(pool)
    }
    expect(asked.map(({ pool }) => pool)).toEqual([POOL, OTHER])
  })
})

it('T60: a pool that is named twice is refused at start, since the app clients of one entry would not count', () => {
  const entry = { userPoolId: POOL, clientIds: [WEB] }
  expect(() => open(entry, { ...entry, clientIds: ['7mobile'] })).toThrow(/CONFIG_INVALID: "pools" names a pool twice/)
})
