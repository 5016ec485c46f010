import type { Registry } from 'onesub'
import { createMemoryRegistry } from 'onesub/registry/memory'
import type { CognitoApi } from 'onesub/user-pool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesHere, codeOf, link, NEXT_PASSWORD, peopleOf, personBy, personWith } from '../environment/people.ts'
import { KEEPS, POOLS } from '../environment/pools.ts'
import { openIdConnect } from '../environment/providers.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type TestEnvironment,
  type TestPool,
  type TestPoolOptions,
  type Tokens,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const WORK = 'ada@example.com'
const NEW = 'new@example.com'
const SECOND = 'second@example.com'
const { comesBy, meet, newcomerByGoogle, takesOff, whoRecovers } = peopleOf(() => environment)
const by = (pool: TestPool, name: string, email: string) => (pool.isByAddress ? email : name)
const attributes = (of: Record<string, string>) => Object.entries(of).map(([Name, Value]) => ({ Name, Value }))
const VERIFIED = attributes({ email: WORK, email_verified: 'true' })

/** The pool's name for its only user. */
async function onlyName({ userPoolId }: TestPool): Promise<string> {
  const { Users = [] } = await environment.cognito.listUsers({ UserPoolId: userPoolId })
  expect(Users).toHaveLength(1)
  return Users[0]?.Username ?? ''
}

/** As a function or an administrator of before onesub did it. */
async function linkedBefore(pool: TestPool, provider: string, subject: string): Promise<void> {
  await environment.cognito.adminLinkProviderForUser({
    UserPoolId: pool.userPoolId,
    DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: await onlyName(pool) },
    SourceUser: {
      ProviderName: provider,
      ProviderAttributeName: 'Cognito_Subject',
      ProviderAttributeValue: subject,
    },
  })
}

/** By calls to Cognito alone, with the code from the new mailbox. */
async function changesInCognito(pool: TestPool, { accessToken: AccessToken }: Tokens, name: string, email: string) {
  await environment.cognito.updateUserAttributes({ AccessToken, UserAttributes: [{ Name: 'email', Value: email }] })
  const Code = codeOf(environment, pool, name, email)
  await environment.cognito.verifyUserAttribute({ AccessToken, AttributeName: 'email', Code })
}

const ended = (call: Promise<unknown>) => call.then(() => 'done', String)

