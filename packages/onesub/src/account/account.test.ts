import { describe, expect, it } from 'vitest'
import type { Write } from '../core/changes/change.ts'
import { COGNITO, type KnownIdentity, type Person } from '../core/person.ts'
import type { Registry, UserPool } from '../core/ports.ts'
import { change, claimRow, identityRow, personRow, personRows } from '../core/testing/rows.ts'
import { emailKey, nativeIdentity, POOL, person, personId } from '../core/testing/samples.ts'
import { EMPTY_USER_POOL } from '../core/testing/user-pool.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { createAccountService } from './account.ts'

const NOW = Date.UTC(2026, 0, 1)

/** A token of these tests is what it says. */
const signedInBy = (provider: string, at = NOW, more: object = {}) =>
  JSON.stringify({
    sub: `sub-of-${provider}`,
    'cognito:username': `${provider}_1`,
    identities: [{ providerName: provider, userId: '1', primary: true }],
    auth_time: at / 1_000,
    ...more,
  })
const verify = async (token: string) => {
  const claims: Record<string, unknown> = JSON.parse(token)
  return { identity: { pool: POOL, provider: COGNITO, subject: String(claims.sub) }, claims }
}
const accountOver = (registry: Registry, userPool: Partial<UserPool> = {}, clock = () => NOW) =>
  createAccountService({
    verifyAccess: verify,
    verifyId: verify,
    registry,
    userPool: { ...EMPTY_USER_POOL, ...userPool },
    userSession: { requestAddress: async () => {}, verifyAddress: async () => undefined },
    secret: 'a secret of thirty-two characters or more',
    clock,
  })

/** A user of a pool, with nothing that these tests ask for. */
const inPool = {
  status: 'CONFIRMED',
  email: undefined,
  emailVerified: false,
  phone: undefined,
  phoneVerified: false,
  hasMfa: false,
  created: 0,
  links: [],
  attributes: {},
}

/** A pool in which there are these users, by name and sub. */
const showing = (users: Readonly<Record<string, string>>): Partial<UserPool> => ({
  find: async ({ userName }) => {
    const sub = users[userName]
    return sub === undefined ? undefined : { ...inPool, userName, sub }
  },
})

it.each([
  ['no options', undefined, /createAccountService needs its options/],
  ['a name misspelt', { clok: () => NOW }, /There is no option "clok". Did you mean "clock"\?/],
  ['no registry', { registry: undefined }, /"registry" is none: .* createLazyRegistry/],
  ['a registry that was not awaited', { registry: Promise.resolve() }, /"registry" is a promise: await/],
  [
    'a registry that was not opened',
    { registry: createMemoryRegistry },
    /"registry" is a function: .* createLazyRegistry/,
  ],
  ['no pool', { userPool: undefined }, /"userPool" is none: .* createUserPoolAdapter.*onesub\/user-pool/],
  ['a client for the session', { userSession: { getUser() {} } }, /"userSession" is none: .* createUserSession/],
  ['no verifier', { verifyAccess: undefined }, /"verifyAccess" is not a function/],
  ['a verifier’s options', { verifyId: { pools: [] } }, /"verifyId" is not a function/],
  [
    'the verifier of the other tokens',
    { verifyAccess: Object.assign(async () => verify('{}'), { tokenUse: 'id' }) },
    /"verifyAccess" must be made with tokenUse: 'access'/,
  ],
  [
    'the verifier of the other tokens',
    { verifyId: Object.assign(async () => verify('{}'), { tokenUse: 'access' }) },
    /"verifyId" must be made with tokenUse: 'id'/,
  ],
  ['an id', { mintPersonId: 'id' }, /"mintPersonId" is not a function/],
  ['null for the clock', { clock: null }, /"clock" is not a function/],
  ['no secret', { secret: undefined }, /"secret" must be a string of 32/],
])('T112: is refused at start: %s', (_, wrong, message) => {
  const secret = 'a secret of thirty-two characters or more'
  const right = {
    verifyAccess: verify,
    verifyId: verify,
    registry: createMemoryRegistry(),
    userPool: EMPTY_USER_POOL,
    secret,
  }
  const open = () => Reflect.apply(createAccountService, undefined, [wrong && { ...right, ...wrong }])
  expect(open).toThrow(message)
  expect(open).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})

