import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMovable } from '../environment/people.ts'
import { KEEPS, POOLS } from '../environment/pools.ts'
import {
  openTestEnvironment,
  PASSWORD,
  type PoolSettings,
  type TestEnvironment,
  type TestPool,
  type TestPoolOptions,
  type Tokens,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
  environment.emulator.setPersona({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
})
afterAll(() => environment.close())

const ADA = 'ada@example.com'
const NAMES = POOLS.filter(([, { UsernameAttributes }]) => UsernameAttributes === undefined)
const POLICIES = ['link', 'enumeration-safe'] as const

/** A pool whose clock of ours goes on at will: the window of seconds is not waited for. */
async function open(options: TestPoolOptions = {}) {
  const settings = { ...KEEPS, ...options.settings }
  const { pool, clock } = await openMovable(environment, { ...options, settings })
  const afterTheWindow = () => {
    clock.later += 10_000
  }
  return { pool, clock, afterTheWindow }
}

async function personOf(pool: TestPool, tokens: Promise<Tokens>): Promise<string | undefined> {
  return pool.personOf(await tokens).catch(() => undefined)
}

const admin = (pool: TestPool) => {
  const UserPoolId = pool.userPoolId
  return {
    create: (Username: string, email: string, of: { verified?: boolean; mailed?: boolean } = {}) =>
      environment.cognito.adminCreateUser({
        UserPoolId,
        Username,
        ...(of.mailed ? { DesiredDeliveryMediums: ['EMAIL' as const] } : { MessageAction: 'SUPPRESS' as const }),
        UserAttributes: [
          { Name: 'email', Value: email },
          ...(of.verified ? [{ Name: 'email_verified', Value: 'true' }] : []),
        ],
      }),
    setPassword: (Username: string) =>
      environment.cognito.adminSetUserPassword({ UserPoolId, Username, Password: PASSWORD, Permanent: true }),
    confirm: (Username: string) => environment.cognito.adminConfirmSignUp({ UserPoolId, Username }),
    update: (Username: string, attributes: Record<string, string>) =>
      environment.cognito.adminUpdateUserAttributes({
        UserPoolId,
        Username,
        UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      }),
    remove: (Username: string) => environment.cognito.adminDeleteUser({ UserPoolId, Username }),
  }
}

describe.each(NAMES)('in a pool with %s', (_, settings) => {
  it.each(POLICIES)(
    'T157: Eve signs up with Ada’s address first; Ada is let in, and the first proof wins (%s)',
    async (existingAccount) => {
      const { pool, afterTheWindow } = await open({ settings, policy: { existingAccount } })
      await pool.signUp('eve', ADA)
      afterTheWindow()
      const ada = await pool.personOf(await pool.register('ada', ADA))
      expect(await pool.personOf(await pool.signIn('ada'))).toBe(ada)
      // Ada is led to give Eve’s code as well: it is void.
      await pool.confirm('eve').catch(() => {})
      const eve = await pool.signIn('eve').then(
        (tokens) => personOf(pool, Promise.resolve(tokens)),
        () => undefined,
      )
      expect(eve).toBeUndefined()
      expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(ada)
      // Somebody else might have been the one who was proven, so the password is to be reset once a provider is joined.
      await pool.recover('ada', 'Another-Horse-8')
      expect(await pool.personOf(await pool.signIn('ada', 'Another-Horse-8'))).toBe(ada)
      expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(ada)
      expect(await pool.personOf(await pool.signIn('ada', 'Another-Horse-8'))).toBe(ada)
    },
  )

  it.each(POLICIES)(
    'T157: Ada proves Eve’s sign-up, after an own sign-up: Eve’s password opens nothing (%s)',
    async (existingAccount) => {
      const { pool, afterTheWindow } = await open({ settings, policy: { existingAccount } })
      await pool.signUp('eve', ADA)
      afterTheWindow()
      await pool.signUp('ada', ADA)
      await pool.confirm('eve')
      await expect(pool.signIn('eve')).rejects.toThrow('Incorrect username or password')
      const ada = await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))
      await expect(pool.signIn('eve')).rejects.toThrow('Incorrect username or password')
      await pool.recover('eve', 'Another-Horse-8')
      expect(await pool.personOf(await pool.signIn('eve', 'Another-Horse-8'))).toBe(ada)
    },
  )

  it.each(POLICIES)(
    'T157: Eve signs up after Ada, and Ada proves Eve’s: Ada’s Google does not lead to the user that Eve’s password opens (%s)',
    async (existingAccount) => {
      const { pool, afterTheWindow } = await open({ settings, policy: { existingAccount } })
      await pool.signUp('ada', ADA)
      afterTheWindow()
      await pool.signUp('eve', ADA)
      await pool.confirm('eve')
      const ada = await personOf(pool, Promise.resolve(tokensOf(await pool.continueWith('Google', 'ada'))))
      const eve = await pool.signIn('eve').then(
        (tokens) => personOf(pool, Promise.resolve(tokens)),
        () => undefined,
      )
      expect(ada).toBeDefined()
      expect(eve === undefined || eve !== ada).toBe(true)
    },
  )

  it('T157: a code that is entered late, or a contested sign-up, replaces the password', async () => {
    const late = await open({ settings })
    await late.pool.signUp('eve', ADA)
    late.clock.later += 15 * 60_000 + 1_000
    await late.pool.confirm('eve')
    await expect(late.pool.signIn('eve')).rejects.toThrow('Incorrect username or password')
    const asked = await open({ settings })
    await asked.pool.signUp('eve', ADA)
    await environment.cognito.confirmSignUp({
      ClientId: asked.pool.clientId,
      Username: 'eve',
      ConfirmationCode: environment.emulator.newestCode(asked.pool.userPoolId, 'eve') ?? '',
      ClientMetadata: { 'onesub-contested': 'true' },
    })
    await expect(asked.pool.signIn('eve')).rejects.toThrow('Incorrect username or password')
    const kept = await open({ settings, policy: { passwordBeforeProof: 'keep' } })
    await kept.pool.signUp('ada', ADA)
    kept.clock.later += 15 * 60_000 + 1_000
    await kept.pool.confirm('ada')
    await kept.pool.signIn('ada')
  })

  it('T160: one unproven sign-up a day, or one a second, keeps nobody out beyond a window', async () => {
    const { pool, clock } = await open({ settings })
    for (let day = 0; day < 4; day += 1) {
      await pool.signUp(`eve-${day}`, ADA)
      clock.later += 24 * 3_600_000
    }
    for (let second = 0; second < 12; second += 1) {
      await pool
        .signUp(`bot-${second}`, ADA)
        .catch((error: Error) => expect(error.message).toContain('SIGN_UP_UNFINISHED'))
      clock.later += 1_000
    }
    const ada = await pool.personOf(await pool.register('ada', ADA))
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(ada)
  })

  it('T160: a confirmed user’s unproven address keeps nobody out, however it was confirmed', async () => {
    const { pool, afterTheWindow } = await open({ settings, policy: { unique: ['email', 'phone'] } })
    await pool.signUp('eve', ADA)
    await admin(pool).confirm('eve')
    const eve = await pool.personOf(await pool.signIn('eve'))
    afterTheWindow()
    const ada = await pool.personOf(await pool.register('ada', ADA))
    expect(ada).not.toBe(eve)
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(ada)
    expect(await pool.personOf(await pool.signIn('eve'))).toBe(eve)
  })

  it('T160: nor does one that a provider vouches for', async () => {
    environment.emulator.setPersona({ id: 'fb', sub: '77', email: ADA })
    const providers = {
      Facebook: { kind: 'facebook', raiseTo: 'E2' },
      Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' },
    } as const
    for (const existingAccount of ['refuse', 'link', 'ask', 'enumeration-safe'] as const) {
      const { pool } = await open({ settings, policy: { providers, existingAccount } })
      const eve = await pool.personOf(tokensOf(await pool.continueWith('Facebook', 'fb')))
      const ada = await pool.personOf(await pool.register('ada', ADA))
      expect(ada).not.toBe(eve)
    }
  })

  it('T156: a back end that verifies and sets passwords proves nothing', async () => {
    const { pool, afterTheWindow } = await open({ settings, policy: { existingUsers: 'verified-by-code' } })
    await admin(pool).create('eve', ADA, { verified: true })
    await admin(pool).setPassword('eve')
    const eve = await pool.personOf(await pool.signIn('eve'))
    const isAlias = 'AliasAttributes' in settings
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).not.toBe(eve)
    if (isAlias) return
    afterTheWindow()
    await expect(pool.signUp('ada', ADA)).rejects.toThrow('onesub/IDENTIFIER_TAKEN')
  })

  it('T156: nor one that confirms a sign-up after setting the flag', async () => {
    const { pool } = await open({ settings })
    await pool.signUp('eve', ADA)
    await admin(pool).update('eve', { email: ADA, email_verified: 'true' })
    await admin(pool).confirm('eve')
    const eve = await pool.personOf(await pool.signIn('eve'))
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).not.toBe(eve)
  })

  it('T155: a user who has only the name of the one that an administrator made is not linked to', async () => {
    const { pool } = await open({ settings, policy: { trustAdminVerified: true } })
    await pool.signUp('ada', 'eve@example.org')
    await expect(admin(pool).create('ada', ADA, { verified: true })).rejects.toThrow(/already exists/)
    const google = tokensOf(await pool.continueWith('Google', 'ada'))
    await pool.confirm('ada')
    const eve = await pool.personOf(await pool.signIn('ada'))
    expect(await pool.personOf(google)).not.toBe(eve)
    expect(await pool.subOf(google)).not.toBe(await pool.subOf(await pool.signIn('ada')))
  })

  it('T166: a user who deletes the account can return, as a new person', async () => {
    for (const existingAccount of ['refuse', 'link', 'ask', 'enumeration-safe'] as const) {
      const { pool } = await open({ settings, policy: { existingAccount } })
      const before = await pool.register('ada', ADA)
      const person = await pool.personOf(before)
      await environment.cognito.deleteUser({ AccessToken: before.accessToken })
      const again = await pool.personOf(await pool.register('ada', ADA))
      expect(again).not.toBe(person)
      await environment.cognito.deleteUser({ AccessToken: (await pool.signIn('ada')).accessToken })
      const google = await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))
      expect([again, person]).not.toContain(google)
    }
  })

  it('T166: also a user who had signed in by a provider, and with a linked one', async () => {
    const { pool } = await open({ settings })
    const native = await pool.register('ada', ADA)
    const google = tokensOf(await pool.continueWith('Google', 'ada'))
    expect(await pool.personOf(google)).toBe(await pool.personOf(native))
    await environment.cognito.deleteUser({ AccessToken: native.accessToken })
    const again = await pool.register('ada', ADA)
    expect(await pool.personOf(again)).not.toBe(await pool.personOf(native).catch(() => undefined))
    tokensOf(await pool.continueWith('Google', 'ada'))
  })

  it('T177: an invited user who clicks Google first is the invited user, groups and mailed password kept', async () => {
    const { pool } = await open({ settings, policy: { invitations: 'generated' } })
    await admin(pool).create('ada', ADA, { mailed: true })
    await environment.cognito.createGroup({ UserPoolId: pool.userPoolId, GroupName: 'editors' })
    await environment.cognito.adminAddUserToGroup({
      UserPoolId: pool.userPoolId,
      Username: 'ada',
      GroupName: 'editors',
    })
    const google = tokensOf(await pool.continueWith('Google', 'ada'))
    const person = await pool.personOf(google)
    expect(JSON.parse(Buffer.from(google.idToken.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      'cognito:groups': expect.arrayContaining(['editors']),
    })
    expect(pool.users()).toHaveLength(1)
    expect((await pool.account.signInMethods(google.accessToken)).person).toBe(person)
  })

  it('T177: without the setting nobody is joined, and nobody is refused', async () => {
    const { pool } = await open({ settings })
    await admin(pool).create('ada', ADA)
    await admin(pool).setPassword('ada')
    const google = await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))
    const native = await pool.personOf(await pool.signIn('ada'))
    expect(google).not.toBe(native)
  })

  it('T183: the second proof is a new person who owns the address; the first person stays the same', async () => {
    const { pool } = await open({ settings, policy: { existingAccount: 'enumeration-safe' } })
    const first = await pool.personOf(await pool.register('first', ADA))
    const sub = await pool.signUp('second', ADA)
    await environment.cognito.confirmSignUp({
      ClientId: pool.clientId,
      Username: sub,
      ConfirmationCode: environment.emulator.newestCode(pool.userPoolId, sub) ?? '',
      ForceAliasCreation: true,
    })
    const second = await pool.personOf(await pool.signIn('second'))
    expect(second).not.toBe(first)
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(second)
    expect(await pool.personOf(await pool.signIn('first'))).toBe(first)
    expect((await pool.events()).filter(({ type }) => type === 'identifier.superseded')).toMatchObject([
      { person: second, detail: { from: first } },
    ])
  })

  it('T162: one lost answer of the store locks nobody out', async () => {
    let loses = false
    const { pool } = await open({
      settings,
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
    loses = true
    const ada = await pool.personOf(await pool.register('ada', ADA))
    expect((await pool.events()).filter(({ type }) => type === 'identifier.reserved')).toHaveLength(1)
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(ada)
  })
})

