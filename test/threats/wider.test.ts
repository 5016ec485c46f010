import type { ProviderTrust } from 'onesub'
import { createAccountService } from 'onesub/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesHere, openMovable, personBy, personWith } from '../world/people.ts'
import { POOLS } from '../world/pools.ts'
import { openIdConnect, TRUST } from '../world/providers.ts'
import {
  type Desk,
  letIn,
  openDesk,
  PASSWORD,
  type PoolSettings,
  type World,
  type WorldOptions,
} from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const ADA = 'ada@example.com'
const NEW = 'ada.king@example.com'
const POLICIES = ['refuse', 'link', 'ask', 'enumeration-safe'] as const
const BY_ADDRESS: PoolSettings = { UsernameAttributes: ['email'] }

const meet = (persona: { id: string; sub: string; [claim: string]: unknown }) => desk.emulator.setPersona(persona)
const meetAtGoogle = (email: string, sub = '1180') =>
  meet({ id: 'google', sub, email, email_verified: true, hd: 'example.com' })

const open = (options?: WorldOptions) => openMovable(desk, options)

describe.each(POOLS)('in a pool with %s', (_, settings) => {
  const nameOf = (world: World) => (world.isByAddress ? ADA : 'ada')

  describe.each(POLICIES)('under the policy %s', (existingAccount) => {
    it('T151: a stranger’s sign-up with the new address is nobody’s gain, and an event tells that the address has changed', async () => {
      const { world } = await open({ settings, policy: { existingAccount } })
      const tokens = await world.register('ada', ADA)
      const ada = await world.personOf(tokens)
      await changesHere(desk, world, tokens.accessToken, nameOf(world), NEW)
      await world.signUp('eve', NEW).catch(() => undefined)
      expect(await personWith(world, 'eve')).not.toBe(ada)
      expect(await personWith(world, world.isByAddress ? NEW : 'ada')).toBe(ada)
      const told = (await world.events()).filter(({ person }) => person === ada).map(({ type }) => type)
      expect(told.slice(told.indexOf('identifier.proven') + 1).toSorted()).toEqual(
        expect.arrayContaining(['identifier.proven', 'identifier.released']),
      )
    })

    it.each([false, true])(
      'T152: a provider that policy does not list, and whose name begins with a listed one, joins nobody (InboundFederation: %s)',
      async (inbound) => {
        meet({ id: 'eve', sub: 'eve1', email: ADA, email_verified: true })
        const providers = { Okta_Partners: openIdConnect() }
        const Okta: ProviderTrust = { kind: 'oidc', domains: ['example.com'] }
        const { world } = await open({
          settings,
          inbound,
          quirks: { providerNames: 'any' },
          providers,
          policy: { existingAccount, providers: { ...TRUST, Okta } },
        })
        const ada = await world.personOf(await world.register('ada', ADA))
        for (const _visit of [1, 2]) expect(await personBy(world, 'Okta_Partners', 'eve')).not.toBe(ada)
        const taken = { pool: world.userPoolId, provider: 'Okta', subject: 'Partners_eve1' }
        expect(await world.registry.resolve(taken)).toBeUndefined()
      },
    )
  })

  it('T158: after a recovery older sessions change nothing and are not refreshed', async () => {
    meetAtGoogle('eve@gmail.com', '66')
    const { world } = await open({ settings })
    const before = await world.register('ada', ADA)
    const ada = await world.personOf(before)
    const { idToken } = letIn(await world.continueWith('Google', 'google'))
    await new Promise((done) => setTimeout(done, 1_100))
    await world.recover(nameOf(world), 'Another-Horse-8')
    const { accessToken } = before
    const refused = { name: 'OnesubError' }
    await expect(world.account.offerLink({ accessToken, additionIdToken: idToken })).rejects.toMatchObject(refused)
    await expect(world.account.changeAddress({ accessToken, address: NEW })).rejects.toMatchObject(refused)
    await expect(world.refresh(before.refreshToken)).rejects.toThrow()
    expect(await personWith(world, nameOf(world), 'Another-Horse-8')).toBe(ada)
  })

  it('T175: an address that is proven by our call counts from then on', () => expectChangeCounts(settings))

  async function expectChangeCounts(of: PoolSettings) {
    const { world } = await open({ settings: of })
    const tokens = await world.register('ada', ADA)
    const ada = await world.personOf(tokens)
    await changesHere(desk, world, tokens.accessToken, nameOf(world), NEW)
    meetAtGoogle(NEW)
    expect(await personBy(world, 'Google', 'google')).toBe(ada)
  }

  // Where addresses are names, Cognito itself refuses the second sign-up.
  const besides = settings.UsernameAttributes ? [] : (['refuse', 'ask'] as const)
  it.each(besides)(
    'T157: beside the attacker’s sign-up the owner is let in, and the first proof wins, also under %s',
    async (existingAccount) => {
      const { world, clock } = await open({ settings, policy: { existingAccount } })
      await world.signUp('eve', ADA)
      clock.later += 10_000
      const ada = await world.personOf(await world.register('ada', ADA))
      await world.confirm('eve').catch(() => undefined)
      expect(await personWith(world, 'eve')).toBeUndefined()
      expect(await personWith(world, 'ada')).toBe(ada)
    },
  )
})