it('a sign-in method that gets a person while the link is made is left to that person', async () => {
  const registry = createMemoryRegistry()
  const account = accountOver(registry)
  const [google, okta] = [signedInBy('Google'), signedInBy('Okta')]
  const ada = await account.startSeparatePerson(google)
  const offer = await account.offerLink({ accessToken: google, additionIdToken: okta })
  if (offer === 'linked') throw new Error('linked already')

  let other: ReturnType<typeof account.startSeparatePerson> | undefined
  const meanwhile: Registry = {
    ...registry,
    async facts(query) {
      const facts = await registry.facts(query)
      other ??= account.startSeparatePerson(okta)
      await other
      return facts
    },
  }
  const accepted = accountOver(meanwhile).acceptLink({ accessToken: google, proof: offer.proof })
  await expect(accepted).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
  const person = await registry.resolve({ pool: POOL, provider: 'Okta', subject: '1' })
  expect(person).toBe((await other)?.person)
  expect(person).not.toBe(ada.person)
})

it('distinguishes an account with a user of its own from one without: whether it has a password', async () => {
  const registry = createMemoryRegistry()
  const account = accountOver(registry, showing({ ada: 'sub-of-ada' }))
  const google = signedInBy('Google')
  const bare = JSON.stringify({ sub: 'sub-of-ada', 'cognito:username': 'ada', auth_time: NOW / 1_000 })
  await account.startSeparatePerson(google)
  await account.startSeparatePerson(bare)
  expect(await account.signInMethods(google)).toMatchObject({ password: 'none' })
  expect(await account.signInMethods(bare)).toMatchObject({ password: 'set' })
})

it('a sign-in method that the person has already: there is nothing to offer', async () => {
  const account = accountOver(createMemoryRegistry())
  const google = signedInBy('Google')
  await account.startSeparatePerson(google)
  expect(await account.offerLink({ accessToken: google, additionIdToken: google })).toBe('linked')
})

it('T10: a token without the time of the sign-in is no fresh proof', async () => {
  const account = accountOver(createMemoryRegistry())
  const google = signedInBy('Google')
  await account.startSeparatePerson(google)
  const { auth_time: _, ...timeless } = JSON.parse(google)
  const offered = account.offerLink({ accessToken: google, additionIdToken: JSON.stringify(timeless) })
  await expect(offered).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
})

const STALE = NOW - 5 * 60_000
const offered = async (account: ReturnType<typeof accountOver>, accessToken: string, additionIdToken: string) => {
  const offer = await account.offerLink({ accessToken, additionIdToken })
  if (offer === 'linked') throw new Error('linked already')
  return offer
}
const save = (registry: Registry, owner: Person, ...more: Write[]) => {
  const [first, ...rest] = personRows(owner)
  if (!first) throw new Error('no rows')
  return registry.commit(change(first, ...rest, ...more))
}
const way = (provider: string, of: Partial<KnownIdentity> = {}): KnownIdentity => ({
  pool: POOL,
  provider,
  subject: '1',
  userName: `${provider}_1`,
  native: false,
  ...of,
})
/** The profile that a sign-in method has in the pool. */
const userOf = (provider: string): KnownIdentity => way(provider, { provider: COGNITO, subject: `sub-of-${provider}` })

describe('T10: a sign-in of five minutes ago', () => {
  const [google, stale] = [signedInBy('Google'), signedInBy('Google', STALE)]
  const [okta, staleOkta] = [signedInBy('Okta'), signedInBy('Okta', STALE)]
  const refused = { code: 'LINK_PROOF_INVALID' }

  it('links nothing, on whichever side it is', async () => {
    const account = accountOver(createMemoryRegistry())
    await account.startSeparatePerson(google)
    await expect(account.offerLink({ accessToken: stale, additionIdToken: okta })).rejects.toMatchObject(refused)
    await expect(account.offerLink({ accessToken: google, additionIdToken: staleOkta })).rejects.toMatchObject(refused)
    await expect(account.offerLink({ accessToken: google, additionIdToken: okta })).resolves.toBeDefined()
  })

  it('creates no person, unlinks nothing, and changes no address', async () => {
    const registry = createMemoryRegistry()
    const account = accountOver(registry)
    await expect(account.startSeparatePerson(stale)).rejects.toMatchObject(refused)
    await account.startSeparatePerson(google)
    const { proof } = await offered(account, google, okta)
    await account.acceptLink({ accessToken: google, proof })
    const unlink = (accessToken: string) => account.unlink({ accessToken, provider: 'Okta', subject: '1' })
    await expect(unlink(stale)).rejects.toMatchObject(refused)
    const address = 'new@example.com'
    await expect(account.changeAddress({ accessToken: stale, address })).rejects.toMatchObject(refused)
    await expect(account.changeAddress({ accessToken: google, address })).resolves.toBeDefined()
    await expect(unlink(google)).resolves.toBeDefined()
  })
})

