import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesHere, link, ownerByGoogle, personBy, personWith } from '../world/people.ts'
import { KEEPS, POOLS } from '../world/pools.ts'
import {
  type Desk,
  letIn,
  openDesk,
  openWorld,
  PASSWORD,
  type Tokens,
  type World,
  type WorldOptions,
} from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const ADA = 'ada@example.com'
const NEXT = 'Another-Horse-8'
/** Sign-ins are timed in whole seconds. */
const aSecond = () => new Promise((done) => setTimeout(done, 1_100))
const meet = (sub: string, email: string) => desk.emulator.setPersona({ id: sub, sub, email, email_verified: true })
const nameIn = (world: World) => (world.isByAddress ? ADA : 'ada')

/** Eve tries to have a provider of hers linked by an old session; the person whom it leads to then. */
async function eveLinks(world: World, old: Tokens): Promise<string | undefined> {
  meet('666', 'eve@gmail.com')
  const arrival = await world.continueWith('Google', '666')
  if ('tokens' in arrival) await link(world, old, arrival.tokens).catch(() => undefined)
  return personBy(world, 'Google', '666')
}

async function codeGoesTo(world: World, name: string): Promise<string | undefined> {
  await desk.cognito.forgotPassword({ ClientId: world.clientId, Username: name }).catch(() => undefined)
  return desk.emulator.inbox(world.userPoolId, name).at(-1)?.destination
}

async function nativeName(world: World): Promise<string> {
  const { Users } = await desk.cognito.listUsers({ UserPoolId: world.userPoolId })
  return Users?.find(({ UserStatus }) => UserStatus === 'CONFIRMED')?.Username ?? ''
}

