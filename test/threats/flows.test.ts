import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emailKey } from '../../packages/onesub/src/core/testing/samples.ts'
import { type Desk, letIn, openDesk, openWorld, PASSWORD, type World } from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const ADA = 'ada@example.com'

async function claimOn(world: World, address: string) {
  const [fact] = (await world.registry.facts({ identity: undefined, identifiers: [emailKey(address)] })).identifiers
  return fact?.ownership
}

describe('T9: an address that is switched in the middle of a flow', () => {
  it('is not the one that a sign-up is about, wherever the client writes it', async () => {
    const world = await openWorld(desk)
    const { clientId: ClientId, userPoolId } = world
    const switched = { email: ADA, email_verified: 'true', address: ADA }
    const ValidationData = Object.entries(switched).map(([Name, Value]) => ({ Name, Value }))
    await desk.cognito.signUp({
      ClientId,
      Username: 'eve',
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: 'eve@example.com' }],
      ValidationData,
      ClientMetadata: switched,
    })
    const ConfirmationCode = desk.emulator.newestCode(userPoolId, 'eve') ?? ''
    await desk.cognito.confirmSignUp({ ClientId, Username: 'eve', ConfirmationCode, ClientMetadata: switched })
    const { AuthenticationResult } = await desk.cognito.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId,
      AuthParameters: { USERNAME: 'eve', PASSWORD },
      ClientMetadata: switched,
    })
    const person = (await world.verify(AuthenticationResult?.AccessToken ?? '')).person
    expect(await claimOn(world, ADA)).toBeUndefined()
    expect(await claimOn(world, 'eve@example.com')).toMatchObject({ person, rank: 3 })
  })

  it.each([false, true])(
    'by the provider between two callbacks takes nothing and joins nobody (InboundFederation: %s)',
    async (inbound) => {
      const eve = { id: 'eve', sub: '66', email: 'eve@example.com', email_verified: true, hd: 'example.com' }
      desk.emulator.setPersona(eve)
      const world = await openWorld(desk, { inbound })
      const first = await world.personOf(letIn(await world.continueWith('Google', 'eve')))
      const told = (await world.events()).length
      desk.emulator.setPersona({ ...eve, email: ADA, hd: 'example.org' })
      expect(await world.personOf(letIn(await world.continueWith('Google', 'eve')))).toBe(first)
      expect((await world.events()).length).toBe(told)
      expect(await claimOn(world, ADA)).toBeUndefined()
      expect((await claimOn(world, 'eve@example.com'))?.person).toBe(first)
      // Cognito has written it over hers, and a reset would go there.
      expect(
        world
          .users()
          .map((user) => JSON.stringify(user))
          .join(),
      ).not.toContain(ADA)
    },
  )

  it('by the page between the offer and the agreement ends the link, and nothing is written', async () => {
    desk.emulator.setPersona({ id: 'eve', sub: '66', email: 'eve@gmail.com', email_verified: true })
    const world = await openWorld(desk, { policy: { federatedSignUp: 'profile-only' } })
    const ada = await world.register('ada', ADA)
    const eve = letIn(await world.continueWith('Google', 'eve'))
    const offer = await world.account.offerLink({ accessToken: ada.accessToken, additionIdToken: eve.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    const [body = '', seal = ''] = offer.proof.split('.')
    const text = Buffer.from(body, 'base64url').toString()
    const told = (await world.events()).length
    for (const [from, to] of [
      ['eve@gmail.com', ADA],
      ['"66"', '"67"'],
      ['"Google"', '"Okta"'],
    ] as const) {
      const proof = `${Buffer.from(text.replaceAll(from, to)).toString('base64url')}.${seal}`
      expect(proof).not.toBe(offer.proof)
      await expect(
        world.account.acceptLink({ accessToken: ada.accessToken, proof, merges: offer.merges }),
      ).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    }
    expect((await world.events()).length).toBe(told)
  })
})

describe('T15: a SAML subject', () => {
  it('that differs by case only is another identity, and joins nobody', async () => {
    for (const [id, subject] of [
      ['upper', 'Carlos@x'],
      ['lower', 'carlos@x'],
    ] as const) {
      desk.emulator.setPersona({ id, sub: subject, subject, email: `${id}@elsewhere.test` })
    }
    const world = await openWorld(desk, { settings: { UsernameConfiguration: { CaseSensitive: true } } })
    const upper = await world.personOf(letIn(await world.continueWith('Corp', 'upper')))
    const lower = await world.personOf(letIn(await world.continueWith('Corp', 'lower')))
    expect(upper).not.toBe(lower)
    for (const [person, subject] of [
      [upper, 'Carlos@x'],
      [lower, 'carlos@x'],
    ] as const) {
      const known = (await world.registry.person(person))?.identities ?? []
      expect(known.filter(({ provider }) => provider === 'Corp')).toMatchObject([{ subject }])
    }
    expect(await world.personOf(letIn(await world.continueWith('Corp', 'upper')))).toBe(upper)
  })

  it('is what is linked by, as the provider writes it, and no attribute of its choice', async () => {
    const linked: unknown[] = []
    desk.emulator.setPersona({ id: 'ada', sub: 'Ada@Corp', subject: 'Ada@Corp', email: ADA })
    const world = await openWorld(desk, {
      settings: { UsernameConfiguration: { CaseSensitive: true } },
      through: {
        registry: (registry) => registry,
        cognito: (api) => ({
          ...api,
          adminLinkProviderForUser: (input) => {
            linked.push(input.SourceUser)
            return api.adminLinkProviderForUser(input)
          },
          adminGetUser: (input) => api.adminGetUser(input),
        }),
      },
    })
    await world.register('ada', ADA)
    letIn(await world.continueWith('Corp', 'ada'))
    expect(linked).toEqual([
      { ProviderName: 'Corp', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: 'Ada@Corp' },
    ])
  })
})
