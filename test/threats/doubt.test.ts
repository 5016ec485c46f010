import type { Registry } from 'onesub'
import { createMemoryRegistry } from 'onesub/registry/memory'
import { createTriggerHandler, type TriggerOptions } from 'onesub/triggers'
import type { CognitoApi } from 'onesub/user-pool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { totpAt } from '../../packages/emulator/src/state/totp.ts'
import { parsePersonId } from '../../packages/onesub/src/core/person.ts'
import { changesHere, link, openMovable, ownerByGoogle, personBy, personWith } from '../environment/people.ts'
import { KEEPS, POOLS } from '../environment/pools.ts'
import { TRUST } from '../environment/providers.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type PoolSettings,
  type TestEnvironment,
  type TestPool,
  type TestPoolOptions,
  type Tokens,
  tokensOf,
} from '../environment/test-pool.ts'

// What somebody may have prepared while an address, a password or a name was another's: none of it opens the owner's account, or keeps the owner out.

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const VICTIM = 'victim@example.com'
const EVE = 'eve@example.org'
const EVE2 = 'eve@example.net'
const NUMBER = '+12025550199'
const NEW_PASSWORD = 'Another-Horse-8'
const THIRD_PASSWORD = 'Another-Horse-9'
const DAY = 24 * 3_600_000
const KEEPS_BOTH: PoolSettings = {
  AutoVerifiedAttributes: ['email', 'phone_number'],
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email', 'phone_number'] },
}
const BY_CODE = { flagsOnlyByCode: true } as const

const NAMED = POOLS.filter(([, { UsernameAttributes }]) => UsernameAttributes === undefined)

const open = (options: TestPoolOptions = {}) => openTestPool(environment, options)
const newestCode = (pool: TestPool, userName: string) =>
  environment.emulator.newestCode(pool.userPoolId, userName) ?? ''
const oktaSays = (email: string) =>
  environment.emulator.setPersona({ id: 'okta', sub: '00u1', subject: '00u1', email, email_verified: true })

/** Who the owner of the mailbox is, by the provider that is the authority for it. */
const byGoogle = (pool: TestPool, email = VICTIM) => ownerByGoogle(environment, pool, email)

async function byFacebook(pool: TestPool): Promise<Tokens> {
  environment.emulator.setPersona({ id: 'fb', sub: '77', email: EVE })
  return tokensOf(await pool.continueWith('Facebook', 'fb'))
}

const write = (AccessToken: string, Name: string, Value: string) =>
  environment.cognito.updateUserAttributes({ AccessToken, UserAttributes: [{ Name, Value }] })

/** The code comes from where it was sent, and no trigger sees it. */
async function verifies(pool: TestPool, userName: string, AccessToken: string, AttributeName: string): Promise<void> {
  await environment.cognito.getUserAttributeVerificationCode({ AccessToken, AttributeName })
  await environment.cognito.verifyUserAttribute({ AccessToken, AttributeName, Code: newestCode(pool, userName) })
}

const offer = (pool: TestPool, { accessToken }: Tokens, { idToken }: Tokens) =>
  pool.account.offerLink({ accessToken, additionIdToken: idToken })

/** Something happens after the code was sent and before it comes back. */
async function resetsAround(
  pool: TestPool,
  Username: string,
  between: () => Promise<unknown>,
  { Password = NEW_PASSWORD, ClientId = pool.clientId } = {},
): Promise<void> {
  await environment.cognito.forgotPassword({ ClientId, Username })
  const ConfirmationCode = newestCode(pool, Username)
  await between()
  await environment.cognito.confirmForgotPassword({ ClientId, Username, Password, ConfirmationCode })
}

/** The operator sets the pool to keep former addresses, and the functions start again. */
async function keepsFromNowOn(pool: TestPool, policy: TriggerOptions['policy']): Promise<void> {
  const { userPoolId: UserPoolId, clientId, registry, userPool } = pool
  const { UserPool } = await environment.cognito.describeUserPool({ UserPoolId })
  await environment.cognito.updateUserPool({
    ...KEEPS,
    UserPoolId,
    AutoVerifiedAttributes: ['email'],
    LambdaConfig: UserPool?.LambdaConfig,
  })
  const triggers = createTriggerHandler({
    userPoolId: UserPoolId,
    clientIds: [clientId],
    registry,
    userPool,
    report: (report) => pool.reports.push(report),
    policy: { providers: TRUST, ...policy },
  })
  environment.emulator.setTrigger(UserPool?.LambdaConfig?.PreSignUp ?? '', (event, context) => triggers(event, context))
}

/** What a mark is worth: in a pool that never kept the former address, and in one whose marks the operator vouches for from now on. */
const LATER = [
  ['never', async () => {}],
  ['from now on', (pool: TestPool) => keepsFromNowOn(pool, BY_CODE)],
] as const

