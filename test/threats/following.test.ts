import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemTime } from '../../packages/onesub/src/triggers/system-time.ts'
import { changesHere, codeOf } from '../environment/people.ts'
import { KEEPS, POOLS } from '../environment/pools.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type TestEnvironment,
  type TestPool,
  type TestPoolOptions,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const ADA = 'ada@example.com'
const NEW = 'ada@gmail.com'
const SITUATIONS = POOLS.flatMap(([name, settings]) => [
  [name, settings] as const,
  [`${name}, kept until verified`, { ...settings, ...KEEPS }] as const,
])

const google = (email: string, sub = '1180') =>
  environment.emulator.setPersona({ id: 'google', sub, email, email_verified: true, hd: email.split('@')[1] ?? '' })
const byGoogle = async (pool: TestPool) => tokensOf(await pool.continueWith('Google', 'google'))

/** The user changes the address in Cognito, past us, and enters the code. */
async function changes(pool: TestPool, accessToken: string, userName: string, email: string): Promise<void> {
  await environment.cognito.updateUserAttributes({
    AccessToken: accessToken,
    UserAttributes: [{ Name: 'email', Value: email }],
  })
  const Code = codeOf(environment, pool, userName, email)
  await environment.cognito.verifyUserAttribute({ AccessToken: accessToken, AttributeName: 'email', Code })
}

const open = (options: TestPoolOptions) => openTestPool(environment, options)

describe.each(SITUATIONS)('T151: an address that changed, in a pool with %s', (_, settings) => {
  const nameOf = (pool: TestPool) => (pool.isByAddress ? ADA : 'ada')

  it('through our call: the person owns the new one, the old one is free', async () => {
    const pool = await open({ settings })
    const before = await pool.register('ada', ADA)
    const ada = await pool.personOf(before)
    await changesHere(environment, pool, before.accessToken, nameOf(pool), NEW)
    google(NEW)
    expect(await pool.personOf(await byGoogle(pool))).toBe(ada)
    // The successor at the old mailbox is somebody else, by Google and by the form.
    google(ADA, '2290')
    expect(await pool.personOf(await byGoogle(pool))).not.toBe(ada)
  })

  it.each([true, false])(
    'past us, where only codes set flags (%s): the successor at the old mailbox gets nothing',
    async (flagsOnlyByCode) => {
      const pool = await open({ settings, policy: { flagsOnlyByCode } })
      const before = await pool.register('ada', ADA)
      const ada = await pool.personOf(before)
      await changes(pool, before.accessToken, nameOf(pool), NEW)
      // Before the registry has seen it, too.
      google(ADA, '2290')
      const successor = await pool.personOf(await byGoogle(pool))
      expect(successor).not.toBe(ada)
      const signedIn = await pool.signIn(pool.isByAddress ? NEW : 'ada')
      expect(await pool.personOf(signedIn)).toBe(ada)
      google(NEW)
      const atNew = await pool.personOf(await byGoogle(pool))
      // Where the pool does not keep the old address, a recovery can have marked the new one.
      const isKept = settings.UserAttributeUpdateSettings !== undefined
      if (flagsOnlyByCode && isKept) expect(atNew).toBe(ada)
      else expect(atNew).not.toBe(ada)
      expect(await pool.personOf(await pool.signIn(pool.isByAddress ? NEW : 'ada').catch(() => signedIn))).toBe(ada)
    },
  )

  it('with a linked provider: a password sign-in does not write the old address back', async () => {
    google(ADA)
    const pool = await open({ settings })
    const before = await pool.register('ada', ADA)
    await byGoogle(pool)
    await changesHere(environment, pool, before.accessToken, nameOf(pool), NEW)
    await pool.signIn(pool.isByAddress ? NEW : 'ada')
    const user = pool.users().find(({ UserStatus }) => UserStatus === 'CONFIRMED')
    expect(user?.UserAttributes).toContainEqual({ Name: 'email', Value: NEW })
    expect(await pool.personOf(await byGoogle(pool))).toBe(await pool.personOf(before))
  })

  it('T151: in one order: sign up, change the address, sign in by Google at the new one, delete the account, return', async () => {
    google(NEW)
    const pool = await open({ settings })
    const before = await pool.register('ada', ADA)
    const ada = await pool.personOf(before)
    await changesHere(environment, pool, before.accessToken, nameOf(pool), NEW)
    expect(await pool.personOf(await byGoogle(pool))).toBe(ada)
    await environment.cognito.deleteUser({ AccessToken: before.accessToken })
    const back = await pool.register('ada', NEW)
    expect(await pool.personOf(back)).not.toBe(ada)
    const again = await pool.personOf(await byGoogle(pool))
    expect([await pool.personOf(back), ada]).toContain(again)
  })
})

