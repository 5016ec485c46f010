import type { Registry } from 'onesub'
import type { CognitoApi } from 'onesub/user-pool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesHere, link, ownerByGoogle, personBy, personWith } from '../environment/people.ts'
import { KEEPS, POOLS } from '../environment/pools.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type TestEnvironment,
  type TestPool,
  type TestPoolOptions,
  type Tokens,
  throttled,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const ADA = 'ada@example.com'
const NEXT = 'Another-Horse-8'
const meet = (sub: string, email: string) =>
  environment.emulator.setPersona({ id: sub, sub, email, email_verified: true })
const nameIn = (pool: TestPool) => (pool.isByAddress ? ADA : 'ada')

/** Eve tries to link a provider of Eve's by an old session; returns the person whom it leads to then. */
async function eveLinks(pool: TestPool, old: Tokens): Promise<string | undefined> {
  meet('666', 'eve@gmail.com')
  const result = await pool.continueWith('Google', '666')
  if ('tokens' in result) await link(pool, old, result.tokens).catch(() => undefined)
  return personBy(pool, 'Google', '666')
}

async function codeGoesTo(pool: TestPool, name: string): Promise<string | undefined> {
  await environment.cognito.forgotPassword({ ClientId: pool.clientId, Username: name }).catch(() => undefined)
  return environment.emulator.inbox(pool.userPoolId, name).at(-1)?.destination
}

async function nativeName(pool: TestPool): Promise<string> {
  const { Users } = await environment.cognito.listUsers({ UserPoolId: pool.userPoolId })
  return Users?.find(({ UserStatus }) => UserStatus === 'CONFIRMED')?.Username ?? ''
}