/** An address that is changed and confirmed past us counts here at the next sign-in. */
async function expectMarksBelieved(pool: TestPool): Promise<void> {
  const { accessToken } = await pool.register('ada', 'ada@example.com')
  await write(accessToken, 'email', 'ada.king@example.com')
  const Code = newestCode(pool, 'ada')
  await environment.cognito.verifyUserAttribute({ AccessToken: accessToken, AttributeName: 'email', Code })
  const ada = await pool.personOf(await pool.signIn('ada'))
  environment.emulator.setPersona({ id: 'c', sub: '901', subject: '901', email: 'ada.king@example.com' })
  expect(await personBy(pool, 'Corp', 'c')).toBe(ada)
}

type Clock = { later: number }

/** Eve is the latest of those who have signed up with the address; its owner enters the code, and does not know Eve's password. */
async function squats(pool: TestPool, clock: Clock): Promise<Tokens> {
  await pool.signUp('somebody', VICTIM)
  clock.later += 20_000
  await pool.signUp('eve', VICTIM)
  await pool.confirm('eve')
  return pool.signIn('eve')
}

/** The owner, who reads the mailbox; tokens name seconds of Cognito's own clock. */
async function ownerResets(pool: TestPool, clock: Clock): Promise<Tokens> {
  clock.later = 0
  await pool.recover('eve', NEW_PASSWORD)
  return pool.signIn('eve', NEW_PASSWORD)
}

const REFUSED = { code: 'LINK_NEEDS_RECOVERY' }

describe.each(NAMED)('in a pool with %s', (_, settings) => {
  it('T155: a sign-up under the own name makes no mark from before us count', async () => {
    const { clock, pool } = await openMovable(environment, { settings, isLate: true })
    const { accessToken } = await pool.register('eve', EVE)
    await resetsAround(pool, 'eve', () => write(accessToken, 'email', VICTIM))
    pool.attach()
    clock.later = 60_000
    await expect(pool.signUp('eve', VICTIM)).rejects.toThrow(/exists/)
    // Cognito refuses once we have written the reservation down.
    expect(pool.reports.at(-1)).toMatchObject({ source: 'PreSignUp_SignUp', outcome: 'create-person' })
    const eve = await personWith(pool, 'eve', NEW_PASSWORD)
    expect(eve).toBeDefined()
    expect(await byGoogle(pool)).not.toBe(eve)
    expect(await personWith(pool, 'eve', NEW_PASSWORD)).toBe(eve)
  })

  it('T166: the name of a deleted user, taken with the address marked, keeps nobody out', async () => {
    const { clock, pool } = await openMovable(environment, { settings })
    const ada = await pool.register('ada', VICTIM)
    const former = await pool.personOf(ada)
    await environment.cognito.deleteUser({ AccessToken: ada.accessToken })
    const eve = await pool.register('ada', EVE)
    await resetsAround(pool, 'ada', () => write(eve.accessToken, 'email', VICTIM))
    clock.later = 60_000
    expect(await pool.signUp('owner', VICTIM)).toBe('owner')
    clock.later = DAY
    const person = await byGoogle(pool)
    expect(person).not.toBe(former)
    expect(person).not.toBe(await personWith(pool, 'ada', NEW_PASSWORD))
  })

  it('T166: also once a provider has ended a doubt about the deleted user’s password', async () => {
    const { clock, pool } = await openMovable(environment, { settings: { ...KEEPS, ...settings } })
    await squats(pool, clock)
    await byGoogle(pool)
    const user = { UserPoolId: pool.userPoolId, Username: 'eve' }
    await environment.cognito.adminDeleteUser(user)
    await pool.register('eve', EVE)
    const UserAttributes = [
      { Name: 'email', Value: VICTIM },
      { Name: 'email_verified', Value: 'true' },
    ]
    await environment.cognito.adminUpdateUserAttributes({ ...user, UserAttributes })
    clock.later += 60_000
    expect(await pool.signUp('owner', VICTIM)).toBe('owner')
  })
})