describe.each(POOLS)('in a pool with %s', (_, settings) => {
  const open = (more: WorldOptions = {}) =>
    openWorld(desk, { inbound: true, settings: { ...settings, ...KEEPS }, ...more })

  /** Ada has linked somebody's Google, which has proven an address of its own. */
  async function linkedByHand(more: WorldOptions = {}) {
    const world = await open(more)
    const own = await world.register('ada', ADA)
    meet('777', 'former@gmail.com')
    await link(world, own, letIn(await world.continueWith('Google', '777')))
    return { world, own, former: letIn(await world.continueWith('Google', '777')) }
  }

  it('T158: a merge revives no session that a recovery has ended', async () => {
    const world = await open()
    const name = nameIn(world)
    await world.register('ada', ADA)
    const eve = await world.signIn(name)
    await aSecond()
    await world.recover(name, NEXT)
    await aSecond()
    const other = await world.register('c', 'c@example.com')
    await link(world, other, await world.signIn(name, NEXT))
    expect(await eveLinks(world, eve)).not.toBe(await world.personOf(other))
  })

  it('T158: a second recovery within seconds ends what the first one has opened', async () => {
    const world = await open()
    const name = nameIn(world)
    await world.register('ada', ADA)
    await world.recover(name, NEXT)
    const eve = await world.signIn(name, NEXT)
    await aSecond()
    await world.recover(name, 'Another-Horse-9')
    await aSecond()
    expect(await eveLinks(world, eve)).not.toBe(await personWith(world, name, 'Another-Horse-9'))
  })

  it('T158: a recovery ends the sessions of all users of the person', async () => {
    const world = await open()
    const name = nameIn(world)
    const own = await world.register('ada', ADA)
    const second = await world.register('b', 'b@example.com')
    await link(world, own, second)
    await world.recover(name, NEXT)
    await expect(world.refresh(second.refreshToken)).rejects.toThrow()
  })

  it('T18: a provider that has a profile beside the user is taken off whole', async () => {
    const world = await open()
    const own = await world.register('ada', ADA)
    const ada = await world.personOf(own)
    for (const sub of ['101', '102', '103', '104', '105']) {
      meet(sub, `f${sub}@other.org`)
      await link(world, own, letIn(await world.continueWith('Facebook', sub)))
    }
    // Cognito has no room for a sixth link.
    expect(await ownerByGoogle(desk, world, ADA)).toBe(ada)
    await world.account.unlink({ accessToken: own.accessToken, provider: 'Google', subject: '900' })
    expect(await personBy(world, 'Google', 'g')).not.toBe(ada)
  })

  it('T2: after an unlink no code goes to the mailbox of the removed provider', async () => {
    const { world, own } = await linkedByHand()
    // As it is where the repair after the last sign-in could not be made.
    const shows = { email: 'former@gmail.com', email_verified: 'true' }
    await desk.cognito.adminUpdateUserAttributes({
      UserPoolId: world.userPoolId,
      Username: await nativeName(world),
      UserAttributes: Object.entries(shows).map(([Name, Value]) => ({ Name, Value })),
    })
    await world.account.unlink({ accessToken: own.accessToken, provider: 'Google', subject: '777' })
    expect(await codeGoesTo(world, await nativeName(world))).toBe(ADA)
  })

  it('T2: nor where the account had no address of its own', async () => {
    const world = await open()
    const name = nameIn(world)
    await world.signUp('ada', ADA)
    await desk.cognito.adminConfirmSignUp({ UserPoolId: world.userPoolId, Username: name })
    const own = await world.signIn(name)
    meet('777', 'former@gmail.com')
    await link(world, own, letIn(await world.continueWith('Google', '777')))
    await world.continueWith('Google', '777')
    await world.account.unlink({ accessToken: own.accessToken, provider: 'Google', subject: '777' })
    expect(await codeGoesTo(world, await nativeName(world))).not.toBe('former@gmail.com')
  })

  it('T2: a removed provider’s sessions end, and link nothing back', async () => {
    const { world, own, former } = await linkedByHand()
    const ada = await world.personOf(own)
    await aSecond()
    await world.account.unlink({ accessToken: own.accessToken, provider: 'Google', subject: '777' })
    const refreshed = world.refresh(former.refreshToken).then(world.personOf)
    expect(await refreshed.catch(() => undefined)).not.toBe(ada)
    const again = await world.continueWith('Google', '777')
    if ('tokens' in again) await link(world, former, again.tokens).catch(() => undefined)
    expect(await personBy(world, 'Google', '777')).not.toBe(ada)
    await aSecond()
    expect(await personWith(world, nameIn(world))).toBe(ada)
  })

  it('T11: a provider that was linked by hand takes no address from its user', async () => {
    const { world, own } = await linkedByHand()
    const byAddress = settings.AliasAttributes !== undefined || world.isByAddress
    expect(await personWith(world, byAddress ? ADA : 'ada')).toBe(await world.personOf(own))
    expect(await codeGoesTo(world, await nativeName(world))).toBe(ADA)
  })

  it('T11: the address of one user of a person is not written over that of the other', async () => {
    const world = await open()
    const own = await world.register('ada', ADA)
    const second = await world.register('b', 'b@example.com')
    meet('888', 'f@other.org')
    await link(world, second, letIn(await world.continueWith('Facebook', '888')))
    await link(world, own, await world.signIn(world.isByAddress ? 'b@example.com' : 'b'))
    await world.continueWith('Facebook', '888')
    await world.continueWith('Facebook', '888')
    const byAddress = settings.AliasAttributes !== undefined || world.isByAddress
    expect(await personWith(world, byAddress ? ADA : 'ada')).toBe(await world.personOf(own))
    const { Users } = await desk.cognito.listUsers({ UserPoolId: world.userPoolId })
    const shown = Users?.map(({ Attributes }) => Attributes?.find(({ Name }) => Name === 'email')?.Value)
    expect(shown?.filter((address) => address === ADA)).toHaveLength(1)
  })
})

