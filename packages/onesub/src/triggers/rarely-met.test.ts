import { describe, expect, it } from 'vitest'
import type { Change } from '../core/changes/change.ts'
import { normalisePhone } from '../core/identifiers/index.ts'
import { CONTESTED_MARKER } from '../core/names.ts'
import { COGNITO, type KnownIdentity, type Person } from '../core/person.ts'
import type { UserPool } from '../core/ports.ts'
import { change, claimRow, identityRow, personRow, personRows } from '../core/testing/rows.ts'
import { emailKey, googleIdentity, ownedClaim, POOL, person, personId } from '../core/testing/samples.ts'
import { EMPTY_USER_POOL } from '../core/testing/user-pool.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { withoutAbandoned } from './abandoned-identifiers.ts'
import { deadlineOf } from './deadline.ts'
import { parseSettings } from './settings.ts'
import { adminCreates, confirms, googleArrives, resets, signUp, subOf, triggerEvent } from './testing/events.ts'
import { poolUser, testPool } from './testing/pool.ts'

// States that a user meets seldom, and in which a small mistake would go unseen.

const ADA = 'ada@example.com'
const NEW = 'new@example.com'
const OTHER_POOL = 'eu-west-1_Other'
const GOOGLE = JSON.stringify([{ providerName: 'Google', userId: '1180', primary: false }])
const native = (userName: string, pool = POOL): KnownIdentity => ({
  pool,
  provider: COGNITO,
  subject: subOf(userName),
  userName,
  native: true,
})

const token = (userName: string, attributes: Record<string, string> = {}, source = 'Authentication') =>
  triggerEvent({
    source: `TokenGeneration_${source}`,
    userName,
    attributes: { sub: subOf(userName), 'cognito:user_status': 'CONFIRMED', ...attributes },
  })

const verified = (email: string) => ({ email, email_verified: 'true' })
const namedIn = (response: unknown) =>
  Object(Object(Object(response).claimsOverrideDetails).claimsToAddOrOverride).person_id

