import { parsePolicy } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLIENT_ID, confirms, signUp, triggerEvent } from '../../packages/onesub/src/triggers/testing/events.ts'
import { testPool } from '../../packages/onesub/src/triggers/testing/pool.ts'
import { changesHere, personBy, personWith } from '../environment/people.ts'
import { POOLS } from '../environment/pools.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type TestEnvironment,
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

const meet = (persona: { id: string; sub: string; [claim: string]: unknown }) =>
  environment.emulator.setPersona(persona)
const meetAtGoogle = (email: string, sub = '1180') =>
  meet({ id: 'google', sub, email, email_verified: true, hd: 'example.com' })

describe.each(POLICIES)('under the policy %s', (existingAccount) => {
  it.each(POOLS)(
    'T151: the next reader of the old mailbox is another person, by the form and by Google, in a pool with %s',
    async (_, settings) => {
      for (const bySuccessor of ['form', 'Google'] as const) {
        const pool = await openTestPool(environment, { settings, policy: { existingAccount } })
        const tokens = await pool.register('ada', ADA)
        const ada = await pool.personOf(tokens)
        await changesHere(environment, pool, tokens.accessToken, pool.isByAddress ? ADA : 'ada', NEW)
        meetAtGoogle(ADA, '2290')
        const successor =
          bySuccessor === 'form'
            ? await pool.personOf(await pool.register('successor', ADA))
            : await personBy(pool, 'Google', 'google')
        expect(successor, bySuccessor).toBeDefined()
        expect(successor, bySuccessor).not.toBe(ada)
        expect(await personWith(pool, pool.isByAddress ? NEW : 'ada'), bySuccessor).toBe(ada)
      }
    },
  )

  it('T29, T31, T183: the second prover of an address, by a change, owns it, and the first person stays the same', async () => {
    const pool = await openTestPool(environment, { policy: { existingAccount } })
    const former = await pool.personOf(await pool.register('former', ADA))
    const tokens = await pool.register('next', 'next@example.com')
    const next = await pool.personOf(tokens)
    await changesHere(environment, pool, tokens.accessToken, 'next', ADA)
    expect(await personWith(pool, 'former')).toBe(former)
    expect(await personWith(pool, 'next')).toBe(next)
    meetAtGoogle(ADA)
    expect(await personBy(pool, 'Google', 'google')).not.toBe(former)
    const told = (await pool.events()).filter(({ type }) => type === 'identifier.superseded')
    expect(told).toMatchObject([{ person: next, detail: { from: former } }])
  })

  it('T31, T182: a human who recovers a user with an address of somebody else owns nothing by it', async () => {
    const pool = await openTestPool(environment, { policy: { existingAccount } })
    const former = await pool.personOf(await pool.register('former', ADA))
    const next = await pool.personOf(await pool.register('next', 'next@example.com'))
    await environment.cognito.adminUpdateUserAttributes({
      UserPoolId: pool.userPoolId,
      Username: 'next',
      UserAttributes: [
        { Name: 'email', Value: ADA },
        { Name: 'email_verified', Value: 'true' },
      ],
    })
    await pool.recover('next', PASSWORD)
    expect(await personWith(pool, 'former')).toBe(former)
    expect(await personWith(pool, 'next')).toBe(next)
    expect((await pool.events()).filter(({ type }) => type === 'identifier.superseded')).toEqual([])
  })

  it('T148, T47: a second spelling in a case-sensitive pool is the same identifier, and joins nobody', async () => {
    const pool = await openTestPool(environment, { policy: { existingAccount } })
    const bob = await pool.personOf(await pool.register('Bob', 'Bob@example.com'))
    await pool.signUp('bob', 'bob@EXAMPLE.com').catch(() => undefined)
    const twin = await personWith(pool, 'bob')
    expect(twin).not.toBe(bob)
    expect(await personWith(pool, 'Bob')).toBe(bob)
    const spelled = pool.users().find(({ Username }) => Username === 'Bob')
    expect(JSON.stringify(spelled)).toContain('Bob@example.com')
  })

  it('T21: what a client sends along with a confirmation or a sign-in decides nothing', async () => {
    const pool = await openTestPool(environment, { policy: { existingAccount } })
    const ada = await pool.personOf(await pool.register('ada', ADA))
    const ClientMetadata = { person_id: ada, linkTo: ada, email: ADA, email_verified: 'true', sub: 'x' }
    await pool.signUp('eve', 'eve@example.org')
    await environment.cognito.confirmSignUp({
      ClientId: pool.clientId,
      Username: 'eve',
      ConfirmationCode: environment.emulator.newestCode(pool.userPoolId, 'eve') ?? '',
      ClientMetadata,
    })
    const { AuthenticationResult } = await environment.cognito.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: pool.clientId,
      AuthParameters: { USERNAME: 'eve', PASSWORD },
      ClientMetadata,
    })
    const eve = await pool.personOf({ accessToken: AuthenticationResult?.AccessToken ?? '' })
    expect(eve).not.toBe(ada)
    expect(await personWith(pool, 'eve')).toBe(eve)
    meetAtGoogle(ADA)
    expect(await personBy(pool, 'Google', 'google')).not.toBe(eve)
  })
})

