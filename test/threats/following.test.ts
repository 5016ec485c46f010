import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemTime } from '../../packages/onesub/src/triggers/system-time.ts'
import { changesHere, codeOf } from '../world/people.ts'
import { KEEPS, POOLS } from '../world/pools.ts'
import { type Desk, letIn, openDesk, openWorld, PASSWORD, type World, type WorldOptions } from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const ADA = 'ada@example.com'
const NEW = 'ada@gmail.com'
const SITUATIONS = POOLS.flatMap(([name, settings]) => [
  [name, settings] as const,
  [`${name}, kept until verified`, { ...settings, ...KEEPS }] as const,
])

const google = (email: string, sub = '1180') =>
  desk.emulator.setPersona({ id: 'google', sub, email, email_verified: true, hd: email.split('@')[1] ?? '' })
const byGoogle = async (world: World) => letIn(await world.continueWith('Google', 'google'))

/** The user changes the address in Cognito, past us, and enters the code. */
async function changes(world: World, accessToken: string, userName: string, email: string): Promise<void> {
  await desk.cognito.updateUserAttributes({
    AccessToken: accessToken,
    UserAttributes: [{ Name: 'email', Value: email }],
  })
  const Code = codeOf(desk, world, userName, email)
  await desk.cognito.verifyUserAttribute({ AccessToken: accessToken, AttributeName: 'email', Code })
}

const open = (options: WorldOptions) => openWorld(desk, options)

describe.each(SITUATIONS)('T151: an address that changed, in a pool with %s', (_, settings) => {
  const nameOf = (world: World) => (world.isByAddress ? ADA : 'ada')

  it('through our call: the new one is the person’s, the old one is nobody’s', async () => {
    const world = await open({ settings })
    const before = await world.register('ada', ADA)
    const ada = await world.personOf(before)
    await changesHere(desk, world, before.accessToken, nameOf(world), NEW)
    google(NEW)
    expect(await world.personOf(await byGoogle(world))).toBe(ada)
    // The successor at the old mailbox is somebody else, by Google and by the form.
    google(ADA, '2290')
    expect(await world.personOf(await byGoogle(world))).not.toBe(ada)
  })

  it.each([true, false])(
    'past us, where only codes set flags (%s): the successor at the old mailbox gets nothing',
    async (flagsOnlyByCode) => {
      const world = await open({ settings, policy: { flagsOnlyByCode } })
      const before = await world.register('ada', ADA)
      const ada = await world.personOf(before)
      await changes(world, before.accessToken, nameOf(world), NEW)
      // Before the registry has seen it, too.
      google(ADA, '2290')
      const successor = await world.personOf(await byGoogle(world))
      expect(successor).not.toBe(ada)
      const signedIn = await world.signIn(world.isByAddress ? NEW : 'ada')
      expect(await world.personOf(signedIn)).toBe(ada)
      google(NEW)
      const atNew = await world.personOf(await byGoogle(world))
      // Where the pool does not keep the old address, a recovery can have marked the new one.
      const isKept = settings.UserAttributeUpdateSettings !== undefined
      if (flagsOnlyByCode && isKept) expect(atNew).toBe(ada)
      else expect(atNew).not.toBe(ada)
      expect(await world.personOf(await world.signIn(world.isByAddress ? NEW : 'ada').catch(() => signedIn))).toBe(ada)
    },
  )

  it('with a linked provider: a password sign-in does not write the old address back', async () => {
    google(ADA)
    const world = await open({ settings })
    const before = await world.register('ada', ADA)
    await byGoogle(world)
    await changesHere(desk, world, before.accessToken, nameOf(world), NEW)
    await world.signIn(world.isByAddress ? NEW : 'ada')
    const user = world.users().find(({ UserStatus }) => UserStatus === 'CONFIRMED')
    expect(user?.UserAttributes).toContainEqual({ Name: 'email', Value: NEW })
    expect(await world.personOf(await byGoogle(world))).toBe(await world.personOf(before))
  })

  it('T151: a walk: sign up, change the address, come by Google at the new one, delete the account, come back', async () => {
    google(NEW)
    const world = await open({ settings })
    const before = await world.register('ada', ADA)
    const ada = await world.personOf(before)
    await changesHere(desk, world, before.accessToken, nameOf(world), NEW)
    expect(await world.personOf(await byGoogle(world))).toBe(ada)
    await desk.cognito.deleteUser({ AccessToken: before.accessToken })
    const back = await world.register('ada', NEW)
    expect(await world.personOf(back)).not.toBe(ada)
    const again = await world.personOf(await byGoogle(world))
    expect([await world.personOf(back), ada]).toContain(again)
  })
})

