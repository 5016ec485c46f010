import { describe, expect, it } from 'vitest'
import { COGNITO, type KnownIdentity, type Person } from '../core/person.ts'
import type { PoolUserFound } from '../core/ports.ts'
import { emailKey, googleIdentity, ownedClaim, POOL, person } from '../core/testing/samples.ts'
import { EMPTY_USER_POOL } from '../core/testing/user-pool.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { withoutAbandoned } from './abandoned-identifiers.ts'
import { deadlineOf } from './deadline.ts'
import { parseSettings } from './settings.ts'
import { subOf } from './testing/events.ts'
import { poolUser } from './testing/pool.ts'

const NOW = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
const ada: KnownIdentity = { pool: POOL, provider: COGNITO, subject: subOf('ada'), userName: 'ada', native: true }
const google: KnownIdentity = { ...googleIdentity(), userName: null, native: false }
const links = [{ provider: 'Google', subject: '1180', primary: false }]
const time = { now: () => NOW, after: () => () => {} }

/** What a look finds about an address that this person owns, where the pool has this user. */
async function finding(
  owner: Person,
  found: PoolUserFound | undefined | Promise<never>,
  since = NOW - HOUR,
  prover = 'ada',
) {
  const settings = parseSettings({
    userPoolId: POOL,
    clientIds: null,
    registry: createMemoryRegistry(),
    userPool: {
      ...EMPTY_USER_POOL,
      find: async ({ userName }) => (userName === 'ada' || userName.startsWith('Google_') ? found : undefined),
    },
    time,
  })
  const ownership = ownedClaim({ person: owner.id, holder: { pool: POOL, userName: prover, since } })
  const facts = { owner: undefined, waitsFor: undefined, identityRevision: 0 }
  const known = { ...facts, identifiers: [{ identifier: emailKey(), ownership, person: owner }] }
  return (await withoutAbandoned(known, settings, deadlineOf(time))).identifiers[0]?.finding
}

const owner = { ...person(1, [ada, google]), address: 'ada@example.com' }
const said = (word: string): Person => ({ ...owner, identities: [ada, { ...google, said: word }] })

describe('an address that somebody has proven', () => {
  it('is theirs while their user shows it', async () => {
    expect(await finding(owner, poolUser('ada'))).toBeUndefined()
    expect(await finding(owner, poolUser('ada', { email: 'ADA@example.com', links }))).toBeUndefined()
  })

  it('T166: is nobody’s once the user is gone', async () => {
    expect(await finding(owner, undefined)).toBe('abandoned')
  })

  it('T166: nor is it kept by whoever has the name of a deleted user', async () => {
    const other = poolUser('ada', { sub: 'another', email: 'other@example.com' })
    expect(await finding(owner, other)).toBe('abandoned')
    // Also where it is written there again, by somebody who has signed up under that name.
    expect(await finding(owner, poolUser('ada', { sub: 'another' }), NOW - HOUR, 'gone')).toBe('abandoned')
    expect(await finding(owner, poolUser('ada'), NOW - HOUR, 'gone')).toBeUndefined()
  })

  it('T166: of whom only the name is known, a typed address holds nothing', async () => {
    const settings = parseSettings({
      userPoolId: POOL,
      clientIds: null,
      registry: createMemoryRegistry(),
      userPool: { ...EMPTY_USER_POOL, find: async () => poolUser('ada', { emailVerified: false }) },
      time,
    })
    const ownership = ownedClaim({ holder: { pool: POOL, userName: 'ada', since: NOW - HOUR } })
    const facts = { owner: undefined, waitsFor: undefined, identityRevision: 0 }
    const known = { ...facts, identifiers: [{ identifier: emailKey(), ownership, person: undefined }] }
    expect((await withoutAbandoned(known, settings, deadlineOf(time))).identifiers[0]?.finding).toBe('abandoned')
  })

  it('T151: nor once the user shows another one that no provider has said', async () => {
    const changed = poolUser('ada', { email: 'new@example.com' })
    expect(await finding(owner, changed)).toBe('abandoned')
    expect(await finding(owner, { ...changed, links })).toBe('abandoned')
    expect(await finding(said('boss@example.com'), { ...changed, links })).toBe('abandoned')
    expect(await finding(owner, poolUser('ada', { email: undefined }))).toBe('abandoned')
  })

  it('T151: stays theirs while the change is not finished, with a linked provider too', async () => {
    const pending = poolUser('ada', { email: 'typo@example.net', emailVerified: false })
    expect(await finding(owner, pending)).toBeUndefined()
    expect(await finding(owner, { ...pending, links })).toBeUndefined()
    expect(await finding(said('boss@example.com'), { ...pending, links })).toBeUndefined()
    const elsewhere = { ...ada, pool: 'eu-west-1_Another1', subject: 'another' }
    expect(await finding({ ...owner, identities: [elsewhere, ada] }, pending)).toBeUndefined()
    // A profile shows what its provider said last.
    const federated = { ...person(1, [{ ...google, userName: 'Google_1180' }]), address: 'ada@example.com' }
    const profile = { ...pending, links: [{ provider: 'Google', subject: '1180', primary: true }] }
    expect(await finding(federated, profile)).toBe('abandoned')
  })

  it('T11: stays theirs where what the user shows is a linked provider’s word over it', async () => {
    const writtenOver = poolUser('ada', { email: 'boss@example.com', links })
    expect(await finding(said('boss@example.com'), writtenOver)).toBeUndefined()
    // Cognito writes over it, too, what could be nobody's identifier.
    const unreadable = poolUser('ada', { email: 'none@evil.org', links })
    expect(await finding(said('none@evil.org'), unreadable)).toBeUndefined()
    // The word of a provider that is not linked to this user explains nothing.
    expect(await finding(said('boss@example.com'), { ...writtenOver, links: [] })).toBe('abandoned')
    // The person has proven another address since.
    expect(await finding({ ...said('boss@example.com'), address: 'new@example.com' }, writtenOver)).toBe('abandoned')
  })

  it('T112: is looked at again where its pool does not answer, also where the answer would be the same for ever', async () => {
    for (const name of ['ResourceNotFoundException', 'AccessDeniedException', 'TimeoutError']) {
      const refused = Object.assign(new Error(), { name })
      await expect(finding(owner, Promise.reject(refused))).rejects.toBe(refused)
    }
  })

  it('of who comes by a provider is theirs until Cognito has had the time to make the user', async () => {
    const federated = { ...person(1, [{ ...google, userName: 'Google_1180' }]), address: 'ada@example.com' }
    expect(await finding(federated, undefined, NOW - 29 * 60_000)).toBeUndefined()
    expect(await finding(federated, undefined, NOW - 31 * 60_000)).toBe('abandoned')
  })
})