describe.each(POOLS)('in a pool with %s', (_, settings) => {
  const open = (more: TestPoolOptions = {}) =>
    openTestPool(environment, { inbound: true, settings: { ...settings, ...KEEPS }, ...more })

  /** Ada has linked somebody's Google, which has proven an address of its own. */
  async function linkedByHand(more: TestPoolOptions = {}) {
    const pool = await open(more)
    const own = await pool.register('ada', ADA)
    meet('777', 'former@gmail.com')
    await link(pool, own, tokensOf(await pool.continueWith('Google', '777')))
    return { pool, own, former: tokensOf(await pool.continueWith('Google', '777')) }
  }

  it('T158: a merge revives no session that a recovery has ended', async () => {
    const pool = await open()
    const name = nameIn(pool)
    await pool.register('ada', ADA)
    const eve = await pool.signIn(name)
    environment.goOn()
    await pool.recover(name, NEXT)
    environment.goOn()
    const other = await pool.register('c', 'c@example.com')
    await link(pool, other, await pool.signIn(name, NEXT))
    expect(await eveLinks(pool, eve)).not.toBe(await pool.personOf(other))
  })

  it('T158: a second recovery within seconds ends what the first one has opened', async () => {
    const pool = await open()
    const name = nameIn(pool)
    await pool.register('ada', ADA)
    await pool.recover(name, NEXT)
    const eve = await pool.signIn(name, NEXT)
    environment.goOn()
    await pool.recover(name, 'Another-Horse-9')
    environment.goOn()
    expect(await eveLinks(pool, eve)).not.toBe(await personWith(pool, name, 'Another-Horse-9'))
  })

  it('T158: a recovery ends the sessions of all users of the person', async () => {
    const pool = await open()
    const name = nameIn(pool)
    const own = await pool.register('ada', ADA)
    const second = await pool.register('b', 'b@example.com')
    await link(pool, own, second)
    await pool.recover(name, NEXT)
    await expect(pool.refresh(second.refreshToken)).rejects.toThrow()
  })

  it('T18: a provider that has a profile beside the user is taken off whole', async () => {
    const pool = await open()
    const own = await pool.register('ada', ADA)
    const ada = await pool.personOf(own)
    for (const sub of ['101', '102', '103', '104', '105']) {
      meet(sub, `f${sub}@other.org`)
      await link(pool, own, tokensOf(await pool.continueWith('Facebook', sub)))
    }
    // Cognito has no room for a sixth link.
    expect(await ownerByGoogle(environment, pool, ADA)).toBe(ada)
    await pool.account.unlink({ accessToken: own.accessToken, provider: 'Google', subject: '900' })
    expect(await personBy(pool, 'Google', 'g')).not.toBe(ada)
  })

  it('T2: after an unlink no code goes to the mailbox of the removed provider', async () => {
    const { pool, own } = await linkedByHand()
    // As it is where the repair after the last sign-in could not be made.
    const shows = { email: 'former@gmail.com', email_verified: 'true' }
    await environment.cognito.adminUpdateUserAttributes({
      UserPoolId: pool.userPoolId,
      Username: await nativeName(pool),
      UserAttributes: Object.entries(shows).map(([Name, Value]) => ({ Name, Value })),
    })
    await pool.account.unlink({ accessToken: own.accessToken, provider: 'Google', subject: '777' })
    expect(await codeGoesTo(pool, await nativeName(pool))).toBe(ADA)
  })

  it('T2: nor where the account had no address of its own', async () => {
    const pool = await open()
    const name = nameIn(pool)
    await pool.signUp('ada', ADA)
    await environment.cognito.adminConfirmSignUp({ UserPoolId: pool.userPoolId, Username: name })
    const own = await pool.signIn(name)
    meet('777', 'former@gmail.com')
    await link(pool, own, tokensOf(await pool.continueWith('Google', '777')))
    await pool.continueWith('Google', '777')
    await pool.account.unlink({ accessToken: own.accessToken, provider: 'Google', subject: '777' })
    expect(await codeGoesTo(pool, await nativeName(pool))).not.toBe('former@gmail.com')
  })

  it('T2: a removed provider’s sessions end, and link nothing back', async () => {
    const { pool, own, former } = await linkedByHand()
    const ada = await pool.personOf(own)
    environment.goOn()
    await pool.account.unlink({ accessToken: own.accessToken, provider: 'Google', subject: '777' })
    const refreshed = pool.refresh(former.refreshToken).then(pool.personOf)
    expect(await refreshed.catch(() => undefined)).not.toBe(ada)
    const again = await pool.continueWith('Google', '777')
    if ('tokens' in again) await link(pool, former, again.tokens).catch(() => undefined)
    expect(await personBy(pool, 'Google', '777')).not.toBe(ada)
    environment.goOn()
    expect(await personWith(pool, nameIn(pool))).toBe(ada)
  })

  it('T11: a provider that was linked by hand takes no address from its user', async () => {
    const { pool, own } = await linkedByHand()
    const byAddress = settings.AliasAttributes !== undefined || pool.isByAddress
    expect(await personWith(pool, byAddress ? ADA : 'ada')).toBe(await pool.personOf(own))
    expect(await codeGoesTo(pool, await nativeName(pool))).toBe(ADA)
  })

  it('T11: the address of one user of a person is not written over that of the other', async () => {
    const pool = await open()
    const own = await pool.register('ada', ADA)
    const second = await pool.register('b', 'b@example.com')
    meet('888', 'f@other.org')
    await link(pool, second, tokensOf(await pool.continueWith('Facebook', '888')))
    await link(pool, own, await pool.signIn(pool.isByAddress ? 'b@example.com' : 'b'))
    await pool.continueWith('Facebook', '888')
    await pool.continueWith('Facebook', '888')
    const byAddress = settings.AliasAttributes !== undefined || pool.isByAddress
    expect(await personWith(pool, byAddress ? ADA : 'ada')).toBe(await pool.personOf(own))
    const { Users } = await environment.cognito.listUsers({ UserPoolId: pool.userPoolId })
    const shown = Users?.map(({ Attributes }) => Attributes?.find(({ Name }) => Name === 'email')?.Value)
    expect(shown?.filter((address) => address === ADA)).toHaveLength(1)
  })
})

