import { describe, expect, it } from 'vitest'
import { POOL } from '../core/testing/samples.ts'
import { signInOf } from './sign-in.ts'

const identity = { pool: POOL, provider: 'Cognito', subject: 'sub-1' }
const google = { userId: 'AbC', providerName: 'Google', providerType: 'Google', primary: 'true' }
const claims = { auth_time: 100, 'cognito:username': 'google_abc', identities: [google] }

describe('what a token says of its sign-in', () => {
  it('a profile shows its provider’s subject as the provider wrote it', () => {
    expect(signInOf(identity, claims)).toEqual({
      user: identity,
      shows: [
        { pool: POOL, provider: 'Google', subject: 'AbC', userName: 'google_abc', native: false },
        { ...identity, userName: 'google_abc', native: false },
      ],
      at: 100_000,
    })
  })

  it.each([
    ['nothing linked', undefined],
    ['one link', [{ ...google, primary: 'false' }]],
    ['several links', [{ ...google, primary: 'false' }, google]],
    ['several profiles', [google, { ...google, userId: 'other' }]],
    ['no entry at all', []],
    ['a link of no known form', ['Google']],
    ['a provider without a subject', [{ ...google, userId: undefined }]],
    ['a provider that says it is Cognito', [{ ...google, providerName: 'Cognito' }]],
  ])('a user of the pool’s own shows itself and no more, with %s', (_, identities) => {
    expect(signInOf(identity, { ...claims, identities })?.shows).toEqual([
      { ...identity, userName: 'google_abc', native: true },
    ])
  })

  it('an access token names its user otherwise', () => {
    expect(signInOf(identity, { auth_time: 1, username: 'ada' })?.shows[0]?.userName).toBe('ada')
  })

  it.each([undefined, '100', null])('without a time it says nothing: %j', (auth_time) => {
    expect(signInOf(identity, { ...claims, auth_time })).toBeUndefined()
  })
})
