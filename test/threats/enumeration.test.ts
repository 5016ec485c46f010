import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryRegistry } from '../../packages/onesub/src/registry/memory/index.ts'
import { confirms, resets, signUp } from '../../packages/onesub/src/triggers/testing/events.ts'
import { outcome, poolUser, testPool } from '../../packages/onesub/src/triggers/testing/pool.ts'
import { openCounted } from '../../proof/enumeration/pools.ts'
import { Counted } from '../../proof/enumeration/ports.ts'
import { askAsStranger, signUpInput } from '../../proof/enumeration/stranger.ts'
import { openTestEnvironment, type TestEnvironment } from '../environment/test-pool.ts'

// `npm run proof -- enumeration` measures the times as well; here nothing depends on a clock.
const ADA = 'ada@example.com'
const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('where policy is enumeration-safe, a stranger who signs up with an address', () => {
  let environment: TestEnvironment
  beforeAll(async () => {
    environment = await openTestEnvironment()
  })
  afterAll(() => environment.close())

  it('T78: gets the same answer, to the byte, whether the address is registered, reserved or free, and at each call after that', async () => {
    const [known, begun, blank] = [
      await openCounted(environment),
      await openCounted(environment),
      await openCounted(environment),
    ]
    await known.pool.register('ada', ADA)
    await begun.pool.signUp('ada', ADA)
    const seenIn = async ({ pool: { clientId } }: typeof known) => {
      const ask = (operation: string, input: object) => askAsStranger(environment.emulator.endpoint, operation, input)
      const eve = { ClientId: clientId, Username: 'eve' }
      return [
        await ask('SignUp', signUpInput(clientId, 'eve', ADA)),
        await ask('SignUp', signUpInput(clientId, 'eve2', ADA.toUpperCase())),
        await ask('SignUp', signUpInput(clientId, 'eve', ADA)),
        await ask('ResendConfirmationCode', eve),
        await ask('ConfirmSignUp', { ...eve, ConfirmationCode: '000000' }),
        await ask('ForgotPassword', eve),
        await ask('InitiateAuth', {
          ClientId: clientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'eve', PASSWORD: 'Correct-Horse-9' },
        }),
      ]
    }
    const free = await seenIn(blank)
    expect(free.map(({ status }) => status)).toEqual([200, 200, 400, 200, 400, 400, 400])
    expect(await seenIn(known)).toEqual(free)
    expect(await seenIn(begun)).toEqual(free)
  })

  it('T79: costs the same calls to the ports, in the same order, over HTTP', async () => {
    const [known, blank] = [await openCounted(environment), await openCounted(environment)]
    await known.pool.register('ada', ADA)
    const callsIn = async ({ pool, ports }: typeof known) => {
      ports.taken()
      await pool.signUp('eve', ADA)
      return ports.taken()
    }
    expect(await callsIn(known)).toBe(await callsIn(blank))
  })
})

/** What may stand behind an address when a stranger comes with it. */
const STATUSES = [
  'free',
  'begun',
  'begun an hour ago',
  'begun and lapsed',
  'proven',
  'recovered',
  'reserved by two sign-ups, and lapsed',
] as const

describe.each([[['email']], [['email', 'phone']], [['email', 'phone', 'username']]] as const)(
  'with the keys %j',
  (unique) => {
    const PHONE = '+491511234567'
    // `admit` asks the store once in a process, whoever comes first.
    const ASKED = 'registry.admit, registry.facts, registry.commit'
    const comes = (name: string, email: string, phone: string) => {
      const event = signUp(name, email)
      return { ...event, request: { ...event.request, userAttributes: { email, phone_number: phone } } }
    }

    async function callsOf(status: (typeof STATUSES)[number], mode: 'enforce' | 'observe'): Promise<string> {
      const ports = new Counted()
      const { handler, clock } = testPool({
        policy: { existingAccount: 'enumeration-safe', unique, mode },
        registry: ports.through('registry', createMemoryRegistry()),
        userPool: ports.through('pool', { find: async ({ userName }) => poolUser(userName) }),
      })
      if (status === 'reserved by two sign-ups, and lapsed') {
        await handler(comes('ada', ADA, '+491510000001'))
        await handler(comes('bob', 'bob@example.com', PHONE))
      } else if (status !== 'free') await handler(comes('ada', ADA, PHONE))
      if (status === 'proven' || status === 'recovered') await handler(confirms('ada', ADA))
      if (status === 'recovered') await handler(resets('ada', ADA))
      if (status.endsWith('lapsed')) clock.now += 2 * DAY
      if (status === 'begun an hour ago') clock.now += HOUR
      ports.taken()
      expect(await outcome(handler(comes('eve', ADA, PHONE)))).toBe('let in')
      return ports.taken()
    }

    it.each(STATUSES)(
      'T79: a sign-up asks the store for the same, and Cognito for nothing, where the address is %s',
      async (status) => {
        expect(await callsOf(status, 'enforce')).toBe(ASKED)
        expect(await callsOf(status, 'observe')).toBe(ASKED)
      },
    )

    it('T79: the write in vain leaves nothing behind', async () => {
      const { handler, registry, events } = testPool({ policy: { existingAccount: 'enumeration-safe', unique } })
      await handler(comes('ada', ADA, PHONE))
      await handler(confirms('ada', ADA))
      const told = await events()
      await handler(comes('eve', ADA, PHONE))
      expect(await events()).toEqual(told)
      expect((await registry.told()).length).toBe(told.length)
    })
  },
)