it('T1: the event says from whom an address was taken over, and the squatter’s password opens nothing of the owner’s', async () => {
  for (const existingAccount of POLICIES) {
    meetAtGoogle(ADA)
    const pool = await openTestPool(environment, { policy: { existingAccount } })
    await pool.signUp('eve', ADA)
    const ada = await personBy(pool, 'Google', 'google')
    expect(ada).toBeDefined()
    await pool.confirm('eve').catch(() => undefined)
    expect(await personWith(pool, 'eve')).not.toBe(ada)
    expect(await personBy(pool, 'Google', 'google')).toBe(ada)
    const told = (await pool.events()).filter(({ type }) => type === 'identifier.superseded')
    expect(told).toMatchObject([{ person: ada, detail: { identifier: 'email' } }])
  }
})

describe('T146: a provider that proves nothing', () => {
  const BELOW_PROOF = [
    ['Google', { email_verified: false, hd: 'example.com' }],
    ['SignInWithApple', { email_verified: true }],
    ['Facebook', {}],
    ['LoginWithAmazon', {}],
    ['Okta', {}],
    ['Corp', { email: 'ada@example.org' }],
  ] as const

  it.each(BELOW_PROOF)(
    '%s makes no user of the pool with its address, and nothing to reset',
    async (provider, claims) => {
      for (const inbound of [false, true]) {
        const email = 'email' in claims ? claims.email : ADA
        meet({ id: 'p', sub: '4711', subject: '4711', ...claims, email })
        const pool = await openTestPool(environment, { inbound, settings: { AliasAttributes: ['email'] } })
        expect(await personBy(pool, provider, 'p')).toBeDefined()
        const natives = pool.users().filter(({ UserStatus }) => UserStatus !== 'EXTERNAL_PROVIDER')
        expect(JSON.stringify(natives)).not.toContain(email)
        await environment.cognito.forgotPassword({ ClientId: pool.clientId, Username: email }).catch(() => undefined)
        expect(environment.emulator.newestCode(pool.userPoolId, email)).toBeUndefined()
      }
    },
  )
})

