import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { link, personBy, personWith } from '../world/people.ts'
import { KEEPS, POOLS } from '../world/pools.ts'
import { type Desk, letIn, openDesk, openWorld, type Tokens, type World, type WorldOptions } from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

/** Okta is the authority for example.com, Google for gmail.com. */
const WORK = 'ada@example.com'
const OWN = 'ada@gmail.com'
const NEXT = 'Another-Horse-8'
/** Sign-ins are timed in whole seconds. */
const aSecond = () => new Promise((done) => setTimeout(done, 1_100))
const meet = (sub: string, email: string) => desk.emulator.setPersona({ id: sub, sub, email, email_verified: true })

async function comesBy(world: World, provider: 'Okta' | 'Google', email: string): Promise<Tokens> {
  const persona = provider === 'Okta' ? '1' : '2'
  meet(persona, email)
  return letIn(await world.continueWith(provider, persona))
}

const takesOff = (world: World, { accessToken }: Tokens, provider: 'Okta' | 'Google') =>
  world.account.unlink({ accessToken, provider, subject: provider === 'Okta' ? '1' : '2' })

/** Somebody else, for whom Google is the host of the domain. */
function googleOf(email: string): string {
  desk.emulator.setPersona({ id: '3', sub: '3', email, email_verified: true, hd: email.split('@')[1] ?? '' })
  return '3'
}

/** The person whom a reset opens to whoever reads the mailbox; undefined for nobody. */
async function whoRecovers(world: World, email: string): Promise<string | undefined> {
  const { Users = [] } = await desk.cognito.listUsers({ UserPoolId: world.userPoolId })
  for (const { Username = '' } of Users) {
    for (const name of new Set([Username, email])) {
      await desk.cognito.forgotPassword({ ClientId: world.clientId, Username: name }).catch(() => undefined)
      const message = desk.emulator.inbox(world.userPoolId, name).at(-1)
      if (message?.destination !== email) continue
      await desk.cognito.confirmForgotPassword({
        ClientId: world.clientId,
        Username: name,
        Password: NEXT,
        ConfirmationCode: message.code ?? '',
      })
      return personWith(world, name, NEXT)
    }
  }
  return undefined
}

describe.each(POOLS)('the address of a provider that is taken off, in a pool with %s', (_, settings) => {
  const open = (more: WorldOptions = {}) =>
    openWorld(desk, { inbound: true, settings: { ...settings, ...KEEPS }, ...more })

  /** Ada came by one provider, and has added the other by hand. */
  async function both(first: 'Okta' | 'Google') {
    const world = await open()
    const second = first === 'Okta' ? 'Google' : 'Okta'
    const own = await comesBy(world, first, first === 'Okta' ? WORK : OWN)
    await link(world, own, await comesBy(world, second, first === 'Okta' ? OWN : WORK))
    return { world, ada: await world.personOf(await comesBy(world, first, first === 'Okta' ? WORK : OWN)) }
  }

  it('T2: recovers the account no more, where it was the first', async () => {
    const { world, ada } = await both('Okta')
    await takesOff(world, await comesBy(world, 'Google', OWN), 'Okta')
    expect(await whoRecovers(world, WORK)).not.toBe(ada)
    await aSecond()
    expect(await personBy(world, 'Google', '2')).toBe(ada)
    expect(await whoRecovers(world, WORK)).not.toBe(ada)
  })

  it('T2: nor where the provider was renamed before', async () => {
    const { world, ada } = await both('Google')
    await comesBy(world, 'Okta', 'eve@example.com')
    expect(await whoRecovers(world, 'eve@example.com')).not.toBe(ada)
    await takesOff(world, await comesBy(world, 'Google', OWN), 'Okta')
    expect(await whoRecovers(world, 'eve@example.com')).not.toBe(ada)
    expect(await whoRecovers(world, OWN)).toBe(ada)
  })

  it('T2: nor where the provider was the first and was renamed', async () => {
    const { world, ada } = await both('Okta')
    await comesBy(world, 'Okta', 'eve@example.com')
    await takesOff(world, await comesBy(world, 'Google', OWN), 'Okta')
    expect(await whoRecovers(world, 'eve@example.com')).not.toBe(ada)
    expect(await whoRecovers(world, WORK)).not.toBe(ada)
  })

  it.each(['before the next sign-in', 'after it'])('I3: is free for whoever proves it, %s', async (when) => {
    const { world, ada } = await both('Okta')
    await takesOff(world, await comesBy(world, 'Google', OWN), 'Okta')
    await aSecond()
    if (when === 'after it') await comesBy(world, 'Google', OWN)
    const next = await world.personOf(await world.register('next', WORK))
    expect(next).not.toBe(ada)
  })

  it('T2: joins nobody who comes by another provider with it', async () => {
    const { world, ada } = await both('Okta')
    await takesOff(world, await comesBy(world, 'Google', OWN), 'Okta')
    const next = await personBy(world, 'Google', googleOf(WORK))
    expect(next).toBeDefined()
    expect(next).not.toBe(ada)
  })

  it('T2: recovers nothing and joins nobody where the other provider vouches for none', async () => {
    const world = await open()
    const own = await comesBy(world, 'Okta', WORK)
    meet('4', 'ada@other.org')
    await link(world, own, letIn(await world.continueWith('Facebook', '4')))
    const ada = await world.personOf(own)
    await takesOff(world, own, 'Okta')
    expect(await whoRecovers(world, WORK)).not.toBe(ada)
    const next = await personBy(world, 'Google', googleOf(WORK))
    expect(next).toBeDefined()
    expect(next).not.toBe(ada)
    await aSecond()
    expect(await personBy(world, 'Facebook', '4')).toBe(ada)
    expect(await whoRecovers(world, WORK)).not.toBe(ada)
  })

  it('stays where a reset has shown that the user reads its mailbox', async () => {
    const world = await open()
    const ada = await world.personOf(await comesBy(world, 'Okta', WORK))
    expect(await whoRecovers(world, WORK)).toBe(ada)
    await aSecond()
    await link(world, await comesBy(world, 'Okta', WORK), await comesBy(world, 'Google', OWN))
    await takesOff(world, await comesBy(world, 'Google', OWN), 'Okta')
    await aSecond()
    expect(await whoRecovers(world, WORK)).toBe(ada)
  })

  it('stays where another provider says it too', async () => {
    const world = await open()
    const own = await comesBy(world, 'Google', OWN)
    meet('1', OWN)
    await link(world, own, letIn(await world.continueWith('Okta', '1')))
    await takesOff(world, await comesBy(world, 'Google', OWN), 'Okta')
    expect(await whoRecovers(world, OWN)).toBe(await personBy(world, 'Google', '2'))
  })

  it('stays where the user has proven it by a code', async () => {
    const world = await open()
    const own = await world.register('ada', WORK)
    await comesBy(world, 'Okta', WORK)
    await takesOff(world, await world.signIn(world.isByAddress ? WORK : 'ada'), 'Okta')
    expect(await whoRecovers(world, WORK)).toBe(await world.personOf(own))
  })
})