describe('T157: while the password is in doubt', () => {
  const CASES = [
    ['contested', 'link'],
    ['contested', 'ask'],
    ['always', 'link'],
    ['always', 'ask'],
  ] as const

  it.each(CASES)(
    'a provider is offered to neither side, until the owner has reset it by the mailbox (%s, %s)',
    async (passwordBeforeProof, existingAccount) => {
      const { clock, pool } = await openMovable(environment, {
        settings: KEEPS,
        policy: { passwordBeforeProof, existingAccount },
      })
      const eve = await squats(pool, clock)
      const person = await pool.personOf(eve)
      const facebook = await byFacebook(pool)
      await expect(offer(pool, eve, facebook)).rejects.toMatchObject(REFUSED)
      await expect(offer(pool, facebook, eve)).rejects.toMatchObject(REFUSED)
      const owner = await ownerResets(pool, clock)
      await link(pool, owner, await byFacebook(pool))
      expect(await pool.personOf(await byFacebook(pool))).toBe(person)
    },
  )

  it.each(CASES)(
    'nor is a second user of the pool, and its password opens nothing of the owner’s (%s, %s)',
    async (passwordBeforeProof, existingAccount) => {
      const { clock, pool } = await openMovable(environment, {
        settings: KEEPS,
        policy: { passwordBeforeProof, existingAccount },
      })
      const eve = await squats(pool, clock)
      const own = await pool.register('own', EVE)
      await expect(offer(pool, eve, own)).rejects.toMatchObject(REFUSED)
      await expect(offer(pool, own, eve)).rejects.toMatchObject(REFUSED)
      const owner = await ownerResets(pool, clock)
      const person = await pool.personOf(owner)
      expect(await personWith(pool, 'own')).not.toBe(person)
      // Under `always` that one's password is in doubt as well.
      await pool.recover('own', THIRD_PASSWORD)
      await link(pool, owner, await pool.signIn('own', THIRD_PASSWORD))
      expect(await personWith(pool, 'own', THIRD_PASSWORD)).toBe(person)
    },
  )

  it('`always` doubts a plain first proof too, and links nothing on either side before a reset', async () => {
    const { clock, pool } = await openMovable(environment, {
      settings: KEEPS,
      policy: { passwordBeforeProof: 'always' },
    })
    const eve = await pool.register('eve', VICTIM)
    const facebook = await byFacebook(pool)
    await expect(offer(pool, eve, facebook)).rejects.toMatchObject(REFUSED)
    await expect(offer(pool, facebook, eve)).rejects.toMatchObject(REFUSED)
    const person = await byGoogle(pool)
    expect(await pool.personOf(await byFacebook(pool))).not.toBe(person)
    expect(await personWith(pool, 'eve')).toBeUndefined()
    await link(pool, await ownerResets(pool, clock), await byFacebook(pool))
    expect(await pool.personOf(await byFacebook(pool))).toBe(person)
  })

  it.each(['contested', 'keep'] as const)('%s does not, and links', async (passwordBeforeProof) => {
    const pool = await open({ policy: { passwordBeforeProof } })
    const ada = await pool.register('ada', VICTIM)
    await link(pool, ada, await byFacebook(pool))
    expect(await pool.personOf(await byFacebook(pool))).toBe(await pool.personOf(ada))
  })
})

/** Ways of the doubtful user to come back after the password was replaced. */
const OTHER_WAYS = [
  [
    'a verified number',
    async (pool: TestPool, { accessToken }: Tokens) => {
      await write(accessToken, 'phone_number', NUMBER)
      await verifies(pool, 'eve', accessToken, 'phone_number')
    },
  ],
  [
    'an authenticator app',
    async (pool: TestPool, { accessToken: AccessToken }: Tokens) => {
      await environment.cognito.setUserPoolMfaConfig({
        UserPoolId: pool.userPoolId,
        MfaConfiguration: 'OPTIONAL',
        SoftwareTokenMfaConfiguration: { Enabled: true },
      })
      const { SecretCode = '' } = await environment.cognito.associateSoftwareToken({ AccessToken })
      const UserCode = totpAt(SecretCode, Math.floor(Date.now() / 30_000))
      await environment.cognito.verifySoftwareToken({ AccessToken, UserCode })
      const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
      await environment.cognito.setUserMFAPreference({ AccessToken, SoftwareTokenMfaSettings })
    },
  ],
] as const

describe.each(['link', 'enumeration-safe'] as const)('T157: the owner’s provider, under %s,', (existingAccount) => {
  it.each(OTHER_WAYS)('starts a separate person beside a user in doubt with %s', async (_, adds) => {
    const { clock, pool } = await openMovable(environment, { settings: KEEPS, policy: { existingAccount } })
    const eve = await squats(pool, clock)
    const squatted = await pool.personOf(eve)
    await adds(pool, eve)
    clock.later += 20_000
    const person = await byGoogle(pool)
    expect(person).not.toBe(squatted)
    // The address is the owner's by now, in every way.
    environment.emulator.setPersona({ id: 'c', sub: '901', subject: '901', email: VICTIM })
    expect(await personBy(pool, 'Corp', 'c')).toBe(person)
  })

  it('joins one with neither, whose password opens nothing any more', async () => {
    const { clock, pool } = await openMovable(environment, { settings: KEEPS, policy: { existingAccount } })
    const eve = await squats(pool, clock)
    clock.later += 20_000
    expect(await byGoogle(pool)).toBe(await pool.personOf(eve))
    expect(await personWith(pool, 'eve')).toBeUndefined()
  })

  it('joins one with a number that was never confirmed', async () => {
    const { clock, pool } = await openMovable(environment, { settings: KEEPS, policy: { existingAccount } })
    const eve = await squats(pool, clock)
    await write(eve.accessToken, 'phone_number', NUMBER)
    clock.later += 20_000
    expect(await byGoogle(pool)).toBe(await pool.personOf(eve))
  })
})

/** Two pools of one registry; the client of the second may be refused in the first, as one of another Region is. */
async function openTwo(policy: TriggerOptions['policy'] = {}, refusal?: string) {
  const registry: Registry = { ...createMemoryRegistry(), admit: async () => {} }
  const through = { registry: () => registry, cognito: (api: CognitoApi) => api }
  const one = await openMovable(environment, { settings: KEEPS, policy, through })
  const isOther = ({ UserPoolId }: { readonly UserPoolId: string }) =>
    refusal !== undefined && UserPoolId === one.pool.userPoolId
  const walled = (api: CognitoApi): CognitoApi => ({
    ...api,
    async adminGetUser(input) {
      if (isOther(input)) throw Object.assign(new Error(), { name: refusal })
      return api.adminGetUser(input)
    },
  })
  const other = await openMovable(environment, { settings: KEEPS, policy, through: { ...through, cognito: walled } })
  return { registry, one, other }
}

