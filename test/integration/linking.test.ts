import { createAccountService } from 'onesub/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KEEPS } from '../environment/pools.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type PoolSettings,
  type TestEnvironment,
  type TestPool,
  type Tokens,
  tokensOf,
} from '../environment/test-pool.ts'

const KINDS: readonly (readonly [name: string, settings: PoolSettings])[] = [
  ['user names', {}],
  [
    'e-mail as alias, case-insensitive',
    { AliasAttributes: ['email'], UsernameConfiguration: { CaseSensitive: false } },
  ],
  ['e-mail as user name', { UsernameAttributes: ['email'] }],
]

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const ada = { id: 'ada', sub: '1180', email: 'Ada@example.com', email_verified: true, hd: 'example.com' }
const meet = (persona: Parameters<TestEnvironment['emulator']['setPersona']>[0]) =>
  environment.emulator.setPersona(persona)

describe.each(KINDS)('social first, in a pool with %s', (_, settings) => {
  it('the user gets a placeholder user, and is the same person and user at each sign-in', async () => {
    meet(ada)
    const pool = await openTestPool(environment, { settings })
    const first = tokensOf(await pool.continueWith('Google', 'ada'))
    const person = await pool.personOf(first)
    const again = tokensOf(await pool.continueWith('Google', 'ada'))
    expect(await pool.personOf(again)).toBe(person)
    expect(await pool.subOf(again)).toBe(await pool.subOf(first))
    const [primaryUser, ...others] = pool.users()
    expect(others).toEqual([])
    expect(primaryUser).toMatchObject({ UserStatus: 'CONFIRMED' })
    if (!settings.UsernameAttributes) expect(primaryUser?.Username).toBe(person)
  })

  it('a reset sets a password afterwards, and the person stays the same', async () => {
    meet(ada)
    const pool = await openTestPool(environment, { settings })
    const person = await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))
    const Username = String(pool.users()[0]?.Username)
    await environment.cognito.forgotPassword({ ClientId: pool.clientId, Username })
    await environment.cognito.confirmForgotPassword({
      ClientId: pool.clientId,
      Username,
      ConfirmationCode: environment.emulator.newestCode(pool.userPoolId, Username) ?? '',
      Password: PASSWORD,
    })
    expect(await pool.personOf(await pool.signIn(Username))).toBe(person)
    expect((await pool.events()).map(({ type }) => type)).toContain('recovery.completed')
  })

  it('a native sign-up with the same address is refused with a code', async () => {
    meet(ada)
    const pool = await openTestPool(environment, { settings })
    await pool.continueWith('Google', 'ada')
    await expect(pool.signUp('ada2', 'ada@example.com')).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
  })

  it('a second provider with the same proven address is linked to the same user', async () => {
    meet(ada)
    meet({ ...ada, id: 'okta-ada', sub: '00uAda' })
    const pool = await openTestPool(environment, { settings })
    const google = tokensOf(await pool.continueWith('Google', 'ada'))
    const okta = tokensOf(await pool.continueWith('Okta', 'okta-ada'))
    expect(await pool.personOf(okta)).toBe(await pool.personOf(google))
    expect(await pool.subOf(okta)).toBe(await pool.subOf(google))
    expect(pool.users()).toHaveLength(1)
  })

  it('T145: a placeholder user takes two runs of the trigger, and a forged marker is no short cut', async () => {
    meet(ada)
    const pool = await openTestPool(environment, { settings })
    await pool.continueWith('Google', 'ada')
    const runs = pool.reports.filter(({ source }) => source.startsWith('PreSignUp'))
    expect(runs.map(({ source, outcome }) => [source, outcome])).toEqual([
      ['PreSignUp_AdminCreateUser', 'create-person'],
      ['PreSignUp_ExternalProvider', 'create-person'],
    ])
    expect((await pool.events()).filter(({ type }) => type === 'person.created')).toHaveLength(1)
    const forged = environment.cognito.adminCreateUser({
      UserPoolId: pool.userPoolId,
      Username: settings.UsernameAttributes ? 'ADA@example.com' : 'eve',
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email', Value: 'ADA@example.com' }],
      ClientMetadata: { 'onesub-placeholder': 'a guess' },
    })
    await expect(forged).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
  })

  it('T146: without proof the primary user has no password to reset, and the address stays its owner’s', async () => {
    meet({ id: 'mallory', sub: '66', email: 'ada@example.com' })
    const pool = await openTestPool(environment, { settings })
    const mallory = tokensOf(await pool.continueWith('Facebook', 'mallory'))
    await expect(
      environment.cognito.forgotPassword({ ClientId: pool.clientId, Username: String(pool.users()[0]?.Username) }),
    ).rejects.toThrow()
    const owner = await pool.register('ada', 'ada@example.com')
    expect(await pool.personOf(owner)).not.toBe(await pool.personOf(mallory))
  })
})