describe('T153: two documents, with InboundFederation', () => {
  it.each([
    [
      'the flag is in the ID token, the address in userInfo',
      { email: ADA, idToken: { email: undefined, email_verified: true } },
    ],
    [
      'the ID token is verified for another address',
      { email: ADA, idToken: { email: 'eve@example.com', email_verified: true } },
    ],
    [
      'userInfo is verified for another address',
      { email: 'eve@example.com', email_verified: true, idToken: { email: ADA, email_verified: false } },
    ],
    [
      'userInfo names her, with a flag',
      { email: 'eve@example.com', email_verified: true, userInfo: { email: ADA, email_verified: true } },
    ],
  ])('an address of one document and a flag of another prove nothing: %s', async (_, claims) => {
    meet({ id: 'eve', sub: '00ueve', subject: '00ueve', ...claims })
    for (const isFirst of [false, true]) {
      const { world } = await open({ inbound: true })
      const early = isFirst ? await personBy(world, 'Okta', 'eve') : undefined
      const ada = await world.personOf(await world.register('ada', ADA))
      expect(ada).not.toBe(early)
      expect(await personBy(world, 'Okta', 'eve')).not.toBe(ada)
      expect(await personWith(world, 'ada')).toBe(ada)
    }
  })
})

describe('T154: a profile from before us', () => {
  const Okta = { id: 'eve', sub: '00ueve', subject: '00ueve', email: 'eve@example.com', email_verified: true }
  it.each(
    ['Okta', 'Corp', 'Google', 'SignInWithApple'].flatMap((provider) =>
      [false, true].map((inbound) => [provider, inbound] as const),
    ),
  )('of %s is nobody’s else by what is stored in it (InboundFederation: %s)', async (provider, inbound) => {
    meet(Okta)
    const { world } = await open({ inbound, isLate: true, policy: { existingUsers: 'verified-by-code' } })
    const before = letIn(await world.continueWith(provider, 'eve'))
    await world.register('ada', ADA)
    world.attach()
    const ada = await personWith(world, 'ada')
    const profile = world.users().find(({ UserStatus }) => UserStatus === 'EXTERNAL_PROVIDER')
    const UserAttributes = Object.entries({ email: ADA, 'custom:hd': 'example.com' }).map(([Name, Value]) => ({
      Name,
      Value,
    }))
    await desk.cognito.updateUserAttributes({ AccessToken: before.accessToken, UserAttributes })
    await desk.cognito.adminUpdateUserAttributes({
      UserPoolId: world.userPoolId,
      Username: String(profile?.Username),
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    })
    expect(await world.personOf(await world.refresh(before.refreshToken)).catch(() => undefined)).not.toBe(ada)
    expect(await personBy(world, provider, 'eve')).not.toBe(ada)
    expect(await personWith(world, 'ada')).toBe(ada)
  })
})

