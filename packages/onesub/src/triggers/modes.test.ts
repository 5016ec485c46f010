import { describe, expect, it } from 'vitest'
import type { Policy } from '../core/policy.ts'
import type { UserPool } from '../core/ports.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import {
  adminCreates,
  confirms,
  googleArrives,
  googleConfirmed,
  resets,
  signUp,
  subOf,
  triggerEvent,
} from './testing/events.ts'
import { outcome, poolUser, testPool } from './testing/pool.ts'

const ADA = 'ada@example.com'
const GOOGLE = JSON.stringify([{ providerName: 'Google', userId: '1180', primary: false }])

const WRITING = [
  'link',
  'unlink',
  'createPlaceholderUser',
  'findPlaceholderUser',
  'removeProfile',
  'removePlaceholderUser',
  'restoreAddress',
  'replacePassword',
  'signOut',
] as const satisfies readonly (keyof UserPool)[]

const shows = (source: string, userName: string, attributes: Record<string, string>) =>
  triggerEvent({
    source,
    userName,
    attributes: { sub: subOf(userName), 'cognito:user_status': 'CONFIRMED', ...attributes },
  })

/** Each way on which something is written, where the mode lets it be: to Cognito by name, to the store as a count. */
async function played(policy: Partial<Policy>) {
  const registry = createMemoryRegistry()
  const before = testPool({ registry, policy: { mode: 'enforce' } })
  await before.handler(signUp('olga', 'olga@example.com'))
  await before.handler(confirms('olga', 'olga@example.com'))

  const asked: string[] = []
  let commits = 0
  const recording = Object.fromEntries(WRITING.map((call) => [call, async () => void asked.push(call)]))
  const { handler, clock, reports } = testPool({
    policy: { flagsOnlyByCode: true, ...policy },
    registry: {
      ...registry,
      commit(change) {
        commits += 1
        return registry.commit(change)
      },
    },
    userPool: {
      ...recording,
      find: async ({ userName }) =>
        poolUser(userName, { email: userName === 'olga' ? 'olga@example.com' : 'other@example.com' }),
    },
  })
  const heads: Record<string, number> = {}
  const run = async (says: string, event: object) => {
    const from = commits
    await outcome(handler(event))
    heads[says] = commits - from
  }
  await run('sign-up', signUp('eve', ADA))
  clock.now += 20_000
  await run('sign-up beside it', signUp('ada', ADA))
  await run('sign-up to an owned address', signUp('mallory', 'olga@example.com'))
  await run('confirmation', confirms('eve', ADA))
  await run('recovery', resets('eve', ADA))
  await run('administrator', adminCreates('bob', 'bob@example.com'))
  await run('provider', googleArrives({ email: 'carol@example.com' }))
  await run('profile', googleConfirmed({ email: 'dora@example.com', subject: '7' }))
  await run('profile at an owned address', googleConfirmed({ email: 'olga@example.com', subject: '8' }))
  await run('token', shows('TokenGeneration_Authentication', 'frank', { email: 'frank@example.com' }))
  await run(
    'address',
    shows('TokenGeneration_Authentication', 'olga', { email: 'olga@example.org', email_verified: 'true' }),
  )
  await run(
    'address again',
    shows('TokenGeneration_Authentication', 'olga', { email: 'olga@example.com', email_verified: 'true' }),
  )
  await run(
    'signed in',
    shows('PostAuthentication_Authentication', 'olga', {
      email: 'olga@example.com',
      email_verified: 'false',
      identities: GOOGLE,
    }),
  )
  return { asked: new Set(asked), heads, reports }
}

describe.each(['link', 'enumeration-safe'] as const)('under policy %s', (existingAccount) => {
  it('enforce: these ways do write, to Cognito and to the store', async () => {
    const { asked, heads } = await played({ mode: 'enforce', existingAccount })
    expect([...asked].sort()).toEqual(['createPlaceholderUser', 'replacePassword', 'restoreAddress', 'signOut'])
    for (const way of ['sign-up', 'confirmation', 'administrator', 'provider', 'profile', 'token', 'address'])
      expect(heads[way], way).toBeGreaterThan(0)
  })

  it('T147: observe makes no writing call to Cognito, whatever comes', async () => {
    const { asked, heads } = await played({ mode: 'observe', existingAccount })
    expect([...asked]).toEqual([])
    expect(heads['sign-up']).toBe(1)
  })

  it.each(['observe', 'dry-run', 'enforce'] as const)('T54, T130: %s reports no name and no address', async (mode) => {
    const { reports } = await played({ mode, existingAccount })
    const users = new Set(reports.map(({ user }) => user).filter((user) => user !== undefined))
    for (const user of users) expect(user).toMatch(/^sub-of-/)
    expect(JSON.stringify(reports.map(({ user: _, ...rest }) => rest))).not.toMatch(/@|eve|olga|mallory/)
    expect(users.size > 0).toBe(mode !== 'enforce')
  })

  it('T167: dry-run makes none, and writes nothing to the store', async () => {
    const { asked, heads } = await played({ mode: 'dry-run', existingAccount })
    expect([...asked]).toEqual([])
    expect(Object.entries(heads).filter(([, commits]) => commits > 0)).toEqual([])
  })
})
