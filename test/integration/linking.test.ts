import { createAccountService } from 'onesub/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KEEPS } from '../world/pools.ts'
import {
  type Desk,
  letIn,
  openDesk,
  openWorld,
  PASSWORD,
  type PoolSettings,
  type Tokens,
  type World,
} from '../world/world.ts'

const KINDS: readonly (readonly [name: string, settings: PoolSettings])[] = [
  ['user names', {}],
  [
    'e-mail as alias, case-insensitive',
    { AliasAttributes: ['email'], UsernameConfiguration: { CaseSensitive: false } },
  ],
  ['e-mail as user name', { UsernameAttributes: ['email'] }],
]

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const ada = { id: 'ada', sub: '1180', email: 'Ada@example.com', email_verified: true, hd: 'example.com' }
const meet = (persona: Parameters<Desk['emulator']['setPersona']>[0]) => desk.emulator.setPersona(persona)

describe.each(KINDS)('social first, in a pool with %s', (_, settings) => {
  it('she gets a user of the pool as her anchor, and is the same person and user at each sign-in', async () => {
    meet(ada)
    const world = await openWorld(desk, { settings })
    const first = letIn(await world.continueWith('Google', 'ada'))
    const person = await world.personOf(first)
    const again = letIn(await world.continueWith('Google', 'ada'))
    expect(await world.personOf(again)).toBe(person)
    expect(await world.subOf(again)).toBe(await world.subOf(first))
    const [primaryUser, ...others] = world.users()
    expect(others).toEqual([])
    expect(primaryUser).toMatchObject({ UserStatus: 'CONFIRMED' })
    if (!settings.UsernameAttributes) expect(primaryUser?.Username).toBe(person)
  })

  it('later she sets a password by a reset, and is who she was', async () => {
    meet(ada)
    const world = await openWorld(desk, { settings })
    const person = await world.personOf(letIn(await world.continueWith('Google', 'ada')))
    const Username = String(world.users()[0]?.Username)
    await desk.cognito.forgotPassword({ ClientId: world.clientId, Username })
    await desk.cognito.confirmForgotPassword({
      ClientId: world.clientId,
      Username,
      ConfirmationCode: desk.emulator.newestCode(world.userPoolId, Username) ?? '',
      Password: PASSWORD,
    })
    expect(await world.personOf(await world.signIn(Username))).toBe(person)
    expect((await world.events()).map(({ type }) => type)).toContain('recovery.completed')
  })

  it('a native sign-up with her address is refused with a code', async () => {
    meet(ada)
    const world = await openWorld(desk, { settings })
    await world.continueWith('Google', 'ada')
    await expect(world.signUp('ada2', 'ada@example.com')).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
  })

  it('a second provider with the same proven address is linked to the same user', async () => {
    meet(ada)
    meet({ ...ada, id: 'okta-ada', sub: '00uAda' })
    const world = await openWorld(desk, { settings })
    const google = letIn(await world.continueWith('Google', 'ada'))
    const okta = letIn(await world.continueWith('Okta', 'okta-ada'))
    expect(await world.personOf(okta)).toBe(await world.personOf(google))
    expect(await world.subOf(okta)).toBe(await world.subOf(google))
    expect(world.users()).toHaveLength(1)
  })

  it('T145: her anchor takes two runs of the trigger, and a forged marker is no short cut', async () => {
    meet(ada)
    const world = await openWorld(desk, { settings })
    await world.continueWith('Google', 'ada')
    const runs = world.reports.filter(({ source }) => source.startsWith('PreSignUp'))
    expect(runs.map(({ source, outcome }) => [source, outcome])).toEqual([
      ['PreSignUp_AdminCreateUser', 'create-person'],
      ['PreSignUp_ExternalProvider', 'create-person'],
    ])
    expect((await world.events()).filter(({ type }) => type === 'person.created')).toHaveLength(1)
    const forged = desk.cognito.adminCreateUser({
      UserPoolId: world.userPoolId,
      Username: settings.UsernameAttributes ? 'ADA@example.com' : 'eve',
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email', Value: 'ADA@example.com' }],
      ClientMetadata: { 'onesub-placeholder': 'a guess' },
    })
    await expect(forged).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
  })

  it('T146: without proof her anchor has no password to reset, and the address stays its owner’s', async () => {
    meet({ id: 'mallory', sub: '66', email: 'ada@example.com' })
    const world = await openWorld(desk, { settings })
    const mallory = letIn(await world.continueWith('Facebook', 'mallory'))
    await expect(
      desk.cognito.forgotPassword({ ClientId: world.clientId, Username: String(world.users()[0]?.Username) }),
    ).rejects.toThrow()
    const owner = await world.register('ada', 'ada@example.com')
    expect(await world.personOf(owner)).not.toBe(await world.personOf(mallory))
  })
})

