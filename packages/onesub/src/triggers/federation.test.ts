import { describe, expect, it } from 'vitest'
import { COGNITO, type KnownIdentity } from '../core/person.ts'
import type { PasswordBeforeProof } from '../core/policy.ts'
import { change, claimRow, personRows } from '../core/testing/rows.ts'
import { POOL, person, personId } from '../core/testing/samples.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { googleArrives, signUp, subOf } from './testing/events.ts'
import { poolUser, testPool } from './testing/pool.ts'

const user = (userName: string): KnownIdentity => ({
  pool: POOL,
  provider: COGNITO,
  subject: subOf(userName),
  userName,
  native: true,
})

describe('a provider that is joined', () => {
  it('T157: to a person with a user of ours and one of their own: the password in doubt goes, and no other', async () => {
    const registry = createMemoryRegistry()
    const owner = {
      ...person(1, [{ ...user('placeholder'), placeholder: true as const }, user('ada')]),
      address: 'ada@example.com',
    }
    const [first, ...rest] = personRows(owner)
    if (!first) throw new Error('no rows')
    await registry.commit(
      change(first, ...rest, claimRow(owner.id, undefined, { pool: POOL, userName: 'ada', contested: true })),
    )
    const replaced: string[] = []
    const { handler } = testPool({
      registry,
      userPool: { replacePassword: async ({ userName }) => void replaced.push(userName) },
    })
    await handler(googleArrives())
    expect(await registry.resolve({ pool: POOL, provider: 'Google', subject: '1180' })).toBe(personId(1))
    expect(replaced).toEqual(['ada'])
  })
})

describe('T157: the password of a person whom a provider joins', () => {
  async function joined(passwordBeforeProof: PasswordBeforeProof, contested: boolean, known: readonly KnownIdentity[]) {
    const registry = createMemoryRegistry()
    const owner = { ...person(1, [user('ada'), ...known]), address: 'ada@example.com' }
    const [first, ...rest] = personRows(owner)
    const holder = { pool: POOL, userName: 'ada', ...(contested && { contested: true as const }) }
    if (first) await registry.commit(change(first, ...rest, claimRow(owner.id, undefined, holder)))
    const replaced: string[] = []
    const { handler } = testPool({
      registry,
      policy: { passwordBeforeProof },
      userPool: { replacePassword: async ({ userName }) => void replaced.push(userName) },
    })
    await handler(googleArrives())
    expect(await registry.resolve({ pool: POOL, provider: 'Google', subject: '1180' })).toBe(personId(1))
    return replaced
  }
  const apple = { pool: POOL, provider: 'SignInWithApple', subject: '7', userName: null, native: false }

  it.each([
    ['contested', false, []],
    ['contested', true, ['ada']],
    ['always', false, ['ada']],
    ['keep', false, []],
    ['keep', true, []],
  ] as const)('%s, in doubt %s: %j are replaced', async (policy, contested, replaced) => {
    expect(await joined(policy, contested, [])).toEqual(replaced)
  })

  it('always: by the first provider alone, since it may have been set again since', async () => {
    expect(await joined('always', false, [apple])).toEqual([])
  })
})

it('InboundFederation: a profile of before our time is linked to nothing, and its person is decided about', async () => {
  const registry = createMemoryRegistry()
  const { handler, links, placeholders } = testPool({
    registry,
    userPool: { find: async ({ userName }) => poolUser(userName, { status: 'EXTERNAL_PROVIDER' }) },
  })
  const idToken = { sub: '1180', email: 'ada@example.com', email_verified: true, hd: 'example.com' }
  const request = { providerName: 'Google', attributes: { idToken, userInfo: {} } }
  await handler({ ...googleArrives(), triggerSource: 'InboundFederation_ExternalProvider', request })
  expect([links, placeholders]).toEqual([[], []])
  expect(await registry.resolve({ pool: POOL, provider: 'Google', subject: '1180' })).toBeDefined()
})

describe('a provider that proves nothing', () => {
  it.each(['false', 'true'])(
    'T146: makes no user with an address that somebody else has reserved or proven (%s)',
    async (verified) => {
      for (const isProven of [false, true]) {
        const registry = createMemoryRegistry()
        const { handler, placeholders } = testPool({ registry })
        if (isProven) {
          const [first, ...rest] = personRows(person(2, [user('ada')]))
          if (first) await registry.commit(change(first, ...rest, claimRow(personId(2))))
        } else await handler(signUp('ada', 'ada@example.com'))
        // Google is not the authority for a domain that it does not host.
        await handler(googleArrives({ verified, hd: '', subject: '6660' }))
        expect(placeholders).toEqual([])
        expect(await registry.resolve({ pool: POOL, provider: 'Google', subject: '6660' })).not.toBe(personId(2))
      }
    },
  )
})