describe('what an unlink writes', () => {
  const former = { provider: 'Google', subject: '777' }
  const google = async (world: World, address: string) => {
    meet('777', address)
    return letIn(await world.continueWith('Google', '777'))
  }

  it.each(POOLS)(
    'T2: takes the removed provider’s address off a second user, too, in a pool with %s',
    async (_, settings) => {
      const world = await openWorld(desk, { inbound: true, settings: { ...settings, ...KEEPS } })
      const own = await world.register('ada', ADA)
      const second = await world.register('b', 'b@example.com')
      await link(world, second, await google(world, 'former@gmail.com'))
      await link(world, own, await world.signIn(world.isByAddress ? 'b@example.com' : 'b'))
      await google(world, 'former@gmail.com')
      await world.account.unlink({ accessToken: own.accessToken, ...former })
      const { Users } = await desk.cognito.listUsers({ UserPoolId: world.userPoolId })
      const natives = Users?.filter(({ UserStatus }) => UserStatus === 'CONFIRMED') ?? []
      for (const { Username } of natives) expect(await codeGoesTo(world, Username ?? '')).not.toBe('former@gmail.com')
    },
  )

  it('T11: is no address that is somebody else’s by now', async () => {
    const settings = { AliasAttributes: ['email' as const], ...KEEPS }
    const world = await openWorld(desk, { inbound: true, settings })
    const eve = await world.register('eve', ADA)
    await link(world, eve, await google(world, 'eve@gmail.com'))
    const AccessToken = eve.accessToken
    const UserAttributes = [{ Name: 'email', Value: 'eve@other.org' }]
    await desk.cognito.updateUserAttributes({ AccessToken, UserAttributes })
    const Code = desk.emulator.newestCode(world.userPoolId, 'eve') ?? ''
    await desk.cognito.verifyUserAttribute({ AccessToken, AttributeName: 'email', Code })
    const ada = await world.personOf(await world.register('ada', ADA))
    await google(world, 'eve@gmail.com')
    await world.account.unlink({ accessToken: AccessToken, ...former })
    await world.recover(ADA, NEXT)
    expect(await personWith(world, ADA, NEXT)).toBe(ada)
  })

  it.each(POOLS.filter(([, { AliasAttributes, UsernameAttributes }]) => AliasAttributes ?? UsernameAttributes))(
    'T11: is no address that another user of the person signs in by, in a pool with %s',
    async (_, settings) => {
      const world = await openWorld(desk, { inbound: true, settings: { ...settings, ...KEEPS } })
      const name = await world.signUp('b', 'b@example.com')
      await desk.cognito.adminConfirmSignUp({ UserPoolId: world.userPoolId, Username: name })
      const own = await world.signIn(name)
      await link(world, own, await world.register('ada', ADA))
      await link(world, own, await google(world, 'former@gmail.com'))
      await google(world, 'former@gmail.com')
      await world.account.unlink({ accessToken: own.accessToken, ...former })
      const found = await desk.cognito.adminGetUser({ UserPoolId: world.userPoolId, Username: ADA })
      expect(found.Username).not.toBe('b')
    },
  )
})

it('T183: an address that is shown and was never proven is proven by changeAddress', async () => {
  const world = await openWorld(desk, { inbound: true, settings: KEEPS })
  const user = { UserPoolId: world.userPoolId, Username: 'ada' }
  const UserAttributes = [{ Name: 'email', Value: ADA }]
  await desk.cognito.adminCreateUser({ ...user, MessageAction: 'SUPPRESS', UserAttributes })
  await desk.cognito.adminSetUserPassword({ ...user, Password: PASSWORD, Permanent: true })
  const own = await world.signIn('ada')
  await changesHere(desk, world, own.accessToken, 'ada', ADA)
  expect(await ownerByGoogle(desk, world, ADA)).toBe(await world.personOf(own))
})

