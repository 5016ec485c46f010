import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { link, peopleOf, personBy } from '../environment/people.ts'
import { KEEPS, POOLS } from '../environment/pools.ts'
import {
  openTestEnvironment,
  openTestPool,
  type TestEnvironment,
  type TestPoolOptions,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

/** Okta is the authority for example.com, Google for gmail.com. */
const WORK = 'ada@example.com'
const OWN = 'ada@gmail.com'
const { comesBy, meet, takesOff, whoRecovers } = peopleOf(() => environment)

/** Somebody else, for whom Google is the host of the domain. */
function googleOf(email: string): string {
  environment.emulator.setPersona({ id: '3', sub: '3', email, email_verified: true, hd: email.split('@')[1] ?? '' })
  return '3'
}

describe.each(POOLS)('the address of a provider that is taken off, in a pool with %s', (_, settings) => {
  const open = (more: TestPoolOptions = {}) =>
    openTestPool(environment, { inbound: true, settings: { ...settings, ...KEEPS }, ...more })

  /** Ada came by one provider, and has added the other by hand. */
  async function both(first: 'Okta' | 'Google') {
    const pool = await open()
    const second = first === 'Okta' ? 'Google' : 'Okta'
    const own = await comesBy(pool, first, first === 'Okta' ? WORK : OWN)
    await link(pool, own, await comesBy(pool, second, first === 'Okta' ? OWN : WORK))
    return { pool, ada: await pool.personOf(await comesBy(pool, first, first === 'Okta' ? WORK : OWN)) }
  }

  it('T2: recovers the account no more, where it was the first', async () => {
    const { pool, ada } = await both('Okta')
    await takesOff(pool, await comesBy(pool, 'Google', OWN), 'Okta')
    expect(await whoRecovers(pool, WORK)).not.toBe(ada)
    environment.goOn()
    expect(await personBy(pool, 'Google', '2')).toBe(ada)
    expect(await whoRecovers(pool, WORK)).not.toBe(ada)
  })

  it('T2: nor where the provider was renamed before', async () => {
    const { pool, ada } = await both('Google')
    await comesBy(pool, 'Okta', 'eve@example.com')
    expect(await whoRecovers(pool, 'eve@example.com')).not.toBe(ada)
    await takesOff(pool, await comesBy(pool, 'Google', OWN), 'Okta')
    expect(await whoRecovers(pool, 'eve@example.com')).not.toBe(ada)
    expect(await whoRecovers(pool, OWN)).toBe(ada)
  })

  it('T2: nor where the provider was the first and was renamed', async () => {
    const { pool, ada } = await both('Okta')
    await comesBy(pool, 'Okta', 'eve@example.com')
    await takesOff(pool, await comesBy(pool, 'Google', OWN), 'Okta')
    expect(await whoRecovers(pool, 'eve@example.com')).not.toBe(ada)
    expect(await whoRecovers(pool, WORK)).not.toBe(ada)
  })

  it('T2: nor where the rename was not seen, for want of InboundFederation, and could not be repaired', async () => {
    let isThrottled = false
    const pool = await open({
      inbound: false,
      through: {
        registry: (registry) => registry,
        cognito: (api) => ({
          ...api,
          adminUpdateUserAttributes: (input) =>
            isThrottled ? Promise.reject(new Error('throttled')) : api.adminUpdateUserAttributes(input),
        }),
      },
    })
    const own = await comesBy(pool, 'Google', OWN)
    const ada = await pool.personOf(own)
    await link(pool, own, await comesBy(pool, 'Okta', WORK))
    isThrottled = true
    const latest = await comesBy(pool, 'Okta', 'eve@example.com')
    isThrottled = false
    await takesOff(pool, latest, 'Okta')
    expect(await whoRecovers(pool, 'eve@example.com')).not.toBe(ada)
    environment.goOn()
    expect(await personBy(pool, 'Google', '2')).toBe(ada)
  })

  it.each(['before the next sign-in', 'after it'])('I3: is free for the next prover, %s', async (when) => {
    const { pool, ada } = await both('Okta')
    await takesOff(pool, await comesBy(pool, 'Google', OWN), 'Okta')
    environment.goOn()
    if (when === 'after it') await comesBy(pool, 'Google', OWN)
    const next = await pool.personOf(await pool.register('next', WORK))
    expect(next).not.toBe(ada)
  })

  it('T2: joins nobody who signs in by another provider with it', async () => {
    const { pool, ada } = await both('Okta')
    await takesOff(pool, await comesBy(pool, 'Google', OWN), 'Okta')
    const next = await personBy(pool, 'Google', googleOf(WORK))
    expect(next).toBeDefined()
    expect(next).not.toBe(ada)
  })

  it('T2: recovers nothing and joins nobody where the other provider vouches for none', async () => {
    const pool = await open()
    const own = await comesBy(pool, 'Okta', WORK)
    meet('4', 'ada@other.org')
    await link(pool, own, tokensOf(await pool.continueWith('Facebook', '4')))
    const ada = await pool.personOf(own)
    await takesOff(pool, own, 'Okta')
    expect(await whoRecovers(pool, WORK)).not.toBe(ada)
    const next = await personBy(pool, 'Google', googleOf(WORK))
    expect(next).toBeDefined()
    expect(next).not.toBe(ada)
    environment.goOn()
    expect(await personBy(pool, 'Facebook', '4')).toBe(ada)
    expect(await whoRecovers(pool, WORK)).not.toBe(ada)
  })

  it('stays where a reset has shown that the user reads its mailbox', async () => {
    const pool = await open()
    const ada = await pool.personOf(await comesBy(pool, 'Okta', WORK))
    expect(await whoRecovers(pool, WORK)).toBe(ada)
    environment.goOn()
    await link(pool, await comesBy(pool, 'Okta', WORK), await comesBy(pool, 'Google', OWN))
    await takesOff(pool, await comesBy(pool, 'Google', OWN), 'Okta')
    environment.goOn()
    expect(await whoRecovers(pool, WORK)).toBe(ada)
  })

  it('stays where another provider says it too', async () => {
    const pool = await open()
    const own = await comesBy(pool, 'Google', OWN)
    meet('1', OWN)
    await link(pool, own, tokensOf(await pool.continueWith('Okta', '1')))
    await takesOff(pool, await comesBy(pool, 'Google', OWN), 'Okta')
    expect(await whoRecovers(pool, OWN)).toBe(await personBy(pool, 'Google', '2'))
  })

  it('stays where the user has proven it by a code', async () => {
    const pool = await open()
    const own = await pool.register('ada', WORK)
    await comesBy(pool, 'Okta', WORK)
    await takesOff(pool, await pool.signIn(pool.isByAddress ? WORK : 'ada'), 'Okta')
    expect(await whoRecovers(pool, WORK)).toBe(await pool.personOf(own))
  })
})
