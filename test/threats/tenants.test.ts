import { normaliseEmail } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesHere, codeOf, link, ownerByGoogle, personBy, personWith } from '../world/people.ts'
import { KEEPS } from '../world/pools.ts'
import { openIdConnect, TRUST } from '../world/providers.ts'
import { type Desk, letIn, openDesk, openWorld, PASSWORD, type World, type WorldOptions } from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  desk.emulator.setPersona({ id: 'ada', sub: '1190', email: ADA, email_verified: true })
})
afterAll(() => desk.close())

const ADA = 'ada@example.com'
const TENANT = 'custom:tenant'
const own = { kind: 'oidc', domains: ['example.com'], subjectAttribute: 'custom:subject' } as const
const providers = {
  ...Object.fromEntries(Object.entries(TRUST).map(([name, trust]) => [name, { ...trust, within: null }])),
  AcmeLogin: { ...own, within: 'acme' },
  GlobexLogin: { ...own, within: 'globex' },
}

/** Two tenants in one pool, each with a provider of its own. */
function open(options: WorldOptions = {}): Promise<World> {
  return openWorld(desk, {
    inbound: true,
    ...options,
    settings: { ...KEEPS, ...options.settings },
    providers: {
      AcmeLogin: openIdConnect(),
      // Its administrator maps what they like: it is not believed.
      GlobexLogin: openIdConnect({
        email: 'email',
        email_verified: 'email_verified',
        'custom:subject': 'sub',
        [TENANT]: 'tenant',
      }),
    },
    policy: { uniqueWithin: TENANT, providers, ...options.policy },
  })
}

async function register(world: World, name: string, tenant: string | undefined, email = ADA): Promise<string | null> {
  await world.signUp(name, email, tenant === undefined ? {} : { [TENANT]: tenant })
  await world.confirm(name)
  return world.personOf(await world.signIn(name))
}

const personIn = (world: World, provider: string) => personBy(world, provider, 'ada')