describe('T157: a registry that two pools share', () => {
  it('a doubtful user of the one pool is not joined by a provider in the other, where the password cannot be replaced', async () => {
    const { one, other } = await openTwo()
    const eve = await squats(one.pool, one.clock)
    const squatted = await one.pool.personOf(eve)
    other.clock.later = one.clock.later + 20_000
    const person = await byGoogle(other.pool)
    expect(person).not.toBe(squatted)
    expect(await personWith(one.pool, 'eve')).toBe(squatted)
  })

  it('in the one pool it is, and a user without a doubt is in the other as well', async () => {
    const { one, other } = await openTwo()
    const ada = await one.pool.personOf(await one.pool.register('ada', VICTIM))
    expect(await byGoogle(other.pool)).toBe(ada)
  })
})

describe('T177: a registry that two pools share', () => {
  it('an invitation in the one pool is no user of the other: a sign-in by a provider there gets a separate person', async () => {
    const { registry, one, other } = await openTwo({ invitations: 'generated' })
    await environment.cognito.adminCreateUser({
      UserPoolId: one.pool.userPoolId,
      Username: 'ada',
      TemporaryPassword: PASSWORD,
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: [{ Name: 'email', Value: VICTIM }],
    })
    const person = await byGoogle(other.pool)
    expect(await byGoogle(other.pool)).toBe(person)
    const id = parsePersonId(person)
    const known = (id && (await registry.person(id)))?.identities ?? []
    expect(new Set(known.map(({ pool }) => pool))).toEqual(new Set([other.pool.userPoolId]))
  })
})

describe.each(LATER)(
  'T182: after a recovery that has marked another address, in a pool that keeps the former one %s,',
  (_, later) => {
    it('the mark does not count: the second of two recoveries within seconds', async () => {
      const pool = await open({ policy: BY_CODE })
      await pool.register('eve', EVE)
      await pool.recover('eve', NEW_PASSWORD)
      const { accessToken } = await pool.signIn('eve', NEW_PASSWORD)
      await resetsAround(pool, 'eve', () => write(accessToken, 'email', VICTIM), { Password: THIRD_PASSWORD })
      await later(pool)
      const eve = await personWith(pool, 'eve', THIRD_PASSWORD)
      expect(eve).toBeDefined()
      expect(await byGoogle(pool)).not.toBe(eve)
    })

    it('nor of two users of one person', async () => {
      const pool = await open({ policy: BY_CODE })
      const eve = await pool.register('eve', EVE)
      await link(pool, eve, await pool.register('second', EVE2))
      const person = await pool.personOf(eve)
      await pool.recover('second', NEW_PASSWORD)
      const { accessToken } = await pool.signIn('eve')
      await resetsAround(pool, 'eve', () => write(accessToken, 'email', VICTIM))
      await later(pool)
      expect(await personWith(pool, 'eve', NEW_PASSWORD)).toBe(person)
      expect(await byGoogle(pool)).not.toBe(person)
    })

    it('nor through an app client that is not listed', async () => {
      const pool = await open({ policy: BY_CODE })
      const { UserPoolClient } = await environment.cognito.createUserPoolClient({
        UserPoolId: pool.userPoolId,
        ClientName: 'unlisted',
      })
      const { accessToken } = await pool.register('eve', EVE)
      const ClientId = UserPoolClient?.ClientId ?? ''
      await resetsAround(pool, 'eve', () => write(accessToken, 'email', VICTIM), { ClientId })
      await later(pool)
      const eve = await personWith(pool, 'eve', NEW_PASSWORD)
      expect(eve).toBeDefined()
      expect(await byGoogle(pool)).not.toBe(eve)
    })

    it('nor of a user whose first event is the recovery', async () => {
      const pool = await open({ policy: BY_CODE, isLate: true })
      const { accessToken } = await pool.register('eve', EVE)
      pool.attach()
      await resetsAround(pool, 'eve', () => write(accessToken, 'email', VICTIM))
      await later(pool)
      const eve = await personWith(pool, 'eve', NEW_PASSWORD)
      expect(eve).toBeDefined()
      expect(await byGoogle(pool)).not.toBe(eve)
    })
  },
)