describe('a chain of merges', () => {
  it('leads to the person at its end', async () => {
    const registry = createMemoryRegistry()
    const last = person(12, [native('ada')])
    await registry.commit(change(personRow(last), ...personRows(last).slice(1)))
    for (const id of [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
      await registry.commit(change(personRow(person(id, []), { mergedInto: personId(id + 1) })))
    await registry.commit(change(identityRow(native('left'), personId(1))))
    const { handler } = testPool({ registry })
    expect(namedIn((await handler(token('left'))).response)).toBe(personId(12))
  })
})

describe('a number that somebody has proven', () => {
  const phone = normalisePhone('+4915112345678')
  const spelled = '+4915112345678'
  const finding = async (phoneVerified: boolean) => {
    if (!phone.ok) throw new Error('no number')
    const find: UserPool['find'] = async () => poolUser('ada', { phone: spelled, phoneVerified })
    const time = { now: () => Date.UTC(2026, 0, 1), after: () => () => {} }
    const settings = parseSettings({
      userPoolId: POOL,
      clientIds: null,
      registry: createMemoryRegistry(),
      userPool: { ...EMPTY_USER_POOL, find },
      time,
    })
    const holder = { pool: POOL, userName: 'ada', since: 0 }
    const ownership = ownedClaim({ person: personId(1), holder })
    const identifiers = [{ identifier: phone.identifier, ownership, person: undefined }]
    const facts = { owner: undefined, waitsFor: undefined, identityRevision: 0, identifiers }
    return (await withoutAbandoned(facts, settings, deadlineOf(time))).identifiers[0]?.finding
  }

  it('is not held by a user of that name who has only typed it', async () => {
    expect(await finding(true)).toBeUndefined()
    expect(await finding(false)).toBe('abandoned')
  })
})

describe('a person who came by a provider seconds ago', () => {
  /** What a look finds where Cognito has not made the user yet. */
  async function finding(identities: readonly KnownIdentity[]) {
    const now = Date.UTC(2026, 0, 1)
    const time = { now: () => now, after: () => () => {} }
    const settings = parseSettings({
      userPoolId: POOL,
      clientIds: null,
      registry: createMemoryRegistry(),
      userPool: { ...EMPTY_USER_POOL, find: async () => undefined },
      time,
    })
    const owner: Person = { ...person(1, identities), address: ADA }
    const holder = { pool: POOL, userName: 'Google_1180', since: now - 1_000 }
    const identifiers = [{ identifier: emailKey(), ownership: ownedClaim({ person: owner.id, holder }), person: owner }]
    const facts = { owner: undefined, waitsFor: undefined, identityRevision: 0, identifiers }
    return (await withoutAbandoned(facts, settings, deadlineOf(time))).identifiers[0]?.finding
  }
  const google: KnownIdentity = { ...googleIdentity(), userName: 'Google_1180', native: false }

  it('keeps the address, whatever users they have in another pool', async () => {
    expect(await finding([google])).toBeUndefined()
    expect(await finding([google, native('ada', OTHER_POOL)])).toBeUndefined()
    expect(await finding([google, native('ada')])).toBe('abandoned')
  })
})

describe('an address whose prover is a user of another pool', () => {
  /** What a look finds. Who is in the other pool, by name; a refusal for good where its users cannot be asked about. */
  async function finding(identities: readonly KnownIdentity[], there: readonly string[] | 'no right to look') {
    const now = Date.UTC(2026, 0, 1)
    const time = { now: () => now, after: () => () => {} }
    const find: UserPool['find'] = async ({ pool, userName }) => {
      if (pool !== OTHER_POOL) return undefined
      if (there === 'no right to look') throw Object.assign(new Error(), { name: 'AccessDeniedException' })
      return there.includes(userName) ? poolUser(userName) : undefined
    }
    const settings = parseSettings({
      userPoolId: POOL,
      clientIds: null,
      registry: createMemoryRegistry(),
      userPool: { ...EMPTY_USER_POOL, find },
      time,
    })
    const owner: Person = { ...person(1, identities), address: ADA }
    const holder = { pool: OTHER_POOL, userName: 'former', since: 0 }
    const identifiers = [{ identifier: emailKey(), ownership: ownedClaim({ person: owner.id, holder }), person: owner }]
    const facts = { owner: undefined, waitsFor: undefined, identityRevision: 0, identifiers }
    return (await withoutAbandoned(facts, settings, deadlineOf(time))).identifiers[0]?.finding
  }

  it('T168: is kept where this function may not ask about that user', async () => {
    expect(await finding([native('ada')], 'no right to look')).toBeUndefined()
  })

  it('T166: is kept by another user of the person there, and is nobody’s where there is none', async () => {
    const users = [native('former', OTHER_POOL), native('b', OTHER_POOL)]
    expect(await finding(users, ['b'])).toBeUndefined()
    expect(await finding(users, [])).toBe('abandoned')
  })

  it('T166: is nobody’s once that user is gone, where the person is known by a provider alone', async () => {
    expect(await finding([{ ...googleIdentity(), userName: null, native: false }], [])).toBe('abandoned')
  })
})

it('T163: a changed address that cannot be written is told to the operator, and names the person all the same', async () => {
  const registry = createMemoryRegistry()
  const before = testPool({ registry })
  await before.handler(signUp('ada', ADA))
  await before.handler(confirms('ada', ADA))
  const down = { ...registry, commit: () => Promise.reject(new Error('the store is down')) }
  const { handler, reports } = testPool({ registry: down })
  expect(namedIn((await handler(token('ada', verified(NEW)))).response)).toBe(
    await registry.resolve({ pool: POOL, provider: COGNITO, subject: subOf('ada') }),
  )
  expect(await registry.resolve({ pool: POOL, provider: COGNITO, subject: subOf('ada') })).toBeDefined()
  expect(reports).toContainEqual(expect.objectContaining({ outcome: 'passes', detail: 'address not followed' }))
})

it('T155: a user whose whole second of creation is that of the reservation is who has signed up', async () => {
  const { handler, registry, clock } = testPool({
    userPool: { find: async ({ userName }) => poolUser(userName, { created: Date.UTC(2026, 0, 1) }) },
  })
  clock.now = Date.UTC(2026, 0, 1) + 400
  await handler(signUp('ada', ADA))
  await handler(token('ada', verified(ADA)))
  const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey(ADA)] })
  expect(identifiers[0]?.ownership).toMatchObject({ leaseUntil: null, holder: { userName: 'ada' } })
})