describe('T178: the same address in several tenants', () => {
  it.each([true, false])(
    'T178: is a person in each, and in none of them two (InboundFederation %s)',
    async (inbound) => {
      const world = await open({ inbound })
      const acme = await register(world, 'a', 'acme')
      const globex = await register(world, 'g', 'globex')
      const none = await register(world, 'n', undefined)
      expect(new Set([acme, globex, none]).size).toBe(3)
      for (const tenant of ['acme', 'globex'])
        await expect(world.signUp('second', 'ADA@example.com', { [TENANT]: tenant })).rejects.toThrow(
          'IDENTIFIER_TAKEN',
        )
      await expect(world.signUp('second', ADA)).rejects.toThrow('IDENTIFIER_TAKEN')
    },
  )

  it.each([true, false])(
    'T178: a provider joins the person of its own tenant (InboundFederation %s)',
    async (inbound) => {
      const world = await open({ inbound })
      const acme = await register(world, 'a', 'acme')
      const globex = await register(world, 'g', 'globex')
      expect(await personIn(world, 'AcmeLogin')).toBe(acme)
      expect(await personIn(world, 'GlobexLogin')).toBe(globex)
      expect(await personIn(world, 'AcmeLogin')).toBe(acme)
    },
  )

  it.each(['native-user', 'profile-only'] as const)(
    'T178: comes by a provider first, and by a password later (%s)',
    async (federatedSignUp) => {
      // Onto a user with an immutable attribute Cognito may refuse a link: then the provider's profile stays beside it.
      const world = await open({ policy: { federatedSignUp }, quirks: { linkOntoImmutable: 'mapped' } })
      const acme = await personIn(world, 'AcmeLogin')
      expect(acme).toBeDefined()
      await expect(world.signUp('a', ADA, { [TENANT]: 'acme' })).rejects.toThrow('IDENTIFIER_TAKEN')
      expect(await register(world, 'g', 'globex')).not.toBe(acme)
      expect(await personIn(world, 'AcmeLogin')).toBe(acme)
      if (federatedSignUp === 'profile-only') return
      // The user that was made is of that tenant, so that a reset leads to the same person.
      const made = await desk.cognito.adminGetUser({ UserPoolId: world.userPoolId, Username: acme ?? '' })
      expect(made.UserAttributes).toContainEqual({ Name: TENANT, Value: 'acme' })
      await world.recover(acme ?? '', PASSWORD)
      expect(await personWith(world, acme ?? '')).toBe(acme)
    },
  )

  it.each([true, false])(
    'T178: a provider whose administrator maps another tenant reaches nobody there (InboundFederation %s)',
    async (inbound) => {
      const world = await open({ inbound })
      const acme = await register(world, 'a', 'acme')
      desk.emulator.setPersona({ id: 'globex-admin', sub: '66', email: ADA, email_verified: true, tenant: 'acme' })
      const arrival = await world.continueWith('GlobexLogin', 'globex-admin')
      const other = 'refused' in arrival ? undefined : await world.personOf(arrival.tokens)
      expect(other).not.toBe(acme)
    },
  )

  it('T178: a provider of no tenant joins nobody of a tenant', async () => {
    const world = await open()
    const acme = await register(world, 'a', 'acme')
    expect(await ownerByGoogle(desk, world, ADA)).not.toBe(acme)
  })

  it('T178: nobody moves to another tenant by their own token', async () => {
    const world = await open()
    const globex = await register(world, 'g', 'globex')
    const { accessToken } = await world.signIn('g')
    const UserAttributes = [{ Name: TENANT, Value: 'acme' }]
    await expect(desk.cognito.updateUserAttributes({ AccessToken: accessToken, UserAttributes })).rejects.toThrow()
    expect(await personWith(world, 'g')).toBe(globex)
    expect(await personIn(world, 'AcmeLogin')).not.toBe(globex)
  })

  it('T178: a change of address counts within the tenant, and frees the former one there alone', async () => {
    const world = await open()
    const acme = await register(world, 'a', 'acme')
    const globex = await register(world, 'g', 'globex')
    const { accessToken } = await world.signIn('a')
    const { proof } = await world.account.changeAddress({ accessToken, address: 'new@example.com' })
    await world.account.confirmAddress({ accessToken, proof, code: codeOf(desk, world, 'a', 'new@example.com') })
    await expect(world.signUp('b', 'new@example.com', { [TENANT]: 'acme' })).rejects.toThrow('IDENTIFIER_TAKEN')
    await expect(world.signUp('c', ADA, { [TENANT]: 'globex' })).rejects.toThrow('IDENTIFIER_TAKEN')
    await world.signUp('d', 'new@example.com', { [TENANT]: 'globex' })
    expect(await register(world, 'e', 'acme')).not.toBe(acme)
    expect(await personWith(world, 'g')).toBe(globex)
  })

  it('T178: a link by hand takes along what is owned in the other tenant', async () => {
    const world = await open()
    const acme = await register(world, 'a', 'acme')
    const arrival = letIn(await world.continueWith('GlobexLogin', 'ada'))
    await link(world, await world.signIn('a'), arrival)
    expect(await personIn(world, 'GlobexLogin')).toBe(acme)
    const email = normaliseEmail(ADA)
    const wanted = email.ok ? ['acme', 'globex'].map((within) => ({ ...email.identifier, within })) : []
    const { identifiers } = await world.registry.facts({ identity: undefined, identifiers: wanted })
    expect(identifiers.map(({ ownership }) => ownership?.person)).toEqual([acme, acme])
    await expect(world.signUp('g', ADA, { [TENANT]: 'globex' })).rejects.toThrow('IDENTIFIER_TAKEN')
    await expect(world.signUp('b', ADA, { [TENANT]: 'acme' })).rejects.toThrow('IDENTIFIER_TAKEN')
  })

  it('T178: a password in doubt links nothing, in a tenant too', async () => {
    const world = await open({ policy: { passwordBeforeProof: 'always' } })
    await register(world, 'a', 'acme')
    const arrival = letIn(await world.continueWith('GlobexLogin', 'ada'))
    await expect(link(world, await world.signIn('a'), arrival)).rejects.toThrow('LINK_NEEDS_RECOVERY')
  })

  it('T178: who is deleted in one tenant leaves the address free there alone', async () => {
    const world = await open()
    const acme = await register(world, 'a', 'acme')
    const globex = await register(world, 'g', 'globex')
    await desk.cognito.adminDeleteUser({ UserPoolId: world.userPoolId, Username: 'a' })
    const back = await register(world, 'a2', 'acme')
    expect(new Set([acme, globex, back]).size).toBe(3)
    await expect(world.signUp('g2', ADA, { [TENANT]: 'globex' })).rejects.toThrow('IDENTIFIER_TAKEN')
  })

  it('T178: an administrator invites into each tenant', async () => {
    const world = await open({ policy: { trustAdminVerified: true } })
    const invite = (Username: string, tenant: string) =>
      desk.cognito.adminCreateUser({
        UserPoolId: world.userPoolId,
        Username,
        MessageAction: 'SUPPRESS',
        UserAttributes: Object.entries({ email: ADA, email_verified: 'true', [TENANT]: tenant }).map(
          ([Name, Value]) => ({
            Name,
            Value,
          }),
        ),
      })
    await invite('a', 'acme')
    await invite('g', 'globex')
    await expect(invite('a2', 'acme')).rejects.toThrow('IDENTIFIER_TAKEN')
    const acme = await personIn(world, 'AcmeLogin')
    expect(acme).toBeDefined()
    expect(await personIn(world, 'GlobexLogin')).not.toBe(acme)
  })
})