describe('T151: the call that changes an address', () => {
  it('proves only the address that was asked for', async () => {
    const pool = await open({ settings: KEEPS })
    const { accessToken } = await pool.register('eve', 'eve@example.org')
    const { proof } = await pool.account.changeAddress({ accessToken, address: ADA })
    // The code goes to Ada; Eve requests one for Eve's own mailbox, without onesub.
    await environment.cognito.updateUserAttributes({
      AccessToken: accessToken,
      UserAttributes: [{ Name: 'email', Value: 'eve@example.net' }],
    })
    const code = environment.emulator.newestCode(pool.userPoolId, 'eve') ?? ''
    await expect(pool.account.confirmAddress({ accessToken, proof, code })).rejects.toMatchObject({
      code: 'CODE_INVALID',
    })
    google(ADA)
    expect(await pool.personOf(await byGoogle(pool))).not.toBe(await pool.personOf({ accessToken }))
  })

  it('proves the address by one more code where the newest code came with an older proof', async () => {
    const pool = await open({ settings: KEEPS })
    const { accessToken } = await pool.register('eve', 'eve@example.org')
    const request = (address: string) => pool.account.changeAddress({ accessToken, address })
    const newestCode = () => environment.emulator.newestCode(pool.userPoolId, 'eve') ?? ''
    const { proof } = await request('typo@example.net')
    await request('eve@example.net')
    const mixed = pool.account.confirmAddress({ accessToken, proof, code: newestCode() })
    await expect(mixed).rejects.toMatchObject({ code: 'CODE_INVALID' })
    const again = await request('eve@example.net')
    await pool.account.confirmAddress({ accessToken, proof: again.proof, code: newestCode() })
    const eve = await pool.registry.person((await pool.account.signInMethods(accessToken)).person)
    expect(eve?.address).toBe('eve@example.net')
  })

  it('needs the code, a fresh sign-in, an address, and the user who asked', async () => {
    const pool = await open({ settings: KEEPS })
    const eve = await pool.register('eve', 'eve@example.org')
    const bob = await pool.register('bob', 'bob@example.org')
    const { accessToken } = eve
    await expect(pool.account.changeAddress({ accessToken, address: 'nonsense' })).rejects.toMatchObject({
      code: 'IDENTIFIER_INVALID',
    })
    const { proof } = await pool.account.changeAddress({ accessToken, address: ADA })
    await expect(pool.account.confirmAddress({ accessToken, proof, code: '000000' })).rejects.toMatchObject({
      code: 'CODE_INVALID',
    })
    await expect(pool.account.confirmAddress({ accessToken, proof, code: '' })).rejects.toMatchObject({
      code: 'CODE_INVALID',
    })
    await expect(pool.account.confirmAddress({ accessToken, proof: `${proof}x`, code: '1' })).rejects.toMatchObject({
      code: 'LINK_PROOF_INVALID',
    })
    const code = environment.emulator.newestCode(pool.userPoolId, 'eve') ?? ''
    await expect(pool.account.confirmAddress({ accessToken: bob.accessToken, proof, code })).rejects.toMatchObject({
      code: 'LINK_PROOF_INVALID',
    })
  })
})