describe('where the pool has InboundFederation', () => {
  it('the link is there before Cognito looks for it: in at the first try', async () => {
    meet(ada)
    const world = await openWorld(desk, { inbound: true })
    const native = await world.register('ada', 'ada@example.com')
    const google = await world.continueWith('Google', 'ada')
    expect(google.attempts).toBe(1)
    expect(await world.subOf(letIn(google))).toBe(await world.subOf(native))
  })

  it('a subject whose capitals the pool folds away is linked as the provider wrote it', async () => {
    meet({ ...ada, id: 'okta-ada', sub: '00uAdA' })
    const settings = { UsernameConfiguration: { CaseSensitive: false } }
    const providers = { Okta: { kind: 'oidc', domains: ['example.com'] } } as const
    const world = await openWorld(desk, { inbound: true, settings, policy: { providers } })
    const native = await world.register('ada', 'ada@example.com')
    const first = letIn(await world.continueWith('Okta', 'okta-ada'))
    const again = letIn(await world.continueWith('Okta', 'okta-ada'))
    expect(await world.subOf(first)).toBe(await world.subOf(native))
    expect(await world.subOf(again)).toBe(await world.subOf(native))
  })
})

describe('linking while signed in', () => {
  const work = { id: 'work', sub: '9', email: 'ada@gmail.com', email_verified: true }
  const facebook = { id: 'fb', sub: '77' }

  async function offered(world: World, account: Tokens, addition: Tokens) {
    const offer = await world.account.offerLink({
      accessToken: account.accessToken,
      additionIdToken: addition.idToken,
    })
    if (offer === 'linked') throw new Error('nothing was offered')
    return offer
  }

  async function link(world: World, account: Tokens, addition: Tokens) {
    const { proof, merges } = await offered(world, account, addition)
    await world.account.acceptLink({ accessToken: account.accessToken, proof, merges })
  }

  it.each(['native-user', 'profile-only'] as const)(
    'joins what has no address in common, and both end at one user (social first: %s)',
    async (federatedSignUp) => {
      meet(work)
      const world = await openWorld(desk, { policy: { federatedSignUp } })
      const native = await world.register('ada', 'ada@example.com')
      const google = letIn(await world.continueWith('Google', 'work'))
      const former = await world.personOf(google)
      const offer = await offered(world, native, google)
      expect(offer).toMatchObject({ providers: ['Google'], label: 'ada@gmail.com', merges: former })
      const { accessToken } = native
      await expect(world.account.acceptLink({ accessToken, proof: offer.proof })).rejects.toMatchObject({
        code: 'LINK_NEEDS_MERGE',
      })
      await world.account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges })
      const again = letIn(await world.continueWith('Google', 'work'))
      expect(await world.personOf(again)).toBe(await world.personOf(native))
      expect(await world.subOf(again)).toBe(await world.subOf(native))
      expect(world.users()).toHaveLength(1)
      expect((await world.registry.person(former))?.mergedInto).toBe(await world.personOf(native))
      expect((await world.events()).filter(({ type }) => type === 'person.merged')).toHaveLength(1)
      // The address that she had proven there is hers too.
      await expect(world.signUp('eve', 'ada@gmail.com')).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN/)
    },
  )

  it('T8: an offer is for one identity and one account, once', async () => {
    meet(work)
    meet(facebook)
    const world = await openWorld(desk)
    const ada = await world.register('ada', 'ada@example.com')
    const bob = await world.register('bob', 'bob@example.com')
    const google = letIn(await world.continueWith('Google', 'work'))
    const first = await offered(world, ada, google)
    const second = await offered(world, ada, letIn(await world.continueWith('Facebook', 'fb')))
    const accept = (tokens: Tokens, { proof, merges }: typeof first) =>
      world.account.acceptLink({ accessToken: tokens.accessToken, proof, merges })
    await expect(accept(bob, first)).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    await expect(accept(ada, { ...first, proof: `${first.proof}x` })).rejects.toMatchObject({
      code: 'LINK_PROOF_INVALID',
    })
    const twice = await Promise.allSettled([accept(ada, first), accept(ada, first)])
    expect(twice.some(({ status }) => status === 'fulfilled')).toBe(true)
    expect(await accept(ada, first)).toEqual({ person: await world.personOf(ada), merged: first.merges })
    const forged = accept(ada, { ...first, merges: await world.personOf(bob) })
    await expect(forged).rejects.toMatchObject({ code: 'LINK_NEEDS_MERGE' })
    // The account has changed since the other offer was made.
    await expect(accept(ada, second)).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    const linked = (await world.events()).filter(({ type }) => type === 'person.merged')
    expect(linked).toHaveLength(1)
  })

  it('T10: asks for two sign-ins of the last five minutes', async () => {
    meet(work)
    const world = await openWorld(desk)
    const native = await world.register('ada', 'ada@example.com')
    const google = letIn(await world.continueWith('Google', 'work'))
    const later = createAccountService({ ...world.accountOptions, clock: () => Date.now() + 6 * 60_000 })
    const both = { accessToken: native.accessToken, additionIdToken: google.idToken }
    await expect(later.offerLink(both)).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    const { proof, merges } = await offered(world, native, google)
    const muchLater = createAccountService({ ...world.accountOptions, clock: () => Date.now() + 11 * 60_000 })
    await expect(muchLater.acceptLink({ accessToken: native.accessToken, proof, merges })).rejects.toMatchObject({
      code: 'LINK_PROOF_INVALID',
    })
  })

  it('T25: the same provider under another subject is joined by proof of the account, never by the address', async () => {
    meet(ada)
    meet({ ...ada, id: 'ada2', sub: '2290' })
    const world = await openWorld(desk)
    const native = await world.register('ada', 'ada@example.com')
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(await world.personOf(native))
    const second = letIn(await world.continueWith('Google', 'ada2'))
    await expect(world.verify(second.accessToken)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' })
    await link(world, native, second)
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada2')))).toBe(await world.personOf(native))
  })

  it('under the policy "ask" a known address is joined by her own word, after both sign-ins', async () => {
    meet(ada)
    const world = await openWorld(desk, { policy: { existingAccount: 'ask' } })
    const native = await world.register('ada', 'ada@example.com')
    const google = letIn(await world.continueWith('Google', 'ada'))
    await expect(world.verify(google.accessToken)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' })
    await link(world, native, google)
    const again = letIn(await world.continueWith('Google', 'ada'))
    expect(await world.personOf(again)).toBe(await world.personOf(native))
    expect(await world.subOf(again)).toBe(await world.subOf(native))
  })

  it('a sixth and a seventh provider account are hers too, though Cognito links five', async () => {
    const world = await openWorld(desk)
    const native = await world.register('ada', 'ada@example.com')
    for (const number of [1, 2, 3, 4, 5, 6, 7]) {
      meet({ id: `okta-${number}`, sub: `00u${number}` })
      await link(world, native, letIn(await world.continueWith('Okta', `okta-${number}`)))
    }
    for (const number of [1, 6, 7]) {
      const again = letIn(await world.continueWith('Okta', `okta-${number}`))
      expect(await world.personOf(again)).toBe(await world.personOf(native))
    }
    expect((await world.account.signInMethods(native.accessToken)).ways).toHaveLength(8)
  })

  it('T17: who proves an address later is somebody else, and is joined once both are shown', async () => {
    const world = await openWorld(desk, { settings: KEEPS, policy: { existingAccount: 'enumeration-safe' } })
    const native = await world.register('ada', 'ada@example.com')
    const later = await world.register('ada2', 'ada@example.com')
    expect(await world.personOf(later)).not.toBe(await world.personOf(native))
    // Somebody else may have signed up with her address: a reset shows whose password it is.
    await expect(link(world, native, later)).rejects.toMatchObject({ code: 'LINK_NEEDS_RECOVERY' })
    await world.recover('ada2', 'Another-Horse-8')
    const recovered = await world.signIn('ada2', 'Another-Horse-8')
    await link(world, await world.signIn('ada'), recovered)
    expect(await world.personOf(await world.signIn('ada2', 'Another-Horse-8'))).toBe(await world.personOf(native))
  })
})

