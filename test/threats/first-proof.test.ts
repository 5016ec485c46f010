import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMovable } from '../world/people.ts'
import { KEEPS, POOLS } from '../world/pools.ts'
import {
  type Desk,
  letIn,
  openDesk,
  PASSWORD,
  type PoolSettings,
  type Tokens,
  type World,
  type WorldOptions,
} from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  desk.emulator.setPersona({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
})
afterAll(() => desk.close())

const ADA = 'ada@example.com'
const NAMES = POOLS.filter(([, { UsernameAttributes }]) => UsernameAttributes === undefined)
const POLICIES = ['link', 'enumeration-safe'] as const

/** A pool whose clock of ours goes on at will: the window of seconds is not waited for. */
async function open(options: WorldOptions = {}) {
  const settings = { ...KEEPS, ...options.settings }
  const { world, clock } = await openMovable(desk, { ...options, settings })
  const afterTheWindow = () => {
    clock.later += 10_000
  }
  return { world, clock, afterTheWindow }
}

async function personOf(world: World, tokens: Promise<Tokens>): Promise<string | undefined> {
  return world.personOf(await tokens).catch(() => undefined)
}

const admin = (world: World) => {
  const UserPoolId = world.userPoolId
  return {
    create: (Username: string, email: string, of: { verified?: boolean; mailed?: boolean } = {}) =>
      desk.cognito.adminCreateUser({
        UserPoolId,
        Username,
        ...(of.mailed ? { DesiredDeliveryMediums: ['EMAIL' as const] } : { MessageAction: 'SUPPRESS' as const }),
        UserAttributes: [
          { Name: 'email', Value: email },
          ...(of.verified ? [{ Name: 'email_verified', Value: 'true' }] : []),
        ],
      }),
    setPassword: (Username: string) =>
      desk.cognito.adminSetUserPassword({ UserPoolId, Username, Password: PASSWORD, Permanent: true }),
    confirm: (Username: string) => desk.cognito.adminConfirmSignUp({ UserPoolId, Username }),
    update: (Username: string, attributes: Record<string, string>) =>
      desk.cognito.adminUpdateUserAttributes({
        UserPoolId,
        Username,
        UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      }),
    remove: (Username: string) => desk.cognito.adminDeleteUser({ UserPoolId, Username }),
  }
}

