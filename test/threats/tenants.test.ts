import { normaliseEmail } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesHere, codeOf, link, ownerByGoogle, personBy, personWith } from '../environment/people.ts'
import { KEEPS } from '../environment/pools.ts'
import { openIdConnect, TRUST } from '../environment/providers.ts'
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
  environment.emulator.setPersona({ id: 'ada', sub: '1190', email: ADA, email_verified: true })
})
afterAll(() => environment.close())

const ADA = 'ada@example.com'
const TENANT = 'custom:tenant'
const own = { kind: 'oidc', domains: ['example.com'], subjectAttribute: 'custom:subject' } as const
const providers = {
  ...Object.fromEntries(Object.entries(TRUST).map(([name, trust]) => [name, { ...trust, within: null }])),
  AcmeLogin: { ...own, within: 'acme' },
  GlobexLogin: { ...own, within: 'globex' },
}

/** Two tenants in one pool, each with a provider of its own. */
function open(options: TestPoolOptions = {}): Promise<TestPool> {
  return openTestPool(environment, {
    inbound: true,
    ...options,
    settings: { ...KEEPS, ...options.settings },
    providers: {
      AcmeLogin: openIdConnect(),
      // Its administrator maps what they like: it is not believed.
      GlobexLogin: openIdConnect({
        email: 'email',
        email_verified: 'email_verified',
        'custom:subject': 'sub',
        [TENANT]: 'tenant',
      }),
    },
    policy: { uniqueWithin: TENANT, providers, ...options.policy },
  })
}

async function register(pool: TestPool, name: string, tenant: string | undefined, email = ADA): Promise<string | null> {
  await pool.signUp(name, email, tenant === undefined ? {} : { [TENANT]: tenant })
  await pool.confirm(name)
  return pool.personOf(await pool.signIn(name))
}

const personIn = (pool: TestPool, provider: string) => personBy(pool, provider, 'ada')

