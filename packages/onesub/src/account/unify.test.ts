import { describe, expect, it } from 'vitest'
import type { KnownIdentity } from '../core/person.ts'
import type { UserPool } from '../core/ports.ts'
import { fresh, nativeIdentity, POOL, person } from '../core/testing/samples.ts'
import { EMPTY_USER_POOL } from '../core/testing/user-pool.ts'
import { unify } from './unify.ts'

const by = (provider: string, subject = '1'): KnownIdentity => ({
  pool: POOL,
  provider,
  subject,
  userName: `${provider}_${subject}`,
  native: false,
})

/** The calls to Cognito when the person with these identities (`merged`) is merged into Ada's. */
async function askedFor(
  merged: readonly KnownIdentity[],
  own: readonly KnownIdentity[] = [nativeIdentity()],
  refused = '',
) {
  const asked: string[] = []
  const userPool: UserPool = {
    ...EMPTY_USER_POOL,
    link: async ({ provider }, primaryUser) => {
      asked.push(`link ${provider} to ${primaryUser.userName}`)
      if (provider === refused) throw new Error('throttled')
      return 'linked'
    },
    unlink: async ({ provider }, primaryUser) => void asked.push(`unlink ${provider} from ${primaryUser.userName}`),
    removeProfile: async ({ userName }) => void asked.push(`remove profile ${userName}`),
    removePlaceholderUser: async ({ userName }) => void asked.push(`remove user ${userName}`),
  }
  const [first = by('Google')] = merged
  const links = { kind: 'links', person: person(1, own), merges: person(2, merged), because: fresh(first) } as const
  await unify(links, [], userPool)
  return asked
}

describe('once accounts are joined, Cognito', () => {
  it('links a provider to the account’s user, and loses its profile', async () => {
    expect(await askedFor([by('Google')])).toEqual(['remove profile Google_1', 'link Google to ada'])
  })

  it('takes it from a user that was made for it, and loses that one', async () => {
    const placeholder = { ...nativeIdentity('sub-placeholder', 'made'), placeholder: true } as const
    expect(await askedFor([by('Google'), placeholder])).toEqual([
      'unlink Google from made',
      'link Google to ada',
      'remove user made',
    ])
  })

  it('leaves a user whose password Ada knows, with what is linked to it', async () => {
    expect(await askedFor([by('Google'), nativeIdentity('sub-second', 'second')])).toEqual([])
  })

  it('links the others where it refuses one', async () => {
    const asked = await askedFor([by('Google'), by('Okta')], [nativeIdentity()], 'Google')
    expect(asked).toEqual([
      'remove profile Google_1',
      'link Google to ada',
      'remove profile Okta_1',
      'link Okta to ada',
    ])
  })

  it('is not asked for a sixth link', async () => {
    const five = ['A', 'B', 'C', 'D', 'E'].map((name) => by(name))
    expect(await askedFor([by('Google')], [nativeIdentity(), ...five])).toEqual([])
  })

  it('is not asked for anything where the account has no user in that pool', async () => {
    expect(await askedFor([by('Google')], [{ ...nativeIdentity(), pool: 'eu-west-1_Other1' }])).toEqual([])
  })
})