describe.each(NAMES)('in a pool with %s', (_, settings) => {
  it.each(POLICIES)(
    'T157: Eve signs up with Ada’s address first; Ada is let in, and the first proof wins (%s)',
    async (existingAccount) => {
      const { world, afterTheWindow } = await open({ settings, policy: { existingAccount } })
      await world.signUp('eve', ADA)
      afterTheWindow()
      const ada = await world.personOf(await world.register('ada', ADA))
      expect(await world.personOf(await world.signIn('ada'))).toBe(ada)
      // Ada is led to give Eve’s code as well: it is void.
      await world.confirm('eve').catch(() => {})
      const eve = await world.signIn('eve').then(
        (tokens) => personOf(world, Promise.resolve(tokens)),
        () => undefined,
      )
      expect(eve).toBeUndefined()
      expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(ada)
      // Somebody else might have been the one who was proven, so the password is to be reset once a provider is joined.
      await world.recover('ada', 'Another-Horse-8')
      expect(await world.personOf(await world.signIn('ada', 'Another-Horse-8'))).toBe(ada)
      expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(ada)
      expect(await world.personOf(await world.signIn('ada', 'Another-Horse-8'))).toBe(ada)
    },
  )

  it.each(POLICIES)(
    'T157: Ada proves Eve’s sign-up, after one of her own: Eve’s password opens nothing (%s)',
    async (existingAccount) => {
      const { world, afterTheWindow } = await open({ settings, policy: { existingAccount } })
      await world.signUp('eve', ADA)
      afterTheWindow()
      await world.signUp('ada', ADA)
      await world.confirm('eve')
      await expect(world.signIn('eve')).rejects.toThrow('Incorrect username or password')
      const ada = await world.personOf(letIn(await world.continueWith('Google', 'ada')))
      await expect(world.signIn('eve')).rejects.toThrow('Incorrect username or password')
      await world.recover('eve', 'Another-Horse-8')
      expect(await world.personOf(await world.signIn('eve', 'Another-Horse-8'))).toBe(ada)
    },
  )

  it.each(POLICIES)(
    'T157: Eve signs up after Ada, and Ada proves Eve’s: Ada’s Google does not come where Eve’s password opens (%s)',
    async (existingAccount) => {
      const { world, afterTheWindow } = await open({ settings, policy: { existingAccount } })
      await world.signUp('ada', ADA)
      afterTheWindow()
      await world.signUp('eve', ADA)
      await world.confirm('eve')
      const ada = await personOf(world, Promise.resolve(letIn(await world.continueWith('Google', 'ada'))))
      const eve = await world.signIn('eve').then(
        (tokens) => personOf(world, Promise.resolve(tokens)),
        () => undefined,
      )
      expect(ada).toBeDefined()
      expect(eve === undefined || eve !== ada).toBe(true)
    },
  )

  it('T157: a code that comes back late, or was asked for by the browser, throws the password away', async () => {
    const late = await open({ settings })
    await late.world.signUp('eve', ADA)
    late.clock.later += 15 * 60_000 + 1_000
    await late.world.confirm('eve')
    await expect(late.world.signIn('eve')).rejects.toThrow('Incorrect username or password')
    const asked = await open({ settings })
    await asked.world.signUp('eve', ADA)
    await desk.cognito.confirmSignUp({
      ClientId: asked.world.clientId,
      Username: 'eve',
      ConfirmationCode: desk.emulator.newestCode(asked.world.userPoolId, 'eve') ?? '',
      ClientMetadata: { 'onesub-contested': 'true' },
    })
    await expect(asked.world.signIn('eve')).rejects.toThrow('Incorrect username or password')
    const kept = await open({ settings, policy: { passwordBeforeProof: 'keep' } })
    await kept.world.signUp('ada', ADA)
    kept.clock.later += 15 * 60_000 + 1_000
    await kept.world.confirm('ada')
    await kept.world.signIn('ada')
  })

  it('T160: one unproven sign-up a day, or one a second, keeps nobody out beyond a window', async () => {
    const { world, clock } = await open({ settings })
    for (let day = 0; day < 4; day += 1) {
      await world.signUp(`eve-${day}`, ADA)
      clock.later += 24 * 3_600_000
    }
    for (let second = 0; second < 12; second += 1) {
      await world
        .signUp(`bot-${second}`, ADA)
        .catch((error: Error) => expect(error.message).toContain('SIGN_UP_UNFINISHED'))
      clock.later += 1_000
    }
    const ada = await world.personOf(await world.register('ada', ADA))
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(ada)
  })

  it('T160: a confirmed user’s unproven address keeps nobody out, however it was confirmed', async () => {
    const { world, afterTheWindow } = await open({ settings, policy: { unique: ['email', 'phone'] } })
    await world.signUp('eve', ADA)
    await admin(world).confirm('eve')
    const eve = await world.personOf(await world.signIn('eve'))
    afterTheWindow()
    const ada = await world.personOf(await world.register('ada', ADA))
    expect(ada).not.toBe(eve)
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(ada)
    expect(await world.personOf(await world.signIn('eve'))).toBe(eve)
  })

  it('T160: nor does one that a provider vouches for', async () => {
    desk.emulator.setPersona({ id: 'fb', sub: '77', email: ADA })
    const providers = {
      Facebook: { kind: 'facebook', raiseTo: 'E2' },
      Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' },
    } as const
    for (const existingAccount of ['refuse', 'link', 'ask', 'enumeration-safe'] as const) {
      const { world } = await open({ settings, policy: { providers, existingAccount } })
      const eve = await world.personOf(letIn(await world.continueWith('Facebook', 'fb')))
      const ada = await world.personOf(await world.register('ada', ADA))
      expect(ada).not.toBe(eve)
    }
  })

  it('T156: a back end that verifies and sets passwords proves nothing', async () => {
    const { world, afterTheWindow } = await open({ settings, policy: { existingUsers: 'verified-by-code' } })
    await admin(world).create('eve', ADA, { verified: true })
    await admin(world).setPassword('eve')
    const eve = await world.personOf(await world.signIn('eve'))
    const isAlias = 'AliasAttributes' in settings
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).not.toBe(eve)
    if (isAlias) return
    afterTheWindow()
    await expect(world.signUp('ada', ADA)).rejects.toThrow('onesub/IDENTIFIER_TAKEN')
  })

  it('T156: nor one that confirms a sign-up after setting the flag', async () => {
    const { world } = await open({ settings })
    await world.signUp('eve', ADA)
    await admin(world).update('eve', { email: ADA, email_verified: 'true' })
    await admin(world).confirm('eve')
    const eve = await world.personOf(await world.signIn('eve'))
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).not.toBe(eve)
  })

  it('T155: a user who has only the name of the one that an administrator made is not linked to', async () => {
    const { world } = await open({ settings, policy: { trustAdminVerified: true } })
    await world.signUp('ada', 'eve@example.org')
    await expect(admin(world).create('ada', ADA, { verified: true })).rejects.toThrow(/already exists/)
    const google = letIn(await world.continueWith('Google', 'ada'))
    await world.confirm('ada')
    const eve = await world.personOf(await world.signIn('ada'))
    expect(await world.personOf(google)).not.toBe(eve)
    expect(await world.subOf(google)).not.toBe(await world.subOf(await world.signIn('ada')))
  })

  it('T166: who deletes the account can come back, as somebody new', async () => {
    for (const existingAccount of ['refuse', 'link', 'ask', 'enumeration-safe'] as const) {
      const { world } = await open({ settings, policy: { existingAccount } })
      const before = await world.register('ada', ADA)
      const person = await world.personOf(before)
      await desk.cognito.deleteUser({ AccessToken: before.accessToken })
      const again = await world.personOf(await world.register('ada', ADA))
      expect(again).not.toBe(person)
      await desk.cognito.deleteUser({ AccessToken: (await world.signIn('ada')).accessToken })
      const google = await world.personOf(letIn(await world.continueWith('Google', 'ada')))
      expect([again, person]).not.toContain(google)
    }
  })

  it('T166: also who had come by a provider, and with a linked one', async () => {
    const { world } = await open({ settings })
    const native = await world.register('ada', ADA)
    const google = letIn(await world.continueWith('Google', 'ada'))
    expect(await world.personOf(google)).toBe(await world.personOf(native))
    await desk.cognito.deleteUser({ AccessToken: native.accessToken })
    const again = await world.register('ada', ADA)
    expect(await world.personOf(again)).not.toBe(await world.personOf(native).catch(() => undefined))
    letIn(await world.continueWith('Google', 'ada'))
  })

  it('T177: an invited user who clicks Google first is the invited user, groups and mailed password kept', async () => {
    const { world } = await open({ settings, policy: { invitations: 'generated' } })
    await admin(world).create('ada', ADA, { mailed: true })
    await desk.cognito.createGroup({ UserPoolId: world.userPoolId, GroupName: 'editors' })
    await desk.cognito.adminAddUserToGroup({ UserPoolId: world.userPoolId, Username: 'ada', GroupName: 'editors' })
    const google = letIn(await world.continueWith('Google', 'ada'))
    const person = await world.personOf(google)
    expect(JSON.parse(Buffer.from(google.idToken.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      'cognito:groups': expect.arrayContaining(['editors']),
    })
    expect(world.users()).toHaveLength(1)
    expect((await world.account.signInMethods(google.accessToken)).person).toBe(person)
  })

  it('T177: without the operator’s word nobody is joined, and nobody is kept out', async () => {
    const { world } = await open({ settings })
    await admin(world).create('ada', ADA)
    await admin(world).setPassword('ada')
    const google = await world.personOf(letIn(await world.continueWith('Google', 'ada')))
    const native = await world.personOf(await world.signIn('ada'))
    expect(google).not.toBe(native)
  })

  it('T183: a later proof is a new person who owns the address; the earlier one stays who it was', async () => {
    const { world } = await open({ settings, policy: { existingAccount: 'enumeration-safe' } })
    const first = await world.personOf(await world.register('first', ADA))
    const sub = await world.signUp('second', ADA)
    await desk.cognito.confirmSignUp({
      ClientId: world.clientId,
      Username: sub,
      ConfirmationCode: desk.emulator.newestCode(world.userPoolId, sub) ?? '',
      ForceAliasCreation: true,
    })
    const second = await world.personOf(await world.signIn('second'))
    expect(second).not.toBe(first)
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(second)
    expect(await world.personOf(await world.signIn('first'))).toBe(first)
    expect((await world.events()).filter(({ type }) => type === 'identifier.superseded')).toMatchObject([
      { person: second, detail: { from: first } },
    ])
  })

  it('T162: one lost answer of the store locks nobody out', async () => {
    let loses = false
    const { world } = await open({
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
    const ada = await world.personOf(await world.register('ada', ADA))
    expect((await world.events()).filter(({ type }) => type === 'identifier.reserved')).toHaveLength(1)
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(ada)
  })
})

describe('in a pool with addresses as user names', () => {
  const settings: PoolSettings = { UsernameAttributes: ['email'] }

  it('T157: whoever resends the code and proves a squatted address is let in, and the squatter’s password opens nothing', async () => {
    const { world, clock } = await open({ settings })
    await world.signUp('eve', ADA)
    clock.later += 3_600_000
    await expect(world.signUp('ada', ADA)).rejects.toThrow(/already exists/)
    await desk.cognito.resendConfirmationCode({ ClientId: world.clientId, Username: ADA })
    await world.confirm(ADA)
    await expect(world.signIn(ADA)).rejects.toThrow('Incorrect username or password')
    await world.recover(ADA, 'Another-Horse-8')
    const ada = await world.personOf(await world.signIn(ADA, 'Another-Horse-8'))
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(ada)
  })
})

describe.each([
  ['verified by SMS first', { AutoVerifiedAttributes: ['phone_number', 'email'] }, ['email']],
  ['phone as user name', { UsernameAttributes: ['phone_number'] }, ['email']],
  ['phone unique', {}, ['email', 'phone']],
] as const)('T160: in a pool with %s', (_, given, unique) => {
  it('an unproven address of a confirmed user keeps its owner out for no longer than a window', async () => {
    const settings = structuredClone(given) as PoolSettings
    const { world, clock } = await open({ settings, policy: { unique } })
    const sign = (name: string, email: string, phone: string) =>
      desk.cognito.signUp({
        ClientId: world.clientId,
        Username: settings.UsernameAttributes ? phone : name,
        Password: PASSWORD,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'phone_number', Value: phone },
        ],
      })
    await sign('eve', ADA, '+12025550111')
    const eveName = settings.UsernameAttributes ? '+12025550111' : 'eve'
    await desk.cognito.adminConfirmSignUp({ UserPoolId: world.userPoolId, Username: eveName })
    clock.later += 10_000
    await sign('ada', ADA, '+12025550122')
    const google = await world.personOf(letIn(await world.continueWith('Google', 'ada')))
    const eve = await world.personOf(await world.signIn(eveName))
    expect(google).not.toBe(eve)
  })
})