describe.each(POOLS)('in a pool with %s', (_, settings) => {
  const open = (more: TestPoolOptions = {}) =>
    openTestPool(environment, { inbound: true, settings: { ...settings, ...KEEPS }, ...more })

  describe('a provider that is renamed and renamed back', () => {
    async function renamedBack() {
      const pool = await open()
      const person = await pool.personOf(await comesBy(pool, 'Okta', WORK))
      for (const email of [NEW, WORK, WORK])
        expect(await pool.personOf(await comesBy(pool, 'Okta', email))).toBe(person)
      return { pool, person }
    }

    it('T175: joins nobody who has the address of in between', async () => {
      const { pool, person } = await renamedBack()
      expect(await newcomerByGoogle(pool, NEW)).not.toBe(person)
    })

    it('T175: whose reader recovers nobody', async () => {
      const { pool, person } = await renamedBack()
      expect(await whoRecovers(pool, NEW)).not.toBe(person)
    })

    it('T175: leaves the reset to the reader of the address that it says', async () => {
      const { pool, person } = await renamedBack()
      expect(await whoRecovers(pool, WORK)).toBe(person)
    })

    it('T175: keeps nobody from signing up with the address of in between', async () => {
      const { pool } = await renamedBack()
      expect(await ended(pool.signUp('next', NEW))).toBe('done')
    })
  })

  it.each(['its own changeAddress', 'the word of the operator'])(
    'T2: a provider that was linked before onesub does not join again once it is unlinked (address owned by %s)',
    async (how) => {
      const isVouched = how === 'the word of the operator'
      const pool = await open({ isLate: true, policy: { existingUsers: isVouched ? 'verified-by-code' : 'unknown' } })
      const name = await pool.signUp('ada', WORK)
      await pool.confirm(name)
      if (!isVouched) await linkedBefore(pool, 'Okta', '1')
      pool.attach()
      const own = await pool.signIn(name)
      const person = await pool.personOf(own)
      if (isVouched) await linkedBefore(pool, 'Okta', '1')
      else await changesHere(environment, pool, own.accessToken, await onlyName(pool), WORK)
      expect(await pool.personOf(own)).toBe(person)
      await takesOff(pool, await pool.signIn(name), 'Okta')
      environment.goOn(2_100)
      meet('1', WORK)
      expect(await personBy(pool, 'Okta', '1')).not.toBe(person)
    },
  )

  async function linkedBeforeOnesub(how: 'invited' | 'made with a password that nobody knows') {
    const pool = await open({
      isLate: true,
      quirks: { destinationStatus: 'becomesExternalProvider' },
      policy: { existingUsers: 'verified-by-code' },
    })
    const user = { UserPoolId: pool.userPoolId, Username: by(pool, 'ada', WORK) }
    await environment.cognito.adminCreateUser({ ...user, UserAttributes: VERIFIED })
    if (how !== 'invited')
      await environment.cognito.adminSetUserPassword({ ...user, Password: 'Nobody-Knows-77', Permanent: true })
    await linkedBefore(pool, 'Okta', '1')
    await comesBy(pool, 'Okta', WORK)
    pool.attach()
    const own = await comesBy(pool, 'Okta', WORK)
    const person = await pool.personOf(own)
    await ended(takesOff(pool, own, 'Okta'))
    environment.goOn(2_100)
    expect([await whoRecovers(pool, WORK), await personBy(pool, 'Okta', '1')]).toContain(person)
  }

  it('T18: the last sign-in method of a user who was invited and linked before onesub is not removed', () =>
    linkedBeforeOnesub('invited'))

  // docs/evidence.md, "Limits".
  it.fails('T18: nor where nobody knows the password of the user', () =>
    linkedBeforeOnesub('made with a password that nobody knows'))

  describe('an unlink that came to its end, once more,', () => {
    async function changedAndUnlinked(times: number) {
      const pool = await open()
      const own = await pool.register('ada', WORK)
      const person = await pool.personOf(own)
      await link(pool, own, await comesBy(pool, 'Google', 'ada@corp.org'))
      await changesInCognito(pool, own, by(pool, 'ada', WORK), NEW)
      for (let time = 1; time <= times; time += 1) {
        await ended(takesOff(pool, await pool.signIn(by(pool, 'ada', NEW)), 'Google'))
        environment.goOn(2_100)
      }
      return { pool, person }
    }

    it.each([1, 2])('T2: writes no address back that the user has left (%s)', async (times) => {
      const { pool, person } = await changedAndUnlinked(times)
      expect(await whoRecovers(pool, WORK)).not.toBe(person)
    })

    it.each([1, 2])('T2: leaves the address that the user has verified (%s)', async (times) => {
      const { pool, person } = await changedAndUnlinked(times)
      expect(await whoRecovers(pool, NEW)).toBe(person)
    })

    it.each([1, 2])('T167: takes no mark off a user from before onesub (%s)', async (times) => {
      const pool = await open({ isLate: true })
      await pool.confirm(await pool.signUp('ada', WORK))
      pool.attach()
      const own = await pool.signIn(by(pool, 'ada', WORK))
      const person = await pool.personOf(own)
      await link(pool, own, await comesBy(pool, 'Facebook', 'ada@corp.org'))
      for (let time = 1; time <= times; time += 1) {
        await ended(takesOff(pool, await pool.signIn(by(pool, 'ada', WORK)), 'Facebook'))
        environment.goOn(2_100)
      }
      expect(await whoRecovers(pool, WORK)).toBe(person)
    })

    it('T18: leaves alone what waits for the person and was never linked', async () => {
      const pool = await open()
      const person = await pool.personOf(await pool.register('ada', WORK))
      await comesBy(pool, 'Okta', WORK)
      meet('77', WORK)
      expect(await pool.continueWith('Okta', '77')).toHaveProperty('tokens')
      const { accessToken } = await pool.signIn(by(pool, 'ada', WORK))
      await ended(pool.account.unlink({ accessToken, provider: 'Okta', subject: '77' }))
      environment.goOn(2_100)
      expect(await pool.continueWith('Okta', '77')).toHaveProperty('tokens')
      expect(await personBy(pool, 'Okta', '77')).not.toBe(person)
    })
  })

  it.each([false, true])(
    'T11: the own address of a user is not replaced by that of a user that we made (after a sign-in: %s)',
    async (isAfter) => {
      const pool = await open()
      const second = await pool.register('second', SECOND)
      await link(pool, second, await comesBy(pool, 'Facebook', SECOND))
      const own = await comesBy(pool, 'Okta', WORK)
      const person = await pool.personOf(own)
      await link(pool, own, await pool.signIn(by(pool, 'second', SECOND)))
      if (isAfter) expect(await pool.personOf(await comesBy(pool, 'Facebook', SECOND))).toBe(person)
      expect(await whoRecovers(pool, SECOND)).toBe(person)
    },
  )

  it('T11: nor is the user that we made kept out by it', async () => {
    const pool = await open()
    const second = await pool.register('second', SECOND)
    await link(pool, second, await comesBy(pool, 'Facebook', SECOND))
    const own = await comesBy(pool, 'Okta', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await pool.signIn(by(pool, 'second', SECOND)))
    await comesBy(pool, 'Facebook', SECOND)
    meet('1', WORK)
    const okta = await pool.continueWith('Okta', '1')
    expect('refused' in okta ? okta.refused : await pool.personOf(okta.tokens)).toBe(person)
    // By name or alias, and by the address where that is the name.
    expect(await personWith(pool, SECOND).then((found) => found ?? personWith(pool, 'second'))).toBe(person)
  })

  it('T11: nor does a second user of the person lose its alias', async () => {
    const pool = await open()
    const second = await pool.register('second', SECOND)
    await link(pool, second, await comesBy(pool, 'Facebook', SECOND))
    const own = await comesBy(pool, 'Okta', WORK)
    await link(pool, own, await pool.signIn(by(pool, 'second', SECOND)))
    const before = await personWith(pool, SECOND)
    await comesBy(pool, 'Facebook', SECOND)
    expect(await personWith(pool, SECOND)).toBe(before)
  })

  it('T2: an address that a user without a password confirms by a code stays, also where it was theirs before', async () => {
    const pool = await open()
    const own = await comesBy(pool, 'Okta', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await comesBy(pool, 'Facebook', 'ada@other.org'))
    const { accessToken } = await comesBy(pool, 'Okta', WORK)
    await changesHere(environment, pool, accessToken, await onlyName(pool), WORK)
    await takesOff(pool, await comesBy(pool, 'Facebook', 'ada@other.org'), 'Okta')
    environment.goOn(2_100)
    expect(await whoRecovers(pool, WORK)).toBe(person)
  })

  it.each([false, true])('T77: an address that a code has proven joins (after a merge: %s)', async (isMerged) => {
    const pool = await open()
    const okta = await comesBy(pool, 'Okta', WORK)
    await changesHere(environment, pool, okta.accessToken, await onlyName(pool), NEW)
    const own = isMerged ? await pool.register('b', 'b@example.com') : okta
    if (isMerged) await link(pool, own, await comesBy(pool, 'Okta', WORK))
    expect(await newcomerByGoogle(pool, NEW)).toBe(await pool.personOf(own))
  })

  it.each(['a reset that we have not seen', 'an administrator'])(
    'T77: a user that we made is not deleted by a merge once it has a password (by %s)',
    async (how) => {
      const at = { isDown: false }
      const pool = await open({
        through: {
          cognito: (api) => api,
          registry: (registry) => ({
            ...registry,
            commit: (change) => (at.isDown ? Promise.reject(new Error('down')) : registry.commit(change)),
          }),
        },
      })
      const person = await pool.personOf(await comesBy(pool, 'Okta', WORK))
      const Username = await onlyName(pool)
      const name = by(pool, Username, WORK)
      at.isDown = true
      if (how === 'an administrator')
        await environment.cognito.adminSetUserPassword({
          UserPoolId: pool.userPoolId,
          Username,
          Password: NEXT_PASSWORD,
          Permanent: true,
        })
      else await ended(pool.recover(name, NEXT_PASSWORD))
      at.isDown = false
      const withPassword = await pool.signIn(name, NEXT_PASSWORD)
      expect(await pool.personOf(withPassword)).toBe(person)
      const own = await pool.register('b', 'b@example.com')
      await link(pool, own, withPassword)
      expect(await personWith(pool, name, NEXT_PASSWORD)).toBe(await pool.personOf(own))
    },
  )

  it('T18: an invited user whose mailed password has expired is no sign-in method', async () => {
    const pool = await open({ policy: { invitations: 'generated' }, quirks: { destinationStatus: 'unchanged' } })
    const name = by(pool, 'ada', WORK)
    await environment.cognito.adminCreateUser({
      UserPoolId: pool.userPoolId,
      Username: name,
      DesiredDeliveryMediums: ['EMAIL'],
      TemporaryPassword: PASSWORD,
      UserAttributes: VERIFIED,
    })
    const person = await pool.personOf(await comesBy(pool, 'Okta', WORK))
    environment.goOn(9 * 24 * 3_600_000)
    await ended(takesOff(pool, await comesBy(pool, 'Okta', WORK), 'Okta'))
    environment.goOn(2_100)
    await expect(pool.signIn(name)).rejects.toThrow()
    expect([await whoRecovers(pool, WORK), await personBy(pool, 'Okta', '1')]).toContain(person)
  })

  // docs/evidence.md, "Limits".
  it.fails.each([true, false])(
    'T157: a change of address in Cognito ends no doubt (flagsOnlyByCode %s)',
    async (flagsOnlyByCode) => {
      const pool = await open({ policy: { passwordBeforeProof: 'always', flagsOnlyByCode } })
      const own = await pool.register('ada', WORK)
      const addition = () => comesBy(pool, 'Facebook', 'eve@other.org')
      await expect(link(pool, own, await addition())).rejects.toThrow('LINK_NEEDS_RECOVERY')
      await changesInCognito(pool, own, by(pool, 'ada', WORK), 'eve@gmail.com')
      const again = await pool.signIn(by(pool, 'ada', 'eve@gmail.com'))
      await expect(link(pool, again, await addition())).rejects.toThrow('LINK_NEEDS_RECOVERY')
    },
  )

  it('T112: a code that is no text is refused for good', async () => {
    const pool = await open()
    const { accessToken } = await pool.register('ada', WORK)
    const { proof } = await pool.account.changeAddress({ accessToken, address: NEW })
    for (const code of [5, {}, []])
      expect(await ended(pool.account.confirmAddress({ accessToken, proof, code: code as never }))).not.toContain(
        'TRY_AGAIN',
      )
  })
})

