import type { Registry } from 'onesub'
import { resumeSignUp } from 'onesub/browser'
import { createMemoryRegistry } from 'onesub/registry/memory'
import type { CognitoApi } from 'onesub/user-pool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parsePersonId } from '../../packages/onesub/src/core/person.ts'
import { link, openMovable, ownerByGoogle, personBy, personWith } from '../environment/people.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type TestEnvironment,
  type TestPool,
  type TestPoolOptions,
  tokensOf,
} from '../environment/test-pool.ts'

// Whether an owner still shows the address: whoever is wrongly taken for gone loses it, and whoever is wrongly taken for there keeps others out.

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const VICTIM = 'victim@example.com'
const NEW_PASSWORD = 'Another-Horse-8'
const HOUR = 3_600_000

const byGoogle = (pool: TestPool) => ownerByGoogle(environment, pool, VICTIM)

const facebookSays = (email: string) => environment.emulator.setPersona({ id: 'fb', sub: '77', email })
const byFacebook = async (pool: TestPool) => tokensOf(await pool.continueWith('Facebook', 'fb'))

/** Nobody else gets the address, by the form or by a provider. */
async function expectKept(pool: TestPool, person: string): Promise<void> {
  await expect(pool.signUp('somebody', VICTIM)).rejects.toThrow('IDENTIFIER_TAKEN')
  expect(await byGoogle(pool)).toBe(person)
}

/** A pool on a shared registry, whose client may be refused in every other pool, as one of another Region is. */
async function openBeside(registry: Registry, refusal?: string) {
  const shared: Registry = { ...registry, admit: async () => {} }
  let own = ''
  const cognito = (api: CognitoApi): CognitoApi => ({
    ...api,
    async adminGetUser(input) {
      if (refusal === undefined || input.UserPoolId === own) return api.adminGetUser(input)
      throw Object.assign(new Error(), { name: refusal })
    },
  })
  const opened = await openMovable(environment, { through: { registry: () => shared, cognito } })
  own = opened.pool.userPoolId
  return opened
}

describe('a registry that two pools share', () => {
  it.each(['ResourceNotFoundException', 'AccessDeniedException'])(
    'T166: the owner of an address by the other pool keeps it where that pool cannot be read (%s)',
    async (refusal) => {
      const registry = createMemoryRegistry()
      const there = (await openBeside(registry)).pool
      const { clock, pool: here } = await openBeside(registry, refusal)
      const ada = await there.personOf(await there.register('ada', VICTIM))
      clock.later = HOUR
      await expectKept(here, ada)
    },
  )

  it('T112: a look into the other pool that may succeed later is tried again', async () => {
    const registry = createMemoryRegistry()
    const there = (await openBeside(registry)).pool
    const here = (await openBeside(registry, 'TooManyRequestsException')).pool
    await there.register('ada', VICTIM)
    await expect(here.signUp('somebody', VICTIM)).rejects.toThrow('TRY_AGAIN')
  })

  it('T151: a change that is not finished in the one pool takes nothing away in the other', async () => {
    const registry = createMemoryRegistry()
    const there = (await openBeside(registry)).pool
    const { clock, pool: here } = await openBeside(registry)
    const { accessToken } = await there.register('ada', VICTIM)
    await there.account.changeAddress({ accessToken, address: 'typo@example.net' })
    clock.later = HOUR
    await expectKept(here, await there.personOf({ accessToken }))
  })

  it('a recovery in the one pool gives no password to a user of the same name in the other', async () => {
    const registry = createMemoryRegistry()
    const one = (await openBeside(registry)).pool
    const other = (await openBeside(registry)).pool
    const person = await byGoogle(one)
    environment.emulator.setPersona({ id: 'corp', sub: '900', subject: '900', email: VICTIM })
    expect(await personBy(other, 'Corp', 'corp')).toBe(person)
    await one.recover(person, NEW_PASSWORD)
    const id = parsePersonId(person)
    const users = (id && (await registry.person(id)))?.identities.filter(({ native }) => native) ?? []
    expect(users.map(({ pool, placeholder }) => [pool, placeholder])).toEqual([
      [one.userPoolId, undefined],
      [other.userPoolId, true],
    ])
  })
})

