import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { link, openMovable, ownerByGoogle } from '../world/people.ts'
import { KEEPS, POOLS } from '../world/pools.ts'
import { type Desk, letIn, openDesk, openWorld, PASSWORD, type World, type WorldOptions } from '../world/world.ts'

// Attacks that change what a user shows between two steps, and what stays behind when a step is taken back.

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const VICTIM = 'victim@example.com'
const EVE = 'eve@example.org'
const NEW_PASSWORD = 'Another-Horse-8'

const NAMED = POOLS.filter(([, { UsernameAttributes }]) => UsernameAttributes === undefined)

const open = (options: WorldOptions = {}) => openWorld(desk, options)
const newestCode = (world: World, userName: string) => desk.emulator.newestCode(world.userPoolId, userName) ?? ''
const oktaSays = (email: string) =>
  desk.emulator.setPersona({ id: 'okta', sub: '00u1', subject: '00u1', email, email_verified: true })

const byGoogle = (world: World, email = VICTIM) => ownerByGoogle(desk, world, email)

const write = (AccessToken: string, Name: string, Value: string) =>
  desk.cognito.updateUserAttributes({ AccessToken, UserAttributes: [{ Name, Value }] })

/** Something happens after the code was sent and before it comes back. */
async function resetsAround(world: World, Username: string, between: () => Promise<unknown>): Promise<void> {
  await desk.cognito.forgotPassword({ ClientId: world.clientId, Username })
  const ConfirmationCode = newestCode(world, Username)
  await between()
  await desk.cognito.confirmForgotPassword({
    ClientId: world.clientId,
    Username,
    Password: NEW_PASSWORD,
    ConfirmationCode,
  })
}

/** Signs up with an address and a number, both to be verified, and comes in. */
const withNumber = (world: World) => async (Username: string, email: string, phone: string) => {
  const UserAttributes = [
    { Name: 'email', Value: email },
    { Name: 'phone_number', Value: phone },
  ]
  await desk.cognito.signUp({ ClientId: world.clientId, Username, Password: PASSWORD, UserAttributes })
  await world.confirm(Username)
  return world.signIn(Username)
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
      const world = await open({ settings, inbound, policy: { flagsOnlyByCode } })
      const eve = await world.register('eve', EVE)
      const person = await world.personOf(eve)
      await resetsAround(world, 'eve', () => write(eve.accessToken, 'email', VICTIM))
      expect(await world.personOf(await world.signIn('eve', NEW_PASSWORD))).toBe(person)
      expect(await byGoogle(world)).not.toBe(person)
    },
  )

  it('T166: a name that is taken again, with an address that was only typed, holds nothing', async () => {
    const { clock, world } = await openMovable(desk, { settings })
    const ada = await world.register('ada', VICTIM)
    const former = await world.personOf(ada)
    await desk.cognito.deleteUser({ AccessToken: ada.accessToken })
    const eve = await world.register('ada', EVE)
    await write(eve.accessToken, 'email', VICTIM)
    clock.later = 3 * 3_600_000
    expect(await world.signUp('ada-again', VICTIM)).toBe('ada-again')
    expect(await byGoogle(world)).not.toBe(former)
  })

  it('T151: a change that is begun and not finished takes nothing away', async () => {
    const world = await open({ settings })
    const ada = await world.register('ada', VICTIM)
    await world.account.changeAddress({ accessToken: ada.accessToken, address: 'typo@example.net' })
    expect(await byGoogle(world)).toBe(await world.personOf(ada))
  })
})

it.each([true, false])(
  'T182: nor one that a linked provider wrote in between (InboundFederation: %s)',
  async (inbound) => {
    oktaSays(EVE)
    const world = await open({ inbound, settings: KEEPS })
    const eve = await world.register('eve', EVE)
    await link(world, eve, letIn(await world.continueWith('Okta', 'okta')))
    oktaSays(VICTIM)
    await resetsAround(world, 'eve', () => world.continueWith('Okta', 'okta'))
    expect(await byGoogle(world)).not.toBe(await world.personOf(eve))
  },
)

it('T182: nor a number', async () => {
  const world = await open({
    settings: { AutoVerifiedAttributes: ['email', 'phone_number'] },
    policy: { unique: ['email', 'phone'], flagsOnlyByCode: true },
  })
  const comes = withNumber(world)
  const eve = await comes('eve', EVE, '+12025550199')
  await resetsAround(world, 'eve', () => write(eve.accessToken, 'phone_number', '+12025550188'))
  await world.signIn('eve', NEW_PASSWORD)
  await comes('victim', VICTIM, '+12025550188')
})

