import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, letIn, openDesk, openWorld, PASSWORD, type PoolSettings } from '../world/world.ts'

const KINDS: readonly (readonly [name: string, settings: PoolSettings])[] = [
  ['user names', {}],
  ['e-mail as user name', { UsernameAttributes: ['email'] }],
]
const ADA = 'ada@example.com'
const FEDERATED_SIGN_UP = ['native-user', 'profile-only'] as const

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  desk.emulator.setPersona({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
})
afterAll(() => desk.close())

describe.each(KINDS)('when a user was deleted in Cognito, in a pool with %s', (_, settings) => {
  it.each(FEDERATED_SIGN_UP)(
    'T108, T166: whoever comes by a provider with that address is let in, as somebody new (%s)',
    async (federatedSignUp) => {
      const world = await openWorld(desk, { settings, policy: { federatedSignUp } })
      const person = await world.personOf(await world.register('ada', ADA))
      const { userPoolId: UserPoolId, isByAddress } = world
      await desk.cognito.adminDeleteUser({ UserPoolId, Username: isByAddress ? ADA : 'ada' })
      const again = await world.personOf(letIn(await world.continueWith('Google', 'ada')))
      expect(again).not.toBe(person)
      expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(again)
    },
  )
})

it('T108: her provider is not linked to whoever has her user name now', async () => {
  const world = await openWorld(desk)
  const ada = await world.personOf(await world.register('ada', ADA))
  await desk.cognito.adminDeleteUser({ UserPoolId: world.userPoolId, Username: 'ada' })
  const eve = await world.personOf(await world.register('ada', 'eve@example.com'))
  const google = letIn(await world.continueWith('Google', 'ada'))
  expect(await world.personOf(google)).not.toBe(ada)
  expect(await world.personOf(google)).not.toBe(eve)
  expect(await world.subOf(google)).not.toBe(await world.subOf(await world.signIn('ada', PASSWORD)))
  expect(await world.personOf(await world.signIn('ada', PASSWORD))).toBe(eve)
})