describe('taking a way in off an account', () => {
  it('T18: is refused for the last one, also when the last two go at once', async () => {
    meet(ada)
    meet({ ...ada, id: 'okta-ada', sub: '00u1' })
    const world = await openWorld(desk, { policy: { federatedSignUp: 'profile-only' } })
    const google = letIn(await world.continueWith('Google', 'ada'))
    const only = { accessToken: google.accessToken, provider: 'Google', subject: '1180' }
    await expect(world.account.unlink(only)).rejects.toMatchObject({ code: 'LAST_SIGN_IN_METHOD' })

    const other = await openWorld(desk)
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

  it('T18: what was taken off is nobody’s at its next sign-in, until she says what it shall be', async () => {
    meet(ada)
    const world = await openWorld(desk)
    const native = await world.register('ada', 'ada@example.com')
    await world.continueWith('Google', 'ada')
    await world.account.unlink({ accessToken: native.accessToken, provider: 'Google', subject: '1180' })
    const told = (await world.events()).length
    const google = letIn(await world.continueWith('Google', 'ada'))
    await expect(world.verify(google.accessToken)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' })
    expect((await world.events()).slice(told)).toEqual([])
    const { person } = await world.account.startSeparatePerson(google.idToken)
    const again = letIn(await world.continueWith('Google', 'ada'))
    expect(await world.personOf(again)).toBe(person)
    expect(person).not.toBe(await world.personOf(native))
  })

  it('T18: and can be linked elsewhere', async () => {
    meet(ada)
    const world = await openWorld(desk)
    const native = await world.register('ada', 'ada@example.com')
    const bob = await world.register('bob', 'bob@example.com')
    await world.continueWith('Google', 'ada')
    await world.account.unlink({ accessToken: native.accessToken, provider: 'Google', subject: '1180' })
    const google = letIn(await world.continueWith('Google', 'ada'))
    const offer = await world.account.offerLink({ accessToken: bob.accessToken, additionIdToken: google.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    expect(offer.merges).toBeNull()
    await world.account.acceptLink({ accessToken: bob.accessToken, proof: offer.proof })
    const again = letIn(await world.continueWith('Google', 'ada'))
    expect(await world.personOf(again)).toBe(await world.personOf(bob))
    expect(await world.subOf(again)).toBe(await world.subOf(bob))
  })
})

describe('what a provider writes over', () => {
  const okta = { id: 'okta-ada', sub: '00u1', email: 'ada@example.com', email_verified: true }
  const shown = (world: World) => Object(world.users()[0]?.UserAttributes)

  it('T11: the address that she has proven is put back, and decides who she is all along', async () => {
    meet(okta)
    const world = await openWorld(desk, { inbound: true, settings: { AliasAttributes: ['email'] } })
    const native = await world.register('ada', 'Ada@Example.com')
    await world.continueWith('Okta', 'okta-ada')
    meet({ ...okta, email: 'boss@example.com' })
    const drifted = letIn(await world.continueWith('Okta', 'okta-ada'))
    expect(await world.personOf(drifted)).toBe(await world.personOf(native))
    expect(shown(world)).toContainEqual({ Name: 'email', Value: 'Ada@Example.com' })
    expect(shown(world)).toContainEqual({ Name: 'email_verified', Value: 'true' })
    expect(world.reports.at(-2)).toMatchObject({ source: 'PostAuthentication_Authentication', outcome: 'repaired' })
    const boss = await world.register('boss', 'boss@example.com')
    expect(await world.personOf(boss)).not.toBe(await world.personOf(native))
  })

  it.each([
    ['as alias', { AliasAttributes: ['email' as const] }],
    ['as user name', { UsernameAttributes: ['email' as const] }],
  ])('where a pool keeps case and has the address %s, she still signs in by her own spelling', async (_, settings) => {
    meet(okta)
    const world = await openWorld(desk, { settings })
    const native = await world.register('ada', 'Ada@Example.com')
    await world.continueWith('Okta', 'okta-ada')
    expect(await world.personOf(await world.signIn('Ada@Example.com'))).toBe(await world.personOf(native))
  })

  it('T12: a flag that the provider does not send this time proves nothing, and is put back on her own address', async () => {
    meet(okta)
    const world = await openWorld(desk)
    const native = await world.register('ada', 'ada@example.com')
    await world.continueWith('Okta', 'okta-ada')
    meet({ id: okta.id, sub: okta.sub, email: okta.email })
    await world.continueWith('Okta', 'okta-ada')
    expect(shown(world)).toContainEqual({ Name: 'email_verified', Value: 'true' })
    expect(await world.personOf(native)).toBeDefined()
  })

  it('T13: what she writes into her own attributes decides nothing', async () => {
    meet({ ...ada, id: 'eve', sub: '66', email: 'eve@example.org', hd: 'example.org' })
    const world = await openWorld(desk)
    const victim = await world.register('ada', 'ada@example.com')
    const eve = letIn(await world.continueWith('Google', 'eve'))
    await desk.cognito.updateUserAttributes({
      AccessToken: eve.accessToken,
      UserAttributes: [{ Name: 'custom:hd', Value: 'example.com' }],
    })
    const again = letIn(await world.continueWith('Google', 'eve'))
    expect(await world.personOf(again)).toBe(await world.personOf(eve))
    expect(await world.personOf(again)).not.toBe(await world.personOf(victim))
  })
})