describe('what an unlink writes', () => {
  const former = { provider: 'Google', subject: '777' }
  const google = async (pool: TestPool, address: string) => {
    meet('777', address)
    return tokensOf(await pool.continueWith('Google', '777'))
  }

  it.each(POOLS)(
    'T2: takes the removed provider’s address off a second user, too, in a pool with %s',
    async (_, settings) => {
      const at = { isSlow: false }
      const cognito = (api: CognitoApi): CognitoApi => ({
        ...api,
        adminUpdateUserAttributes: (input) => (at.isSlow ? throttled() : api.adminUpdateUserAttributes(input)),
      })
      const through = { registry: (registry: Registry) => registry, cognito }
      const pool = await openTestPool(environment, { inbound: true, settings: { ...settings, ...KEEPS }, through })
      const own = await pool.register('ada', ADA)
      const second = await pool.register('b', 'b@example.com')
      await link(pool, second, await google(pool, 'former@gmail.com'))
      await link(pool, own, await pool.signIn(pool.isByAddress ? 'b@example.com' : 'b'))
      // The repair at the sign-in would take the mark off before.
      at.isSlow = true
      await google(pool, 'former@gmail.com')
      at.isSlow = false
      await pool.account.unlink({ accessToken: own.accessToken, ...former })
      const { Users } = await environment.cognito.listUsers({ UserPoolId: pool.userPoolId })
      const natives = Users?.filter(({ UserStatus }) => UserStatus === 'CONFIRMED') ?? []
      for (const { Username } of natives) expect(await codeGoesTo(pool, Username ?? '')).not.toBe('former@gmail.com')
    },
  )

  it('T11: is no address that is somebody else’s by now', async () => {
    const settings = { AliasAttributes: ['email' as const], ...KEEPS }
    const pool = await openTestPool(environment, { inbound: true, settings })
    const eve = await pool.register('eve', ADA)
    await link(pool, eve, await google(pool, 'eve@gmail.com'))
    const AccessToken = eve.accessToken
    const UserAttributes = [{ Name: 'email', Value: 'eve@other.org' }]
    await environment.cognito.updateUserAttributes({ AccessToken, UserAttributes })
    const Code = environment.emulator.newestCode(pool.userPoolId, 'eve') ?? ''
    await environment.cognito.verifyUserAttribute({ AccessToken, AttributeName: 'email', Code })
    const ada = await pool.personOf(await pool.register('ada', ADA))
    await google(pool, 'eve@gmail.com')
    await pool.account.unlink({ accessToken: AccessToken, ...former })
    await pool.recover(ADA, NEXT)
    expect(await personWith(pool, ADA, NEXT)).toBe(ada)
  })

  it.each(POOLS.filter(([, { AliasAttributes, UsernameAttributes }]) => AliasAttributes ?? UsernameAttributes))(
    'T11: is no address that another user of the person signs in by, in a pool with %s',
    async (_, settings) => {
      const pool = await openTestPool(environment, { inbound: true, settings: { ...settings, ...KEEPS } })
      const name = await pool.signUp('b', 'b@example.com')
      await environment.cognito.adminConfirmSignUp({ UserPoolId: pool.userPoolId, Username: name })
      const own = await pool.signIn(name)
      await link(pool, own, await pool.register('ada', ADA))
      await link(pool, own, await google(pool, 'former@gmail.com'))
      await google(pool, 'former@gmail.com')
      await pool.account.unlink({ accessToken: own.accessToken, ...former })
      const found = await environment.cognito.adminGetUser({ UserPoolId: pool.userPoolId, Username: ADA })
      expect(found.Username).not.toBe('b')
    },
  )
})

it('T183: an address that is shown and was never proven is proven by changeAddress', async () => {
  const pool = await openTestPool(environment, { inbound: true, settings: KEEPS })
  const user = { UserPoolId: pool.userPoolId, Username: 'ada' }
  const UserAttributes = [{ Name: 'email', Value: ADA }]
  await environment.cognito.adminCreateUser({ ...user, MessageAction: 'SUPPRESS', UserAttributes })
  await environment.cognito.adminSetUserPassword({ ...user, Password: PASSWORD, Permanent: true })
  const own = await pool.signIn('ada')
  await changesHere(environment, pool, own.accessToken, 'ada', ADA)
  expect(await ownerByGoogle(environment, pool, ADA)).toBe(await pool.personOf(own))
})