describe('T11: a linked provider that says another address', () => {
  const OWN = { id: 'p', sub: '4711', subject: '4711', email_verified: true, hd: 'example.com' }
  const PROVIDERS = ['Google', 'Okta', 'Corp', 'SignInWithApple', 'Facebook', 'LoginWithAmazon'] as const

  /** Ada, with the provider linked by an offer; then it says another address, which is the boss's. */
  async function drifted(provider: string, inbound: boolean) {
    meet({ ...OWN, email: 'own@example.org' })
    const pool = await openTestPool(environment, { inbound })
    const ada = await pool.register('ada', ADA)
    const { idToken } = tokensOf(await pool.continueWith(provider, 'p'))
    const offer = await pool.account.offerLink({ accessToken: ada.accessToken, additionIdToken: idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await pool.account.acceptLink({ accessToken: ada.accessToken, proof: offer.proof, merges: offer.merges })
    const boss = await pool.personOf(await pool.register('boss', 'boss@example.net'))
    meet({ ...OWN, email: 'boss@example.net' })
    const came = await personBy(pool, provider, 'p')
    const shown = pool.users().find(({ Username }) => Username === 'ada')?.UserAttributes
    return { pool, ada: await pool.personOf(ada), boss, came, shown }
  }

  it.each(PROVIDERS)('%s moves no identifier: each person stays the same', async (provider) => {
    for (const inbound of [false, true]) {
      const { pool, ada, boss, came } = await drifted(provider, inbound)
      expect(came).toBe(ada)
      expect(await personWith(pool, 'boss')).toBe(boss)
      meet({ id: 'google', sub: '5511', email: 'boss@example.net', email_verified: true, hd: 'example.net' })
      expect(await personBy(pool, 'Google', 'google')).toBe(boss)
      expect(await personWith(pool, 'ada')).toBe(ada)
    }
  })

  const isPutBack = async (provider: string, inbound: boolean) => {
    const { shown } = await drifted(provider, inbound)
    expect(shown).toContainEqual({ Name: 'email', Value: ADA })
    expect(shown).toContainEqual({ Name: 'email_verified', Value: 'true' })
  }

  it.each(PROVIDERS.filter((provider) => provider !== 'Corp'))(
    'the proven address is put back over what %s has said, with InboundFederation',
    (provider) => isPutBack(provider, true),
  )

  // What a provider says at later sign-ins is known by InboundFederation alone, and SAML's subject is not plain there: it may be the user's wish.
  it.fails.each([
    ['Google', false],
    ['Corp', true],
  ] as const)('not yet put back: %s, InboundFederation %s', (provider, inbound) => isPutBack(provider, inbound))
})

describe.each(POOLS)('T167: a native user and a Google profile from before us, in a pool with %s', (_, settings) => {
  it.each(['unknown', 'verified-by-code'] as const)(
    'end the same in either order, each of them somebody (%s)',
    async (existingUsers) => {
      for (const inbound of [false, true]) {
        const ends: number[] = []
        for (const isNativeFirst of [true, false]) {
          meetAtGoogle(ADA)
          const pool = await openTestPool(environment, { settings, inbound, isLate: true, policy: { existingUsers } })
          const name = pool.isByAddress ? ADA : 'ada'
          await pool.register('ada', ADA)
          tokensOf(await pool.continueWith('Google', 'google'))
          pool.attach()
          const native = () => personWith(pool, name)
          const google = () => personBy(pool, 'Google', 'google')
          const persons = isNativeFirst ? [await native(), await google()] : [await google(), await native()]
          expect(persons).not.toContain(undefined)
          // The join may have replaced a password from before us, of which nothing is known: a reset leads back to the same person.
          if ((await native()) === undefined) await pool.recover(name, PASSWORD)
          expect([await native(), await google()].toSorted()).toEqual(persons.toSorted())
          ends.push(new Set(persons).size)
        }
        expect(new Set(ends).size).toBe(1)
      }
    },
  )
})

describe('the triggers', () => {
  const FLAGS = ['autoConfirmUser', 'autoVerifyEmail', 'autoVerifyPhone'] as const

  it('T7: set no confirming flag of a self sign-up, whatever its attributes, its client and its policy', async () => {
    const attributes = [
      {},
      { email: ADA },
      { email: ADA, email_verified: 'true' },
      { phone_number: '+12025550123', phone_number_verified: 'true' },
      { email: ADA, phone_number: '+12025550123' },
      { email: 'null', 'custom:uid': 'x' },
    ]
    for (const existingAccount of POLICIES) {
      for (const mode of ['dry-run', 'observe', 'enforce'] as const) {
        for (const [at, given] of attributes.entries()) {
          const { handler } = testPool({ policy: { existingAccount, mode } })
          const event = triggerEvent({
            userName: `user${at}`,
            attributes: given,
            client: CLIENT_ID,
            response: Object.fromEntries(FLAGS.map((flag) => [flag, false])),
          })
          const answer = await handler(event).catch(() => event)
          for (const flag of FLAGS) expect(answer.response[flag]).toBe(false)
        }
      }
    }
  })

  it('T7: set no password of a user whom an administrator makes, or who signs in by a provider', async () => {
    const attributes = { email: ADA, email_verified: 'true', 'custom:hd': 'example.com' }
    for (const trustAdminVerified of [false, true]) {
      for (const [source, userName] of [
        ['PreSignUp_AdminCreateUser', 'ada'],
        ['PreSignUp_ExternalProvider', 'Google_1180'],
      ] as const) {
        for (const federatedSignUp of ['native-user', 'profile-only'] as const) {
          const { handler } = testPool({ policy: { trustAdminVerified, federatedSignUp } })
          const response = Object.fromEntries(FLAGS.map((flag) => [flag, false]))
          const answer = await handler(triggerEvent({ source, userName, attributes, response }))
          expect(answer.response).toEqual(response)
        }
      }
    }
  })

  it('T71: pass groups on as another handler has set them, and add none', async () => {
    const { handler } = testPool()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    const groups = { groupsToOverride: ['readers'], iamRolesToOverride: [], preferredRole: 'none' }
    for (const given of [groups, undefined]) {
      const response = { claimsAndScopeOverrideDetails: given ? { groupOverrideDetails: given } : null }
      const event = {
        ...triggerEvent({
          source: 'TokenGeneration_Authentication',
          userName: 'ada',
          attributes: { sub: 'sub-of-ada', email: ADA, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' },
          response,
        }),
        version: '2',
      }
      const { claimsAndScopeOverrideDetails: details } = Object((await handler(event)).response)
      expect(details.accessTokenGeneration.claimsToAddOrOverride).toHaveProperty('person_id')
      // Where no handler has set any, those that Cognito itself would put into the tokens.
      expect(details.groupOverrideDetails).toEqual(given ?? Object(event.request).groupConfiguration)
    }
  })
})

it('T55: a policy file lends no setting by __proto__ or constructor, and changes no other object', () => {
  for (const text of [
    '{"__proto__":{"existingAccount":"enumeration-safe"}}',
    '{"constructor":{"prototype":{"existingAccount":"enumeration-safe"}}}',
    '{"providers":{"__proto__":{"kind":"google"}}}',
  ]) {
    const parse = () => parsePolicy(JSON.parse(text))
    const existingAccount = ((): string => {
      try {
        return parse().existingAccount
      } catch {
        return 'refused'
      }
    })()
    expect(['link', 'refused']).toContain(existingAccount)
    expect(Object({}).existingAccount).toBeUndefined()
    expect(Object({}).kind).toBeUndefined()
  }
})
