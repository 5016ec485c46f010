import { AdminDisableUserCommand, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { matches, parseUserFilter } from '../state/user-filter.ts'
import { type OpenPool, openPool, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
let now = Date.parse('2026-01-01T00:00:00Z')
beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now })
})
afterAll(() => emulator.close())

const list = ({ sdk, UserPoolId }: OpenPool, Filter?: string, more = {}) =>
  sdk.send(new ListUsersCommand({ UserPoolId, Filter, ...more }))
const names = async (pool: OpenPool, filter?: string) => (await list(pool, filter)).Users?.map((user) => user.Username)

async function poolOfThree(pool = {}) {
  const opened = await openPool(emulator, { pool })
  await opened.signUp('ada', { email: 'Ada@Example.com', name: 'Ada "the countess" \\ Lovelace' })
  await opened.signUp('bob', { email: 'bob@example.com', given_name: 'Bob' })
  await opened.signUp('Eve', { email: 'ada@example.com' })
  return opened
}

describe('ListUsers filters (Developer Guide: how-to-manage-user-accounts)', () => {
  it('match exactly or by prefix, one attribute at a time', async () => {
    const pool = await poolOfThree()
    expect(await names(pool)).toEqual(['ada', 'bob', 'Eve'])
    expect(await names(pool, '')).toEqual(['ada', 'bob', 'Eve'])
    expect(await names(pool, 'username = "bob"')).toEqual(['bob'])
    expect(await names(pool, 'email ^= "bob@"')).toEqual(['bob'])
    expect(await names(pool, 'given_name="Bob"')).toEqual(['bob'])
    expect(await names(pool, 'email = "bob"')).toEqual([])
  })

  it('find by sub, by state and by status', async () => {
    const pool = await poolOfThree()
    const { sub } = await pool.user('bob').then((user) => ({ sub: '', ...user }))
    await pool.sdk.send(new AdminDisableUserCommand({ UserPoolId: pool.UserPoolId, Username: 'bob' }))
    expect(await names(pool, `sub = "${sub}"`)).toEqual(['bob'])
    expect(await names(pool, 'status = "Disabled"')).toEqual(['bob'])
    expect(await names(pool, 'cognito:user_status = "unconfirmed"')).toEqual(['ada', 'bob', 'Eve'])
  })

  it('take quotes in the value only when they are escaped, so that no address can widen the search', async () => {
    const pool = await poolOfThree()
    expect(await names(pool, 'name = "Ada \\"the countess\\" \\\\ Lovelace"')).toEqual(['ada'])
    expect(await refusal(list(pool, 'email = "x" or email ^= ""'))).toBe(
      'InvalidParameterException: Error while parsing filter',
    )
  })

  it('give back any value that was escaped (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const escaped = value.replace(/[\\"]/gu, '\\$&')
        const filter = parseUserFilter(`email = "${escaped}"`)
        return filter !== undefined && filter.value === value && matches(filter, value, false)
      }),
    )
  })

  it.each(['custom:tenant', 'identities', 'email_verified'])('cannot search by %s', async (attribute) => {
    const pool = await openPool(emulator)
    expect(await refusal(list(pool, `${attribute} = "x"`))).toBe(
      `InvalidParameterException: Invalid search attribute: ${attribute}`,
    )
  })

  it('are exact about case in a sensitive pool, and fold in an insensitive one, unless switched (ministack#1465)', async () => {
    const sensitive = await poolOfThree()
    const filter = 'email = "ada@example.com"'
    expect(await names(sensitive, filter)).toEqual(['Eve'])
    emulator.setQuirks({ listUsersEmailFilter: 'alwaysFold' }, sensitive.UserPoolId)
    expect(await names(sensitive, filter)).toEqual(['ada', 'Eve'])
    const insensitive = await poolOfThree({ UsernameConfiguration: { CaseSensitive: false } })
    expect(await names(insensitive, 'email = "ADA@example.com"')).toEqual(['ada', 'eve'])
    emulator.setQuirks({ listUsersEmailFilter: 'alwaysExact' }, insensitive.UserPoolId)
    expect(await names(insensitive, 'email = "ADA@example.com"')).toEqual([])
  })
})

describe('ListUsers pages (API reference: ListUsers)', () => {
  it('show everybody once, whatever the page size', async () => {
    const pool = await openPool(emulator)
    const everybody = Array.from({ length: 7 }, (_, place) => `user-${place}`)
    for (const name of everybody) await pool.signUp(name)
    const seen: (string | undefined)[] = []
    let PaginationToken: string | undefined
    do {
      const page = await list(pool, undefined, { Limit: 3, PaginationToken })
      seen.push(...(page.Users ?? []).map((user) => user.Username))
      PaginationToken = page.PaginationToken
    } while (PaginationToken)
    expect(seen).toEqual(everybody)
  })

  it('refuse a limit above 60, a foreign token, and a token older than an hour', async () => {
    const pool = await poolOfThree()
    expect(await refusal(list(pool, undefined, { Limit: 61 }))).toContain('InvalidParameterException')
    expect(await refusal(list(pool, undefined, { PaginationToken: 'nonsense' }))).toContain('Invalid pagination token')
    const { PaginationToken } = await list(pool, undefined, { Limit: 1 })
    now += 2 * 3_600_000
    expect(await refusal(list(pool, undefined, { PaginationToken }))).toContain('Invalid pagination token')
  })

  it('carry dates, and only the attributes asked for', async () => {
    const pool = await poolOfThree()
    const user = (await list(pool, 'username = "bob"', { AttributesToGet: ['email'] })).Users?.[0]
    expect(user?.Attributes).toEqual([{ Name: 'email', Value: 'bob@example.com' }])
    expect(user?.UserCreateDate).toEqual(new Date(now))
  })

  it('lag behind writes when switched so, while AdminGetUser does not (API reference: eventually consistent)', async () => {
    const pool = await openPool(emulator)
    emulator.setQuirks({ listUsersLagMs: 1_000 }, pool.UserPoolId)
    await pool.signUp('ada', { email: 'ada@example.com' })
    expect(await names(pool, 'email = "ada@example.com"')).toEqual([])
    expect(await pool.user('ada')).toMatchObject({ username: 'ada' })
    now += 1_001
    expect(await names(pool, 'email = "ada@example.com"')).toEqual(['ada'])
    await pool.confirm('ada')
    expect((await list(pool)).Users?.[0]?.UserStatus).toBe('UNCONFIRMED')
    now += 1_001
    expect((await list(pool)).Users?.[0]?.UserStatus).toBe('CONFIRMED')
  })
})