describe('in a pool with addresses as user names', () => {
  const settings: PoolSettings = { UsernameAttributes: ['email'] }

  it('T157: the owner who resends the code and proves a squatted address is signed in, and the squatter’s password opens nothing', async () => {
    const { pool, clock } = await open({ settings })
    await pool.signUp('eve', ADA)
    clock.later += 3_600_000
    await expect(pool.signUp('ada', ADA)).rejects.toThrow(/already exists/)
    await environment.cognito.resendConfirmationCode({ ClientId: pool.clientId, Username: ADA })
    await pool.confirm(ADA)
    await expect(pool.signIn(ADA)).rejects.toThrow('Incorrect username or password')
    await pool.recover(ADA, 'Another-Horse-8')
    const ada = await pool.personOf(await pool.signIn(ADA, 'Another-Horse-8'))
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(ada)
  })
})

describe.each([
  ['verified by SMS first', { AutoVerifiedAttributes: ['phone_number', 'email'] }, ['email']],
  ['phone as user name', { UsernameAttributes: ['phone_number'] }, ['email']],
  ['phone unique', {}, ['email', 'phone']],
] as const)('T160: in a pool with %s', (_, given, unique) => {
  it('an unproven address of a confirmed user keeps its owner out for no longer than a window', async () => {
    const settings = structuredClone(given) as PoolSettings
    const { pool, clock } = await open({ settings, policy: { unique } })
    const sign = (name: string, email: string, phone: string) =>
      environment.cognito.signUp({
        ClientId: pool.clientId,
        Username: settings.UsernameAttributes ? phone : name,
        Password: PASSWORD,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'phone_number', Value: phone },
        ],
      })
    await sign('eve', ADA, '+12025550111')
    const eveName = settings.UsernameAttributes ? '+12025550111' : 'eve'
    await environment.cognito.adminConfirmSignUp({ UserPoolId: pool.userPoolId, Username: eveName })
    clock.later += 10_000
    await sign('ada', ADA, '+12025550122')
    const google = await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))
    const eve = await pool.personOf(await pool.signIn(eveName))
    expect(google).not.toBe(eve)
  })
})
