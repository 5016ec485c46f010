import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { link, openMovable, ownerByGoogle } from '../environment/people.ts'
import { KEEPS, POOLS } from '../environment/pools.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type TestEnvironment,
  type TestPool,
  type TestPoolOptions,
  tokensOf,
} from '../environment/test-pool.ts'

// Attacks that change what a user shows between two steps, and what stays behind when a step is taken back.

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const VICTIM = 'victim@example.com'
const EVE = 'eve@example.org'
const NEW_PASSWORD = 'Another-Horse-8'

const NAMED = POOLS.filter(([, { UsernameAttributes }]) => UsernameAttributes === undefined)

const open = (options: TestPoolOptions = {}) => openTestPool(environment, options)
const newestCode = (pool: TestPool, userName: string) =>
  environment.emulator.newestCode(pool.userPoolId, userName) ?? ''
const oktaSays = (email: string) =>
  environment.emulator.setPersona({ id: 'okta', sub: '00u1', subject: '00u1', email, email_verified: true })

const byGoogle = (pool: TestPool, email = VICTIM) => ownerByGoogle(environment, pool, email)

const write = (AccessToken: string, Name: string, Value: string) =>
  environment.cognito.updateUserAttributes({ AccessToken, UserAttributes: [{ Name, Value }] })

/** Something happens after the code was sent and before it comes back. */
async function resetsAround(pool: TestPool, Username: string, between: () => Promise<unknown>): Promise<void> {
  await environment.cognito.forgotPassword({ ClientId: pool.clientId, Username })
  const ConfirmationCode = newestCode(pool, Username)
  await between()
  await environment.cognito.confirmForgotPassword({
    ClientId: pool.clientId,
    Username,
    Password: NEW_PASSWORD,
    ConfirmationCode,
  })
}

/** Signs up with an address and a number, both to be verified, and comes in. */
const withNumber = (pool: TestPool) => async (Username: string, email: string, phone: string) => {
  const UserAttributes = [
    { Name: 'email', Value: email },
    { Name: 'phone_number', Value: phone },
  ]
  await environment.cognito.signUp({ ClientId: pool.clientId, Username, Password: PASSWORD, UserAttributes })
  await pool.confirm(Username)
  return pool.signIn(Username)
}

describe.each(NAMED)('in a pool with %s', (_, settings) => {
  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])(
    'T182: an address that was written after the code was sent is not proven by it (InboundFederation: %s, flagsOnlyByCode: %s)',
    async (inbound, flagsOnlyByCode) => {
      const pool = await open({ settings, inbound, policy: { flagsOnlyByCode } })
      const eve = await pool.register('eve', EVE)
      const person = await pool.personOf(eve)
      await resetsAround(pool, 'eve', () => write(eve.accessToken, 'email', VICTIM))
      expect(await pool.personOf(await pool.signIn('eve', NEW_PASSWORD))).toBe(person)
      expect(await byGoogle(pool)).not.toBe(person)
    },
  )

  it('T166: a name that is taken again, with an address that was only typed, holds nothing', async () => {
    const { clock, pool } = await openMovable(environment, { settings })
    const ada = await pool.register('ada', VICTIM)
    const former = await pool.personOf(ada)
    await environment.cognito.deleteUser({ AccessToken: ada.accessToken })
    const eve = await pool.register('ada', EVE)
    await write(eve.accessToken, 'email', VICTIM)
    clock.later = 3 * 3_600_000
    expect(await pool.signUp('ada-again', VICTIM)).toBe('ada-again')
    expect(await byGoogle(pool)).not.toBe(former)
  })

  it('T151: a change that is started and not finished releases nothing', async () => {
    const pool = await open({ settings })
    const ada = await pool.register('ada', VICTIM)
    await pool.account.changeAddress({ accessToken: ada.accessToken, address: 'typo@example.net' })
    expect(await byGoogle(pool)).toBe(await pool.personOf(ada))
  })
})

it.each([true, false])(
  'T182: nor one that a linked provider wrote in between (InboundFederation: %s)',
  async (inbound) => {
    oktaSays(EVE)
    const pool = await open({ inbound, settings: KEEPS })
    const eve = await pool.register('eve', EVE)
    await link(pool, eve, tokensOf(await pool.continueWith('Okta', 'okta')))
    oktaSays(VICTIM)
    await resetsAround(pool, 'eve', () => pool.continueWith('Okta', 'okta'))
    expect(await byGoogle(pool)).not.toBe(await pool.personOf(eve))
  },
)