describe.each([true, false])('a user with a linked provider (InboundFederation: %s)', (inbound) => {
  const open = async (options: TestPoolOptions = {}) => {
    const pool = await openTestPool(environment, { inbound, ...options })
    const tokens = await pool.register('ada', VICTIM)
    return { pool, tokens, ada: await pool.personOf(tokens) }
  }

  it('T151: keeps the former address while a change is not finished', async () => {
    facebookSays('ada@fb.example')
    const { pool, tokens, ada } = await open()
    await link(pool, tokens, await byFacebook(pool))
    const { accessToken } = await pool.signIn('ada')
    await pool.account.changeAddress({ accessToken, address: 'typo@example.net' })
    await expectKept(pool, ada)
  })

  it('T11: keeps it where the provider says another one than before, without vouching', async () => {
    facebookSays('ada@fb.example')
    const { pool, tokens, ada } = await open()
    await link(pool, tokens, await byFacebook(pool))
    facebookSays('ada2@fb.example')
    expect(await pool.personOf(await byFacebook(pool))).toBe(ada)
    await expectKept(pool, ada)
  })

  it('T11: keeps it where the provider sends a relay address, which is no identifier', async () => {
    const email = 'xyz@privaterelay.appleid.com'
    environment.emulator.setPersona({ id: 'ap', sub: '001.a.2', email, email_verified: true, is_private_email: true })
    const byApple = async (pool: TestPool) => tokensOf(await pool.continueWith('SignInWithApple', 'ap'))
    const { pool, tokens, ada } = await open()
    await link(pool, tokens, await byApple(pool))
    expect(await pool.personOf(await byApple(pool))).toBe(ada)
    await expectKept(pool, ada)
  })
})

describe('T167: the search for users whom the registry does not know', () => {
  const policy = { unseenUsers: 'look' } as const

  it('ignores a user who has typed the address and never entered a code', async () => {
    const { clock, pool } = await openMovable(environment, { policy })
    await pool.signUp(VICTIM, VICTIM)
    clock.later = HOUR
    expect(await pool.signUp('ada', VICTIM)).toBe('ada')
  })

  it('nor one whose address is not marked verified', async () => {
    const { clock, pool } = await openMovable(environment, { policy })
    await pool.signUp(VICTIM, VICTIM)
    await environment.cognito.adminConfirmSignUp({ UserPoolId: pool.userPoolId, Username: VICTIM })
    clock.later = HOUR
    expect(await pool.signUp('ada', VICTIM)).toBe('ada')
  })
})

describe.each(['triggerFirst', 'checkFirst'] as const)('a sign-up that is resumed (%s)', (preSignUpOrder) => {
  it.each([3_000, 300_000])('T157: leaves nobody a password from before, %s ms later', async (later) => {
    const settings = { UsernameAttributes: ['email' as const] }
    const { clock, pool } = await openMovable(environment, { settings, quirks: { preSignUpOrder } })
    await pool.signUp('eve', VICTIM)
    clock.later = later
    const { userPoolId, clientId } = pool
    await expect(pool.signUp('ada', VICTIM)).rejects.toThrow()
    const resumed = await resumeSignUp({
      userPoolId,
      clientId,
      userName: VICTIM,
      endpoint: environment.emulator.endpoint,
    })
    if (resumed.kind !== 'code-sent') throw new Error(resumed.kind)
    const code = environment.emulator.newestCode(userPoolId, VICTIM) ?? ''
    expect(await resumed.confirm(code)).toEqual({ kind: 'confirmed' })
    expect(await personWith(pool, VICTIM, PASSWORD)).toBeUndefined()
    await pool.recover(VICTIM, NEW_PASSWORD)
    expect(await personWith(pool, VICTIM, NEW_PASSWORD)).toBe(await byGoogle(pool))
  })
})