it('T157: an address that another has signed up with since leaves a password in doubt at the first token', async () => {
  const { handler, registry } = testPool({ policy: { existingUsers: 'verified-by-code' } })
  await handler(signUp('bob', ADA))
  await handler(token('ada', verified(ADA)))
  const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey(ADA)] })
  expect(identifiers[0]?.ownership?.holder).toMatchObject({ userName: 'ada', contested: true })
})

it('T177: an administrator’s word is proof of an address only where the administrator has marked it', async () => {
  const owned = async (isMarked: boolean) => {
    const { handler, registry } = testPool({
      policy: { trustAdminVerified: true },
      userPool: { find: async () => undefined },
    })
    await handler(adminCreates('invited', ADA, isMarked))
    const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey(ADA)] })
    return identifiers[0]?.ownership?.leaseUntil === null
  }
  expect(await owned(true)).toBe(true)
  expect(await owned(false)).toBe(false)
})

it('T37: the users Ada and ada of a pool that keeps case are two', async () => {
  const { handler, registry, events } = testPool()
  await handler(signUp('Ada', ADA))
  const known = async () =>
    (await registry.facts({ identity: undefined, identifiers: [emailKey(ADA)] })).identifiers[0]?.ownership
  expect(await known()).toMatchObject({ holder: { userName: 'Ada' } })
  await expect(handler(signUp('ada', ADA))).rejects.toMatchObject({ code: 'SIGN_UP_UNFINISHED' })
  await handler(confirms('Ada', ADA))
  expect(await known()).toMatchObject({ leaseUntil: null, holder: { userName: 'Ada' } })
  expect((await events()).map(({ type }) => type)).not.toContain('identifier.superseded')
})

it('T163: the first sign-in through a link puts the address back, where it runs as a confirmation', async () => {
  const restored: string[] = []
  const { handler } = testPool({ userPool: { restoreAddress: async (_, address) => void restored.push(address) } })
  await handler(signUp('ada', ADA))
  await handler(confirms('ada', ADA))
  await handler(googleArrives())
  const { request, ...event } = confirms('ada', ADA, false)
  const userAttributes = { ...request.userAttributes, identities: GOOGLE }
  await handler({ ...event, request: { ...request, userAttributes } })
  expect(restored).toEqual([ADA])
})

it('dry-run: a sign-up with an address that somebody owns is reported, though nothing is written', async () => {
  const registry = createMemoryRegistry()
  const before = testPool({ registry })
  await before.handler(signUp('ada', ADA))
  await before.handler(confirms('ada', ADA))
  const told = (await registry.told()).length
  const { handler, reports } = testPool({ registry, policy: { mode: 'dry-run' } })
  await handler(signUp('bob', ADA))
  expect(reports.at(-1)).toMatchObject({ would: 'IDENTIFIER_TAKEN' })
  expect(await registry.told()).toHaveLength(told)
})

it('T157: what the browser says of a contest replaces no password where nothing is proven', async () => {
  const replaced: string[] = []
  const { handler } = testPool({ userPool: { replacePassword: async ({ userName }) => void replaced.push(userName) } })
  const contested = (isProven: boolean) => {
    const event = confirms('ada', ADA, isProven)
    return { ...event, request: { ...event.request, clientMetadata: { [CONTESTED_MARKER]: 'true' } } }
  }
  await handler(signUp('ada', ADA))
  await handler(contested(false))
  expect(replaced).toEqual([])
})

it('T151: a number that is verified releases no address while the change of the address is not finished', async () => {
  const registry = createMemoryRegistry()
  const { handler } = testPool({ registry, policy: { unique: ['email', 'phone'], flagsOnlyByCode: true } })
  await handler(signUp('ada', ADA))
  await handler(confirms('ada', ADA))
  const number = { phone_number: '+4915112345678', phone_number_verified: 'true' }
  await handler(token('ada', { email: NEW, email_verified: 'false', ...number }))
  const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey(ADA)] })
  expect(identifiers[0]?.ownership).toMatchObject({ rank: 3, leaseUntil: null, holder: { userName: 'ada' } })
})