describe.each([
  ['that keeps the former address', KEEPS],
  ['that does not', {}],
] as const)('T182: in a pool %s', (_, settings) => {
  it('a user whose void code was entered owns nothing after starting a separate person', async () => {
    const pool = await open({ settings, policy: BY_CODE })
    await pool.signUp('eve', VICTIM)
    const owner = await byGoogle(pool)
    await pool.confirm('eve')
    const waiting = await pool.signIn('eve')
    await expect(pool.personOf(waiting)).rejects.toThrow()
    const { person } = await pool.account.startSeparatePerson(waiting.idToken)
    expect(await personWith(pool, 'eve')).toBe(person)
    expect(await personWith(pool, 'eve')).toBe(person)
    oktaSays(VICTIM)
    expect(await personBy(pool, 'Okta', 'okta')).toBe(owner)
  })

  it('nor once it is linked to somebody', async () => {
    const pool = await open({ settings, policy: BY_CODE })
    await pool.signUp('evil', VICTIM)
    const owner = await byGoogle(pool)
    await pool.confirm('evil')
    const waiting = await pool.signIn('evil')
    const eve = await pool.register('eve', EVE)
    await link(pool, eve, waiting)
    expect(await personWith(pool, 'evil')).toBe(await pool.personOf(eve))
    oktaSays(VICTIM)
    expect(await personBy(pool, 'Okta', 'okta')).toBe(owner)
  })

  it('nor one that a provider is unlinked from', async () => {
    const pool = await open({ settings, policy: BY_CODE })
    oktaSays(EVE)
    const eve = await pool.register('eve', EVE)
    await link(pool, eve, tokensOf(await pool.continueWith('Okta', 'okta')))
    oktaSays(VICTIM)
    await pool.continueWith('Okta', 'okta')
    const { accessToken } = await pool.signIn('eve')
    await pool.account.unlink({ accessToken, provider: 'Okta', subject: '00u1' })
    expect(await personWith(pool, 'eve')).toBe(await pool.personOf(eve))
    expect(await byGoogle(pool)).not.toBe(await pool.personOf(eve))
  })

  it('nor another user of that person, to whom the provider was moved without onesub', async () => {
    const policy = { ...BY_CODE, existingUsers: 'verified-by-code' } as const
    const pool = await open({ settings, policy, isLate: true })
    const attributes = { email: 'eve@example.com', email_verified: 'true' }
    const users = [{ username: 'second', password: PASSWORD, attributes }]
    environment.emulator.seed({ userPoolId: pool.userPoolId, users })
    pool.attach()
    // The provider comes first, and has a user of ours; the one from before us joins.
    const person = await byGoogle(pool, 'eve@example.com')
    const second = await pool.signIn('second')
    expect(await pool.personOf(second)).toBe(person)
    oktaSays(EVE)
    await link(pool, second, tokensOf(await pool.continueWith('Okta', 'okta')))
    await movesToSecond(pool)
    oktaSays(VICTIM)
    await pool.continueWith('Okta', 'okta')
    const { accessToken } = await pool.signIn('second')
    await pool.account.unlink({ accessToken, provider: 'Okta', subject: '00u1' })
    expect(await personWith(pool, 'second')).toBe(person)
    environment.emulator.setPersona({ id: 'c', sub: '901', subject: '901', email: VICTIM })
    expect(await personBy(pool, 'Corp', 'c')).not.toBe(person)
  })

  it('nor a second user whose provider leaves with the merge of two persons', async () => {
    const pool = await open({ settings, policy: BY_CODE })
    oktaSays('eve@elsewhere.example')
    const second = await pool.register('second', EVE2)
    await link(pool, second, tokensOf(await pool.continueWith('Okta', 'okta')))
    oktaSays(VICTIM)
    await pool.continueWith('Okta', 'okta')
    environment.emulator.setPersona({ id: 'ge', sub: '666', email: 'eve@gmail.com', email_verified: true })
    const eve = tokensOf(await pool.continueWith('Google', 'ge'))
    await link(pool, eve, await pool.signIn('second'))
    const third = await pool.register('third', EVE)
    await link(pool, third, tokensOf(await pool.continueWith('Google', 'ge')))
    const person = await personWith(pool, 'second')
    expect(person).toBe(await pool.personOf(third))
    environment.emulator.setPersona({ id: 'c', sub: '901', subject: '901', email: VICTIM })
    expect(await personBy(pool, 'Corp', 'c')).not.toBe(person)
  })
})

describe('T182: marks that a code has set', () => {
  it('count where the pool keeps the former address', async () => {
    await expectMarksBelieved(await open({ settings: KEEPS, policy: BY_CODE }))
  })

  it('and from the day on which it does', async () => {
    const pool = await open({ policy: BY_CODE })
    await keepsFromNowOn(pool, BY_CODE)
    await expectMarksBelieved(pool)
  })
})

/** In Cognito alone. */
async function movesToSecond({ userPoolId: UserPoolId }: TestPool): Promise<void> {
  const User = { ProviderName: 'Okta', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: '00u1' }
  await environment.cognito.adminDisableProviderForUser({ UserPoolId, User })
  const DestinationUser = { ProviderName: 'Cognito', ProviderAttributeValue: 'second' }
  await environment.cognito.adminLinkProviderForUser({ UserPoolId, DestinationUser, SourceUser: User })
}