it.each(['Google', 'Okta', 'Corp', 'SignInWithApple'])(
  'T174: a link of %s that Cognito refuses for good is no lock-out, twice, InboundFederation or not',
  async (provider) => {
    const email = provider === 'SignInWithApple' ? 'ada@icloud.com' : ADA
    meet({ id: 'ada', sub: '1180', subject: '1180', email, email_verified: true, hd: 'example.com' })
    for (const inbound of [false, true]) {
      const { world } = await open({ inbound, quirks: { linkRefusal: 'InvalidParameterException' } })
      const ada = await world.personOf(await world.register('ada', email))
      for (const _visit of [1, 2]) expect(await personBy(world, provider, 'ada')).toBe(ada)
    }
  },
)

it('T159: a refresh makes an old sign-in no fresher on the account page', async () => {
  const { world } = await open()
  const first = await world.register('ada', ADA)
  const other = await world.register('other', 'other@example.com')
  const account = createAccountService({ ...world.accountOptions, clock: () => Date.now() + 6 * 60_000 })
  const { accessToken } = await world.refresh(first.refreshToken)
  const stale = { code: 'LINK_PROOF_INVALID' }
  const fresh = createAccountService(world.accountOptions)
  expect(await fresh.offerLink({ accessToken, additionIdToken: other.idToken })).toMatchObject({
    proof: expect.any(String),
  })
  await expect(account.offerLink({ accessToken, additionIdToken: other.idToken })).rejects.toMatchObject(stale)
  await expect(account.changeAddress({ accessToken, address: NEW })).rejects.toMatchObject(stale)
})

it('T162: one lost answer locks nobody out where Cognito makes the names', async () => {
  let loses = true
  const { world } = await open({
    settings: BY_ADDRESS,
    through: {
      cognito: (api) => api,
      registry: (registry) => ({
        ...registry,
        async commit(change) {
          const result = await registry.commit(change)
          if (!loses) return result
          loses = false
          throw new Error('the answer was lost')
        },
      }),
    },
  })
  const ada = await world.personOf(await world.register('ada', ADA))
  expect(loses).toBe(false)
  meetAtGoogle(ADA)
  expect(await personBy(world, 'Google', 'google')).toBe(ada)
})

it.each(POLICIES)(
  'T166: who deletes the account comes back where addresses are names (%s)',
  async (existingAccount) => {
    meetAtGoogle(ADA)
    const { world } = await open({ settings: BY_ADDRESS, policy: { existingAccount } })
    const before = await world.register('ada', ADA)
    const former = await world.personOf(before)
    await desk.cognito.deleteUser({ AccessToken: before.accessToken })
    const back = await world.register('ada', ADA)
    const again = await world.personOf(back)
    expect(again).not.toBe(former)
    await desk.cognito.deleteUser({ AccessToken: back.accessToken })
    const google = await personBy(world, 'Google', 'google')
    expect(google).toBeDefined()
    expect([former, again]).not.toContain(google)
  },
)

it('T167: users whose flags nobody vouches for end the same in every order', async () => {
  for (const inbound of [false, true]) {
    const ends = []
    for (const order of [
      ['ada', 'google'],
      ['google', 'ada'],
    ]) {
      meetAtGoogle(ADA)
      const { world } = await open({ inbound, isLate: true })
      await world.register('ada', ADA)
      letIn(await world.continueWith('Google', 'google'))
      world.attach()
      const persons = new Map<string, string | undefined>()
      for (const who of order)
        persons.set(who, await (who === 'ada' ? personWith(world, 'ada') : personBy(world, 'Google', 'google')))
      expect([...persons.values()]).not.toContain(undefined)
      ends.push(new Set(persons.values()).size)
    }
    expect(new Set(ends).size).toBe(1)
  }
})

