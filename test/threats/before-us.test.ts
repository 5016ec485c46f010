import type { Report } from 'onesub/triggers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type PoolSettings,
  type TestEnvironment,
  type TestPool,
  type TestPoolOptions,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

/** Somebody who was in the pool before onesub, and how they sign in. */
interface Human {
  readonly number: number
  readonly native: boolean
  readonly second: boolean
  readonly google: boolean
  readonly verified: boolean
}

const KINDS: readonly (readonly [name: string, settings: PoolSettings])[] = [
  ['user names, case-sensitive', {}],
  ['user names, case-insensitive', { UsernameConfiguration: { CaseSensitive: false } }],
]
const emailOf = ({ number }: Human) => `human${number}@example.com`
const HUMANS: readonly Human[] = Array.from({ length: 24 }, (_, number) => ({
  number,
  native: number % 4 !== 3,
  second: number % 3 === 0,
  google: number % 2 === 0 || number % 4 === 3,
  verified: number % 5 !== 0,
}))

type Way = readonly [human: Human, comes: (pool: TestPool) => Promise<string | undefined>]

/** Seeds the pool as it was, and tells how each human comes. */
async function populate(pool: TestPool): Promise<Way[]> {
  const ways: Way[] = []
  const seed = (username: string, human: Human, email: string) =>
    environment.emulator.seed({
      userPoolId: pool.userPoolId,
      users: [{ username, password: PASSWORD, attributes: { email, email_verified: String(human.verified) } }],
    })
  const native = (username: string) => async (late: TestPool) =>
    late.personOf(await late.signIn(username)).catch(() => undefined)
  for (const human of HUMANS) {
    const { number } = human
    if (human.native) {
      seed(`human${number}`, human, emailOf(human))
      ways.push([human, native(`human${number}`)])
    }
    if (human.native && human.second) {
      seed(`again${number}`, human, emailOf(human).toUpperCase())
      ways.push([human, native(`again${number}`)])
    }
    if (human.google) {
      environment.emulator.setPersona({
        id: `g${number}`,
        sub: `9${number}`,
        email: emailOf(human),
        email_verified: true,
        hd: 'example.com',
      })
      tokensOf(await pool.continueWith('Google', `g${number}`))
      ways.push([
        human,
        async (late) => late.personOf(tokensOf(await late.continueWith('Google', `g${number}`))).catch(() => undefined),
      ])
    }
  }
  return ways
}

const shuffled = (ways: readonly Way[], seed: number) =>
  ways
    .map((way, at) => [(at * 7_919 + seed * 104_729) % 1_009, way] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, way]) => way)

async function meet(options: TestPoolOptions, seed: number) {
  const pool = await openTestPool(environment, { ...options, isLate: true })
  const ways = await populate(pool)
  pool.attach()
  const ends = new Map<number, string[]>()
  for (const [human, comes] of shuffled(ways, seed)) {
    const person = await comes(pool)
    ends.set(human.number, [...(ends.get(human.number) ?? []), person ?? 'nobody'])
  }
  return { pool, ends, ways }
}

describe.each(KINDS)('T167: users from before us, in a pool with %s', (_, settings) => {
  it.each([false, true])(
    'end the same in every order, each of them somebody, and nobody as somebody else (InboundFederation: %s)',
    async (inbound) => {
      const options: TestPoolOptions = { settings, inbound, policy: { existingUsers: 'verified-by-code' } }
      const orders = await Promise.all([1, 2, 3].map((seed) => meet(options, seed)))
      const [first] = orders
      for (const { ends } of orders) {
        expect([...ends.values()].flat()).not.toContain('nobody')
        for (const [number, persons] of ends)
          for (const [other, theirs] of ends)
            if (number !== other) for (const person of persons) expect(theirs).not.toContain(person)
      }
      if (inbound) {
        // Google says who it is at each sign-in, so that every verified human with one native user is one person.
        for (const { ends } of orders)
          for (const human of HUMANS)
            if (human.verified && !human.second)
              expect(new Set(ends.get(human.number)).size, String(human.number)).toBe(1)
      }
      for (const { ends } of orders.slice(1)) {
        const sizes = (of: typeof ends) =>
          [...of].map(([number, persons]) => `${number}:${new Set(persons).size}`).toSorted()
        expect(sizes(ends)).toEqual(sizes(first?.ends ?? new Map()))
      }
    },
  )

  it('give nothing to others: an unproven sign-up does not take the address of a user who has not been seen', async () => {
    const pool = await openTestPool(environment, {
      settings,
      isLate: true,
      policy: { existingUsers: 'verified-by-code' },
    })
    await populate(pool)
    pool.attach()
    await pool.signUp('eve', 'human1@example.com')
    await environment.cognito.adminConfirmSignUp({ UserPoolId: pool.userPoolId, Username: 'eve' })
    const eve = await pool.personOf(await pool.signIn('eve'))
    expect(await pool.personOf(await pool.signIn('human1'))).not.toBe(eve)
  })
})