it('T158: a recovery asks nothing about the person’s users of another pool', async () => {
  const registry = createMemoryRegistry()
  const owner = { ...person(1, [native('ada'), native('b'), native('elsewhere', OTHER_POOL)]), address: ADA }
  const [first, ...rest] = personRows(owner)
  const holder = { pool: POOL, userName: 'ada', since: 0 }
  if (first) await registry.commit(change(first, ...rest, claimRow(owner.id, ADA, holder)))
  const ended: string[] = []
  const { handler } = testPool({
    registry,
    userPool: {
      signOut: async ({ pool, userName }) => {
        if (pool !== POOL) throw new Error('another Region')
        ended.push(userName)
      },
    },
  })
  await handler(resets('ada', ADA))
  expect(ended).toEqual(['ada', 'b'])
})

it('a changed address is followed though another writer was faster', async () => {
  const registry = createMemoryRegistry()
  const before = testPool({ registry })
  await before.handler(signUp('ada', ADA))
  await before.handler(confirms('ada', ADA))
  let isOvertaken = false
  const commit = async (wanted: Change) => {
    const id = await registry.resolve({ pool: POOL, provider: COGNITO, subject: subOf('ada') })
    const known = id && (await registry.person(id))
    if (known && !isOvertaken) {
      isOvertaken = true
      const { id: _, revision, ...rest } = known
      await registry.commit(
        change({ row: 'person', id: known.id, expectedRevision: revision, person: rest, events: [] }),
      )
    }
    return registry.commit(wanted)
  }
  const { handler } = testPool({ registry: { ...registry, commit } })
  await handler(token('ada', verified(NEW)))
  expect(isOvertaken).toBe(true)
  const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey(ADA)] })
  expect(identifiers[0]?.ownership?.holder).toBeNull()
})

describe('the primary user', () => {
  it('is made by another try where another run is at it', async () => {
    let tries = 0
    const { handler, links } = testPool({
      userPool: {
        async createPlaceholderUser({ person: id }) {
          tries += 1
          return tries === 1 ? 'contested' : { userName: id, sub: subOf(id) }
        },
      },
    })
    await handler(googleArrives())
    expect(tries).toBe(2)
    expect(links).toHaveLength(1)
  })

  it('is not looked for where another pool has a placeholder user for the person', async () => {
    const registry = createMemoryRegistry()
    const owner = { ...person(1, [native('ada', OTHER_POOL)]), address: ADA }
    const [first, ...rest] = personRows(owner)
    const holder = { pool: OTHER_POOL, userName: 'ada', since: 0, by: 'onesub' } as const
    if (first) await registry.commit(change(first, ...rest, claimRow(owner.id, ADA, holder)))
    const looked: unknown[] = []
    const { handler, placeholders } = testPool({
      registry,
      userPool: {
        async findPlaceholderUser(user) {
          looked.push(user)
          return undefined
        },
      },
    })
    await handler(googleArrives())
    expect(looked).toEqual([])
    expect(placeholders).toHaveLength(1)
  })

  it('is the first of several where the address was proven in another pool', async () => {
    const registry = createMemoryRegistry()
    const owner = { ...person(1, [native('ada'), native('b')]), address: ADA }
    const [first, ...rest] = personRows(owner)
    const holder = { pool: OTHER_POOL, userName: 'b', since: 0 }
    if (first) await registry.commit(change(first, ...rest, claimRow(owner.id, ADA, holder)))
    const { handler, links } = testPool({ registry, userPool: { find: async ({ userName }) => poolUser(userName) } })
    await handler(googleArrives())
    expect(links).toMatchObject([{ primaryUser: { userName: 'ada' } }])
  })

  /** A person with these users, the last of whom has proven the address; the first ones are gone from the pool. */
  const linkedTo = async (users: readonly string[], gone: readonly string[], prover: string) => {
    const registry = createMemoryRegistry()
    const owner = {
      ...person(
        1,
        users.map((name) => native(name)),
      ),
      address: ADA,
    }
    const [first, ...rest] = personRows(owner)
    const holder = { pool: POOL, userName: prover, since: 0 }
    if (first) await registry.commit(change(first, ...rest, claimRow(owner.id, ADA, holder)))
    const asked: (string | null)[] = []
    const { handler } = testPool({
      registry,
      userPool: {
        find: async ({ userName }) => poolUser(userName),
        async link(_, { userName }) {
          asked.push(userName)
          return gone.includes(userName ?? '') ? 'gone' : 'linked'
        },
      },
    })
    await handler(googleArrives())
    return asked
  }

  it('T108: is the next user where those before are gone, the one that has proven the address among them', async () => {
    expect(await linkedTo(['ada', 'b', 'c'], ['ada', 'b'], 'nobody')).toEqual(['ada', 'b', 'c'])
    expect(await linkedTo(['ada', 'b'], ['b'], 'b')).toEqual(['b', 'ada'])
  })

  it('is made with the address as the provider spells it: in a pool that keeps case its mail and its resets go there', async () => {
    const { handler, placeholders } = testPool()
    await handler(googleArrives({ email: 'Ada@Example.com' }))
    expect(placeholders).toMatchObject([{ address: 'Ada@Example.com' }])
  })

  it('that was made for a link which Cognito refuses does not stay, and the operator is told', async () => {
    const removed: string[] = []
    const { handler, reports, placeholders } = testPool({
      userPool: {
        link: async () => 'unfit',
        removePlaceholderUser: async ({ userName }) => void removed.push(userName),
      },
    })
    await handler(googleArrives())
    expect(removed).toEqual(placeholders.map(({ person: id }) => id))
    expect(removed).toHaveLength(1)
    expect(reports).toContainEqual(expect.objectContaining({ outcome: 'passes', detail: 'Cognito refuses the link' }))
  })

  it('T178: is of the tenant of the provider', async () => {
    const { handler, registry } = testPool({
      policy: {
        uniqueWithin: 'custom:tenant',
        providers: { Google: { kind: 'google', hostedDomainAttribute: 'custom:hd', within: 'acme' } },
      },
    })
    await handler(googleArrives())
    const id = await registry.resolve({ pool: POOL, provider: 'Google', subject: '1180' })
    const made = id && (await registry.person(id))
    expect(made?.identities.map(({ within }) => within)).toEqual(['acme', 'acme'])
  })
})