describe('an invitation that was corrected', () => {
  const at = (Value: string) => [
    { Name: 'email', Value },
    { Name: 'email_verified', Value: 'true' },
  ]

  it.each([
    ['corrected', { invitations: 'generated' }],
    ['made again', { invitations: 'generated' }],
    ['corrected', { invitations: 'generated', trustAdminVerified: true }],
    ['made again', { invitations: 'generated', trustAdminVerified: true }],
  ] as const)('T182: gives the first address to nobody else (%s, %j)', async (how, policy) => {
    const pool = await openTestPool(environment, { inbound: true, settings: KEEPS, policy })
    const user = { UserPoolId: pool.userPoolId, Username: 'eve' }
    const mailed = { DesiredDeliveryMediums: ['EMAIL' as const] }
    await environment.cognito.adminCreateUser({ ...user, ...mailed, UserAttributes: at(ADA) })
    if (how === 'made again') {
      await environment.cognito.adminDeleteUser(user)
      await environment.cognito.adminCreateUser({ ...user, ...mailed, UserAttributes: at('eve@example.org') })
    } else {
      await environment.cognito.adminUpdateUserAttributes({ ...user, UserAttributes: at('eve@example.org') })
      await environment.cognito.adminCreateUser({ ...user, ...mailed, MessageAction: 'RESEND' })
    }
    const mail = environment.emulator.inbox(pool.userPoolId, 'eve').at(-1)
    expect(mail?.destination).toBe('eve@example.org')
    const temporary = /password is (\S+?)\.?$/.exec(mail?.body ?? '')?.[1] ?? ''
    const client = { ClientId: pool.clientId }
    const { Session } = await environment.cognito.initiateAuth({
      ...client,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'eve', PASSWORD: temporary },
    })
    await environment.cognito.respondToAuthChallenge({
      ...client,
      Session,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeResponses: { USERNAME: 'eve', NEW_PASSWORD: NEXT, 'userAttributes.email': ADA },
    })
    const eve = await personWith(pool, 'eve', NEXT)
    expect(eve).toBeDefined()
    const ada = await ownerByGoogle(environment, pool, ADA)
    expect(ada).not.toBe(eve)
  })

  it('T177: a password that went to a number is not the mailbox’s', async () => {
    const pool = await openTestPool(environment, {
      inbound: true,
      settings: KEEPS,
      policy: { invitations: 'generated' },
      quirks: { destinationStatus: 'unchanged' },
    })
    const UserAttributes = [...at(ADA), { Name: 'phone_number', Value: '+4915112345678' }]
    const TemporaryPassword = 'Sent-By-Text-7'
    const user = { UserPoolId: pool.userPoolId, Username: 'eve' }
    await environment.cognito.adminCreateUser({
      ...user,
      UserAttributes,
      TemporaryPassword,
      DesiredDeliveryMediums: ['SMS'],
    })
    const ada = await ownerByGoogle(environment, pool, ADA)
    const { ClientId, personOf } = { ClientId: pool.clientId, personOf: pool.personOf }
    const begun = await environment.cognito
      .initiateAuth({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'eve', PASSWORD: TemporaryPassword },
      })
      .catch(() => undefined)
    const done =
      begun?.Session &&
      (await environment.cognito.respondToAuthChallenge({
        ClientId,
        Session: begun.Session,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        ChallengeResponses: { USERNAME: 'eve', NEW_PASSWORD: PASSWORD },
      }))
    const accessToken = done ? done.AuthenticationResult?.AccessToken : undefined
    const eve = accessToken === undefined ? undefined : await personOf({ accessToken }).catch(() => undefined)
    expect(eve).not.toBe(ada)
  })
})

describe('a new address that Cognito has taken and the store has not', () => {
  it('T183: is asked for once more, with another code, and owned then', async () => {
    let fails = false
    const pool = await openTestPool(environment, {
      inbound: true,
      settings: KEEPS,
      through: {
        cognito: (api) => api,
        registry: (registry) => ({
          ...registry,
          commit: async (change) => {
            if (fails) throw new Error('a host and its secret')
            return registry.commit(change)
          },
        }),
      },
    })
    const own = await pool.register('ada', ADA)
    const ada = await pool.personOf(own)
    const NEW = 'new@example.com'
    const { accessToken } = own
    const ask = async () => {
      const { proof } = await pool.account.changeAddress({ accessToken, address: NEW })
      return { accessToken, proof, code: environment.emulator.newestCode(pool.userPoolId, 'ada') ?? '' }
    }
    const first = await ask()
    fails = true
    await expect(pool.account.confirmAddress(first)).rejects.toMatchObject({
      code: 'TRY_AGAIN',
      message: expect.not.stringContaining('secret'),
    })
    fails = false
    await pool.account.confirmAddress(await ask())
    expect(await ownerByGoogle(environment, pool, NEW)).toBe(ada)
  })
})