describe('T178: the same address in several tenants', () => {
  it.each([true, false])(
    'T178: is a person in each, and in none of them two (InboundFederation %s)',
    async (inbound) => {
      const pool = await open({ inbound })
      const acme = await register(pool, 'a', 'acme')
      const globex = await register(pool, 'g', 'globex')
      const none = await register(pool, 'n', undefined)
      expect(new Set([acme, globex, none]).size).toBe(3)
      for (const tenant of ['acme', 'globex'])
        await expect(pool.signUp('second', 'ADA@example.com', { [TENANT]: tenant })).rejects.toThrow('IDENTIFIER_TAKEN')
      await expect(pool.signUp('second', ADA)).rejects.toThrow('IDENTIFIER_TAKEN')
    },
  )

  it.each([true, false])(
    'T178: a provider joins the person of its own tenant (InboundFederation %s)',
    async (inbound) => {
      const pool = await open({ inbound })
      const acme = await register(pool, 'a', 'acme')
      const globex = await register(pool, 'g', 'globex')
      expect(await personIn(pool, 'AcmeLogin')).toBe(acme)
      expect(await personIn(pool, 'GlobexLogin')).toBe(globex)
      expect(await personIn(pool, 'AcmeLogin')).toBe(acme)
    },
  )

  it.each(['native-user', 'profile-only'] as const)(
    'T178: signs in by a provider first, and by a password after it (%s)',
    async (federatedSignUp) => {
      // Onto a user with an immutable attribute Cognito may refuse a link: then the provider's profile stays beside it.
      const pool = await open({ policy: { federatedSignUp }, quirks: { linkOntoImmutable: 'mapped' } })
      const acme = await personIn(pool, 'AcmeLogin')
      expect(acme).toBeDefined()
      await expect(pool.signUp('a', ADA, { [TENANT]: 'acme' })).rejects.toThrow('IDENTIFIER_TAKEN')
      expect(await register(pool, 'g', 'globex')).not.toBe(acme)
      expect(await personIn(pool, 'AcmeLogin')).toBe(acme)
      if (federatedSignUp === 'profile-only') return
      // The user that was made is of that tenant, so that a reset leads to the same person.
      const made = await environment.cognito.adminGetUser({ UserPoolId: pool.userPoolId, Username: acme ?? '' })
      expect(made.UserAttributes).toContainEqual({ Name: TENANT, Value: 'acme' })
      await pool.recover(acme ?? '', PASSWORD)
      expect(await personWith(pool, acme ?? '')).toBe(acme)
    },
  )

  it.each([true, false])(
    'T178: a provider whose administrator maps another tenant reaches nobody there (InboundFederation %s)',
    async (inbound) => {
      const pool = await open({ inbound })
      const acme = await register(pool, 'a', 'acme')
      environment.emulator.setPersona({
        id: 'globex-admin',
        sub: '66',
        email: ADA,
        email_verified: true,
        tenant: 'acme',
      })
      const result = await pool.continueWith('GlobexLogin', 'globex-admin')
      const other = 'refused' in result ? undefined : await pool.personOf(result.tokens)
      expect(other).not.toBe(acme)
    },
  )

  it('T178: a provider of no tenant joins nobody of a tenant', async () => {
    const pool = await open()
    const acme = await register(pool, 'a', 'acme')
    expect(await ownerByGoogle(environment, pool, ADA)).not.toBe(acme)
  })

  it('T178: nobody moves to another tenant by their own token', async () => {
    const pool = await open()
    const globex = await register(pool, 'g', 'globex')
    const { accessToken } = await pool.signIn('g')
    const UserAttributes = [{ Name: TENANT, Value: 'acme' }]
    await expect(
      environment.cognito.updateUserAttributes({ AccessToken: accessToken, UserAttributes }),
    ).rejects.toThrow()
    expect(await personWith(pool, 'g')).toBe(globex)
    expect(await personIn(pool, 'AcmeLogin')).not.toBe(globex)
  })

  it('T178: a change of address counts within the tenant, and frees the former one there alone', async () => {
    const pool = await open()
    const acme = await register(pool, 'a', 'acme')
    const globex = await register(pool, 'g', 'globex')
    const { accessToken } = await pool.signIn('a')
    const { proof } = await pool.account.changeAddress({ accessToken, address: 'new@example.com' })
    await pool.account.confirmAddress({ accessToken, proof, code: codeOf(environment, pool, 'a', 'new@example.com') })
    await expect(pool.signUp('b', 'new@example.com', { [TENANT]: 'acme' })).rejects.toThrow('IDENTIFIER_TAKEN')
    await expect(pool.signUp('c', ADA, { [TENANT]: 'globex' })).rejects.toThrow('IDENTIFIER_TAKEN')
    await pool.signUp('d', 'new@example.com', { [TENANT]: 'globex' })
    expect(await register(pool, 'e', 'acme')).not.toBe(acme)
    expect(await personWith(pool, 'g')).toBe(globex)
  })

  it('T178: a link by hand takes along what is owned in the other tenant', async () => {
    const pool = await open()
    const acme = await register(pool, 'a', 'acme')
    const result = tokensOf(await pool.continueWith('GlobexLogin', 'ada'))
    await link(pool, await pool.signIn('a'), result)
    expect(await personIn(pool, 'GlobexLogin')).toBe(acme)
    const email = normaliseEmail(ADA)
    const wanted = email.ok ? ['acme', 'globex'].map((within) => ({ ...email.identifier, within })) : []
    const { identifiers } = await pool.registry.facts({ identity: undefined, identifiers: wanted })
    expect(identifiers.map(({ ownership }) => ownership?.person)).toEqual([acme, acme])
    await expect(pool.signUp('g', ADA, { [TENANT]: 'globex' })).rejects.toThrow('IDENTIFIER_TAKEN')
    await expect(pool.signUp('b', ADA, { [TENANT]: 'acme' })).rejects.toThrow('IDENTIFIER_TAKEN')
  })

  it('T178: a password in doubt links nothing, in a tenant too', async () => {
    const pool = await open({ policy: { passwordBeforeProof: 'always' } })
    await register(pool, 'a', 'acme')
    const result = tokensOf(await pool.continueWith('GlobexLogin', 'ada'))
    await expect(link(pool, await pool.signIn('a'), result)).rejects.toThrow('LINK_NEEDS_RECOVERY')
  })

  it('T178: a user who is deleted in one tenant leaves the address free only there', async () => {
    const pool = await open()
    const acme = await register(pool, 'a', 'acme')
    const globex = await register(pool, 'g', 'globex')
    await environment.cognito.adminDeleteUser({ UserPoolId: pool.userPoolId, Username: 'a' })
    const back = await register(pool, 'a2', 'acme')
    expect(new Set([acme, globex, back]).size).toBe(3)
    await expect(pool.signUp('g2', ADA, { [TENANT]: 'globex' })).rejects.toThrow('IDENTIFIER_TAKEN')
  })

  it('T178: an administrator invites into each tenant', async () => {
    const pool = await open({ policy: { trustAdminVerified: true } })
    const invite = (Username: string, tenant: string) =>
      environment.cognito.adminCreateUser({
        UserPoolId: pool.userPoolId,
        Username,
        MessageAction: 'SUPPRESS',
        UserAttributes: Object.entries({ email: ADA, email_verified: 'true', [TENANT]: tenant }).map(
          ([Name, Value]) => ({
            Name,
            Value,
          }),
        ),
      })
    await invite('a', 'acme')
    await invite('g', 'globex')
    await expect(invite('a2', 'acme')).rejects.toThrow('IDENTIFIER_TAKEN')
    const acme = await personIn(pool, 'AcmeLogin')
    expect(acme).toBeDefined()
    expect(await personIn(pool, 'GlobexLogin')).not.toBe(acme)
  })
})

