import { AdminDeleteUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { type Provider, poolWith } from '../testing/other-provider.ts'
import { arrive } from '../testing/walk.ts'
import { hostilePersonas } from './hostile-personas.ts'

let emulator: Emulator
const ada = {
  id: 'ada',
  sub: 's.1',
  email: 'ada@example.com',
  email_verified: true,
  name: 'Ada Lovelace',
  given_name: 'Ada',
  family_name: 'Lovelace',
}
beforeAll(async () => {
  emulator = await startEmulator({ personas: [ada, ...hostilePersonas()] })
})
afterAll(() => emulator.close())

const details = { client_id: 'app', client_secret: 'hidden', authorize_scopes: 'openid email' }
const google: Provider = {
  name: 'Google',
  type: 'Google',
  details,
  mapping: { email: 'email', email_verified: 'email_verified' },
}

const kinds: readonly [says: string, provider: Provider, profile: Readonly<Record<string, string>>][] = [
  [
    'Facebook goes by id, names people in its own words and vouches for no address',
    {
      name: 'Facebook',
      type: 'Facebook',
      details,
      mapping: { email: 'email', email_verified: 'email_verified', given_name: 'first_name' },
    },
    { username: 'Facebook_s.1', given_name: 'Ada' },
  ],
  [
    'Apple writes booleans as texts and comes back by a form post',
    {
      name: 'SignInWithApple',
      type: 'SignInWithApple',
      details: { client_id: 'app', team_id: 't', key_id: 'k', private_key: 'p', authorize_scopes: 'email name' },
      mapping: { email: 'email', email_verified: 'email_verified', family_name: 'lastName' },
    },
    { username: 'SignInWithApple_s.1', email_verified: 'true', family_name: 'Lovelace' },
  ],
  [
    'Amazon goes by user_id',
    { name: 'LoginWithAmazon', type: 'LoginWithAmazon', details, mapping: { email: 'email', name: 'name' } },
    { username: 'LoginWithAmazon_s.1', name: 'Ada Lovelace' },
  ],
]

describe('simulated providers (Developer Guide: cognito-user-pools-social-idp)', () => {
  it.each(kinds)('%s', async (_, provider, expected) => {
    const pool = await poolWith(emulator, provider)
    const callback = await arrive(pool, 'ada', { identity_provider: provider.name })
    expect(callback.searchParams.get('code')).toBeTruthy()
    const profile = await pool.user(expected.username ?? '')
    expect(profile).toMatchObject({ email: 'ada@example.com', ...expected })
    if (provider.name === 'Facebook') expect(profile).not.toHaveProperty('email_verified')
  })

  it('Apple tells the name at the first consent only', async () => {
    const [, [, apple] = []] = kinds
    if (!apple) throw new Error('no Apple')
    const pool = await poolWith(emulator, apple)
    const signIn = () => arrive(pool, 'ada', { identity_provider: 'SignInWithApple' })
    await signIn()
    await pool.sdk.send(new AdminDeleteUserCommand({ UserPoolId: pool.UserPoolId, Username: 'SignInWithApple_s.1' }))
    await signIn()
    expect(await pool.user('SignInWithApple_s.1')).not.toHaveProperty('family_name')
  })
})

describe('hostile personas', () => {
  const description = async (persona: string) => {
    const pool = await poolWith(emulator, google)
    const callback = await arrive(pool, persona)
    return { pool, text: callback.searchParams.get('error_description') }
  }

  it.each([
    ['other-apps-token', 'Google Error - the ID token is for another audience'],
    ['replayed-token', 'Google Error - the ID token has another nonce'],
  ])('%s opens nothing (OpenID Connect Core 1.0, section 3.1.3.7)', async (persona, text) => {
    const answer = await description(persona)
    expect(answer.text).toBe(text)
    expect(emulator.users(answer.pool.UserPoolId)).toEqual([])
  })

  it('where ID token and userInfo differ, the ID token wins', async () => {
    const { pool } = await description('duplicate-claims')
    expect(await pool.user('Google_6665')).toMatchObject({ email: 'ada@example.com', email_verified: 'false' })
  })

  it('an address that changes is written over the old one at the next sign-in', async () => {
    const pool = await poolWith(emulator, google)
    await arrive(pool, 'changing-email')
    expect(await pool.user('Google_6664')).toMatchObject({ email: 'mallory@example.com', email_verified: 'true' })
    await arrive(pool, 'changing-email')
    expect(await pool.user('Google_6664')).toMatchObject({ email: 'ada@example.com', email_verified: 'false' })
  })

  it.each([
    ['provider-like-subject', 'Google_Google_1099'],
    ['underscored-subject', 'Google_Evil_Google_1_'],
    ['subject-is-an-address', 'Google_ada@example.com'],
  ])('%s is signed in under its full subject', async (persona, username) => {
    const { pool } = await description(persona)
    expect(await pool.user(username)).toMatchObject({ username })
  })

  it('every one of them ends with a code or with an error, and with one profile at most', async () => {
    for (const { id } of hostilePersonas()) {
      const { pool, text } = await description(id)
      expect(emulator.users(pool.UserPoolId).length, id).toBe(text === null ? 1 : 0)
    }
  })
})
