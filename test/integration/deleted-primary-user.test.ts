import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type PoolSettings,
  type TestEnvironment,
  tokensOf,
} from '../environment/test-pool.ts'

const KINDS: readonly (readonly [name: string, settings: PoolSettings])[] = [
  ['user names', {}],
  ['e-mail as user name', { UsernameAttributes: ['email'] }],
]
const ADA = 'ada@example.com'
const FEDERATED_SIGN_UP = ['native-user', 'profile-only'] as const

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
  environment.emulator.setPersona({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
})
afterAll(() => environment.close())

describe.each(KINDS)('when a user was deleted in Cognito, in a pool with %s', (_, settings) => {
  it.each(FEDERATED_SIGN_UP)(
    'T108, T166: whoever comes by a provider with that address is let in, as somebody new (%s)',
    async (federatedSignUp) => {
      const pool = await openTestPool(environment, { settings, policy: { federatedSignUp } })
      const person = await pool.personOf(await pool.register('ada', ADA))
      const { userPoolId: UserPoolId, isByAddress } = pool
      await environment.cognito.adminDeleteUser({ UserPoolId, Username: isByAddress ? ADA : 'ada' })
      const again = await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))
      expect(again).not.toBe(person)
      expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(again)
    },
  )
})

it('T108: a deleted user’s provider is not linked to a user who has the name now', async () => {
  const pool = await openTestPool(environment)
  const ada = await pool.personOf(await pool.register('ada', ADA))
  await environment.cognito.adminDeleteUser({ UserPoolId: pool.userPoolId, Username: 'ada' })
  const eve = await pool.personOf(await pool.register('ada', 'eve@example.com'))
  const google = tokensOf(await pool.continueWith('Google', 'ada'))
  expect(await pool.personOf(google)).not.toBe(ada)
  expect(await pool.personOf(google)).not.toBe(eve)
  expect(await pool.subOf(google)).not.toBe(await pool.subOf(await pool.signIn('ada', PASSWORD)))
  expect(await pool.personOf(await pool.signIn('ada', PASSWORD))).toBe(eve)
})