describe('where the pool has InboundFederation', () => {
  it('the link is there before Cognito looks for it: in at the first try', async () => {
    meet(ada)
    const pool = await openTestPool(environment, { inbound: true })
    const native = await pool.register('ada', 'ada@example.com')
    const google = await pool.continueWith('Google', 'ada')
    expect(google.attempts).toBe(1)
    expect(await pool.subOf(tokensOf(google))).toBe(await pool.subOf(native))
  })

  it('a subject whose capitals the pool folds away is linked as the provider wrote it', async () => {
    meet({ ...ada, id: 'okta-ada', sub: '00uAdA' })
    const settings = { UsernameConfiguration: { CaseSensitive: false } }
    const providers = { Okta: { kind: 'oidc', domains: ['example.com'] } } as const
    const pool = await openTestPool(environment, { inbound: true, settings, policy: { providers } })
    const native = await pool.register('ada', 'ada@example.com')
    const first = tokensOf(await pool.continueWith('Okta', 'okta-ada'))
    const again = tokensOf(await pool.continueWith('Okta', 'okta-ada'))
    expect(await pool.subOf(first)).toBe(await pool.subOf(native))
    expect(await pool.subOf(again)).toBe(await pool.subOf(native))
  })
})

describe('linking while signed in', () => {
  const work = { id: 'work', sub: '9', email: 'ada@gmail.com', email_verified: true }
  const facebook = { id: 'fb', sub: '77' }

  async function offered(pool: TestPool, account: Tokens, addition: Tokens) {
    const offer = await pool.account.offerLink({
      accessToken: account.accessToken,
      additionIdToken: addition.idToken,
    })
    if (offer === 'linked') throw new Error('nothing was offered')
    return offer
  }

  async function link(pool: TestPool, account: Tokens, addition: Tokens) {
    const { proof, merges } = await offered(pool, account, addition)
    await pool.account.acceptLink({ accessToken: account.accessToken, proof, merges })
  }

  it.each(['native-user', 'profile-only'] as const)(
    'joins what has no address in common, and both end at one user (social first: %s)',
    async (federatedSignUp) => {
      meet(work)
      const pool = await openTestPool(environment, { policy: { federatedSignUp } })
      const native = await pool.register('ada', 'ada@example.com')
      const google = tokensOf(await pool.continueWith('Google', 'work'))
      const former = await pool.personOf(google)
      const offer = await offered(pool, native, google)
      expect(offer).toMatchObject({ providers: ['Google'], label: 'ada@gmail.com', merges: former })
      const { accessToken } = native
      await expect(pool.account.acceptLink({ accessToken, proof: offer.proof })).rejects.toMatchObject({
        code: 'LINK_NEEDS_MERGE',
      })
      await pool.account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges })
      const again = tokensOf(await pool.continueWith('Google', 'work'))
      expect(await pool.personOf(again)).toBe(await pool.personOf(native))
      expect(await pool.subOf(again)).toBe(await pool.subOf(native))
      expect(pool.users()).toHaveLength(1)
      expect((await pool.registry.person(former))?.mergedInto).toBe(await pool.personOf(native))
      expect((await pool.events()).filter(({ type }) => type === 'person.merged')).toHaveLength(1)
      // The address that was proven there belongs to the survivor too.
      await expect(pool.signUp('eve', 'ada@gmail.com')).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN/)
    },
  )

  it('T8: an offer is for one identity and one account, once', async () => {
    meet(work)
    meet(facebook)
    const pool = await openTestPool(environment)
    const ada = await pool.register('ada', 'ada@example.com')
    const bob = await pool.register('bob', 'bob@example.com')
    const google = tokensOf(await pool.continueWith('Google', 'work'))
    const first = await offered(pool, ada, google)
    const second = await offered(pool, ada, tokensOf(await pool.continueWith('Facebook', 'fb')))
    const accept = (tokens: Tokens, { proof, merges }: typeof first) =>
      pool.account.acceptLink({ accessToken: tokens.accessToken, proof, merges })
    await expect(accept(bob, first)).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    await expect(accept(ada, { ...first, proof: `${first.proof}x` })).rejects.toMatchObject({
      code: 'LINK_PROOF_INVALID',
    })
    const twice = await Promise.allSettled([accept(ada, first), accept(ada, first)])
    expect(twice.some(({ status }) => status === 'fulfilled')).toBe(true)
    expect(await accept(ada, first)).toEqual({ person: await pool.personOf(ada), merged: first.merges })
    const forged = accept(ada, { ...first, merges: await pool.personOf(bob) })
    await expect(forged).rejects.toMatchObject({ code: 'LINK_NEEDS_MERGE' })
    // The account has changed since the other offer was made.
    await expect(accept(ada, second)).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    const linked = (await pool.events()).filter(({ type }) => type === 'person.merged')
    expect(linked).toHaveLength(1)
  })

  it('T10: asks for two sign-ins of the last five minutes', async () => {
    meet(work)
    const pool = await openTestPool(environment)
    const native = await pool.register('ada', 'ada@example.com')
    const google = tokensOf(await pool.continueWith('Google', 'work'))
    const later = createAccountService({ ...pool.accountOptions, clock: () => Date.now() + 6 * 60_000 })
    const both = { accessToken: native.accessToken, additionIdToken: google.idToken }
    await expect(later.offerLink(both)).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    const { proof, merges } = await offered(pool, native, google)
    const muchLater = createAccountService({ ...pool.accountOptions, clock: () => Date.now() + 11 * 60_000 })
    await expect(muchLater.acceptLink({ accessToken: native.accessToken, proof, merges })).rejects.toMatchObject({
      code: 'LINK_PROOF_INVALID',
    })
  })

  it('T25: the same provider under another subject is joined by proof of the account, never by the address', async () => {
    meet(ada)
    meet({ ...ada, id: 'ada2', sub: '2290' })
    const pool = await openTestPool(environment)
    const native = await pool.register('ada', 'ada@example.com')
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(await pool.personOf(native))
    const second = tokensOf(await pool.continueWith('Google', 'ada2'))
    await expect(pool.verify(second.accessToken)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' })
    await link(pool, native, second)
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada2')))).toBe(await pool.personOf(native))
  })

  it('under the policy "ask" a known address is joined by the user’s consent, after both sign-ins', async () => {
    meet(ada)
    const pool = await openTestPool(environment, { policy: { existingAccount: 'ask' } })
    const native = await pool.register('ada', 'ada@example.com')
    const google = tokensOf(await pool.continueWith('Google', 'ada'))
    await expect(pool.verify(google.accessToken)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' })
    await link(pool, native, google)
    const again = tokensOf(await pool.continueWith('Google', 'ada'))
    expect(await pool.personOf(again)).toBe(await pool.personOf(native))
    expect(await pool.subOf(again)).toBe(await pool.subOf(native))
  })

  it('a sixth and a seventh provider account have the same person, though Cognito links five', async () => {
    const pool = await openTestPool(environment)
    const native = await pool.register('ada', 'ada@example.com')
    for (const number of [1, 2, 3, 4, 5, 6, 7]) {
      meet({ id: `okta-${number}`, sub: `00u${number}` })
      await link(pool, native, tokensOf(await pool.continueWith('Okta', `okta-${number}`)))
    }
    for (const number of [1, 6, 7]) {
      const again = tokensOf(await pool.continueWith('Okta', `okta-${number}`))
      expect(await pool.personOf(again)).toBe(await pool.personOf(native))
    }
    expect((await pool.account.signInMethods(native.accessToken)).ways).toHaveLength(8)
  })

  it('T17: the second prover of an address is another person, and is joined once both sign-ins are shown', async () => {
    const pool = await openTestPool(environment, { settings: KEEPS, policy: { existingAccount: 'enumeration-safe' } })
    const native = await pool.register('ada', 'ada@example.com')
    const later = await pool.register('ada2', 'ada@example.com')
    expect(await pool.personOf(later)).not.toBe(await pool.personOf(native))
    // Somebody else may have signed up with the address: a reset shows whose password it is.
    await expect(link(pool, native, later)).rejects.toMatchObject({ code: 'LINK_NEEDS_RECOVERY' })
    await pool.recover('ada2', 'Another-Horse-8')
    const recovered = await pool.signIn('ada2', 'Another-Horse-8')
    await link(pool, await pool.signIn('ada'), recovered)
    expect(await pool.personOf(await pool.signIn('ada2', 'Another-Horse-8'))).toBe(await pool.personOf(native))
  })
})