describe.each(POOLS)('T151: in a pool with %s, an address that our call has proven', (_, settings) => {
  const both = async () => {
    const pool = await open({ settings })
    const nameAt = (name: string, address: string) => (pool.isByAddress ? address : name)
    const changes = async (name: string, from: string, to: string) => {
      const { accessToken } = await pool.signIn(nameAt(name, from))
      await changesHere(environment, pool, accessToken, nameAt(name, from), to)
    }
    const ada = await pool.register('ada', 'old@example.com')
    await link(pool, ada, await pool.register('second', 'ada@work.example'))
    return { pool, changes, person: await pool.personOf(ada) }
  }

  it('for the first user stays when the second one changes its own', async () => {
    const { pool, changes, person } = await both()
    await changes('ada', 'old@example.com', VICTIM)
    await changes('second', 'ada@work.example', 'new@work.example')
    expect(await byGoogle(pool)).toBe(person)
  })

  it('for the second user stays when the first one changes its own', async () => {
    const { pool, changes, person } = await both()
    await changes('second', 'ada@work.example', VICTIM)
    await changes('ada', 'old@example.com', 'new@work.example')
    expect(await byGoogle(pool)).toBe(person)
  })

  it('is free once the same user has changed it', async () => {
    const { pool, changes, person } = await both()
    await changes('second', 'ada@work.example', VICTIM)
    await changes('second', VICTIM, 'new@work.example')
    expect(await byGoogle(pool)).not.toBe(person)
  })
})

describe('T154: a user from before onesub, for whose flags nobody vouches', () => {
  const fromBefore = async (policy: TriggerOptions['policy'], attributes: Readonly<Record<string, string>>) => {
    const pool = await open({ settings: KEEPS_BOTH, policy: { ...BY_CODE, ...policy }, isLate: true })
    const users = [{ username: 'eve', password: PASSWORD, attributes: { ...attributes } }]
    environment.emulator.seed({ userPoolId: pool.userPoolId, users })
    pool.attach()
    const eve = await pool.signIn('eve')
    return { pool, eve, person: await pool.personOf(eve) }
  }
  const MARKED = { email: VICTIM, email_verified: 'true' }

  it('owns its address at no later sign-in either', async () => {
    const { pool, person } = await fromBefore({ existingUsers: 'unknown' }, MARKED)
    for (let time = 0; time < 2; time += 1) expect(await personWith(pool, 'eve')).toBe(person)
    expect(await byGoogle(pool)).not.toBe(person)
  })

  it('nor with a marked number beside it, and nor the number', async () => {
    const attributes = { ...MARKED, phone_number: NUMBER, phone_number_verified: 'true' }
    const { pool, person } = await fromBefore({ existingUsers: 'unknown', unique: ['email', 'phone'] }, attributes)
    expect(await personWith(pool, 'eve')).toBe(person)
    expect(await byGoogle(pool)).not.toBe(person)
    // Whoever reads the number's messages signs up with it.
    await environment.cognito.signUp({
      ClientId: pool.clientId,
      Username: 'owner',
      Password: PASSWORD,
      UserAttributes: [{ Name: 'phone_number', Value: NUMBER }],
    })
    await pool.confirm('owner')
    expect(await personWith(pool, 'owner')).toBeDefined()
  })

  it('owns one that is verified later, and a number', async () => {
    const { pool, eve, person } = await fromBefore({ existingUsers: 'unknown', unique: ['email', 'phone'] }, MARKED)
    await write(eve.accessToken, 'email', 'eve@example.com')
    const Code = newestCode(pool, 'eve')
    await environment.cognito.verifyUserAttribute({ AccessToken: eve.accessToken, AttributeName: 'email', Code })
    await write(eve.accessToken, 'phone_number', NUMBER)
    await environment.cognito.verifyUserAttribute({
      AccessToken: eve.accessToken,
      AttributeName: 'phone_number',
      Code: newestCode(pool, 'eve'),
    })
    expect(await personWith(pool, 'eve')).toBe(person)
    expect(await byGoogle(pool, 'eve@example.com')).toBe(person)
    const taken = environment.cognito.signUp({
      ClientId: pool.clientId,
      Username: 'other',
      Password: PASSWORD,
      UserAttributes: [{ Name: 'phone_number', Value: NUMBER }],
    })
    await expect(taken).rejects.toThrow('IDENTIFIER_TAKEN')
  })

  it('owns its own where the operator vouches for it', async () => {
    const { pool, person } = await fromBefore({ existingUsers: 'verified-by-code' }, MARKED)
    expect(await byGoogle(pool)).toBe(person)
  })
})

it('T175: a number that a recovery may have marked is free, in a pool that keeps former addresses only', async () => {
  const settings: PoolSettings = { ...KEEPS, AutoVerifiedAttributes: ['email', 'phone_number'] }
  const pool = await open({ settings, policy: { ...BY_CODE, unique: ['email', 'phone'] } })
  const eve = await pool.register('eve', EVE)
  await write(eve.accessToken, 'phone_number', NUMBER)
  await environment.cognito.verifyUserAttribute({
    AccessToken: eve.accessToken,
    AttributeName: 'phone_number',
    Code: newestCode(pool, 'eve'),
  })
  expect(await personWith(pool, 'eve')).toBe(await pool.personOf(eve))
  await environment.cognito.signUp({
    ClientId: pool.clientId,
    Username: 'owner',
    Password: PASSWORD,
    UserAttributes: [{ Name: 'phone_number', Value: NUMBER }],
  })
})