it('T18: a provider that was linked before onesub is among the sign-in methods', async () => {
  const pool = await openTestPool(environment, { inbound: true, settings: KEEPS, isLate: true })
  const name = await pool.signUp('ada', WORK)
  await pool.confirm(name)
  await linkedBefore(pool, 'Okta', '1')
  pool.attach()
  const person = await pool.personOf(await pool.signIn(name))
  const okta = await comesBy(pool, 'Okta', WORK)
  expect(await pool.personOf(okta)).toBe(person)
  const { ways } = await pool.account.signInMethods(okta.accessToken)
  expect(ways.map(({ provider }) => provider)).toContain('Okta')
})

describe('a user who is moved to another tenant', () => {
  const tenant = 'custom:subject'
  const PLAIN = openIdConnect({ email: 'email', email_verified: 'email_verified' })
  const oidc = { kind: 'oidc', domains: ['example.com'] } as const

  async function signedUpInAcme(policy: TestPoolOptions['policy'] = {}) {
    const pool = await openTestPool(environment, {
      inbound: true,
      settings: KEEPS,
      providers: { AcmeLogin: PLAIN, GlobexLogin: PLAIN },
      policy: {
        uniqueWithin: tenant,
        providers: { AcmeLogin: { ...oidc, within: 'acme' }, GlobexLogin: { ...oidc, within: 'globex' } },
        ...policy,
      },
    })
    await pool.signUp('a', WORK, { [tenant]: 'acme' })
    await pool.confirm('a')
    const own = await pool.signIn('a')
    const move = () =>
      environment.cognito.adminUpdateUserAttributes({
        UserPoolId: pool.userPoolId,
        Username: 'a',
        UserAttributes: attributes({ [tenant]: 'globex' }),
      })
    return { pool, own, move, person: await pool.personOf(own) }
  }

  // docs/evidence.md, "Limits".
  it.fails('T157: is in doubt still: what a squatter links does not outlive the recovery of the owner', async () => {
    const { pool, own, move, person } = await signedUpInAcme({ passwordBeforeProof: 'always' })
    meet('1', 'eve@other.org')
    const addition = tokensOf(await pool.continueWith('GlobexLogin', '1'))
    await expect(link(pool, own, addition)).rejects.toThrow('LINK_NEEDS_RECOVERY')
    await move()
    await ended(link(pool, await pool.signIn('a'), addition))
    environment.goOn(30_000)
    await pool.recover('a', NEXT_PASSWORD)
    expect(await personWith(pool, 'a', NEXT_PASSWORD)).toBe(person)
    expect(await personBy(pool, 'GlobexLogin', '1')).not.toBe(person)
  })

  // docs/evidence.md, "Limits".
  it.fails('T178: keeps the mark of an address that a code has proven when a provider goes', async () => {
    const { pool, move, person } = await signedUpInAcme()
    meet('1', WORK)
    expect(await personBy(pool, 'AcmeLogin', '1')).toBe(person)
    await move()
    const { accessToken } = await pool.signIn('a')
    await pool.account.unlink({ accessToken, provider: 'AcmeLogin', subject: '1' })
    environment.goOn(2_100)
    expect(await whoRecovers(pool, WORK)).toBe(person)
  })
})

// docs/evidence.md, "Limits".
it.fails('T2: on a registry that pools share, an address that is free again recovers nobody in the other pool', async () => {
  const registry: Registry = { ...createMemoryRegistry(), admit: async () => {} }
  const through = { registry: () => registry, cognito: (api: CognitoApi) => api }
  const openOne = () => openTestPool(environment, { inbound: true, settings: KEEPS, through })
  const [one, two] = [await openOne(), await openOne()]
  const person = await one.personOf(await comesBy(one, 'Okta', WORK))
  expect(await two.personOf(await comesBy(two, 'Okta', WORK))).toBe(person)
  for (const pool of [one, two])
    await link(pool, await comesBy(pool, 'Okta', WORK), await comesBy(pool, 'Facebook', 'ada@other.org'))
  for (const pool of [two, one]) {
    await takesOff(pool, await comesBy(pool, 'Facebook', 'ada@other.org'), 'Okta')
    environment.goOn(2_100)
  }
  expect(await newcomerByGoogle(one, WORK)).not.toBe(person)
  expect(await whoRecovers(two, WORK)).not.toBe(person)
})