it.each([true, false])(
  'T182: what a provider wrote stays its word when it is unlinked (InboundFederation: %s)',
  async (inbound) => {
    oktaSays(EVE)
    const world = await open({ inbound, policy: { flagsOnlyByCode: true } })
    const eve = await world.register('eve', EVE)
    await link(world, eve, letIn(await world.continueWith('Okta', 'okta')))
    oktaSays(VICTIM)
    await world.continueWith('Okta', 'okta')
    const { accessToken } = await world.signIn('eve')
    await world.account.unlink({ accessToken, provider: 'Okta', subject: '00u1' })
    await world.signIn('eve')
    expect(await byGoogle(world)).not.toBe(await world.personOf(eve))
  },
)

it('T155: a code that an earlier proof has voided does not come back to life at a token', async () => {
  const world = await open({
    settings: { UsernameAttributes: ['email'] },
    policy: { existingUsers: 'verified-by-code' },
  })
  await world.signUp('eve', VICTIM)
  const victim = await byGoogle(world)
  await world.confirm(VICTIM)
  expect(await world.personOf(await world.signIn(VICTIM)).catch(() => 'nobody')).not.toBe(victim)
})

it.each(['contested', 'always'] as const)(
  'T157: while the password is in doubt no way in is linked by hand, on either side (%s)',
  async (passwordBeforeProof) => {
    desk.emulator.setPersona({ id: 'fb', sub: '77', email: EVE })
    const { clock, world } = await openMovable(desk, { settings: KEEPS, policy: { passwordBeforeProof } })
    await world.signUp('ada', VICTIM)
    clock.later = 20_000
    await world.signUp('eve', VICTIM)
    await world.confirm('eve')
    const eve = await world.signIn('eve')
    const facebook = letIn(await world.continueWith('Facebook', 'fb'))
    const refused = { code: 'LINK_NEEDS_RECOVERY' }
    await expect(link(world, eve, facebook)).rejects.toMatchObject(refused)
    await expect(link(world, facebook, eve)).rejects.toMatchObject(refused)
    const victim = await byGoogle(world)
    expect(await world.personOf(letIn(await world.continueWith('Facebook', 'fb')))).not.toBe(victim)
    await expect(world.signIn('eve')).rejects.toThrow()
  },
)

it('T157: a session from before such a join links nothing afterwards', async () => {
  desk.emulator.setPersona({ id: 'fb', sub: '78', email: EVE })
  const { clock, world } = await openMovable(desk, { settings: KEEPS })
  await world.signUp('ada', VICTIM)
  clock.later = 20_000
  await world.signUp('eve', VICTIM)
  await world.confirm('eve')
  const eve = await world.signIn('eve')
  clock.later = 40_000
  const victim = await byGoogle(world)
  const facebook = letIn(await world.continueWith('Facebook', 'fb'))
  await expect(link(world, eve, facebook)).rejects.toThrow()
  expect(await world.personOf(letIn(await world.continueWith('Facebook', 'fb'))).catch(() => 'nobody')).not.toBe(victim)
})

it('T175: a number that was removed is its next holder’s', async () => {
  const { clock, world } = await openMovable(desk, {
    settings: { AutoVerifiedAttributes: ['email', 'phone_number'] },
    policy: { unique: ['email', 'phone'], flagsOnlyByCode: true },
  })
  const comes = withNumber(world)
  const ada = await comes('ada', 'ada@example.com', '+12025550171')
  await desk.cognito.deleteUserAttributes({ AccessToken: ada.accessToken, UserAttributeNames: ['phone_number'] })
  await world.signIn('ada')
  clock.later = 3_600_000
  const bob = await comes('bob', 'bob@example.com', '+12025550171')
  expect(await world.personOf(bob)).not.toBe(await world.personOf(ada))
})

it('T151: a change by the second of two users leaves the first one its address', async () => {
  const world = await open()
  const ada = await world.register('ada', VICTIM)
  await link(world, ada, await world.register('ada2', 'ada@work.example'))
  const { accessToken } = await world.signIn('ada2')
  const { proof } = await world.account.changeAddress({ accessToken, address: 'new@work.example' })
  await world.account.confirmAddress({ accessToken, proof, code: newestCode(world, 'ada2') })
  expect(await byGoogle(world)).toBe(await world.personOf(ada))
})