describe('an offer, when the other side changes before it is accepted', () => {
  const [google, okta] = [signedInBy('Google'), signedInBy('Okta')]

  it('T8: is void where the sign-in method belongs to another person now', async () => {
    const registry = createMemoryRegistry()
    const account = accountOver(registry)
    await account.startSeparatePerson(google)
    await save(registry, person(2, [userOf('Okta'), way('Okta')]))
    const { proof, merges } = await offered(account, google, okta)
    expect(merges).toBe(personId(2))
    // Both sign-in methods belong to a third person now, whose row has the revision that the second person's row had.
    await registry.commit(change(personRow(person(3, [userOf('Okta'), way('Okta')]))))
    const moved = [userOf('Okta'), way('Okta')].map((one) => ({
      ...identityRow(one, personId(3)),
      expectedRevision: 1,
    }))
    const [first, ...rest] = moved
    if (first) await registry.commit(change(first, ...rest))
    const accepted = account.acceptLink({ accessToken: google, proof, merges })
    await expect(accepted).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
  })

  it('T158: is void where that person has recovered, and none is made for a sign-in from before', async () => {
    const registry = createMemoryRegistry()
    const account = accountOver(registry)
    await account.startSeparatePerson(google)
    const bob = person(2, [userOf('Okta'), way('Okta')])
    await save(registry, bob)
    const { proof, merges } = await offered(account, google, okta)
    const { id, revision: _, ...rest } = bob
    await registry.commit(
      change({ row: 'person', id, expectedRevision: 1, person: { ...rest, notBefore: NOW + 30_000 }, events: [] }),
    )
    const late = { code: 'LINK_PROOF_INVALID' }
    await expect(account.acceptLink({ accessToken: google, proof, merges })).rejects.toMatchObject(late)
    await expect(account.offerLink({ accessToken: google, additionIdToken: okta })).rejects.toMatchObject(late)
    const since = signedInBy('Okta', NOW + 30_000)
    await expect(account.offerLink({ accessToken: google, additionIdToken: since })).resolves.toBeDefined()
  })

  it('what the merged person has proven belongs to the survivor, also where the second token shows another address or none', async () => {
    for (const email of [undefined, 'other@example.com']) {
      const registry = createMemoryRegistry()
      const account = accountOver(registry)
      const ada = await account.startSeparatePerson(google)
      const bob = { ...person(2, [userOf('Okta'), way('Okta')]), address: 'Bob@Example.com' }
      await save(registry, bob, claimRow(bob.id, 'bob@example.com'))
      const { proof, merges } = await offered(account, google, signedInBy('Okta', NOW, { email }))
      await account.acceptLink({ accessToken: google, proof, merges })
      const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey('bob@example.com')] })
      expect(identifiers[0]?.ownership).toMatchObject({ person: ada.person, rank: 3 })
    }
  })
})

