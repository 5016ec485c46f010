import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openTestEnvironment,
  openTestPool,
  type PoolSettings,
  type TestEnvironment,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

/** Amazon's subjects have capitals, and a case-insensitive pool folds them away in the user name. */
const ada = { id: 'ada', sub: 'amzn1.account.AE7QZ', email: 'ada@example.com' }
const settings = { UsernameConfiguration: { CaseSensitive: false } }

describe.each([false, true])(
  'a subject that the pool folds and nobody has mapped (InboundFederation: %s)',
  (inbound) => {
    it.each(['native-user', 'profile-only'] as const)(
      'creates one person with one user (provider first: %s)',
      async (federatedSignUp) => {
        environment.emulator.setPersona(ada)
        const pool = await openTestPool(environment, { inbound, settings, policy: { federatedSignUp } })
        const first = tokensOf(await pool.continueWith('LoginWithAmazon', 'ada'))
        const again = tokensOf(await pool.continueWith('LoginWithAmazon', 'ada'))
        expect(await pool.personOf(again)).toBe(await pool.personOf(first))
        expect(await pool.subOf(again)).toBe(await pool.subOf(first))
        expect(pool.users()).toHaveLength(1)
        expect((await pool.events()).filter(({ type }) => type === 'person.created')).toHaveLength(1)
      },
    )

    it.each(['refuse', 'ask'] as const)(
      'is not kept out by the user’s own reservation of the address (%s)',
      async (existingAccount) => {
        environment.emulator.setPersona(ada)
        const providers = { LoginWithAmazon: { kind: 'amazon', raiseTo: 'E2' } } as const
        const pool = await openTestPool(environment, {
          inbound,
          settings,
          policy: { existingAccount, providers, federatedSignUp: 'profile-only' },
        })
        const first = tokensOf(await pool.continueWith('LoginWithAmazon', 'ada'))
        const again = tokensOf(await pool.continueWith('LoginWithAmazon', 'ada'))
        expect(await pool.personOf(again)).toBe(await pool.personOf(first))
      },
    )
  },
)

it('a user of the pool who took on the status of profiles stays the same person where the first linked sign-in confirms the user', async () => {
  environment.emulator.setPersona({ id: 'fb', sub: '77', email: 'ada@example.com' })
  const pool = await openTestPool(environment, { quirks: { preStagedLinkFirstSignIn: 'asFirstWithoutPreSignUp' } })
  const first = tokensOf(await pool.continueWith('Facebook', 'fb'))
  expect(await pool.personOf(tokensOf(await pool.continueWith('Facebook', 'fb')))).toBe(await pool.personOf(first))
})

describe('in a pool whose alias is the address', () => {
  const settings: PoolSettings = { AliasAttributes: ['email'] }

  it.each(['Google', 'SignInWithApple'])(
    'T5: %s vouches for an address that another has proven, and each user keeps their own sign-in method',
    async (provider) => {
      environment.emulator.setPersona({ id: 'other', sub: '66', email: 'ada@example.org', email_verified: true })
      const pool = await openTestPool(environment, { settings })
      const native = await pool.register('ada', 'ada@example.org')
      const other = tokensOf(await pool.continueWith(provider, 'other'))
      expect(await pool.personOf(other)).not.toBe(await pool.personOf(native))
      expect(await pool.personOf(tokensOf(await pool.continueWith(provider, 'other')))).toBe(await pool.personOf(other))
      expect(await pool.personOf(await pool.signIn('ada'))).toBe(await pool.personOf(native))
    },
  )
})