describe('an unlink', () => {
  it('T18: is refused for the last one, also when the last two go at once', async () => {
    meet(ada)
    meet({ ...ada, id: 'okta-ada', sub: '00u1' })
    const pool = await openTestPool(environment, { policy: { federatedSignUp: 'profile-only' } })
    const google = tokensOf(await pool.continueWith('Google', 'ada'))
    const only = { accessToken: google.accessToken, provider: 'Google', subject: '1180' }
    await expect(pool.account.unlink(only)).rejects.toMatchObject({ code: 'LAST_SIGN_IN_METHOD' })

    const other = await openTestPool(environment)
    const { accessToken } = await other.register('ada', 'ada@example.com')
    await other.continueWith('Google', 'ada')
    await other.continueWith('Okta', 'okta-ada')
    await expect(
      other.account.unlink({
        accessToken,
        provider: 'Cognito',
        subject: await other.subOf({ accessToken }),
      }),
    ).rejects.toMatchObject({ code: 'LINK_IS_PRIMARY_USER' })
    const goes = await Promise.allSettled([
      other.account.unlink({ accessToken, provider: 'Google', subject: '1180' }),
      other.account.unlink({ accessToken, provider: 'Okta', subject: '00u1' }),
    ])
    const { ways } = await other.account.signInMethods(accessToken)
    expect(ways.length).toBe(3 - goes.filter(({ status }) => status === 'fulfilled').length)
    expect(ways.map(({ provider }) => provider)).toContain('Cognito')
  })

  it('T18: an unlinked method has no person at its next sign-in, until the user decides', async () => {
    meet(ada)
    const pool = await openTestPool(environment)
    const native = await pool.register('ada', 'ada@example.com')
    await pool.continueWith('Google', 'ada')
    await pool.account.unlink({ accessToken: native.accessToken, provider: 'Google', subject: '1180' })
    const told = (await pool.events()).length
    const google = tokensOf(await pool.continueWith('Google', 'ada'))
    await expect(pool.verify(google.accessToken)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' })
    expect((await pool.events()).slice(told)).toEqual([])
    const { person } = await pool.account.startSeparatePerson(google.idToken)
    const again = tokensOf(await pool.continueWith('Google', 'ada'))
    expect(await pool.personOf(again)).toBe(person)
    expect(person).not.toBe(await pool.personOf(native))
  })

  it('T18: and can be linked elsewhere', async () => {
    meet(ada)
    const pool = await openTestPool(environment)
    const native = await pool.register('ada', 'ada@example.com')
    const bob = await pool.register('bob', 'bob@example.com')
    await pool.continueWith('Google', 'ada')
    await pool.account.unlink({ accessToken: native.accessToken, provider: 'Google', subject: '1180' })
    const google = tokensOf(await pool.continueWith('Google', 'ada'))
    const offer = await pool.account.offerLink({ accessToken: bob.accessToken, additionIdToken: google.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    expect(offer.merges).toBeNull()
    await pool.account.acceptLink({ accessToken: bob.accessToken, proof: offer.proof })
    const again = tokensOf(await pool.continueWith('Google', 'ada'))
    expect(await pool.personOf(again)).toBe(await pool.personOf(bob))
    expect(await pool.subOf(again)).toBe(await pool.subOf(bob))
  })
})

describe('what a provider writes over', () => {
  const okta = { id: 'okta-ada', sub: '00u1', email: 'ada@example.com', email_verified: true }
  const shown = (pool: TestPool) => Object(pool.users()[0]?.UserAttributes)

  it('T11: the proven address is restored, and the person stays the same throughout', async () => {
    meet(okta)
    const pool = await openTestPool(environment, { inbound: true, settings: { AliasAttributes: ['email'] } })
    const native = await pool.register('ada', 'Ada@Example.com')
    await pool.continueWith('Okta', 'okta-ada')
    meet({ ...okta, email: 'boss@example.com' })
    const drifted = tokensOf(await pool.continueWith('Okta', 'okta-ada'))
    expect(await pool.personOf(drifted)).toBe(await pool.personOf(native))
    expect(shown(pool)).toContainEqual({ Name: 'email', Value: 'Ada@Example.com' })
    expect(shown(pool)).toContainEqual({ Name: 'email_verified', Value: 'true' })
    expect(pool.reports.at(-2)).toMatchObject({ source: 'PostAuthentication_Authentication', outcome: 'repaired' })
    const boss = await pool.register('boss', 'boss@example.com')
    expect(await pool.personOf(boss)).not.toBe(await pool.personOf(native))
  })

  it.each([
    ['as alias', { AliasAttributes: ['email' as const] }],
    ['as user name', { UsernameAttributes: ['email' as const] }],
  ])(
    'where a pool keeps case and has the address %s, the user still signs in by their own spelling',
    async (_, settings) => {
      meet(okta)
      const pool = await openTestPool(environment, { settings })
      const native = await pool.register('ada', 'Ada@Example.com')
      await pool.continueWith('Okta', 'okta-ada')
      expect(await pool.personOf(await pool.signIn('Ada@Example.com'))).toBe(await pool.personOf(native))
    },
  )

  it('T12: a flag that the provider does not send this time proves nothing, and is restored for the user’s own address', async () => {
    meet(okta)
    const pool = await openTestPool(environment)
    const native = await pool.register('ada', 'ada@example.com')
    await pool.continueWith('Okta', 'okta-ada')
    meet({ id: okta.id, sub: okta.sub, email: okta.email })
    await pool.continueWith('Okta', 'okta-ada')
    expect(shown(pool)).toContainEqual({ Name: 'email_verified', Value: 'true' })
    expect(await pool.personOf(native)).toBeDefined()
  })

  it('T13: what a user writes into their own attributes decides nothing', async () => {
    meet({ ...ada, id: 'eve', sub: '66', email: 'eve@example.org', hd: 'example.org' })
    const pool = await openTestPool(environment)
    const victim = await pool.register('ada', 'ada@example.com')
    const eve = tokensOf(await pool.continueWith('Google', 'eve'))
    await environment.cognito.updateUserAttributes({
      AccessToken: eve.accessToken,
      UserAttributes: [{ Name: 'custom:hd', Value: 'example.com' }],
    })
    const again = tokensOf(await pool.continueWith('Google', 'eve'))
    expect(await pool.personOf(again)).toBe(await pool.personOf(eve))
    expect(await pool.personOf(again)).not.toBe(await pool.personOf(victim))
  })
})