describe('T158: after a recovery', () => {
  it('older sessions are over: no offer, no link, no unlink, no refresh', async () => {
    google('eve@gmail.com', '66')
    const pool = await open({})
    const eve = await pool.register('ada', ADA)
    const ada = await pool.personOf(eve)
    const addition = await byGoogle(pool)
    const offer = await pool.account.offerLink({ accessToken: eve.accessToken, additionIdToken: addition.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    environment.goOn()
    await pool.recover('ada', 'Another-Horse-8')
    const { accessToken } = eve
    const ways = { accessToken, provider: 'Cognito', subject: 'x' }
    await expect(pool.account.offerLink({ accessToken, additionIdToken: addition.idToken })).rejects.toMatchObject({
      name: 'OnesubError',
    })
    await expect(
      pool.account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges }),
    ).rejects.toMatchObject({ name: 'OnesubError' })
    await expect(pool.account.unlink(ways)).rejects.toMatchObject({ name: 'OnesubError' })
    await expect(pool.account.changeAddress({ accessToken, address: 'eve@gmail.com' })).rejects.toMatchObject({
      name: 'OnesubError',
    })
    await expect(pool.refresh(eve.refreshToken)).rejects.toThrow()
    expect(await pool.personOf(await pool.signIn('ada', 'Another-Horse-8'))).toBe(ada)
  })

  it('an offer is void where the other side has recovered', async () => {
    const pool = await open({})
    const ada = await pool.register('ada', ADA)
    const other = await pool.register('other', 'other@example.com')
    const offer = await pool.account.offerLink({ accessToken: ada.accessToken, additionIdToken: other.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await pool.recover('other', 'Another-Horse-8')
    await expect(
      pool.account.acceptLink({ accessToken: ada.accessToken, proof: offer.proof, merges: offer.merges }),
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
      const pool = await open({ settings, policy: { flagsOnlyByCode } })
      await pool.signUp('ada', ADA)
      await environment.cognito.adminConfirmSignUp({ UserPoolId: pool.userPoolId, Username: 'ada' })
      const { accessToken } = await pool.signIn('ada')
      const ada = await pool.personOf({ accessToken })
      await environment.cognito.getUserAttributeVerificationCode({ AccessToken: accessToken, AttributeName: 'email' })
      const Code = environment.emulator.newestCode(pool.userPoolId, 'ada') ?? ''
      await environment.cognito.verifyUserAttribute({ AccessToken: accessToken, AttributeName: 'email', Code })
      await pool.signIn('ada')
      google(ADA)
      const atGoogle = await pool.personOf(await byGoogle(pool))
      if (flagsOnlyByCode && settings === KEEPS) expect(atGoogle).toBe(ada)
      else expect(atGoogle).not.toBe(ada)
    },
  )

  it('counts by our own call, also for a first address', async () => {
    const pool = await open({})
    await environment.cognito.adminCreateUser({
      UserPoolId: pool.userPoolId,
      Username: 'ada',
      MessageAction: 'SUPPRESS',
    })
    await environment.cognito.adminSetUserPassword({
      UserPoolId: pool.userPoolId,
      Username: 'ada',
      Password: PASSWORD,
      Permanent: true,
    })
    const tokens = await pool.signIn('ada')
    const ada = await pool.personOf(tokens)
    await changesHere(environment, pool, tokens.accessToken, 'ada', ADA)
    google(ADA)
    expect(await pool.personOf(await byGoogle(pool))).toBe(ada)
  })

  it('counts at no recovery: its code may have gone to an address that was there before', async () => {
    const pool = await open({})
    await pool.signUp('ada', ADA)
    await environment.cognito.adminConfirmSignUp({ UserPoolId: pool.userPoolId, Username: 'ada' })
    const ada = await pool.personOf(await pool.signIn('ada'))
    await environment.cognito.adminUpdateUserAttributes({
      UserPoolId: pool.userPoolId,
      Username: 'ada',
      UserAttributes: [
        { Name: 'email', Value: ADA },
        { Name: 'email_verified', Value: 'true' },
      ],
    })
    await pool.recover('ada', 'Another-Horse-8')
    google(ADA)
    expect(await pool.personOf(await byGoogle(pool))).not.toBe(ada)
    expect(await pool.personOf(await pool.signIn('ada', 'Another-Horse-8'))).toBe(ada)
  })
})

describe('T181: a repair', () => {
  it.each(['ignored', 'promotesPending'] as const)('promotes no pending address (%s)', async (verifiedFlagAlone) => {
    environment.emulator.setPersona({ id: 'fb', sub: '77', email: ADA })
    const pool = await open({ settings: KEEPS, quirks: { verifiedFlagAlone } })
    const eve = await pool.register('eve', 'eve@example.org')
    const fb = tokensOf(await pool.continueWith('Facebook', 'fb'))
    const offer = await pool.account.offerLink({ accessToken: eve.accessToken, additionIdToken: fb.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await pool.account.acceptLink({ accessToken: eve.accessToken, proof: offer.proof, merges: offer.merges })
    await environment.cognito.updateUserAttributes({
      AccessToken: eve.accessToken,
      UserAttributes: [{ Name: 'email', Value: 'victim@example.com' }],
    })
    environment.emulator.setPersona({ id: 'fb', sub: '77', email: 'eve@example.org' })
    for (let time = 0; time < 3; time += 1) {
      await pool.continueWith('Facebook', 'fb')
      // At each: the sign-in after the one that promoted it would put the user's own back.
      expect(JSON.stringify(pool.users())).not.toContain('victim@example.com')
    }
  })
})

describe('T182: a message that was sent', () => {
  it('proves nothing where the flag is set in another way', async () => {
    const pool = await open({ settings: KEEPS, policy: { flagsOnlyByCode: true } })
    const eve = await pool.register('eve', 'eve@example.org')
    environment.emulator.setPersona({ id: 'okta', sub: '00u1', subject: '00u1', email: ADA, email_verified: true })
    const okta = tokensOf(await pool.continueWith('Okta', 'okta'))
    const own = await pool.personOf(eve)
    // The provider is Eve's own: it is not the authority for another domain, and writes what it likes.
    environment.emulator.setPersona({
      id: 'okta',
      sub: '00u1',
      subject: '00u1',
      email: 'victim@example.net',
      email_verified: true,
    })
    const offer = await pool.account.offerLink({ accessToken: eve.accessToken, additionIdToken: okta.idToken })
    if (offer !== 'linked')
      await pool.account.acceptLink({ accessToken: eve.accessToken, proof: offer.proof, merges: offer.merges })
    await environment.cognito.updateUserAttributes({
      AccessToken: eve.accessToken,
      UserAttributes: [{ Name: 'email', Value: 'victim@example.net' }],
    })
    await pool.continueWith('Okta', 'okta')
    await pool.signIn('eve')
    await pool.refresh((await pool.signIn('eve')).refreshToken)
    environment.emulator.setPersona({
      id: 'google',
      sub: '3',
      email: 'victim@example.net',
      email_verified: true,
      hd: 'example.net',
    })
    expect(await pool.personOf(await byGoogle(pool))).not.toBe(own)
  })
})

it('T159: freshness is counted from the sign-in, not from a refresh', async () => {
  let later = 0
  const time = { ...systemTime, now: () => environment.now() + later }
  const pool = await open({ options: { time } })
  const ada = await pool.register('ada', ADA)
  later = 0
  const refreshed = await pool.refresh(ada.refreshToken)
  expect(await pool.personOf(refreshed)).toBe(await pool.personOf(ada))
})