describe('a link that is overtaken by another change', () => {
  it('T88: changes nothing in Cognito', async () => {
    const memory = createMemoryRegistry()
    const calls: string[] = []
    const registry: Registry = {
      ...memory,
      commit: async (wanted) =>
        calls.includes('late') ? { outcome: 'overtaken', winner: undefined } : memory.commit(wanted),
    }
    const userPool = new Proxy<Partial<UserPool>>({}, {})
    for (const name of ['link', 'unlink', 'removeProfile', 'removePlaceholderUser'] as const)
      Reflect.set(userPool, name, async () => void calls.push(name))
    const account = accountOver(registry, { ...userPool })
    const [google, okta] = [signedInBy('Google'), signedInBy('Okta')]
    await account.startSeparatePerson(google)
    const { proof } = await offered(account, google, okta)
    calls.push('late')
    const accepted = account.acceptLink({ accessToken: google, proof })
    await expect(accepted).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    expect(calls).toEqual(['late'])
  })

  it('a merge takes along both the address that was proven and the one that the sign-in shows', async () => {
    const registry = createMemoryRegistry()
    const account = accountOver(registry)
    const [google, okta] = [signedInBy('Google'), signedInBy('Okta', NOW, { email: 'second@example.com' })]
    const ada = await account.startSeparatePerson(google)
    const bob = { ...person(2, [userOf('Okta'), way('Okta')]), address: 'bob@example.com' }
    await save(registry, bob, claimRow(bob.id, 'bob@example.com'), claimRow(bob.id, 'second@example.com'))
    const { proof, merges } = await offered(account, google, okta)
    await account.acceptLink({ accessToken: google, proof, merges })
    const identifiers = ['bob@example.com', 'second@example.com'].map((address) => emailKey(address))
    const facts = await registry.facts({ identity: undefined, identifiers })
    expect(facts.identifiers.map(({ ownership }) => ownership?.person)).toEqual([ada.person, ada.person])
  })
})

describe('an unlink, in Cognito', () => {
  const bare = JSON.stringify({ sub: 'sub-ada', username: 'ada', auth_time: NOW / 1_000 })
  const unlink = { accessToken: bare, provider: 'Google', subject: '1' }

  it('T18: happens before the registry’s write, and once more after it, since a sign-in in between links again', async () => {
    const registry = createMemoryRegistry()
    await save(registry, person(1, [nativeIdentity(), way('Google', { userName: null })]))
    const steps: string[] = []
    const recorded: Registry = {
      ...registry,
      commit: (wanted) => {
        steps.push('registry')
        return registry.commit(wanted)
      },
    }
    const account = accountOver(recorded, {
      find: async ({ userName }) => ({ ...inPool, userName, sub: 'sub-ada' }),
      unlink: async (_, primaryUser) => void steps.push(`Cognito ${primaryUser.userName}`),
    })
    await account.unlink(unlink)
    // The registry’s second write ends the sessions of such a sign-in.
    expect(steps).toEqual(['Cognito ada', 'registry', 'Cognito ada', 'registry'])
  })

  it.each([
    ['gone', undefined],
    ['somebody else’s by its name', { ...inPool, userName: 'former', sub: 'another' }],
  ])('T108: asks the user who carries the links, not one that is %s', async (_, found) => {
    const registry = createMemoryRegistry()
    const former = nativeIdentity('sub-former', 'former')
    await save(registry, person(1, [former, nativeIdentity(), way('Google', { userName: null })]))
    const asked: unknown[] = []
    const account = accountOver(registry, {
      find: async ({ userName }) => (userName === 'former' ? found : { ...inPool, userName, sub: 'sub-ada' }),
      unlink: async (_identity, primaryUser) => void asked.push(primaryUser.userName),
    })
    await account.unlink(unlink)
    expect(asked).toEqual(['ada', 'ada'])
  })
})

describe('an unlink, where the person has users in two pools', () => {
  it('asks nothing about the users of the other pool, and ends no session of who has the same name here', async () => {
    const registry = createMemoryRegistry()
    const elsewhere = { ...nativeIdentity('sub-elsewhere', 'grace'), pool: 'eu-west-1_Other1' }
    await save(registry, person(1, [nativeIdentity(), elsewhere, way('Google', { userName: null })]))
    const signedOut: string[] = []
    const account = accountOver(registry, {
      find: async ({ pool, userName }) => {
        if (pool !== POOL) throw new Error('another Region')
        return { ...inPool, userName, sub: `sub-${userName}` }
      },
      signOut: async ({ userName }) => void signedOut.push(userName),
    })
    const accessToken = JSON.stringify({ sub: 'sub-ada', username: 'ada', auth_time: NOW / 1_000 })
    await account.unlink({ accessToken, provider: 'Google', subject: '1' })
    expect([...new Set(signedOut)]).toEqual(['ada'])
  })

  it('T18: takes nobody who has the same name here for the user there, who can sign in', async () => {
    const registry = createMemoryRegistry()
    const elsewhere = { ...nativeIdentity('sub-elsewhere', 'grace'), pool: 'eu-west-1_Other1' }
    await save(registry, person(1, [nativeIdentity(), elsewhere, way('Google', { userName: null })]))
    const account = accountOver(registry, {
      find: async ({ userName }) => ({ ...inPool, userName, sub: `sub-${userName}`, status: 'EXTERNAL_PROVIDER' }),
    })
    const accessToken = JSON.stringify({ sub: 'sub-ada', username: 'ada', auth_time: NOW / 1_000 })
    const unlinked = account.unlink({ accessToken, provider: 'Google', subject: '1' })
    await expect(unlinked).resolves.toEqual({ person: personId(1) })
  })
})