describe('a user whom an administrator moves to another tenant', () => {
  const moved = 'custom:subject'
  const PLAIN = openIdConnect({ email: 'email', email_verified: 'email_verified' })
  const oidc = { kind: 'oidc', domains: ['example.com'] } as const

  async function openMoving(policy: WorldOptions['policy'] = {}, through?: WorldOptions['through']) {
    const world = await openWorld(desk, {
      ...(through && { through }),
      inbound: true,
      settings: KEEPS,
      providers: { AcmeLogin: PLAIN, GlobexLogin: PLAIN },
      policy: {
        uniqueWithin: moved,
        flagsOnlyByCode: true,
        providers: { AcmeLogin: { ...oidc, within: 'acme' }, GlobexLogin: { ...oidc, within: 'globex' } },
        ...policy,
      },
    })
    const signedUp = async (name: string, tenant: string, email = ADA) => {
      await world.signUp(name, email, { [moved]: tenant })
      await world.confirm(name)
      return world.personOf(await world.signIn(name))
    }
    const move = (Username: string, Value: string) =>
      desk.cognito.adminUpdateUserAttributes({
        UserPoolId: world.userPoolId,
        Username,
        UserAttributes: [{ Name: moved, Value }],
      })
    return { world, signedUp, move }
  }

  it('T178: takes no address from its owner there', async () => {
    const { world, signedUp, move } = await openMoving()
    await signedUp('e', 'acme')
    const ada = await signedUp('g', 'globex')
    await move('e', 'globex')
    await world.signIn('e')
    expect(await personIn(world, 'GlobexLogin')).toBe(ada)
    await world.signIn('e')
    expect(await personIn(world, 'GlobexLogin')).toBe(ada)
  })

  it('T178: changes addresses in the new tenant from then on', async () => {
    const { world, signedUp, move } = await openMoving()
    const ada = await signedUp('a', 'acme')
    await move('a', 'globex')
    const { accessToken } = await world.signIn('a')
    await changesHere(desk, world, accessToken, 'a', 'new@example.com')
    await expect(signedUp('second', 'globex', 'new@example.com')).rejects.toThrow('IDENTIFIER_TAKEN')
    expect(await signedUp('other', 'acme', 'new@example.com')).not.toBe(ada)
  })

  it('T178: is moved at the sign-in after a store that failed', async () => {
    let isDown = false
    const { world, signedUp, move } = await openMoving(
      {},
      {
        registry: (registry) => ({
          ...registry,
          commit: (change) => (isDown ? Promise.reject(new Error('down')) : registry.commit(change)),
        }),
        cognito: (api) => api,
      },
    )
    const ada = await signedUp('a', 'acme')
    isDown = true
    await move('a', 'globex')
    expect(await personWith(world, 'a')).toBe(ada)
    isDown = false
    const { accessToken } = await world.signIn('a')
    await changesHere(desk, world, accessToken, 'a', 'new@example.com')
    await expect(signedUp('b', 'globex', 'new@example.com')).rejects.toThrow('IDENTIFIER_TAKEN')
  })

  it.each(['acme', 'globex'])(
    'T178: before coming is linked to a provider of its tenant of now alone (%s)',
    async (by) => {
      const { world, move } = await openMoving({ invitations: 'generated' })
      await desk.cognito.adminCreateUser({
        UserPoolId: world.userPoolId,
        Username: 'invited',
        DesiredDeliveryMediums: ['EMAIL'],
        UserAttributes: Object.entries({ email: ADA, email_verified: 'true', [moved]: 'acme' }).map(
          ([Name, Value]) => ({
            Name,
            Value,
          }),
        ),
      })
      if (by === 'globex') await move('invited', 'globex')
      await personIn(world, 'AcmeLogin')
      const { UserAttributes } = await desk.cognito.adminGetUser({ UserPoolId: world.userPoolId, Username: 'invited' })
      const isLinked = UserAttributes?.some(({ Name, Value }) => Name === 'identities' && Value?.includes('AcmeLogin'))
      expect(isLinked ?? false).toBe(by === 'acme')
    },
  )

  it('T178: who has waited and begins separately is of a tenant at the next sign-in', async () => {
    const { world, signedUp } = await openMoving({ existingAccount: 'ask' })
    const acme = await signedUp('a', 'acme')
    const waiting = letIn(await world.continueWith('AcmeLogin', 'ada'))
    const { person } = await world.account.startSeparatePerson(waiting.idToken)
    expect(person).not.toBe(acme)
    await personIn(world, 'AcmeLogin')
    const found = await world.registry.person(person)
    expect(found?.identities.filter(({ provider }) => provider === 'AcmeLogin').map(({ within }) => within)).toEqual([
      'acme',
    ])
  })
})

describe('T178: at start', () => {
  it.each([
    [{ uniqueWithin: 'tenant' }, '"uniqueWithin" must be an attribute of its own'],
    [{ uniqueWithin: 'email' }, '"uniqueWithin" must be an attribute of its own'],
    [{ uniqueWithin: TENANT, providers: TRUST }, 'within'],
    [{ uniqueWithin: TENANT, providers: { Google: { kind: 'google', within: '' } } }, 'within'],
    [{ providers: { Google: { kind: 'google', within: 'acme' } } }, '"within" needs "uniqueWithin"'],
  ] as const)('T178: refuses %j', async (policy, says) => {
    await expect(openWorld(desk, { policy })).rejects.toThrow(says)
  })
})