it('T167: a free address is looked up in Cognito where addresses are names there', async () => {
  const pool = await openTestPool(environment, {
    settings: { AliasAttributes: ['email'] },
    isLate: true,
    policy: { unseenUsers: 'look' },
  })
  await populate(pool)
  pool.attach()
  await expect(pool.signUp('eve', 'human1@example.com')).rejects.toThrow('onesub/IDENTIFIER_TAKEN')
  await pool.register('new', 'new@example.com')
})

it('T167: observe names, under an id that the operator can resolve, whom enforce would join, and dry-run writes nothing', async () => {
  for (const mode of ['observe', 'dry-run'] as const) {
    const pool = await openTestPool(environment, {
      inbound: true,
      isLate: true,
      policy: { mode, existingUsers: 'verified-by-code' },
    })
    const ways = await populate(pool)
    pool.attach()
    for (const [, comes] of ways) await comes(pool)
    const subs = new Set(pool.users().map((user) => /"sub","Value":"([^"]+)"/.exec(JSON.stringify(user))?.[1]))
    const named: Report[] = pool.reports.filter(({ would, user }) => would !== undefined && user !== undefined)
    for (const { user } of named) expect(subs).toContain(user)
    if (mode === 'dry-run') expect(await pool.events()).toEqual([])
    else expect(pool.reports.some(({ would }) => would === 'link-identity')).toBe(true)
    expect(JSON.stringify(pool.reports)).not.toContain('@example.com')
    expect(pool.reports.filter(({ outcome }) => outcome === 'refused')).toEqual([])
  }
})

it('T163: while the store is down, no token has a person that another handler wrote', async () => {
  let isDown = false
  const pool = await openTestPool(environment, {
    through: {
      cognito: (api) => api,
      registry: (registry) => ({
        ...registry,
        facts: (query) => (isDown ? Promise.reject(new Error('down')) : registry.facts(query)),
        resolve: (identity) => (isDown ? Promise.reject(new Error('down')) : registry.resolve(identity)),
      }),
    },
  })
  const ada = await pool.register('ada', 'ada@example.com')
  isDown = true
  const tokens = await pool.signIn('ada')
  await expect(pool.verify(tokens.accessToken)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' })
  isDown = false
  expect(await pool.personOf(await pool.signIn('ada'))).toBe(await pool.personOf(ada))
})

it.each([true, false])(
  'T167: a password from before us opens the same person after Google is joined (native first: %s)',
  async (isNativeFirst) => {
    const pool = await openTestPool(environment, {
      inbound: true,
      isLate: true,
      policy: { existingUsers: 'verified-by-code' },
    })
    const email = 'human@example.com'
    const attributes = { email, email_verified: 'true' }
    environment.emulator.seed({
      userPoolId: pool.userPoolId,
      users: [{ username: 'human', password: PASSWORD, attributes }],
    })
    environment.emulator.setPersona({ id: 'google', sub: '77', email, email_verified: true, hd: 'example.com' })
    pool.attach()
    const native = async () => pool.personOf(await pool.signIn('human'))
    const google = async () => pool.personOf(tokensOf(await pool.continueWith('Google', 'google')))
    const first = isNativeFirst ? [native, google] : [google, native]
    const persons: string[] = []
    for (const comes of [...first, native, google]) persons.push(await comes())
    expect(persons.at(2)).toBe(persons.at(isNativeFirst ? 0 : 1))
    expect(persons.at(3)).toBe(persons.at(isNativeFirst ? 1 : 0))
    expect(persons.at(0)).toBe(persons.at(1))
  },
)