describe('T2: an unlink that was written, and was not carried out in Cognito', () => {
  it('ends the link of the user who is still there, and every session, when it is asked for again', async () => {
    const registry = createMemoryRegistry()
    await save(registry, person(1, [nativeIdentity('sub-former', 'former'), nativeIdentity()]))
    const waits = { status: 'waiting', wants: personId(1) } as const
    const { pool, provider, subject } = way('Google')
    await registry.commit(
      change({
        row: 'identity',
        identity: { pool, provider, subject },
        expectedRevision: 0,
        attachment: waits,
        events: [],
      }),
    )
    const steps: string[] = []
    const account = accountOver(registry, {
      find: async ({ userName }) =>
        userName === 'ada'
          ? { ...inPool, userName, sub: 'sub-ada', links: [{ provider: 'Google', subject: '1', primary: false }] }
          : undefined,
      unlink: async (_, primaryUser) => void steps.push(`unlinked from ${primaryUser.userName}`),
      signOut: async ({ userName }) => void steps.push(`signed out ${userName}`),
    })
    const accessToken = JSON.stringify({ sub: 'sub-ada', username: 'ada', auth_time: NOW / 1_000 })
    expect(await account.unlink({ accessToken, provider: 'Google', subject: '1' })).toEqual({ person: personId(1) })
    // The name of a user who is gone may be somebody else's by now.
    expect(steps).toEqual(['unlinked from ada', 'signed out ada'])
    expect((await registry.person(personId(1)))?.notBefore).toBe(NOW)
  })

  it('is done where it is repeated, also after merges, and asks nothing of Cognito where nothing is linked', async () => {
    const registry = createMemoryRegistry()
    await save(registry, person(1, [nativeIdentity()]))
    await registry.commit(change(personRow(person(2, []), { mergedInto: personId(1) })))
    await registry.commit(change(personRow(person(3, []), { mergedInto: personId(2) })))
    const { pool, provider, subject } = way('Google')
    const attachment = { status: 'waiting', wants: personId(3) } as const
    const identity = { pool, provider, subject }
    await registry.commit(change({ row: 'identity', identity, expectedRevision: 0, attachment, events: [] }))
    const steps: string[] = []
    const account = accountOver(registry, {
      ...showing({ ada: 'sub-ada' }),
      unlink: async () => void steps.push('unlinked'),
      signOut: async () => void steps.push('signed out'),
    })
    const accessToken = JSON.stringify({ sub: 'sub-ada', username: 'ada', auth_time: NOW / 1_000 })
    expect(await account.unlink({ accessToken, provider, subject })).toEqual({ person: personId(1) })
    expect(steps).toEqual(['signed out'])
  })
})

it('T2: what the removed provider has said is free, also where it belongs to a person at the other end of two merges', async () => {
  const registry = createMemoryRegistry()
  const said = 'work@example.com'
  await save(registry, person(1, [nativeIdentity(), way('Google', { userName: null, said })]))
  await registry.commit(change(personRow(person(2, []), { mergedInto: personId(1) })))
  await registry.commit(change(personRow(person(3, []), { mergedInto: personId(2) }), claimRow(personId(3), said)))
  const account = accountOver(registry, showing({ ada: 'sub-ada' }))
  const accessToken = JSON.stringify({ sub: 'sub-ada', username: 'ada', auth_time: NOW / 1_000 })
  await account.unlink({ accessToken, provider: 'Google', subject: '1' })
  const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey(said)] })
  expect(identifiers[0]?.ownership).toMatchObject({ rank: 0, holder: null, leaseUntil: NOW })
})

