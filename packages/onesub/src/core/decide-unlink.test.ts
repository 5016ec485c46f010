import { describe, expect, it } from 'vitest'
import { decideUnlink } from './decide-unlink.ts'
import type { KnownIdentity } from './person.ts'
import { nativeIdentity, POOL, person } from './testing/samples.ts'

const by = (provider: string, userName: string | null = null, subject = '1'): KnownIdentity => ({
  pool: POOL,
  provider,
  subject,
  userName,
  native: false,
})
const native = nativeIdentity()
const google = by('Google')
const okta = by('Okta')
const googleProfile = by('Google', 'Google_1')
const itsUser = by('Cognito', 'Google_1', 'sub-of-google')
const resettable: KnownIdentity = { ...native, placeholder: true }

type Row = [says: string, identities: readonly KnownIdentity[], takenOff: KnownIdentity, then: object]

const table: Row[] = [
  ['that is not hers', [native, google], okta, { kind: 'refused', code: 'LINK_UNKNOWN' }],
  ['of another subject', [native, google], by('Google', null, '2'), { kind: 'refused', code: 'LINK_UNKNOWN' }],
  ['beside a password goes', [native, google], google, { kind: 'unlinks', removes: [google] }],
  ['beside another provider goes', [google, okta], google, { kind: 'unlinks', removes: [google] }],
  ['beside a password that a reset gives goes', [resettable, google], google, { kind: 'unlinks', removes: [google] }],
  ['T18: that is the only one stays', [google], google, { kind: 'refused', code: 'LAST_SIGN_IN_METHOD' }],
  [
    'T18: whose profile is no way in of its own stays',
    [googleProfile, itsUser],
    googleProfile,
    { kind: 'refused', code: 'LAST_SIGN_IN_METHOD' },
  ],
  [
    'goes with the profile it has in the pool',
    [native, googleProfile, itsUser],
    googleProfile,
    { kind: 'unlinks', removes: [googleProfile, itsUser] },
  ],
  ['that is the pool’s own user stays', [native, google], native, { kind: 'refused', code: 'LINK_IS_PRIMARY_USER' }],
  [
    'that is the pool’s own user stays, though nothing is linked to it',
    [native, googleProfile, itsUser],
    native,
    { kind: 'refused', code: 'LINK_IS_PRIMARY_USER' },
  ],
  [
    'that is only a provider’s profile in the pool is none to be taken off',
    [native, googleProfile, itsUser],
    itsUser,
    { kind: 'refused', code: 'LINK_IS_PRIMARY_USER' },
  ],
  [
    'T18: beside which there is only another provider’s profile stays',
    [google, by('Cognito', 'Okta_1', 'sub-of-okta')],
    google,
    { kind: 'refused', code: 'LAST_SIGN_IN_METHOD' },
  ],
  [
    'leaves the profiles of other providers, and of other pools',
    [native, googleProfile, by('Cognito', 'Okta_1', 'sub-of-okta'), { ...itsUser, pool: 'eu-west-1_Other' }],
    googleProfile,
    { kind: 'unlinks', removes: [googleProfile] },
  ],
  [
    'that has no profile takes no user with it whose name is not known',
    [native, google, by('Cognito', null, 'sub-of-somebody')],
    google,
    { kind: 'unlinks', removes: [google] },
  ],
  [
    'is not held back by a user whose name is not known',
    [googleProfile, itsUser, by('Cognito', null, 'sub-of-somebody'), { ...okta, pool: 'eu-west-1_Other' }],
    googleProfile,
    { kind: 'unlinks', removes: [googleProfile, itsUser] },
  ],
  [
    'that another one is linked to stays',
    [googleProfile, itsUser, okta],
    googleProfile,
    { kind: 'refused', code: 'LINK_IS_PRIMARY_USER' },
  ],
  [
    'beside one that had a profile of its own stays, since that may have been linked to it meanwhile',
    [googleProfile, itsUser, by('Okta', 'Okta_1')],
    googleProfile,
    { kind: 'refused', code: 'LINK_IS_PRIMARY_USER' },
  ],
  [
    'is not held back by another pool’s links',
    [googleProfile, { ...okta, pool: 'eu-west-1_Other' }],
    googleProfile,
    { kind: 'unlinks', removes: [googleProfile] },
  ],
]

describe('a way in', () => {
  it.each(table)('%s', (_, identities, takenOff, then) => {
    expect(decideUnlink({ account: person(1, identities), identity: takenOff })).toMatchObject(then)
  })
})
