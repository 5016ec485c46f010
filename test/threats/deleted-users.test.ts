import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemTime } from '../../packages/onesub/src/triggers/system-time.ts'
import { type Desk, letIn, openDesk, openWorld, PASSWORD, type PoolSettings, type World } from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  desk.emulator.setPersona({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
})
afterAll(() => desk.close())

const ADA = 'ada@example.com'

const deleteUser = ({ userPoolId: UserPoolId }: World, Username: string) =>
  desk.cognito.adminDeleteUser({ UserPoolId, Username })
const confirmByAdmin = ({ userPoolId: UserPoolId }: World, Username: string) =>
  desk.cognito.adminConfirmSignUp({ UserPoolId, Username })

async function personIn(world: World, userName: string) {
  const { accessToken } = await world.signIn(userName)
  return world.verify(accessToken).then(
    ({ person }) => person,
    ({ code }: { code: string }) => code,
  )
}

describe('T108: a user who was deleted in Cognito', () => {
  it('leaves nothing of hers to whoever takes her user name', async () => {
    const world = await openWorld(desk)
    const ada = await world.personOf(await world.register('ada', ADA))
    await deleteUser(world, 'ada')
    const eve = await world.personOf(await world.register('ada', 'eve@example.com'))
    expect(eve).not.toBe(ada)
    expect((await world.registry.person(eve))?.identities).toHaveLength(1)
    expect((await world.account.signInMethods((await world.signIn('ada')).accessToken)).person).toBe(eve)
  })

  it.each(['link', 'enumeration-safe'] as const)(
    'leaves her address to nobody who takes her user name along with it and proves nothing (policy %s)',
    async (existingAccount) => {
      const world = await openWorld(desk, { policy: { existingAccount } })
      const ada = await world.personOf(await world.register('ada', ADA))
      await deleteUser(world, 'ada')
      const again = world.signUp('ada', ADA)
      await again
      await confirmByAdmin(world, 'ada')
      // T166: nobody is kept out by who is gone, and whoever comes is somebody else.
      expect(await personIn(world, 'ada')).not.toBe(ada)
      expect((await world.registry.person(ada))?.identities).toHaveLength(1)
    },
  )

  it.each(['link', 'enumeration-safe'] as const)(
    'leaves an address for which an administrator vouched to nobody who only takes her user name (policy %s)',
    async (existingAccount) => {
      const world = await openWorld(desk, { policy: { existingAccount, trustAdminVerified: true } })
      await desk.cognito.adminCreateUser({
        UserPoolId: world.userPoolId,
        Username: 'ada',
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: ADA },
          { Name: 'email_verified', Value: 'true' },
        ],
      })
      await deleteUser(world, 'ada')
      const squats = world.signUp('ada', ADA)
      if (existingAccount === 'link') await expect(squats).rejects.toThrow('onesub/IDENTIFIER_TAKEN')
      else {
        await squats
        await confirmByAdmin(world, 'ada')
        expect(await personIn(world, 'ada')).not.toBe('PERSON_UNKNOWN')
      }
      const ada = await world.personOf(letIn(await world.continueWith('Google', 'ada')))
      if (existingAccount === 'enumeration-safe') expect(await personIn(world, 'ada')).not.toBe(ada)
    },
  )
})

describe('T107: an orphan', () => {
  const KINDS: readonly (readonly [name: string, settings: PoolSettings])[] = [
    ['user names', {}],
    ['e-mail as user name', { UsernameAttributes: ['email'] }],
  ]

  it.each(KINDS)(
    'of Cognito’s, made while no trigger was there, is somebody at her first sign-in (%s)',
    async (_, settings) => {
      const world = await openWorld(desk, { settings, policy: { existingUsers: 'verified-by-code' } })
      const attributes = { email: ADA, email_verified: 'true' }
      const { userPoolId, isByAddress } = world
      const username = isByAddress ? ADA : 'ada'
      desk.emulator.seed({ userPoolId, users: [{ username, password: PASSWORD, attributes }] })
      expect((await world.events()).length).toBe(0)
      const person = await world.personOf(await world.signIn(username))
      await expect(world.signUp('eve', ADA)).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
      expect(await world.personOf(await world.signIn(username))).toBe(person)
    },
  )

  it('of the registry’s, whose sign-up Cognito refused after we had been asked, keeps nobody from the address for longer than a minute', async () => {
    let later = 0
    const time = { ...systemTime, now: () => Date.now() + later }
    const world = await openWorld(desk, { quirks: { preSignUpOrder: 'triggerFirst' }, options: { time } })
    await world.register('bob', 'bob@example.com')
    // The name is taken, which Cognito finds out after our trigger has let her in.
    await expect(world.signUp('bob', ADA)).rejects.toThrow(/already exists/)
    later = 61_000
    const ada = await world.personOf(await world.register('ada', ADA))
    expect(await world.personOf(await world.signIn('bob'))).not.toBe(ada)
  })
})