describe('what a link offers', () => {
  const [google, okta] = [signedInBy('Google'), signedInBy('Okta')]

  it('names the sign-in method, and not the profile that it has in the pool', async () => {
    const account = accountOver(createMemoryRegistry())
    await account.startSeparatePerson(google)
    expect((await offered(account, google, okta)).providers).toEqual(['Okta'])
  })

  it('T10: is void ten minutes later', async () => {
    const registry = createMemoryRegistry()
    await accountOver(registry).startSeparatePerson(google)
    const { proof, expires } = await offered(accountOver(registry), google, okta)
    expect(expires).toBe(NOW + 10 * 60_000)
    const late = accountOver(registry, {}, () => expires)
    const accepted = late.acceptLink({ accessToken: google, proof })
    await expect(accepted).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    const inTime = accountOver(registry, {}, () => expires - 1)
    await expect(inTime.acceptLink({ accessToken: google, proof })).resolves.toBeDefined()
  })
})

it('a pool that does not answer keeps the list waiting for a second, and not for ever', {
  timeout: 10_000,
}, async () => {
  const registry = createMemoryRegistry()
  await save(registry, person(1, [nativeIdentity(), way('Google', { userName: null })]))
  const account = accountOver(registry, { find: () => new Promise(() => {}) })
  const token = JSON.stringify({ sub: 'sub-ada', username: 'ada', auth_time: NOW / 1_000 })
  expect(await account.signInMethods(token)).toMatchObject({ password: 'set' })
})

it('T18: a user that is gone from the pool is no way to sign in, and leaves no password behind', async () => {
  const registry = createMemoryRegistry()
  const placeholder: KnownIdentity = { ...nativeIdentity('sub-placeholder', 'placeholder'), placeholder: true }
  const identities = [nativeIdentity(), placeholder, way('Google', { userName: null })]
  await save(registry, { ...person(1, identities), address: 'ada@example.com' })
  const account = accountOver(registry, showing({ placeholder: 'sub-placeholder' }))
  const token = JSON.stringify({ sub: 'sub-placeholder', username: 'placeholder', auth_time: NOW / 1_000 })
  expect(await account.signInMethods(token)).toMatchObject({
    password: 'resettable',
    ways: [{ provider: 'Google', removable: true }],
  })
  const alone = accountOver(registry)
  const lost = await alone.signInMethods(token)
  expect(lost).toMatchObject({ password: 'none', ways: [{ provider: 'Google', removable: false }] })
  const google = { accessToken: token, provider: 'Google', subject: lost.ways[0]?.subject ?? '' }
  await expect(alone.unlink(google)).rejects.toMatchObject({ code: 'LAST_SIGN_IN_METHOD' })
})

it('T18: the last method that works is not taken off, whatever users are gone', async () => {
  const registry = createMemoryRegistry()
  await save(
    registry,
    person(1, [nativeIdentity(), nativeIdentity('sub-gone', 'gone'), way('Google', { userName: null })]),
  )
  const account = accountOver(registry, showing({}))
  const accessToken = JSON.stringify({ sub: 'sub-gone', username: 'gone', auth_time: NOW / 1_000 })
  await expect(account.unlink({ accessToken, provider: 'Google', subject: '1' })).rejects.toMatchObject({
    code: 'LAST_SIGN_IN_METHOD',
  })
})

it('where Cognito cannot be asked, the list is what the registry knows', async () => {
  const registry = createMemoryRegistry()
  await save(registry, person(1, [nativeIdentity(), way('Google', { userName: null })]))
  const account = accountOver(registry, { find: async () => Promise.reject(new Error('throttled')) })
  const token = JSON.stringify({ sub: 'sub-ada', username: 'ada', auth_time: NOW / 1_000 })
  expect(await account.signInMethods(token)).toMatchObject({ password: 'set' })
})

it('a user of ours beside one with a password does not make the password one that has to be reset', async () => {
  const registry = createMemoryRegistry()
  const placeholder: KnownIdentity = { ...nativeIdentity('sub-placeholder', 'placeholder'), placeholder: true }
  await save(registry, person(1, [placeholder, nativeIdentity(), way('Google', { userName: null })]))
  const account = accountOver(registry, showing({ ada: 'sub-ada', placeholder: 'sub-placeholder' }))
  const bare = JSON.stringify({ sub: 'sub-ada', username: 'ada', auth_time: NOW / 1_000 })
  expect(await account.signInMethods(bare)).toMatchObject({
    password: 'set',
    ways: [{ provider: COGNITO, subject: 'sub-ada' }, { provider: 'Google' }],
  })
})

