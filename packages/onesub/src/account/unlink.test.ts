import { describe, expect, it } from 'vitest'
import { COGNITO, type KnownIdentity } from '../core/person.ts'
import type { PoolUserFound, UserPool } from '../core/ports.ts'
import { change, claimRow, personRows } from '../core/testing/rows.ts'
import { nativeIdentity, POOL, person } from '../core/testing/samples.ts'
import { EMPTY_USER_POOL } from '../core/testing/user-pool.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { createAccountService } from './account.ts'

const NOW = Date.UTC(2026, 0, 1)
const OWN = 'own@example.com'
const WORK = 'work@example.com'
const google: KnownIdentity = {
  pool: POOL,
  provider: 'Google',
  subject: '1',
  userName: null,
  native: false,
  said: WORK,
}
const okta: KnownIdentity = { pool: POOL, provider: 'Okta', subject: '2', userName: null, native: false }
const accessToken = JSON.stringify({ sub: 'sub-ada', username: 'ada', auth_time: NOW / 1_000 })

/** Ada's user shows this address. Ada has proven OWN, and the removed provider has said WORK. */
async function unlinks(
  { shows = WORK, sub = 'sub-ada', owned = [OWN, WORK] }: { shows?: string; sub?: string; owned?: readonly string[] },
  failing: Partial<UserPool> = {},
) {
  const registry = createMemoryRegistry()
  const ada = { ...person(1, [nativeIdentity(), google, okta]), address: owned.includes(OWN) ? OWN : null }
  const holder = { pool: POOL, userName: 'ada', since: 0 }
  const [first, ...rest] = personRows(ada)
  if (!first) throw new Error('no rows')
  const ownerships = owned.map((address) => claimRow(ada.id, address, address === OWN ? holder : null))
  await registry.commit(change(first, ...rest, ...ownerships))
  const found: PoolUserFound = {
    userName: 'ada',
    sub,
    status: 'CONFIRMED',
    email: shows,
    emailVerified: true,
    phone: undefined,
    phoneVerified: false,
    hasMfa: false,
    created: 0,
    links: [],
    attributes: {},
  }
  const written: string[] = []
  const verify = async (token: string) => {
    const claims: Record<string, unknown> = JSON.parse(token)
    return { identity: { pool: POOL, provider: COGNITO, subject: String(claims.sub) }, claims }
  }
  const account = createAccountService({
    verifyAccess: verify,
    verifyId: verify,
    registry,
    userPool: {
      ...EMPTY_USER_POOL,
      find: async () => found,
      restoreAddress: async (_, address) => void written.push(`restored ${address}`),
      unverifyAddress: async (_, address) => void written.push(`unverified ${address}`),
      ...failing,
    },
    secret: 'a secret of thirty-two characters or more',
    clock: () => NOW,
  })
  const outcome = await account.unlink({ accessToken, provider: 'Google', subject: '1' }).then(
    () => 'unlinked',
    ({ code }: { code: string }) => code,
  )
  return { outcome, written: [...new Set(written)], registry }
}

describe('T2: the address that a user shows at an unlink', () => {
  it('is the user’s own again where it was the removed provider’s word', async () => {
    expect(await unlinks({})).toMatchObject({ outcome: 'unlinked', written: [`restored ${OWN}`] })
  })

  it('loses its mark where the user has none of their own', async () => {
    expect(await unlinks({ owned: [WORK] })).toMatchObject({ outcome: 'unlinked', written: [`unverified ${WORK}`] })
  })

  it('stays where it is the user’s own, or a change of theirs that is not followed yet', async () => {
    expect((await unlinks({ shows: OWN })).written).toEqual([])
    expect((await unlinks({ shows: 'new@example.com' })).written).toEqual([])
  })

  it('T108: is not touched where somebody else has the name of the deleted user', async () => {
    expect((await unlinks({ sub: 'sub-of-a-stranger' })).written).toEqual([])
  })
})

const refuse = () => Promise.reject(new Error('throttled'))

describe('T163: an unlink that Cognito has not carried out is not said to be done', () => {
  it.each<[call: string, failing: Partial<UserPool>, owned: readonly string[]]>([
    ['unlink', { unlink: refuse }, [OWN, WORK]],
    ['signOut', { signOut: refuse }, [OWN, WORK]],
    ['restoreAddress', { restoreAddress: refuse }, [OWN, WORK]],
    ['unverifyAddress', { unverifyAddress: refuse }, [WORK]],
  ])('where %s fails, nothing is written and it is tried again', async (_, failing, owned) => {
    const { outcome, registry } = await unlinks({ owned }, failing)
    expect(outcome).toBe('TRY_AGAIN')
    const known = await registry.resolve({ pool: POOL, provider: 'Google', subject: '1' })
    expect(known).toBe(person(1).id)
  })

  it('where the look before the address is written fails', async () => {
    let looks = 0
    const found = { userName: 'ada', sub: 'sub-ada', status: 'CONFIRMED', email: WORK, emailVerified: true }
    const more = { phone: undefined, phoneVerified: false, hasMfa: false, created: 0, links: [], attributes: {} }
    const find: UserPool['find'] = async () => {
      looks += 1
      if (looks > 1) throw new Error('throttled')
      return { ...found, ...more }
    }
    const { outcome, registry } = await unlinks({}, { find })
    expect(outcome).toBe('TRY_AGAIN')
    expect(await registry.resolve({ pool: POOL, provider: 'Google', subject: '1' })).toBe(person(1).id)
  })
})
