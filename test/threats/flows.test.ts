import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emailKey } from '../../packages/onesub/src/core/testing/samples.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type TestEnvironment,
  type TestPool,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const ADA = 'ada@example.com'

async function claimOn(pool: TestPool, address: string) {
  const [fact] = (await pool.registry.facts({ identity: undefined, identifiers: [emailKey(address)] })).identifiers
  return fact?.ownership
}

describe('T9: an address that is switched in the middle of a flow', () => {
  it('is not the one that a sign-up is about, wherever the client writes it', async () => {
    const pool = await openTestPool(environment)
    const { clientId: ClientId, userPoolId } = pool
    const switched = { email: ADA, email_verified: 'true', address: ADA }
    const ValidationData = Object.entries(switched).map(([Name, Value]) => ({ Name, Value }))
    await environment.cognito.signUp({
      ClientId,
      Username: 'eve',
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: 'eve@example.com' }],
      ValidationData,
      ClientMetadata: switched,
    })
    const ConfirmationCode = environment.emulator.newestCode(userPoolId, 'eve') ?? ''
    await environment.cognito.confirmSignUp({ ClientId, Username: 'eve', ConfirmationCode, ClientMetadata: switched })
    const { AuthenticationResult } = await environment.cognito.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId,
      AuthParameters: { USERNAME: 'eve', PASSWORD },
      ClientMetadata: switched,
    })
    const person = (await pool.verify(AuthenticationResult?.AccessToken ?? '')).person
    expect(await claimOn(pool, ADA)).toBeUndefined()
    expect(await claimOn(pool, 'eve@example.com')).toMatchObject({ person, rank: 3 })
  })

  it.each([false, true])(
    'by the provider between two callbacks takes nothing and joins nobody (InboundFederation: %s)',
    async (inbound) => {
      const eve = { id: 'eve', sub: '66', email: 'eve@example.com', email_verified: true, hd: 'example.com' }
      environment.emulator.setPersona(eve)
      const pool = await openTestPool(environment, { inbound })
      const first = await pool.personOf(tokensOf(await pool.continueWith('Google', 'eve')))
      const told = (await pool.events()).length
      environment.emulator.setPersona({ ...eve, email: ADA, hd: 'example.org' })
      expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'eve')))).toBe(first)
      expect((await pool.events()).length).toBe(told)
      expect(await claimOn(pool, ADA)).toBeUndefined()
      expect((await claimOn(pool, 'eve@example.com'))?.person).toBe(first)
      // Cognito has written it over the user's own, and a reset would go there.
      expect(
        pool
          .users()
          .map((user) => JSON.stringify(user))
          .join(),
      ).not.toContain(ADA)
    },
  )

  it('by the page between the offer and the agreement ends the link, and nothing is written', async () => {
    environment.emulator.setPersona({ id: 'eve', sub: '66', email: 'eve@gmail.com', email_verified: true })
    const pool = await openTestPool(environment, { policy: { federatedSignUp: 'profile-only' } })
    const ada = await pool.register('ada', ADA)
    const eve = tokensOf(await pool.continueWith('Google', 'eve'))
    const offer = await pool.account.offerLink({ accessToken: ada.accessToken, additionIdToken: eve.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    const [body = '', seal = ''] = offer.proof.split('.')
    const text = Buffer.from(body, 'base64url').toString()
    const told = (await pool.events()).length
    for (const [from, to] of [
      ['eve@gmail.com', ADA],
      ['"66"', '"67"'],
      ['"Google"', '"Okta"'],
    ] as const) {
      const proof = `${Buffer.from(text.replaceAll(from, to)).toString('base64url')}.${seal}`
      expect(proof).not.toBe(offer.proof)
      await expect(
        pool.account.acceptLink({ accessToken: ada.accessToken, proof, merges: offer.merges }),
      ).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    }
    expect((await pool.events()).length).toBe(told)
  })
})

describe('T15: a SAML subject', () => {
  it('that differs by case only is another identity, and joins nobody', async () => {
    for (const [id, subject] of [
      ['upper', 'Carlos@x'],
      ['lower', 'carlos@x'],
    ] as const) {
      environment.emulator.setPersona({ id, sub: subject, subject, email: `${id}@elsewhere.test` })
    }
    const pool = await openTestPool(environment, { settings: { UsernameConfiguration: { CaseSensitive: true } } })
    const upper = await pool.personOf(tokensOf(await pool.continueWith('Corp', 'upper')))
    const lower = await pool.personOf(tokensOf(await pool.continueWith('Corp', 'lower')))
    expect(upper).not.toBe(lower)
    for (const [person, subject] of [
      [upper, 'Carlos@x'],
      [lower, 'carlos@x'],
    ] as const) {
      const known = (await pool.registry.person(person))?.identities ?? []
      expect(known.filter(({ provider }) => provider === 'Corp')).toMatchObject([{ subject }])
    }
    expect(await pool.personOf(tokensOf(await pool.continueWith('Corp', 'upper')))).toBe(upper)
  })

  it('is what is linked by, as the provider writes it, and no attribute of its choice', async () => {
    const linked: unknown[] = []
    environment.emulator.setPersona({ id: 'ada', sub: 'Ada@Corp', subject: 'Ada@Corp', email: ADA })
    const pool = await openTestPool(environment, {
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
    await pool.register('ada', ADA)
    tokensOf(await pool.continueWith('Corp', 'ada'))
    expect(linked).toEqual([
      { ProviderName: 'Corp', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: 'Ada@Corp' },
    ])
  })
})
