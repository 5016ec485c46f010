import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemTime } from '../../packages/onesub/src/triggers/system-time.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type PoolSettings,
  type TestEnvironment,
  type TestPool,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
  environment.emulator.setPersona({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
})
afterAll(() => environment.close())

const ADA = 'ada@example.com'

const deleteUser = ({ userPoolId: UserPoolId }: TestPool, Username: string) =>
  environment.cognito.adminDeleteUser({ UserPoolId, Username })
const confirmByAdmin = ({ userPoolId: UserPoolId }: TestPool, Username: string) =>
  environment.cognito.adminConfirmSignUp({ UserPoolId, Username })

async function personIn(pool: TestPool, userName: string) {
  const { accessToken } = await pool.signIn(userName)
  return pool.verify(accessToken).then(
    ({ person }) => person,
    ({ code }: { code: string }) => code,
  )
}

describe('T108: a user who was deleted in Cognito', () => {
  it('leaves nothing to a user who takes the user name', async () => {
    const pool = await openTestPool(environment)
    const ada = await pool.personOf(await pool.register('ada', ADA))
    await deleteUser(pool, 'ada')
    const eve = await pool.personOf(await pool.register('ada', 'eve@example.com'))
    expect(eve).not.toBe(ada)
    expect((await pool.registry.person(eve))?.identities).toHaveLength(1)
    expect((await pool.account.signInMethods((await pool.signIn('ada')).accessToken)).person).toBe(eve)
  })

  it.each(['link', 'enumeration-safe'] as const)(
    'leaves the address to nobody who takes the user name with it and proves nothing (policy %s)',
    async (existingAccount) => {
      const pool = await openTestPool(environment, { policy: { existingAccount } })
      const ada = await pool.personOf(await pool.register('ada', ADA))
      await deleteUser(pool, 'ada')
      const again = pool.signUp('ada', ADA)
      await again
      await confirmByAdmin(pool, 'ada')
      // T166: nobody is kept out by who is gone, and whoever comes is somebody else.
      expect(await personIn(pool, 'ada')).not.toBe(ada)
      expect((await pool.registry.person(ada))?.identities).toHaveLength(1)
    },
  )

  it.each(['link', 'enumeration-safe'] as const)(
    'leaves an address for which an administrator vouched to nobody who only takes the user name (policy %s)',
    async (existingAccount) => {
      const pool = await openTestPool(environment, { policy: { existingAccount, trustAdminVerified: true } })
      await environment.cognito.adminCreateUser({
        UserPoolId: pool.userPoolId,
        Username: 'ada',
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: ADA },
          { Name: 'email_verified', Value: 'true' },
        ],
      })
      await deleteUser(pool, 'ada')
      const squats = pool.signUp('ada', ADA)
      if (existingAccount === 'link') await expect(squats).rejects.toThrow('onesub/IDENTIFIER_TAKEN')
      else {
        await squats
        await confirmByAdmin(pool, 'ada')
        expect(await personIn(pool, 'ada')).not.toBe('PERSON_UNKNOWN')
      }
      const ada = await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))
      if (existingAccount === 'enumeration-safe') expect(await personIn(pool, 'ada')).not.toBe(ada)
    },
  )
})

describe('T107: an orphan', () => {
  const KINDS: readonly (readonly [name: string, settings: PoolSettings])[] = [
    ['user names', {}],
    ['e-mail as user name', { UsernameAttributes: ['email'] }],
  ]

  it.each(KINDS)(
    'of Cognito’s, made while no trigger was attached, gets a person at the first sign-in (%s)',
    async (_, settings) => {
      const pool = await openTestPool(environment, { settings, policy: { existingUsers: 'verified-by-code' } })
      const attributes = { email: ADA, email_verified: 'true' }
      const { userPoolId, isByAddress } = pool
      const username = isByAddress ? ADA : 'ada'
      environment.emulator.seed({ userPoolId, users: [{ username, password: PASSWORD, attributes }] })
      expect((await pool.events()).length).toBe(0)
      const person = await pool.personOf(await pool.signIn(username))
      await expect(pool.signUp('eve', ADA)).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
      expect(await pool.personOf(await pool.signIn(username))).toBe(person)
    },
  )

  it('of the registry’s, whose sign-up Cognito refused after we had been asked, keeps nobody from the address for longer than a minute', async () => {
    let later = 0
    const time = { ...systemTime, now: () => environment.now() + later }
    const pool = await openTestPool(environment, { quirks: { preSignUpOrder: 'triggerFirst' }, options: { time } })
    await pool.register('bob', 'bob@example.com')
    // The name is taken, which Cognito finds out after our trigger has accepted the sign-up.
    await expect(pool.signUp('bob', ADA)).rejects.toThrow(/already exists/)
    later = 61_000
    const ada = await pool.personOf(await pool.register('ada', ADA))
    expect(await pool.personOf(await pool.signIn('bob'))).not.toBe(ada)
  })
})