it.each(['link', 'enumeration-safe'] as const)(
  'T177: the mailed password still opens the invited user’s account, where Cognito leaves its status (%s)',
  async (existingAccount) => {
    meetAtGoogle(ADA)
    const { world } = await open({
      quirks: { destinationStatus: 'unchanged' },
      policy: { existingAccount, invitations: 'generated' },
    })
    await desk.cognito.adminCreateUser({
      UserPoolId: world.userPoolId,
      Username: 'ada',
      TemporaryPassword: 'Mailed-Horse-7',
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: [{ Name: 'email', Value: ADA }],
    })
    const ada = await personBy(world, 'Google', 'google')
    expect(ada).toBeDefined()
    const challenge = await desk.cognito.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: world.clientId,
      AuthParameters: { USERNAME: 'ada', PASSWORD: 'Mailed-Horse-7' },
    })
    expect(challenge.ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
    await desk.cognito.respondToAuthChallenge({
      ClientId: world.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: challenge.Session,
      ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD: PASSWORD },
    })
    expect(await personWith(world, 'ada')).toBe(ada)
  },
)

it.each(POLICIES)('T30: one number on two users joins them not, under the policy %s', async (existingAccount) => {
  for (const unique of [['email'], ['email', 'phone']] as const) {
    const { world } = await open({ policy: { existingAccount, unique } })
    const enter = async (name: string) => {
      await desk.cognito
        .adminCreateUser({
          UserPoolId: world.userPoolId,
          Username: name,
          MessageAction: 'SUPPRESS',
          UserAttributes: [
            { Name: 'email', Value: `${name}@example.com` },
            { Name: 'phone_number', Value: '+12025550123' },
            { Name: 'phone_number_verified', Value: 'true' },
          ],
        })
        .catch((error: Error) => expect(error.message).toContain('onesub/'))
      if (!world.users().some(({ Username }) => Username === name)) return undefined
      await desk.cognito.adminSetUserPassword({
        UserPoolId: world.userPoolId,
        Username: name,
        Password: PASSWORD,
        Permanent: true,
      })
      return personWith(world, name)
    }
    const former = await enter('former')
    expect(former).toBeDefined()
    expect(await enter('next')).not.toBe(former)
    expect(await personWith(world, 'former')).toBe(former)
  }
})

it('T171: a hosted domain that the pool does not map is reported at the first sign-in that lacks it', async () => {
  meetAtGoogle(ADA)
  const Google = {
    type: 'Google' as const,
    details: { client_id: 'app', client_secret: 'hidden', authorize_scopes: 'openid email' },
    mapping: { email: 'email', email_verified: 'email_verified' },
  }
  const { world } = await open({ providers: { Google } })
  letIn(await world.continueWith('Google', 'google'))
  meet({ id: 'second', sub: '5512', email: 'bob@example.com', email_verified: true })
  letIn(await world.continueWith('Google', 'second'))
  expect(world.reports.filter(({ detail }) => detail?.includes('custom:hd'))).toHaveLength(1)
})

it('T175: a number that is added and verified later belongs to its person, where numbers are unique', async () => {
  const { world } = await open({
    settings: { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['phone_number'] } },
    policy: { unique: ['email', 'phone'], flagsOnlyByCode: true },
  })
  await world.register('ada', ADA)
  await desk.cognito.adminUpdateUserAttributes({
    UserPoolId: world.userPoolId,
    Username: 'ada',
    UserAttributes: [
      { Name: 'phone_number', Value: '+12025550123' },
      { Name: 'phone_number_verified', Value: 'true' },
    ],
  })
  await world.signIn('ada')
  const keys = (await world.events()).flatMap((event) =>
    event.type === 'identifier.proven' ? [event.detail.identifier] : [],
  )
  expect(keys).toContain('phone')
})