describe('T151: the call that changes an address', () => {
  it('proves only the address that was asked for', async () => {
    const world = await open({ settings: KEEPS })
    const { accessToken } = await world.register('eve', 'eve@example.org')
    const { proof } = await world.account.changeAddress({ accessToken, address: ADA })
    // The code goes to Ada; Eve has one sent to herself, past us.
    await desk.cognito.updateUserAttributes({
      AccessToken: accessToken,
      UserAttributes: [{ Name: 'email', Value: 'eve@example.net' }],
    })
    const code = desk.emulator.newestCode(world.userPoolId, 'eve') ?? ''
    await expect(world.account.confirmAddress({ accessToken, proof, code })).rejects.toMatchObject({
      code: 'LINK_PROOF_INVALID',
    })
    google(ADA)
    expect(await world.personOf(await byGoogle(world))).not.toBe(await world.personOf({ accessToken }))
  })

  it('needs the code, a fresh sign-in, an address, and the user who asked', async () => {
    const world = await open({ settings: KEEPS })
    const eve = await world.register('eve', 'eve@example.org')
    const bob = await world.register('bob', 'bob@example.org')
    const { accessToken } = eve
    await expect(world.account.changeAddress({ accessToken, address: 'nonsense' })).rejects.toMatchObject({
      code: 'IDENTIFIER_INVALID',
    })
    const { proof } = await world.account.changeAddress({ accessToken, address: ADA })
    await expect(world.account.confirmAddress({ accessToken, proof, code: '000000' })).rejects.toMatchObject({
      code: 'CODE_INVALID',
    })
    await expect(world.account.confirmAddress({ accessToken, proof, code: '' })).rejects.toMatchObject({
      code: 'CODE_INVALID',
    })
    await expect(world.account.confirmAddress({ accessToken, proof: `${proof}x`, code: '1' })).rejects.toMatchObject({
      code: 'LINK_PROOF_INVALID',
    })
    const code = desk.emulator.newestCode(world.userPoolId, 'eve') ?? ''
    await expect(world.account.confirmAddress({ accessToken: bob.accessToken, proof, code })).rejects.toMatchObject({
      code: 'LINK_PROOF_INVALID',
    })
  })
})