describe('an invitation that was corrected', () => {
  const at = (Value: string) => [
    { Name: 'email', Value },
    { Name: 'email_verified', Value: 'true' },
  ]

  it.each([
    ['corrected', { invitations: 'generated' }],
    ['made anew', { invitations: 'generated' }],
    ['corrected', { invitations: 'generated', trustAdminVerified: true }],
    ['made anew', { invitations: 'generated', trustAdminVerified: true }],
  ] as const)('T182: gives the first address to nobody else (%s, %j)', async (how, policy) => {
    const world = await openWorld(desk, { inbound: true, settings: KEEPS, policy })
    const user = { UserPoolId: world.userPoolId, Username: 'eve' }
    const mailed = { DesiredDeliveryMediums: ['EMAIL' as const] }
    await desk.cognito.adminCreateUser({ ...user, ...mailed, UserAttributes: at(ADA) })
    if (how === 'made anew') {
      await desk.cognito.adminDeleteUser(user)
      await desk.cognito.adminCreateUser({ ...user, ...mailed, UserAttributes: at('eve@example.org') })
    } else {
      await desk.cognito.adminUpdateUserAttributes({ ...user, UserAttributes: at('eve@example.org') })
      await desk.cognito.adminCreateUser({ ...user, ...mailed, MessageAction: 'RESEND' })
    }
    const mail = desk.emulator.inbox(world.userPoolId, 'eve').at(-1)
    expect(mail?.destination).toBe('eve@example.org')
    const temporary = /password is (\S+?)\.?$/.exec(mail?.body ?? '')?.[1] ?? ''
    const client = { ClientId: world.clientId }
    const { Session } = await desk.cognito.initiateAuth({
      ...client,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'eve', PASSWORD: temporary },
    })
    await desk.cognito.respondToAuthChallenge({
      ...client,
      Session,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeResponses: { USERNAME: 'eve', NEW_PASSWORD: NEXT, 'userAttributes.email': ADA },
    })
    const eve = await personWith(world, 'eve', NEXT)
    expect(eve).toBeDefined()
    const ada = await ownerByGoogle(desk, world, ADA)
    expect(ada).not.toBe(eve)
  })

  it('T177: a password that went to a number is not the mailbox’s', async () => {
    const world = await openWorld(desk, {
      inbound: true,
      settings: KEEPS,
      policy: { invitations: 'generated' },
      quirks: { destinationStatus: 'unchanged' },
    })
    const UserAttributes = [...at(ADA), { Name: 'phone_number', Value: '+4915112345678' }]
    const TemporaryPassword = 'Sent-By-Text-7'
    const user = { UserPoolId: world.userPoolId, Username: 'eve' }
    await desk.cognito.adminCreateUser({ ...user, UserAttributes, TemporaryPassword, DesiredDeliveryMediums: ['SMS'] })
    const ada = await ownerByGoogle(desk, world, ADA)
    const { ClientId, personOf } = { ClientId: world.clientId, personOf: world.personOf }
    const begun = await desk.cognito
      .initiateAuth({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'eve', PASSWORD: TemporaryPassword },
      })
      .catch(() => undefined)
    const done =
      begun?.Session &&
      (await desk.cognito.respondToAuthChallenge({
        ClientId,
        Session: begun.Session,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        ChallengeResponses: { USERNAME: 'eve', NEW_PASSWORD: PASSWORD },
      }))
    const accessToken = done ? done.AuthenticationResult?.AccessToken : undefined
    const eve = accessToken === undefined ? undefined : await personOf({ accessToken }).catch(() => undefined)
    expect(eve).not.toBe(ada)
  })
})

describe('a new address that Cognito has taken and the store has not', () => {
  it('T183: is asked for once more, with another code, and owned then', async () => {
    let fails = false
    const world = await openWorld(desk, {
      inbound: true,
      settings: KEEPS,
      through: {
        cognito: (api) => api,
        registry: (registry) => ({
          ...registry,
          commit: async (change) => {
            if (fails) throw new Error('a host and its secret')
            return registry.commit(change)
          },
        }),
      },
    })
    const own = await world.register('ada', ADA)
    const ada = await world.personOf(own)
    const NEW = 'new@example.com'
    const { accessToken } = own
    const ask = async () => {
      const { proof } = await world.account.changeAddress({ accessToken, address: NEW })
      return { accessToken, proof, code: desk.emulator.newestCode(world.userPoolId, 'ada') ?? '' }
    }
    const first = await ask()
    fails = true
    await expect(world.account.confirmAddress(first)).rejects.toMatchObject({
      code: 'TRY_AGAIN',
      message: expect.not.stringContaining('secret'),
    })
    fails = false
    await world.account.confirmAddress(await ask())
    expect(await ownerByGoogle(desk, world, NEW)).toBe(ada)
  })
})
