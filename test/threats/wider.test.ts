import type { ProviderTrust } from 'onesub'
import { createAccountService } from 'onesub/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesHere, openMovable, personBy, personWith } from '../environment/people.ts'
import { POOLS } from '../environment/pools.ts'
import { openIdConnect, TRUST } from '../environment/providers.ts'
import {
  openTestEnvironment,
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

const ADA = 'ada@example.com'
const NEW = 'ada.king@example.com'
const POLICIES = ['refuse', 'link', 'ask', 'enumeration-safe'] as const
const BY_ADDRESS: PoolSettings = { UsernameAttributes: ['email'] }

const meet = (persona: { id: string; sub: string; [claim: string]: unknown }) =>
  environment.emulator.setPersona(persona)
const meetAtGoogle = (email: string, sub = '1180') =>
  meet({ id: 'google', sub, email, email_verified: true, hd: 'example.com' })

const open = (options?: TestPoolOptions) => openMovable(environment, options)

describe.each(POOLS)('in a pool with %s', (_, settings) => {
  const nameOf = (pool: TestPool) => (pool.isByAddress ? ADA : 'ada')

  describe.each(POLICIES)('under the policy %s', (existingAccount) => {
    it('T151: a squatter’s sign-up with the new address gets nothing, and an event says that the address has changed', async () => {
      const { pool } = await open({ settings, policy: { existingAccount } })
      const tokens = await pool.register('ada', ADA)
      const ada = await pool.personOf(tokens)
      await changesHere(environment, pool, tokens.accessToken, nameOf(pool), NEW)
      await pool.signUp('eve', NEW).catch(() => undefined)
      expect(await personWith(pool, 'eve')).not.toBe(ada)
      expect(await personWith(pool, pool.isByAddress ? NEW : 'ada')).toBe(ada)
      const told = (await pool.events()).filter(({ person }) => person === ada).map(({ type }) => type)
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
        const { pool } = await open({
          settings,
          inbound,
          quirks: { providerNames: 'any' },
          providers,
          policy: { existingAccount, providers: { ...TRUST, Okta } },
        })
        const ada = await pool.personOf(await pool.register('ada', ADA))
        for (const _visit of [1, 2]) expect(await personBy(pool, 'Okta_Partners', 'eve')).not.toBe(ada)
        const taken = { pool: pool.userPoolId, provider: 'Okta', subject: 'Partners_eve1' }
        expect(await pool.registry.resolve(taken)).toBeUndefined()
      },
    )
  })

  it('T158: after a recovery older sessions change nothing and are not refreshed', async () => {
    meetAtGoogle('eve@gmail.com', '66')
    const { pool } = await open({ settings })
    const before = await pool.register('ada', ADA)
    const ada = await pool.personOf(before)
    const { idToken } = tokensOf(await pool.continueWith('Google', 'google'))
    environment.goOn()
    await pool.recover(nameOf(pool), 'Another-Horse-8')
    const { accessToken } = before
    const refused = { name: 'OnesubError' }
    await expect(pool.account.offerLink({ accessToken, additionIdToken: idToken })).rejects.toMatchObject(refused)
    await expect(pool.account.changeAddress({ accessToken, address: NEW })).rejects.toMatchObject(refused)
    await expect(pool.refresh(before.refreshToken)).rejects.toThrow()
    expect(await personWith(pool, nameOf(pool), 'Another-Horse-8')).toBe(ada)
  })

  it('T175: an address that is proven by our call counts from then on', () => expectChangeCounts(settings))

  async function expectChangeCounts(of: PoolSettings) {
    const { pool } = await open({ settings: of })
    const tokens = await pool.register('ada', ADA)
    const ada = await pool.personOf(tokens)
    await changesHere(environment, pool, tokens.accessToken, nameOf(pool), NEW)
    meetAtGoogle(NEW)
    expect(await personBy(pool, 'Google', 'google')).toBe(ada)
  }

  // Where addresses are names, Cognito itself refuses the second sign-up.
  const besides = settings.UsernameAttributes ? [] : (['refuse', 'ask'] as const)
  it.each(besides)(
    'T157: beside the attacker’s sign-up the owner is let in, and the first proof wins, also under %s',
    async (existingAccount) => {
      const { pool, clock } = await open({ settings, policy: { existingAccount } })
      await pool.signUp('eve', ADA)
      clock.later += 10_000
      const ada = await pool.personOf(await pool.register('ada', ADA))
      await pool.confirm('eve').catch(() => undefined)
      expect(await personWith(pool, 'eve')).toBeUndefined()
      expect(await personWith(pool, 'ada')).toBe(ada)
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
      'userInfo has the victim’s address, with a flag',
      { email: 'eve@example.com', email_verified: true, userInfo: { email: ADA, email_verified: true } },
    ],
  ])('an address of one document and a flag of another prove nothing: %s', async (_, claims) => {
    meet({ id: 'eve', sub: '00ueve', subject: '00ueve', ...claims })
    for (const isFirst of [false, true]) {
      const { pool } = await open({ inbound: true })
      const early = isFirst ? await personBy(pool, 'Okta', 'eve') : undefined
      const ada = await pool.personOf(await pool.register('ada', ADA))
      expect(ada).not.toBe(early)
      expect(await personBy(pool, 'Okta', 'eve')).not.toBe(ada)
      expect(await personWith(pool, 'ada')).toBe(ada)
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
    const { pool } = await open({ inbound, isLate: true, policy: { existingUsers: 'verified-by-code' } })
    const before = tokensOf(await pool.continueWith(provider, 'eve'))
    await pool.register('ada', ADA)
    pool.attach()
    const ada = await personWith(pool, 'ada')
    const profile = pool.users().find(({ UserStatus }) => UserStatus === 'EXTERNAL_PROVIDER')
    const UserAttributes = Object.entries({ email: ADA, 'custom:hd': 'example.com' }).map(([Name, Value]) => ({
      Name,
      Value,
    }))
    await environment.cognito.updateUserAttributes({ AccessToken: before.accessToken, UserAttributes })
    await environment.cognito.adminUpdateUserAttributes({
      UserPoolId: pool.userPoolId,
      Username: String(profile?.Username),
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    })
    expect(await pool.personOf(await pool.refresh(before.refreshToken)).catch(() => undefined)).not.toBe(ada)
    expect(await personBy(pool, provider, 'eve')).not.toBe(ada)
    expect(await personWith(pool, 'ada')).toBe(ada)
  })
})

it.each(['Google', 'Okta', 'Corp', 'SignInWithApple'])(
  'T174: a link of %s that Cognito refuses for good is no lock-out, twice, InboundFederation or not',
  async (provider) => {
    const email = provider === 'SignInWithApple' ? 'ada@icloud.com' : ADA
    meet({ id: 'ada', sub: '1180', subject: '1180', email, email_verified: true, hd: 'example.com' })
    for (const inbound of [false, true]) {
      const { pool } = await open({ inbound, quirks: { linkRefusal: 'InvalidParameterException' } })
      const ada = await pool.personOf(await pool.register('ada', email))
      for (const _visit of [1, 2]) expect(await personBy(pool, provider, 'ada')).toBe(ada)
    }
  },
)

it('T159: a refresh makes an old sign-in no fresher on the account page', async () => {
  const { pool } = await open()
  const first = await pool.register('ada', ADA)
  const other = await pool.register('other', 'other@example.com')
  const account = createAccountService({ ...pool.accountOptions, clock: () => environment.now() + 6 * 60_000 })
  const { accessToken } = await pool.refresh(first.refreshToken)
  const stale = { code: 'LINK_PROOF_INVALID' }
  const fresh = createAccountService(pool.accountOptions)
  expect(await fresh.offerLink({ accessToken, additionIdToken: other.idToken })).toMatchObject({
    proof: expect.any(String),
  })
  await expect(account.offerLink({ accessToken, additionIdToken: other.idToken })).rejects.toMatchObject(stale)
  await expect(account.changeAddress({ accessToken, address: NEW })).rejects.toMatchObject(stale)
})

it('T162: one lost answer locks nobody out where Cognito makes the names', async () => {
  let loses = true
  const { pool } = await open({
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
  const ada = await pool.personOf(await pool.register('ada', ADA))
  expect(loses).toBe(false)
  meetAtGoogle(ADA)
  expect(await personBy(pool, 'Google', 'google')).toBe(ada)
})

it.each(POLICIES)(
  'T166: a user who deletes the account can return where addresses are names (%s)',
  async (existingAccount) => {
    meetAtGoogle(ADA)
    const { pool } = await open({ settings: BY_ADDRESS, policy: { existingAccount } })
    const before = await pool.register('ada', ADA)
    const former = await pool.personOf(before)
    await environment.cognito.deleteUser({ AccessToken: before.accessToken })
    const back = await pool.register('ada', ADA)
    const again = await pool.personOf(back)
    expect(again).not.toBe(former)
    await environment.cognito.deleteUser({ AccessToken: back.accessToken })
    const google = await personBy(pool, 'Google', 'google')
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
      const { pool } = await open({ inbound, isLate: true })
      await pool.register('ada', ADA)
      tokensOf(await pool.continueWith('Google', 'google'))
      pool.attach()
      const persons = new Map<string, string | undefined>()
      for (const who of order)
        persons.set(who, await (who === 'ada' ? personWith(pool, 'ada') : personBy(pool, 'Google', 'google')))
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
    const { pool } = await open({
      quirks: { destinationStatus: 'unchanged' },
      policy: { existingAccount, invitations: 'generated' },
    })
    await environment.cognito.adminCreateUser({
      UserPoolId: pool.userPoolId,
      Username: 'ada',
      TemporaryPassword: 'Mailed-Horse-7',
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: [{ Name: 'email', Value: ADA }],
    })
    const ada = await personBy(pool, 'Google', 'google')
    expect(ada).toBeDefined()
    const challenge = await environment.cognito.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: pool.clientId,
      AuthParameters: { USERNAME: 'ada', PASSWORD: 'Mailed-Horse-7' },
    })
    expect(challenge.ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
    await environment.cognito.respondToAuthChallenge({
      ClientId: pool.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: challenge.Session,
      ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD: PASSWORD },
    })
    expect(await personWith(pool, 'ada')).toBe(ada)
  },
)

it.each(POLICIES)('T30: one number on two users joins them not, under the policy %s', async (existingAccount) => {
  for (const unique of [['email'], ['email', 'phone']] as const) {
    const { pool } = await open({ policy: { existingAccount, unique } })
    const enter = async (name: string) => {
      await environment.cognito
        .adminCreateUser({
          UserPoolId: pool.userPoolId,
          Username: name,
          MessageAction: 'SUPPRESS',
          UserAttributes: [
            { Name: 'email', Value: `${name}@example.com` },
            { Name: 'phone_number', Value: '+12025550123' },
            { Name: 'phone_number_verified', Value: 'true' },
          ],
        })
        .catch((error: Error) => expect(error.message).toContain('onesub/'))
      if (!pool.users().some(({ Username }) => Username === name)) return undefined
      await environment.cognito.adminSetUserPassword({
        UserPoolId: pool.userPoolId,
        Username: name,
        Password: PASSWORD,
        Permanent: true,
      })
      return personWith(pool, name)
    }
    const former = await enter('former')
    expect(former).toBeDefined()
    expect(await enter('next')).not.toBe(former)
    expect(await personWith(pool, 'former')).toBe(former)
  }
})

it('T171: a hosted domain that the pool does not map is reported at the first sign-in that lacks it', async () => {
  meetAtGoogle(ADA)
  const Google = {
    type: 'Google' as const,
    details: { client_id: 'app', client_secret: 'hidden', authorize_scopes: 'openid email' },
    mapping: { email: 'email', email_verified: 'email_verified' },
  }
  const { pool } = await open({ providers: { Google } })
  tokensOf(await pool.continueWith('Google', 'google'))
  meet({ id: 'second', sub: '5512', email: 'bob@example.com', email_verified: true })
  tokensOf(await pool.continueWith('Google', 'second'))
  expect(pool.reports.filter(({ detail }) => detail?.includes('custom:hd'))).toHaveLength(1)
})

it('T175: a number that is added and verified later belongs to its person, where numbers are unique', async () => {
  const { pool } = await open({
    settings: { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['phone_number'] } },
    policy: { unique: ['email', 'phone'], flagsOnlyByCode: true },
  })
  await pool.register('ada', ADA)
  await environment.cognito.adminUpdateUserAttributes({
    UserPoolId: pool.userPoolId,
    Username: 'ada',
    UserAttributes: [
      { Name: 'phone_number', Value: '+12025550123' },
      { Name: 'phone_number_verified', Value: 'true' },
    ],
  })
  await pool.signIn('ada')
  const keys = (await pool.events()).flatMap((event) =>
    event.type === 'identifier.proven' ? [event.detail.identifier] : [],
  )
  expect(keys).toContain('phone')
})
