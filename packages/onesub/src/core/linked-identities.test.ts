import { describe, expect, it } from 'vitest'
import { isLinked, linkedIdentities } from './linked-identities.ts'

const google = { providerName: 'Google', userId: '1180', providerType: 'Google', primary: 'false' }

describe('the identities attribute', () => {
  it.each([
    ['a text, as Cognito keeps it', JSON.stringify([google])],
    ['a list, as an ID token has it', [google]],
  ])('is read as %s', (_, identities) => {
    expect(linkedIdentities(identities)).toEqual([{ provider: 'Google', subject: '1180', primary: false }])
  })

  it.each([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
    ['yes', false],
    [1, false],
    [undefined, false],
  ])('tells the profile’s own identity from a link by a plain yes: %j → %s', (primary, isPrimary) => {
    expect(linkedIdentities([{ ...google, primary }])).toMatchObject([{ primary: isPrimary }])
  })

  it.each([undefined, null, '', '{', 'Google_1180', '{}', '"Google"', 7, {}])(
    'names nobody where it is %j',
    (given) => {
      expect(linkedIdentities(given)).toEqual([])
    },
  )

  it.each([null, 'Google', 7, {}, { ...google, userId: 1180 }, { ...google, providerName: undefined }])(
    'leaves out an entry that is none, and keeps the others: %j',
    (entry) => {
      expect(linkedIdentities([entry, google])).toMatchObject([{ provider: 'Google', subject: '1180' }])
    },
  )
})

it.each([
  ['Google', '1180', true],
  ['Google', '1181', false],
  ['Okta', '1180', false],
])('a link is known by provider and subject together: %s %s → %s', (provider, subject, linked) => {
  expect(isLinked({ pool: 'p', provider, subject }, linkedIdentities([{ ...google, userId: 'another' }, google]))).toBe(
    linked,
  )
})