describe('a call that is made twice', () => {
  const [google, okta] = [signedInBy('Google'), signedInBy('Okta')]

  it('a user who starts a separate person twice gets one person', async () => {
    const account = accountOver(createMemoryRegistry())
    const { person: first } = await account.startSeparatePerson(google)
    expect(await account.startSeparatePerson(google)).toEqual({ person: first })
  })

  it('an offer that is accepted twice is one link: a double click, or an answer that was lost', async () => {
    const registry = createMemoryRegistry()
    const account = accountOver(registry)
    await account.startSeparatePerson(google)
    const { proof } = await offered(account, google, okta)
    const linked = await account.acceptLink({ accessToken: google, proof })
    const told = (await registry.told()).length
    expect(await account.acceptLink({ accessToken: google, proof })).toEqual(linked)
    expect(await registry.told()).toHaveLength(told)
  })
})

it('T21: a merge moves what the merged person owns, not what the second token says', async () => {
  const registry = createMemoryRegistry()
  const account = accountOver(registry)
  const google = signedInBy('Google')
  await account.startSeparatePerson(google)
  await save(registry, person(2, [userOf('Okta'), way('Okta')]))
  await save(registry, person(8, [nativeIdentity('sub-victim', 'victim')]), claimRow(personId(8), 'victim@example.com'))
  const { proof, merges } = await offered(account, google, signedInBy('Okta', NOW, { email: 'victim@example.com' }))
  await account.acceptLink({ accessToken: google, proof, merges })
  const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey('victim@example.com')] })
  expect(identifiers[0]?.ownership).toMatchObject({ person: personId(8) })
})

describe('T112: a call from JavaScript with something else than it takes', () => {
  const google = signedInBy('Google')
  const signedIn = async () => {
    const account = accountOver(createMemoryRegistry())
    await account.startSeparatePerson(google)
    return account
  }

  it.each([undefined, null, 5])('is refused for good, not to be tried again: %s', async (given) => {
    const account = await signedIn()
    for (const call of Object.values(account)) {
      const refused: Promise<unknown> = Reflect.apply(call, undefined, [given])
      await expect(refused).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
    }
  })

  it.each([undefined, null, 5, {}])('no sign-in method is called by it: %s', async (odd) => {
    const account = await signedIn()
    const call = Reflect.apply(account.unlink, undefined, [{ accessToken: google, provider: odd, subject: '1' }])
    await expect(call).rejects.toMatchObject({ code: 'LINK_UNKNOWN' })
    const other = Reflect.apply(account.unlink, undefined, [{ accessToken: google, provider: 'Google', subject: odd }])
    await expect(other).rejects.toMatchObject({ code: 'LINK_UNKNOWN' })
  })

  it.each([undefined, null, 5, {}])('no address is written like it: %s', async (address) => {
    const account = await signedIn()
    const call = Reflect.apply(account.changeAddress, undefined, [{ accessToken: google, address }])
    await expect(call).rejects.toMatchObject({ code: 'IDENTIFIER_INVALID' })
  })
})

it('T18: a user without a password and without an address cannot be reset, and keeps the last provider', async () => {
  const registry = createMemoryRegistry()
  const placeholder: KnownIdentity = { ...nativeIdentity('sub-placeholder', 'placeholder'), placeholder: true }
  await save(registry, person(1, [placeholder, way('Google', { userName: null })]))
  const account = accountOver(registry, showing({ placeholder: 'sub-placeholder' }))
  const token = JSON.stringify({ sub: 'sub-placeholder', username: 'placeholder', auth_time: NOW / 1_000 })
  expect(await account.signInMethods(token)).toMatchObject({ password: 'none', ways: [{ removable: false }] })
  const unlinking = account.unlink({ accessToken: token, provider: 'Google', subject: '1' })
  await expect(unlinking).rejects.toMatchObject({ code: 'LAST_SIGN_IN_METHOD' })
})
