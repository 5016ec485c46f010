import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesHere, link, NEXT_PASSWORD, peopleOf, personBy, personWith } from '../environment/people.ts'
import { KEEPS, POOLS } from '../environment/pools.ts'
import {
  openTestEnvironment,
  openTestPool,
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

const WORK = 'ada@example.com'
const OWN = 'ada@gmail.com'
const { comesBy, meet, newcomerByGoogle, takesOff, whoRecovers } = peopleOf(() => environment)
const by = (pool: TestPool, name: string, email: string) => (pool.isByAddress ? email : name)

/** The registry takes the unlink, after Google has signed in once more, and its answer is lost. */
function lostUnlink() {
  const at: { armed: boolean; between: () => Promise<unknown> } = { armed: false, between: async () => undefined }
  const through: NonNullable<TestPoolOptions['through']> = {
    cognito: (api) => api,
    registry: (registry) => ({
      ...registry,
      commit: async (change) => {
        const isUnlink = change.writes.some((one) => one.row === 'identity' && one.attachment.status === 'waiting')
        if (!at.armed || !isUnlink) return registry.commit(change)
        at.armed = false
        await at.between()
        await registry.commit(change)
        throw new Error('lost')
      },
    }),
  }
  return { at, through }
}

const PLACES = POOLS.flatMap(([name, settings]) =>
  [true, false].map((inbound) => [inbound ? name : `${name}, without InboundFederation`, settings, inbound] as const),
)

describe.each(PLACES)('in a pool with %s', (_, settings, inbound) => {
  const open = (more: TestPoolOptions = {}) =>
    openTestPool(environment, { inbound, settings: { ...settings, ...KEEPS }, ...more })

  async function interrupted(email: string) {
    const { at, through } = lostUnlink()
    const pool: TestPool = await open({ through })
    const own = await pool.register('ada', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await comesBy(pool, 'Google', email))
    at.armed = true
    at.between = () => pool.continueWith('Google', '2')
    await expect(takesOff(pool, own, 'Google')).rejects.toThrow('TRY_AGAIN')
    environment.goOn(2_100)
    return { pool, person }
  }
  /** In a pool with addresses as user names the user is found by the one that it shows. */
  const comesBack = async (pool: TestPool) => {
    for (const name of ['ada', WORK, OWN, 'ada@corp.org']) {
      const tokens = await pool.signIn(name).catch(() => undefined)
      if (tokens) return tokens
    }
    throw new Error('locked out')
  }

  it('T8: an offer that was accepted says nothing more once what it added is unlinked', async () => {
    const pool = await open()
    const { accessToken } = await pool.register('ada', 'ada@example.net')
    const { idToken } = await comesBy(pool, 'Okta', WORK)
    const offer = await pool.account.offerLink({ accessToken, additionIdToken: idToken })
    if (offer === 'linked') throw new Error('linked already')
    const { proof, merges } = offer
    const accept = (token: string) => pool.account.acceptLink({ accessToken: token, proof, merges })
    await accept(accessToken)
    expect(await accept(accessToken)).toMatchObject({ merged: merges })
    environment.goOn()
    const back = await pool.signIn(by(pool, 'ada', 'ada@example.net'))
    await takesOff(pool, back, 'Okta')
    environment.goOn()
    const later = await pool.signIn(by(pool, 'ada', 'ada@example.net'))
    await expect(accept(later.accessToken)).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
  })

  it('T2: an unlink whose end is lost has ended the sessions of before', async () => {
    const { pool, person } = await interrupted('ada@corp.org')
    const { person: id } = await pool.account.signInMethods((await comesBack(pool)).accessToken)
    expect(id).toBe(person)
    expect((await pool.registry.person(id))?.notBefore).toBeGreaterThan(0)
  })

  it('T2: an interrupted unlink can be finished where the removed provider has signed in since', async () => {
    const { pool, person } = await interrupted(OWN)
    await pool.continueWith('Google', '2')
    const ended = await takesOff(pool, await comesBack(pool), 'Google').then(() => 'finished', String)
    environment.goOn(2_100)
    expect({ ended, isAda: (await personBy(pool, 'Google', '2')) === person }).toEqual({
      ended: 'finished',
      isAda: false,
    })
  })

  it('T2: an unlink that is finished by a second call takes the address of the provider back', async () => {
    const { pool, person } = await interrupted('ada@corp.org')
    await pool.continueWith('Google', '2')
    await takesOff(pool, await comesBack(pool), 'Google')
    environment.goOn(2_100)
    expect(await personBy(pool, 'Google', '2')).not.toBe(person)
    expect(await whoRecovers(pool, 'ada@corp.org')).not.toBe(person)
  })

  it('T2: an unlink that is finished by a second call ends the sessions of the provider', async () => {
    const { pool, person } = await interrupted('ada@corp.org')
    const former = tokensOf(await pool.continueWith('Google', '2'))
    environment.goOn(2_100)
    await takesOff(pool, await comesBack(pool), 'Google')
    environment.goOn(2_100)
    const again = await pool.continueWith('Google', '2')
    if ('tokens' in again) await link(pool, former, again.tokens).catch(() => undefined)
    expect(await personBy(pool, 'Google', '2')).not.toBe(person)
  })

  it('T2: an interrupted unlink can be finished after a merge', async () => {
    const { pool } = await interrupted('ada@corp.org')
    const survivor = await pool.register('b', 'b@example.com')
    const person = await pool.personOf(survivor)
    await link(pool, survivor, await comesBack(pool))
    environment.goOn(2_100)
    const unlinking = takesOff(pool, await pool.signIn(by(pool, 'b', 'b@example.com')), 'Google')
    expect(await unlinking.then(() => 'finished', String)).toBe('finished')
    environment.goOn(2_100)
    expect(await personBy(pool, 'Google', '2')).not.toBe(person)
  })

  it.each(['joins', 'signs up'])('T2: a former address of a renamed and removed provider is free (%s)', async (how) => {
    const pool = await open()
    const own = await comesBy(pool, 'Okta', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await comesBy(pool, 'Facebook', 'ada@other.org'))
    await takesOff(pool, await comesBy(pool, 'Okta', 'eve@example.com'), 'Okta')
    environment.goOn()
    expect(await pool.personOf(await comesBy(pool, 'Facebook', 'ada@other.org'))).toBe(person)
    if (how === 'joins') return expect(await newcomerByGoogle(pool, WORK)).not.toBe(person)
    await pool.signUp('next', WORK)
  })

  it('T18: the last sign-in method is not removed where the user has neither password nor address', async () => {
    const pool = await open()
    const own = await comesBy(pool, 'Okta', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await comesBy(pool, 'Facebook', 'ada@other.org'))
    await takesOff(pool, await comesBy(pool, 'Facebook', 'ada@other.org'), 'Okta')
    environment.goOn()
    const last = await comesBy(pool, 'Facebook', 'ada@other.org')
    expect(await pool.personOf(last)).toBe(person)
    const refused = await takesOff(pool, last, 'Facebook').then(() => 'unlinked', String)
    environment.goOn(2_100)
    const ways = [
      await whoRecovers(pool, WORK),
      await whoRecovers(pool, 'ada@other.org'),
      await personBy(pool, 'Facebook', '4'),
    ]
    expect({ refused, isOpen: ways.includes(person) }).toMatchObject({
      refused: expect.stringContaining('LAST_SIGN_IN_METHOD'),
      isOpen: true,
    })
  })

  it('T18: an address stays where the other user of the person was deleted', async () => {
    const pool = await open()
    const own = await comesBy(pool, 'Okta', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await pool.register('second', 'second@example.com'))
    await environment.cognito.adminDeleteUser({
      UserPoolId: pool.userPoolId,
      Username: by(pool, 'second', 'second@example.com'),
    })
    // Refused, or done with the reset left.
    await takesOff(pool, await comesBy(pool, 'Okta', WORK), 'Okta').catch(() => undefined)
    environment.goOn(2_100)
    expect([await whoRecovers(pool, WORK), await personBy(pool, 'Okta', '1')]).toContain(person)
  })

  if (!(settings.AliasAttributes ?? settings.UsernameAttributes))
    it('T11: a provider that is no authority recovers nobody, once the address of the user is somebody else’s', async () => {
      const pool = await open({ policy: { existingAccount: 'enumeration-safe' } })
      const own = await pool.register('ada', WORK)
      const person = await pool.personOf(own)
      await link(pool, own, await comesBy(pool, 'Google', 'ada@corp.org'))
      environment.goOn()
      const next = await pool.personOf(await pool.register('next', WORK))
      expect(next).not.toBe(person)
      await comesBy(pool, 'Google', 'ada@corp.org')
      expect(await pool.personOf(await comesBy(pool, 'Google', 'ada@corp.org'))).toBe(person)
      expect(await whoRecovers(pool, 'ada@corp.org')).not.toBe(person)
    })

  it('T2: a provider that was unlinked is not linked again by itself after a merge', async () => {
    const pool = await open()
    await pool.register('ada', WORK)
    await comesBy(pool, 'Okta', WORK)
    await takesOff(pool, await pool.signIn(by(pool, 'ada', WORK)), 'Okta')
    environment.goOn()
    const survivor = await pool.register('b', 'b@example.com')
    const person = await pool.personOf(survivor)
    await link(pool, survivor, await pool.signIn(by(pool, 'ada', WORK)))
    expect(await pool.personOf(await pool.signIn(by(pool, 'ada', WORK)))).toBe(person)
    await comesBy(pool, 'Okta', WORK)
    expect(await personBy(pool, 'Okta', '1')).not.toBe(person)
  })

  it('T166: always: a user who has the name of a deleted user keeps the password', async () => {
    const pool = await open({ policy: { passwordBeforeProof: 'always' } })
    await pool.register('ada', WORK)
    await pool.recover(by(pool, 'ada', WORK), NEXT_PASSWORD)
    await pool.register('second', 'second@example.com')
    await pool.recover(by(pool, 'second', 'second@example.com'), NEXT_PASSWORD)
    environment.goOn()
    await link(
      pool,
      await pool.signIn(by(pool, 'ada', WORK), NEXT_PASSWORD),
      await pool.signIn(by(pool, 'second', 'second@example.com'), NEXT_PASSWORD),
    )
    await environment.cognito.adminDeleteUser({ UserPoolId: pool.userPoolId, Username: by(pool, 'ada', WORK) })
    environment.goOn()
    const bob = await pool.personOf(await pool.register('ada', 'bob@other.org'))
    await comesBy(pool, 'Okta', 'second@example.com')
    expect(await personWith(pool, by(pool, 'ada', 'bob@other.org'))).toBe(bob)
  })

  it('T11: an address that is no identifier is taken back by the repair and by an unlink', async () => {
    const found: unknown[] = []
    for (const email of ['none@evil.org', 'a%b@evil.org', 'jos\u00e9@evil.org'])
      for (const isUnlinked of [true, false]) {
        const pool = await open()
        const own = await pool.register('ada', WORK)
        const person = await pool.personOf(own)
        await link(pool, own, await comesBy(pool, 'Google', email))
        const last = await comesBy(pool, 'Google', email)
        expect(await pool.personOf(last)).toBe(person)
        if (isUnlinked) await takesOff(pool, last, 'Google')
        environment.goOn(2_100)
        if ((await whoRecovers(pool, email)) === person) found.push([email, isUnlinked])
      }
    expect(found).toEqual([])
  })

  it('T11: an address that is no identifier, written unseen, is taken back by an unlink', async () => {
    const at = { isSlow: false }
    const pool = await open({
      inbound: false,
      through: {
        registry: (registry) => registry,
        cognito: (api) => ({
          ...api,
          adminUpdateUserAttributes: (input) => (at.isSlow ? throttled() : api.adminUpdateUserAttributes(input)),
        }),
      },
    })
    const own = await pool.register('ada', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await comesBy(pool, 'Google', OWN))
    at.isSlow = true
    const last = await comesBy(pool, 'Google', 'none@evil.org')
    at.isSlow = false
    await takesOff(pool, last, 'Google')
    environment.goOn(2_100)
    expect(await whoRecovers(pool, 'none@evil.org')).not.toBe(person)
  })

  /** A user from before onesub, who has linked Google with that address since, and signed in by it. */
  async function fromBeforeWith(email: string) {
    const pool = await open({ isLate: true })
    await pool.confirm(await pool.signUp('ada', 'ada@corp.org'))
    pool.attach()
    const own = await pool.signIn(by(pool, 'ada', 'ada@corp.org'))
    const person = await pool.personOf(own)
    await link(pool, own, await comesBy(pool, 'Google', email))
    expect(await pool.personOf(await comesBy(pool, 'Google', email))).toBe(person)
    return { pool, person }
  }

  it('T2: an address that is no identifier recovers nobody who has proven none', async () => {
    const { pool, person } = await fromBeforeWith('none@evil.org')
    expect(await whoRecovers(pool, 'none@evil.org')).not.toBe(person)
  })

  if (!settings.UsernameAttributes)
    it('T166: a recovery leaves the sessions of who has the name of a deleted user', async () => {
      const pool = await open()
      const own = await pool.register('ada', WORK)
      await link(pool, own, await pool.register('second', 'second@example.com'))
      await environment.cognito.adminDeleteUser({ UserPoolId: pool.userPoolId, Username: 'second' })
      const bob = await pool.register('second', 'bob@other.org')
      environment.goOn()
      await pool.recover('ada', NEXT_PASSWORD)
      expect(await pool.refresh(bob.refreshToken)).toHaveProperty('accessToken')
    })

  if (settings.AliasAttributes ?? settings.UsernameAttributes)
    it('T11: an address that is no identifier keeps nobody from signing in by the own one', async () => {
      const pool = await open()
      const own = await pool.register('ada', WORK)
      const person = await pool.personOf(own)
      await link(pool, own, await comesBy(pool, 'Google', 'none@evil.org'))
      await comesBy(pool, 'Google', 'none@evil.org')
      expect(await personWith(pool, WORK)).toBe(person)
    })

  it('T11: a provider that came along with a merge leaves no address of its own on its user', async () => {
    const pool = await open()
    const second = await pool.register('second', 'second@example.com')
    await link(pool, second, await comesBy(pool, 'Google', 'ada@corp.org'))
    const own = await pool.register('ada', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await pool.signIn(by(pool, 'second', 'second@example.com')))
    expect(await pool.personOf(await comesBy(pool, 'Google', 'ada@corp.org'))).toBe(person)
    expect(await whoRecovers(pool, 'ada@corp.org')).not.toBe(person)
  })

  it.each(['unify fails', 'five links', 'the answer is lost'])(
    'T2: the mailbox of a removed provider recovers nobody by the user that we had made for it (%s)',
    async (how) => {
      const at = { isSlow: false, isLost: false }
      const pool = await open({
        through: {
          registry: (registry) => ({
            ...registry,
            commit: async (change) => {
              const result = await registry.commit(change)
              if (!at.isLost) return result
              at.isLost = false
              throw new Error('lost')
            },
          }),
          cognito: (api) => ({
            ...api,
            adminDisableProviderForUser: (input) => (at.isSlow ? throttled() : api.adminDisableProviderForUser(input)),
          }),
        },
      })
      const own = await pool.register('b', 'b@example.com')
      const person = await pool.personOf(own)
      for (const sub of how === 'five links' ? ['101', '102', '103', '104', '105'] : []) {
        meet(sub, `f${sub}@other.org`)
        await link(pool, own, tokensOf(await pool.continueWith('Facebook', sub)))
      }
      const okta = await comesBy(pool, 'Okta', WORK)
      expect(await pool.personOf(okta)).not.toBe(person)
      const offer = await pool.account.offerLink({ accessToken: own.accessToken, additionIdToken: okta.idToken })
      if (offer === 'linked') throw new Error('linked')
      const accept = () =>
        pool.account.acceptLink({ accessToken: own.accessToken, proof: offer.proof, merges: offer.merges })
      at.isSlow = how === 'unify fails'
      at.isLost = how === 'the answer is lost'
      // As a client does it after TRY_AGAIN.
      await accept().catch(accept)
      at.isSlow = false
      await takesOff(pool, await pool.signIn(by(pool, 'b', 'b@example.com')), 'Okta')
      environment.goOn(2_100)
      expect(await whoRecovers(pool, WORK)).not.toBe(person)
    },
  )

  it('T2: an address that a code has proven stays when a provider that never sent it goes', async () => {
    const pool = await open()
    const own = await comesBy(pool, 'Okta', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await comesBy(pool, 'Facebook', 'ada@other.org'))
    const { Users = [] } = await environment.cognito.listUsers({ UserPoolId: pool.userPoolId })
    const back = await comesBy(pool, 'Okta', WORK)
    await changesHere(environment, pool, back.accessToken, Users[0]?.Username ?? '', 'new@example.com')
    await takesOff(pool, await comesBy(pool, 'Facebook', 'ada@other.org'), 'Okta')
    environment.goOn(2_100)
    expect(await whoRecovers(pool, 'new@example.com')).toBe(person)
  })

  it('T18: the last sign-in method is not removed where the other user is closed and a third one deleted', async () => {
    const pool = await open({
      policy: { invitations: 'generated' },
      quirks: { destinationStatus: 'becomesExternalProvider' },
    })
    await environment.cognito.adminCreateUser({
      UserPoolId: pool.userPoolId,
      Username: by(pool, 'ada', WORK),
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: Object.entries({ email: WORK, email_verified: 'true' }).map(([Name, Value]) => ({ Name, Value })),
    })
    const own = await comesBy(pool, 'Okta', WORK)
    await link(pool, own, await pool.register('second', 'second@example.com'))
    const Username = by(pool, 'second', 'second@example.com')
    await environment.cognito.adminDeleteUser({ UserPoolId: pool.userPoolId, Username })
    await expect(takesOff(pool, await comesBy(pool, 'Okta', WORK), 'Okta')).rejects.toThrow('LAST_SIGN_IN_METHOD')
  })

  it('T167: the mark of a user from before onesub stays when a provider with the same address is linked', async () => {
    const { pool, person } = await fromBeforeWith('ada@corp.org')
    expect(await whoRecovers(pool, 'ada@corp.org')).toBe(person)
  })

  if (!settings.AliasAttributes)
    it('T18: a user of the pool’s own who waits for a person is no link of that person', async () => {
      const pool = await open()
      const bob = await pool.signUp('bob', WORK)
      environment.goOn(2_100)
      const own = await comesBy(pool, 'Okta', WORK)
      await pool.confirm(bob)
      await pool.signIn(bob)
      const user = await pool.userPool.find({ pool: pool.userPoolId, userName: bob })
      const unlinking = pool.account.unlink({
        accessToken: own.accessToken,
        provider: 'Cognito',
        subject: user?.sub ?? '',
      })
      expect(await unlinking.then(() => 'unlinked', String)).toContain('LINK_UNKNOWN')
      await pool.signIn(bob)
    })

  it('T2: a sign-in by the removed provider between the commit and the end of an unlink opens no session', async () => {
    let late: Tokens | undefined
    const at = { armed: false }
    const pool: TestPool = await open({
      through: {
        cognito: (api) => api,
        registry: (registry) => ({
          ...registry,
          commit: async (change) => {
            const isUnlink = change.writes.some((one) => one.row === 'identity' && one.attachment.status === 'waiting')
            if (!at.armed || !isUnlink) return registry.commit(change)
            at.armed = false
            await pool.continueWith('Google', '2')
            const result = await registry.commit(change)
            environment.goOn(2_100)
            late = tokensOf(await pool.continueWith('Google', '2'))
            environment.goOn()
            return result
          },
        }),
      },
    })
    const own = await pool.register('ada', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await comesBy(pool, 'Google', 'ada@corp.org'))
    at.armed = true
    await takesOff(pool, own, 'Google')
    environment.goOn(2_100)
    const again = await pool.continueWith('Google', '2')
    if ('tokens' in again && late) await link(pool, late, again.tokens).catch(() => undefined)
    expect(await personBy(pool, 'Google', '2')).not.toBe(person)
  })

  it('T2: of two sign-ins around an unlink, the first of which has read the registry before it, none links the provider back', async () => {
    const wait = () => {
      let done = () => {}
      const promise = new Promise<void>((d) => {
        done = d
      })
      return { promise, done }
    }
    let links = 0
    let isArmed = false
    const reached = wait(),
      goOn = wait(),
      first = wait()
    let arrival: Promise<unknown> = Promise.resolve()
    const at = { armed: false }
    const pool: TestPool = await open({
      through: {
        registry: (registry) => ({
          ...registry,
          commit: async (change) => {
            const isUnlink = change.writes.some((one) => one.row === 'identity' && one.attachment.status === 'waiting')
            if (!at.armed || !isUnlink) return registry.commit(change)
            at.armed = false
            isArmed = true
            arrival = pool.continueWith('Google', '2').catch(() => undefined)
            await reached.promise
            return registry.commit(change)
          },
        }),
        cognito: (api) => ({
          ...api,
          adminLinkProviderForUser: async (input) => {
            if (!isArmed) return api.adminLinkProviderForUser(input)
            links += 1
            if (links === 1) {
              reached.done()
              await goOn.promise
              const r = await api.adminLinkProviderForUser(input)
              first.done()
              return r
            }
            if (links === 2) {
              goOn.done()
              await first.promise
              await new Promise((d) => setTimeout(d, 100))
            }
            return api.adminLinkProviderForUser(input)
          },
        }),
      },
    })
    const own = await pool.register('ada', WORK)
    const person = await pool.personOf(own)
    await link(pool, own, await comesBy(pool, 'Google', OWN))
    at.armed = true
    await takesOff(pool, own, 'Google')
    await pool.continueWith('Google', '2').catch(() => undefined)
    goOn.done()
    await arrival
    environment.goOn(2_100)
    expect(await personBy(pool, 'Google', '2')).not.toBe(person)
  })
})