it('T182: nor a number', async () => {
  const pool = await open({
    settings: { AutoVerifiedAttributes: ['email', 'phone_number'] },
    policy: { unique: ['email', 'phone'], flagsOnlyByCode: true },
  })
  const comes = withNumber(pool)
  const eve = await comes('eve', EVE, '+12025550199')
  await resetsAround(pool, 'eve', () => write(eve.accessToken, 'phone_number', '+12025550188'))
  await pool.signIn('eve', NEW_PASSWORD)
  await comes('victim', VICTIM, '+12025550188')
})

it.each([true, false])(
  'T182: what a provider wrote still counts as its address after it is unlinked (InboundFederation: %s)',
  async (inbound) => {
    oktaSays(EVE)
    const pool = await open({ inbound, policy: { flagsOnlyByCode: true } })
    const eve = await pool.register('eve', EVE)
    await link(pool, eve, tokensOf(await pool.continueWith('Okta', 'okta')))
    oktaSays(VICTIM)
    await pool.continueWith('Okta', 'okta')
    const { accessToken } = await pool.signIn('eve')
    await pool.account.unlink({ accessToken, provider: 'Okta', subject: '00u1' })
    await pool.signIn('eve')
    expect(await byGoogle(pool)).not.toBe(await pool.personOf(eve))
  },
)

it('T155: a code that an earlier proof has made void stays void at a token', async () => {
  const pool = await open({
    settings: { UsernameAttributes: ['email'] },
    policy: { existingUsers: 'verified-by-code' },
  })
  await pool.signUp('eve', VICTIM)
  const victim = await byGoogle(pool)
  await pool.confirm(VICTIM)
  expect(await pool.personOf(await pool.signIn(VICTIM)).catch(() => 'nobody')).not.toBe(victim)
})

it.each(['contested', 'always'] as const)(
  'T157: while the password is in doubt no sign-in method is linked by hand, on either side (%s)',
  async (passwordBeforeProof) => {
    environment.emulator.setPersona({ id: 'fb', sub: '77', email: EVE })
    const { clock, pool } = await openMovable(environment, { settings: KEEPS, policy: { passwordBeforeProof } })
    await pool.signUp('ada', VICTIM)
    clock.later = 20_000
    await pool.signUp('eve', VICTIM)
    await pool.confirm('eve')
    const eve = await pool.signIn('eve')
    const facebook = tokensOf(await pool.continueWith('Facebook', 'fb'))
    const refused = { code: 'LINK_NEEDS_RECOVERY' }
    await expect(link(pool, eve, facebook)).rejects.toMatchObject(refused)
    await expect(link(pool, facebook, eve)).rejects.toMatchObject(refused)
    const victim = await byGoogle(pool)
    expect(await pool.personOf(tokensOf(await pool.continueWith('Facebook', 'fb')))).not.toBe(victim)
    await expect(pool.signIn('eve')).rejects.toThrow()
  },
)

it('T157: a session from before such a join links nothing afterwards', async () => {
  environment.emulator.setPersona({ id: 'fb', sub: '78', email: EVE })
  const { clock, pool } = await openMovable(environment, { settings: KEEPS })
  await pool.signUp('ada', VICTIM)
  clock.later = 20_000
  await pool.signUp('eve', VICTIM)
  await pool.confirm('eve')
  const eve = await pool.signIn('eve')
  clock.later = 40_000
  const victim = await byGoogle(pool)
  const facebook = tokensOf(await pool.continueWith('Facebook', 'fb'))
  await expect(link(pool, eve, facebook)).rejects.toThrow()
  expect(await pool.personOf(tokensOf(await pool.continueWith('Facebook', 'fb'))).catch(() => 'nobody')).not.toBe(
    victim,
  )
})

it('T175: a number that was removed is its next holder’s', async () => {
  const { clock, pool } = await openMovable(environment, {
    settings: { AutoVerifiedAttributes: ['email', 'phone_number'] },
    policy: { unique: ['email', 'phone'], flagsOnlyByCode: true },
  })
  const comes = withNumber(pool)
  const ada = await comes('ada', 'ada@example.com', '+12025550171')
  await environment.cognito.deleteUserAttributes({ AccessToken: ada.accessToken, UserAttributeNames: ['phone_number'] })
  await pool.signIn('ada')
  clock.later = 3_600_000
  const bob = await comes('bob', 'bob@example.com', '+12025550171')
  expect(await pool.personOf(bob)).not.toBe(await pool.personOf(ada))
})

it('T151: a change by the second of two users leaves the first one its address', async () => {
  const pool = await open()
  const ada = await pool.register('ada', VICTIM)
  await link(pool, ada, await pool.register('ada2', 'ada@work.example'))
  const { accessToken } = await pool.signIn('ada2')
  const { proof } = await pool.account.changeAddress({ accessToken, address: 'new@work.example' })
  await pool.account.confirmAddress({ accessToken, proof, code: newestCode(pool, 'ada2') })
  expect(await byGoogle(pool)).toBe(await pool.personOf(ada))
})
