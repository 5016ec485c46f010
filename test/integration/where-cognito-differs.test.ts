import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, letIn, openDesk, openWorld, type PoolSettings } from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

/** Amazon's subjects have capitals, and a case-insensitive pool folds them away in the user name. */
const ada = { id: 'ada', sub: 'amzn1.account.AE7QZ', email: 'ada@example.com' }
const settings = { UsernameConfiguration: { CaseSensitive: false } }

describe.each([false, true])(
  'a subject that the pool folds and nobody has mapped (InboundFederation: %s)',
  (inbound) => {
    it.each(['native-user', 'profile-only'] as const)(
      'begins one person with one user (social first: %s)',
      async (federatedSignUp) => {
        desk.emulator.setPersona(ada)
        const world = await openWorld(desk, { inbound, settings, policy: { federatedSignUp } })
        const first = letIn(await world.continueWith('LoginWithAmazon', 'ada'))
        const again = letIn(await world.continueWith('LoginWithAmazon', 'ada'))
        expect(await world.personOf(again)).toBe(await world.personOf(first))
        expect(await world.subOf(again)).toBe(await world.subOf(first))
        expect(world.users()).toHaveLength(1)
        expect((await world.events()).filter(({ type }) => type === 'person.created')).toHaveLength(1)
      },
    )

    it.each(['refuse', 'ask'] as const)(
      'is not kept out by her own claim on the address (%s)',
      async (existingAccount) => {
        desk.emulator.setPersona(ada)
        const providers = { LoginWithAmazon: { kind: 'amazon', raiseTo: 'E2' } } as const
        const world = await openWorld(desk, {
          inbound,
          settings,
          policy: { existingAccount, providers, federatedSignUp: 'profile-only' },
        })
        const first = letIn(await world.continueWith('LoginWithAmazon', 'ada'))
        const again = letIn(await world.continueWith('LoginWithAmazon', 'ada'))
        expect(await world.personOf(again)).toBe(await world.personOf(first))
      },
    )
  },
)

it('a user of the pool who took on the status of profiles is still herself where her first linked sign-in confirms her', async () => {
  desk.emulator.setPersona({ id: 'fb', sub: '77', email: 'ada@example.com' })
  const world = await openWorld(desk, { quirks: { preStagedLinkFirstSignIn: 'asFirstWithoutPreSignUp' } })
  const first = letIn(await world.continueWith('Facebook', 'fb'))
  expect(await world.personOf(letIn(await world.continueWith('Facebook', 'fb')))).toBe(await world.personOf(first))
})

describe('in a pool whose alias is the address', () => {
  const settings: PoolSettings = { AliasAttributes: ['email'] }

  it.each(['Google', 'SignInWithApple'])(
    'T5: %s vouches for an address that another has proven, and each comes by her own way',
    async (provider) => {
      desk.emulator.setPersona({ id: 'other', sub: '66', email: 'ada@example.org', email_verified: true })
      const world = await openWorld(desk, { settings })
      const native = await world.register('ada', 'ada@example.org')
      const other = letIn(await world.continueWith(provider, 'other'))
      expect(await world.personOf(other)).not.toBe(await world.personOf(native))
      expect(await world.personOf(letIn(await world.continueWith(provider, 'other')))).toBe(await world.personOf(other))
      expect(await world.personOf(await world.signIn('ada'))).toBe(await world.personOf(native))
    },
  )
})