describe('a user whom an administrator moves to another tenant', () => {
  const moved = 'custom:subject'
  const PLAIN = openIdConnect({ email: 'email', email_verified: 'email_verified' })
  const oidc = { kind: 'oidc', domains: ['example.com'] } as const

  async function openMoving(policy: TestPoolOptions['policy'] = {}, through?: TestPoolOptions['through']) {
    const pool = await openTestPool(environment, {
      ...(through && { through }),
      inbound: true,
      settings: KEEPS,
      providers: { AcmeLogin: PLAIN, GlobexLogin: PLAIN },
      policy: {
        uniqueWithin: moved,
        flagsOnlyByCode: true,
        providers: { AcmeLogin: { ...oidc, within: 'acme' }, GlobexLogin: { ...oidc, within: 'globex' } },
        ...policy,
      },
    })
    const signedUp = async (name: string, tenant: string, email = ADA) => {
      await pool.signUp(name, email, { [moved]: tenant })
      await pool.confirm(name)
      return pool.personOf(await pool.signIn(name))
    }
    const move = (Username: string, Value: string) =>
      environment.cognito.adminUpdateUserAttributes({
        UserPoolId: pool.userPoolId,
        Username,
        UserAttributes: [{ Name: moved, Value }],
      })
    return { pool, signedUp, move }
  }

  it('T178: takes no address from its owner there', async () => {
    const { pool, signedUp, move } = await openMoving()
    await signedUp('e', 'acme')
    const ada = await signedUp('g', 'globex')
    await move('e', 'globex')
    await pool.signIn('e')
    expect(await personIn(pool, 'GlobexLogin')).toBe(ada)
    await pool.signIn('e')
    expect(await personIn(pool, 'GlobexLogin')).toBe(ada)
  })

  it('T178: changes addresses in the new tenant from then on', async () => {
    const { pool, signedUp, move } = await openMoving()
    const ada = await signedUp('a', 'acme')
    await move('a', 'globex')
    const { accessToken } = await pool.signIn('a')
    await changesHere(environment, pool, accessToken, 'a', 'new@example.com')
    await expect(signedUp('second', 'globex', 'new@example.com')).rejects.toThrow('IDENTIFIER_TAKEN')
    expect(await signedUp('other', 'acme', 'new@example.com')).not.toBe(ada)
  })

  it('T178: is moved at the sign-in after a store that failed', async () => {
    let isDown = false
    const { pool, signedUp, move } = await openMoving(
      {},
      {
        registry: (registry) => ({
          ...registry,
          commit: (change) => (isDown ? Promise.reject(new Error('down')) : registry.commit(change)),
        }),
        cognito: (api) => api,
      },
    )
    const ada = await signedUp('a', 'acme')
    isDown = true
    await move('a', 'globex')
    expect(await personWith(pool, 'a')).toBe(ada)
    isDown = false
    const { accessToken } = await pool.signIn('a')
    await changesHere(environment, pool, accessToken, 'a', 'new@example.com')
    await expect(signedUp('b', 'globex', 'new@example.com')).rejects.toThrow('IDENTIFIER_TAKEN')
  })

  it.each(['acme', 'globex'])(
    'T178: before coming is linked to a provider of its tenant of now alone (%s)',
    async (by) => {
      const { pool, move } = await openMoving({ invitations: 'generated' })
      await environment.cognito.adminCreateUser({
        UserPoolId: pool.userPoolId,
        Username: 'invited',
        DesiredDeliveryMediums: ['EMAIL'],
        UserAttributes: Object.entries({ email: ADA, email_verified: 'true', [moved]: 'acme' }).map(
          ([Name, Value]) => ({
            Name,
            Value,
          }),
        ),
      })
      if (by === 'globex') await move('invited', 'globex')
      await personIn(pool, 'AcmeLogin')
      const { UserAttributes } = await environment.cognito.adminGetUser({
        UserPoolId: pool.userPoolId,
        Username: 'invited',
      })
      const isLinked = UserAttributes?.some(({ Name, Value }) => Name === 'identities' && Value?.includes('AcmeLogin'))
      expect(isLinked ?? false).toBe(by === 'acme')
    },
  )

  it('T178: a pending user who starts a separate person has a tenant at the next sign-in', async () => {
    const { pool, signedUp } = await openMoving({ existingAccount: 'ask' })
    const acme = await signedUp('a', 'acme')
    const waiting = tokensOf(await pool.continueWith('AcmeLogin', 'ada'))
    const { person } = await pool.account.startSeparatePerson(waiting.idToken)
    expect(person).not.toBe(acme)
    await personIn(pool, 'AcmeLogin')
    const found = await pool.registry.person(person)
    expect(found?.identities.filter(({ provider }) => provider === 'AcmeLogin').map(({ within }) => within)).toEqual([
      'acme',
    ])
  })
})

describe('T178: at start', () => {
  it.each([
    [{ uniqueWithin: 'tenant' }, '"uniqueWithin" must be an attribute of its own'],
    [{ uniqueWithin: 'email' }, '"uniqueWithin" must be an attribute of its own'],
    [{ uniqueWithin: TENANT, providers: TRUST }, 'within'],
    [{ uniqueWithin: TENANT, providers: { Google: { kind: 'google', within: '' } } }, 'within'],
    [{ providers: { Google: { kind: 'google', within: 'acme' } } }, '"within" needs "uniqueWithin"'],
  ] as const)('T178: refuses %j', async (policy, says) => {
    await expect(openTestPool(environment, { policy })).rejects.toThrow(says)
  })
})