describe.each(NAMED)(
  'T155: an administrator who makes a user under a name that somebody has, in a pool with %s,',
  (_, settings) => {
    const makes = ({ userPoolId: UserPoolId }: TestPool, Username: string) =>
      environment.cognito.adminCreateUser({
        UserPoolId,
        Username,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: VICTIM },
          { Name: 'email_verified', Value: 'true' },
        ],
      })
    const policy = { trustAdminVerified: true } as const

    it('vouches for nothing: the user with the name is not the owner, and the owner can sign up at once', async () => {
      const pool = await open({ settings, policy, isLate: true })
      await pool.register('eve', EVE)
      pool.attach()
      const before = await pool.events()
      await expect(makes(pool, 'eve')).rejects.toThrow(/exists/)
      expect(await pool.events()).toEqual(before)
      const owner = await pool.personOf(await pool.register('owner', VICTIM))
      expect(await personWith(pool, 'eve')).not.toBe(owner)
      expect(await byGoogle(pool)).toBe(owner)
      expect(await personWith(pool, 'eve')).not.toBe(owner)
    })

    it('nor where the user with the name signs in first', async () => {
      const pool = await open({ settings, policy })
      const eve = await pool.personOf(await pool.register('eve', EVE))
      await expect(makes(pool, 'eve')).rejects.toThrow(/exists/)
      expect(await personWith(pool, 'eve')).toBe(eve)
      expect(await byGoogle(pool)).not.toBe(eve)
    })

    it('and one under a new name is believed', async () => {
      const pool = await open({ settings, policy })
      await makes(pool, 'ada')
      await expect(pool.signUp('eve', VICTIM)).rejects.toThrow(/IDENTIFIER_TAKEN|exists/)
    })
  },
)

describe.each([
  ['SMS alone', ['phone_number']],
  ['SMS and e-mail', ['email', 'phone_number']],
] as const)('T156: in a pool that verifies by %s', (_, verified) => {
  const settings: PoolSettings = { AutoVerifiedAttributes: [...verified] }
  const signsUp = ({ clientId: ClientId }: TestPool, Username: string, email: string) =>
    environment.cognito.signUp({
      ClientId,
      Username,
      Password: PASSWORD,
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'phone_number', Value: NUMBER },
      ],
    })

  it('a code by SMS proves no address that a back end has marked', async () => {
    const pool = await open({ settings })
    await signsUp(pool, 'eve', VICTIM)
    await environment.cognito.adminUpdateUserAttributes({
      UserPoolId: pool.userPoolId,
      Username: 'eve',
      UserAttributes: [
        { Name: 'email', Value: VICTIM },
        { Name: 'email_verified', Value: 'true' },
      ],
    })
    await pool.confirm('eve')
    const eve = await personWith(pool, 'eve')
    expect(eve).toBeDefined()
    expect(await byGoogle(pool)).not.toBe(eve)
  })
})

it('T156: a code by e-mail proves the address of a user with a number that nobody has confirmed', async () => {
  const pool = await open()
  const UserAttributes = [
    { Name: 'email', Value: VICTIM },
    { Name: 'phone_number', Value: NUMBER },
  ]
  await environment.cognito.signUp({ ClientId: pool.clientId, Username: 'ada', Password: PASSWORD, UserAttributes })
  await pool.confirm('ada')
  expect(await byGoogle(pool)).toBe(await personWith(pool, 'ada'))
})

describe('T175: a profile that its provider has renamed, without InboundFederation,', () => {
  const renamed = async () => {
    const opened = await openMovable(environment, { policy: { federatedSignUp: 'profile-only' } })
    const person = await byGoogle(opened.pool)
    expect(await byGoogle(opened.pool, 'ada.king@example.com')).toBe(person)
    opened.clock.later = DAY
    return { ...opened, person }
  }

  it('leaves the former address to the next prover, by the form', async () => {
    const { pool, person } = await renamed()
    expect(await pool.personOf(await pool.register('next', VICTIM))).not.toBe(person)
  })

  it('or by a provider', async () => {
    const { pool, person } = await renamed()
    oktaSays(VICTIM)
    const next = await personBy(pool, 'Okta', 'okta')
    expect(next).toBeDefined()
    expect(next).not.toBe(person)
  })

  it('and one that still shows it keeps it', async () => {
    const { clock, pool } = await openMovable(environment, { policy: { federatedSignUp: 'profile-only' } })
    const person = await byGoogle(pool)
    clock.later = DAY
    await expect(pool.signUp('next', VICTIM)).rejects.toThrow('IDENTIFIER_TAKEN')
    expect(await byGoogle(pool)).toBe(person)
  })
})

/** Eve's own address for a while, confirmed without onesub, so that a reset code is sent to Eve; then the former one again. */
async function hasCodeSentToHerself(pool: TestPool, { accessToken: AccessToken }: Tokens): Promise<string> {
  await write(AccessToken, 'email', EVE)
  const Code = newestCode(pool, 'eve')
  await environment.cognito.verifyUserAttribute({ AccessToken, AttributeName: 'email', Code })
  await environment.cognito.forgotPassword({ ClientId: pool.clientId, Username: 'eve' })
  const code = newestCode(pool, 'eve')
  await write(AccessToken, 'email', VICTIM)
  return code
}