describe('at a token of the hosted pages', () => {
  const linked = async (email_verified: 'true' | 'false') => {
    const restored: string[] = []
    const { handler } = testPool({
      userPool: { restoreAddress: async (_, address) => void restored.push(address) },
    })
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    await handler(googleArrives())
    await handler(token('ada', { email: ADA, email_verified, identities: GOOGLE }, 'HostedAuth'))
    return restored
  }

  it('the mark that a provider took away is put back, and Cognito is not asked where it stands', async () => {
    expect(await linked('false')).toEqual([ADA])
    expect(await linked('true')).toEqual([])
  })
})

it('observe: a report of a token says who would be joined', async () => {
  const registry = createMemoryRegistry()
  const owner = { ...person(1, [{ ...googleIdentity(), userName: 'Google_1180', native: false }]), address: ADA }
  const [first, ...rest] = personRows(owner)
  if (first)
    await registry.commit(
      change(first, ...rest, claimRow(owner.id, ADA, { pool: POOL, userName: 'Google_1180', since: 0 })),
    )
  const { handler, reports } = testPool({ registry, policy: { mode: 'observe', existingUsers: 'verified-by-code' } })
  await handler(token('ada', verified(ADA)))
  expect(reports.at(-1)).toMatchObject({ would: 'link-identity', about: owner.id })
})

it('T157: whoever proves an address that an invitation has reserved has a password in doubt', async () => {
  const { handler, registry } = testPool({
    policy: { existingUsers: 'verified-by-code' },
    userPool: { find: async () => undefined },
  })
  await handler(adminCreates('invited', ADA))
  await handler(token('bob', verified(ADA)))
  const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey(ADA)] })
  expect(identifiers[0]?.ownership?.holder).toMatchObject({ userName: 'bob', contested: true })
})

it('persons that are merged in a circle name nobody, and end the run', async () => {
  const registry = createMemoryRegistry()
  await registry.commit(change(personRow(person(1, []), { mergedInto: personId(2) })))
  await registry.commit(change(personRow(person(2, []), { mergedInto: personId(1) })))
  await registry.commit(change(identityRow(native('ada'), personId(1))))
  const { handler } = testPool({ registry })
  expect(namedIn((await handler(token('ada'))).response)).toBeUndefined()
})