describe('T158: after a recovery', () => {
  it('older sessions are over: no offer, no link, no unlink, no refresh', async () => {
    google('eve@gmail.com', '66')
    const world = await open({})
    const eve = await world.register('ada', ADA)
    const ada = await world.personOf(eve)
    const addition = await byGoogle(world)
    const offer = await world.account.offerLink({ accessToken: eve.accessToken, additionIdToken: addition.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await new Promise((done) => setTimeout(done, 1_100))
    await world.recover('ada', 'Another-Horse-8')
    const { accessToken } = eve
    const ways = { accessToken, provider: 'Cognito', subject: 'x' }
    await expect(world.account.offerLink({ accessToken, additionIdToken: addition.idToken })).rejects.toMatchObject({
      name: 'OnesubError',
    })
    await expect(
      world.account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges }),
    ).rejects.toMatchObject({ name: 'OnesubError' })
    await expect(world.account.unlink(ways)).rejects.toMatchObject({ name: 'OnesubError' })
    await expect(world.account.changeAddress({ accessToken, address: 'eve@gmail.com' })).rejects.toMatchObject({
      name: 'OnesubError',
    })
    await expect(world.refresh(eve.refreshToken)).rejects.toThrow()
    expect(await world.personOf(await world.signIn('ada', 'Another-Horse-8'))).toBe(ada)
  })

  it('an offer is void where the other side has recovered', async () => {
    const world = await open({})
    const ada = await world.register('ada', ADA)
    const other = await world.register('other', 'other@example.com')
    const offer = await world.account.offerLink({ accessToken: ada.accessToken, additionIdToken: other.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await world.recover('other', 'Another-Horse-8')
    await expect(
      world.account.acceptLink({ accessToken: ada.accessToken, proof: offer.proof, merges: offer.merges }),
    ).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
  })
})

describe('T175: what is proven later', () => {
  it.each([
    [true, 'kept', KEEPS],
    [true, 'not kept', {}],
    [false, 'kept', KEEPS],
  ])(
    'counts at the next sign-in where only codes set flags (%s), the former address %s',
    async (flagsOnlyByCode, _, settings) => {
      const world = await open({ settings, policy: { flagsOnlyByCode } })
      await world.signUp('ada', ADA)
      await desk.cognito.adminConfirmSignUp({ UserPoolId: world.userPoolId, Username: 'ada' })
      const { accessToken } = await world.signIn('ada')
      const ada = await world.personOf({ accessToken })
      await desk.cognito.getUserAttributeVerificationCode({ AccessToken: accessToken, AttributeName: 'email' })
      const Code = desk.emulator.newestCode(world.userPoolId, 'ada') ?? ''
      await desk.cognito.verifyUserAttribute({ AccessToken: accessToken, AttributeName: 'email', Code })
      await world.signIn('ada')
      google(ADA)
      const atGoogle = await world.personOf(await byGoogle(world))
      if (flagsOnlyByCode && settings === KEEPS) expect(atGoogle).toBe(ada)
      else expect(atGoogle).not.toBe(ada)
    },
  )

  it('counts by our own call, also for a first address', async () => {
    const world = await open({})
    await desk.cognito.adminCreateUser({ UserPoolId: world.userPoolId, Username: 'ada', MessageAction: 'SUPPRESS' })
    await desk.cognito.adminSetUserPassword({
      UserPoolId: world.userPoolId,
      Username: 'ada',
      Password: PASSWORD,
      Permanent: true,
    })
    const tokens = await world.signIn('ada')
    const ada = await world.personOf(tokens)
    await changesHere(desk, world, tokens.accessToken, 'ada', ADA)
    google(ADA)
    expect(await world.personOf(await byGoogle(world))).toBe(ada)
  })

  it('counts at no recovery: its code may have gone to an address that was there before', async () => {
    const world = await open({})
    await world.signUp('ada', ADA)
    await desk.cognito.adminConfirmSignUp({ UserPoolId: world.userPoolId, Username: 'ada' })
    const ada = await world.personOf(await world.signIn('ada'))
    await desk.cognito.adminUpdateUserAttributes({
      UserPoolId: world.userPoolId,
      Username: 'ada',
      UserAttributes: [
        { Name: 'email', Value: ADA },
        { Name: 'email_verified', Value: 'true' },
      ],
    })
    await world.recover('ada', 'Another-Horse-8')
    google(ADA)
    expect(await world.personOf(await byGoogle(world))).not.toBe(ada)
    expect(await world.personOf(await world.signIn('ada', 'Another-Horse-8'))).toBe(ada)
  })
})

describe('T181: a repair', () => {
  it.each(['ignored', 'promotesPending'] as const)('promotes no pending address (%s)', async (verifiedFlagAlone) => {
    desk.emulator.setPersona({ id: 'fb', sub: '77', email: ADA })
    const world = await open({ settings: KEEPS, quirks: { verifiedFlagAlone } })
    const eve = await world.register('eve', 'eve@example.org')
    const fb = letIn(await world.continueWith('Facebook', 'fb'))
    const offer = await world.account.offerLink({ accessToken: eve.accessToken, additionIdToken: fb.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await world.account.acceptLink({ accessToken: eve.accessToken, proof: offer.proof, merges: offer.merges })
    await desk.cognito.updateUserAttributes({
      AccessToken: eve.accessToken,
      UserAttributes: [{ Name: 'email', Value: 'victim@example.com' }],
    })
    desk.emulator.setPersona({ id: 'fb', sub: '77', email: 'eve@example.org' })
    for (let time = 0; time < 3; time += 1) {
      await world.continueWith('Facebook', 'fb')
      // At each: the sign-in after the one that promoted it would put the user's own back.
      expect(JSON.stringify(world.users())).not.toContain('victim@example.com')
    }
  })
})

describe('T182: a message that was sent', () => {
  it('proves nothing where the flag comes by another road', async () => {
    const world = await open({ settings: KEEPS, policy: { flagsOnlyByCode: true } })
    const eve = await world.register('eve', 'eve@example.org')
    desk.emulator.setPersona({ id: 'okta', sub: '00u1', subject: '00u1', email: ADA, email_verified: true })
    const okta = letIn(await world.continueWith('Okta', 'okta'))
    const own = await world.personOf(eve)
    // The provider is Eve's own: it is not the authority for another domain, and writes what it likes.
    desk.emulator.setPersona({
      id: 'okta',
      sub: '00u1',
      subject: '00u1',
      email: 'victim@example.net',
      email_verified: true,
    })
    const offer = await world.account.offerLink({ accessToken: eve.accessToken, additionIdToken: okta.idToken })
    if (offer !== 'linked')
      await world.account.acceptLink({ accessToken: eve.accessToken, proof: offer.proof, merges: offer.merges })
    await desk.cognito.updateUserAttributes({
      AccessToken: eve.accessToken,
      UserAttributes: [{ Name: 'email', Value: 'victim@example.net' }],
    })
    await world.continueWith('Okta', 'okta')
    await world.signIn('eve')
    await world.refresh((await world.signIn('eve')).refreshToken)
    desk.emulator.setPersona({
      id: 'google',
      sub: '3',
      email: 'victim@example.net',
      email_verified: true,
      hd: 'example.net',
    })
    expect(await world.personOf(await byGoogle(world))).not.toBe(own)
  })
})

it('T159: freshness is counted from the sign-in, not from a refresh', async () => {
  let later = 0
  const time = { ...systemTime, now: () => Date.now() + later }
  const world = await open({ options: { time } })
  const ada = await world.register('ada', ADA)
  later = 0
  const refreshed = await world.refresh(ada.refreshToken)
  expect(await world.personOf(refreshed)).toBe(await world.personOf(ada))
})