async function hasCodeSentToHerNumber(pool: TestPool, tokens: Tokens): Promise<string> {
  const { accessToken: AccessToken } = tokens
  await write(AccessToken, 'phone_number', NUMBER)
  await verifies(pool, 'eve', AccessToken, 'phone_number')
  await environment.cognito.forgotPassword({ ClientId: pool.clientId, Username: 'eve' })
  const code = newestCode(pool, 'eve')
  await environment.cognito.deleteUserAttributes({ AccessToken, UserAttributeNames: ['phone_number'] })
  return code
}

const enters = ({ clientId: ClientId }: TestPool, ConfirmationCode: string) =>
  environment.cognito.confirmForgotPassword({ ClientId, Username: 'eve', Password: NEW_PASSWORD, ConfirmationCode })

/** The store is down for one run: Cognito has confirmed the user, and we have not seen it. */
async function openFailing(policy: TriggerOptions['policy']) {
  let isDown = false
  const registry = (real: Registry): Registry => ({
    ...real,
    async facts(query) {
      if (isDown) throw new Error('down')
      return real.facts(query)
    },
  })
  const pool = await open({ policy, through: { registry, cognito: (api) => api } })
  const unseen = async (call: () => Promise<unknown>) => {
    isDown = true
    await call().catch(() => {})
    isDown = false
  }
  return { pool, unseen }
}

describe('while a password is in doubt, or was', () => {
  it.each(['link', 'enumeration-safe'] as const)(
    'T157: in a pool that does not keep the former address the owner’s provider gets a separate person (%s)',
    async (existingAccount) => {
      const { clock, pool } = await openMovable(environment, { policy: { existingAccount } })
      const eve = await squats(pool, clock)
      expect(await byGoogle(pool)).not.toBe(await pool.personOf(eve))
    },
  )

  it('T157: a code that was sent elsewhere does not end it, in a pool that does not keep the former address', async () => {
    const { clock, pool } = await openMovable(environment)
    const code = await hasCodeSentToHerself(pool, await squats(pool, clock))
    clock.later = 0
    await enters(pool, code)
    const eve = await pool.signIn('eve', NEW_PASSWORD)
    await expect(offer(pool, eve, await byFacebook(pool))).rejects.toMatchObject(REFUSED)
  })

  // In a pool that keeps the former address a code to a number that is gone by the time of the join is not seen (docs/evidence.md).
  it.each([
    ['to another address', hasCodeSentToHerself],
    ['to a number', hasCodeSentToHerNumber],
  ] as const)('T157: a code for a new password, sent %s, opens nothing of the owner’s', async (_, hasCode) => {
    const { clock, pool } = await openMovable(environment)
    const code = await hasCode(pool, await squats(pool, clock))
    const owner = await byGoogle(pool)
    await enters(pool, code).catch(() => {})
    expect(await personWith(pool, 'eve', NEW_PASSWORD)).not.toBe(owner)
  })

  it('T157: `always` doubts the password of a user whose confirmation we have not seen, too', async () => {
    const { pool, unseen } = await openFailing({ passwordBeforeProof: 'always' })
    await pool.signUp('eve', VICTIM)
    await unseen(() => pool.confirm('eve'))
    const eve = await pool.signIn('eve')
    await expect(offer(pool, eve, await byFacebook(pool))).rejects.toMatchObject(REFUSED)
  })

  it('T177: an invited user who signs in late has chosen the password in that sign-in, and links by hand', async () => {
    const { clock, pool } = await openMovable(environment, { policy: { invitations: 'generated' } })
    const UserAttributes = [
      { Name: 'email', Value: VICTIM },
      { Name: 'email_verified', Value: 'true' },
    ]
    const user = { UserPoolId: pool.userPoolId, Username: 'ada', UserAttributes }
    await environment.cognito.adminCreateUser({
      ...user,
      TemporaryPassword: PASSWORD,
      DesiredDeliveryMediums: ['EMAIL'],
    })
    clock.later = 3_600_000
    const { clientId: ClientId } = pool
    const { Session } = await environment.cognito.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId,
      AuthParameters: { USERNAME: 'ada', PASSWORD },
    })
    await environment.cognito.respondToAuthChallenge({
      ClientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD },
    })
    await link(pool, await pool.signIn('ada', NEW_PASSWORD), await byFacebook(pool))
  })

  it.each(['ResourceNotFoundException', 'AccessDeniedException'])(
    'T112: of a user in another pool, which cannot be read, the owner is not delayed (%s)',
    async (refusal) => {
      const { one, other } = await openTwo({}, refusal)
      await squats(one.pool, one.clock)
      other.clock.later = one.clock.later + 20_000
      await byGoogle(other.pool)
    },
  )

  it.each(POOLS.filter(([, settings]) => settings.AliasAttributes ?? settings.UsernameAttributes))(
    'T174: in a pool with %s, a provider is linked to the user of the person that has proven its address',
    async (_, settings) => {
      const pool = await open({ settings })
      const ada = await pool.register('ada', EVE)
      await link(pool, ada, await pool.register('second', VICTIM))
      expect(await byGoogle(pool)).toBe(await pool.personOf(ada))
    },
  )
})
