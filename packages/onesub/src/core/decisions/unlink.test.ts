import { describe, expect, it } from 'vitest'
import { normaliseEmail } from '../identifiers/index.ts'
import type { Ownership } from '../identifiers/ownership.ts'
import type { KnownIdentity } from '../person.ts'
import { nativeIdentity, POOL, person } from '../testing/samples.ts'
import { decideLeftAddress, decideUnlink, type Unlinks } from './unlink.ts'

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
  ['that belongs to another person', [native, google], okta, { kind: 'refused', code: 'LINK_UNKNOWN' }],
  ['of another subject', [native, google], by('Google', null, '2'), { kind: 'refused', code: 'LINK_UNKNOWN' }],
  ['beside a password goes', [native, google], google, { kind: 'unlinks', removes: [google] }],
  ['beside another provider goes', [google, okta], google, { kind: 'unlinks', removes: [google] }],
  ['beside a password that a reset gives goes', [resettable, google], google, { kind: 'unlinks', removes: [google] }],
  ['T18: that is the only one stays', [google], google, { kind: 'refused', code: 'LAST_SIGN_IN_METHOD' }],
  [
    'T18: whose profile is no sign-in method of its own stays',
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

describe('a sign-in method', () => {
  it.each(table)('%s', (_, identities, takenOff, then) => {
    expect(decideUnlink({ account: person(1, identities), identity: takenOff })).toMatchObject(then)
  })
})

describe('the address that the removed provider said last', () => {
  const says = (one: KnownIdentity, said: string, within?: string): KnownIdentity => ({
    ...one,
    said,
    ...(within !== undefined && { within }),
  })
  const work = 'ada@example.com'
  const private_ = 'ada@gmail.com'
  const removed = says(okta, work)
  const prover = { pool: POOL, userName: native.userName ?? '', since: 0 }

  /** Who owns which address, and by which user. */
  function left(
    rest: readonly KnownIdentity[],
    {
      address = work,
      owned = [work, private_],
      by = null as typeof prover | null,
      takesOff = removed,
      isOthers = false,
      admin = false,
    },
  ) {
    const ada = { ...person(1, [takesOff, ...rest]), address }
    const unlinks: Unlinks = { kind: 'unlinks', person: ada, removes: [takesOff] }
    const factOf = ({ said = '' }: Pick<KnownIdentity, 'said'>) => {
      const email = normaliseEmail(said)
      if (!email.ok || !owned.includes(said)) return undefined
      const ownership: Ownership = {
        person: isOthers ? person(2).id : ada.id,
        rank: 3,
        epoch: 1,
        holder: by && admin ? { ...by, by: 'administrator' as const } : by,
        leaseUntil: null,
        opId: 'op' as Ownership['opId'],
        revision: 1,
      }
      return { identifier: email.identifier, ownership }
    }
    return decideLeftAddress({ unlinks, factOf, addressFact: factOf({ said: address ?? '' }) })
  }

  const own = says(google, private_)
  it.each<[says: string, ReturnType<typeof left>, address: string | null, released: string | undefined]>([
    ['is another provider’s word from now on', left([own], {}), private_, work],
    ['is none where the other provider’s word is not owned', left([own], { owned: [work] }), null, work],
    ['is none where no other provider has said one', left([resettable, google], {}), null, work],
    ['stays the person’s where it was another one', left([own], { address: 'other@x.org' }), 'other@x.org', work],
    ['is set where the person had none', left([own], { address: null as unknown as string }), private_, work],
    ['changes nothing where it is not owned', left([own], { owned: [private_] }), work, undefined],
    ['changes nothing where it is another person’s', left([own], { isOthers: true }), work, undefined],
    ['stays where another provider says it', left([says(google, work)], {}), work, undefined],
    ['is not said by a provider of another tenant', left([says(google, work, 'acme')], {}), work, work],
    ['is not said by what a native user came with', left([says(resettable, work), google], {}), null, work],
    ['stays where a user with a password has proven it', left([native, own], { by: prover }), work, undefined],
    ['is released where a placeholder holds it', left([resettable, own], { by: prover }), private_, work],
    [
      'is released where a user of another pool holds it',
      left([native, own], { by: { ...prover, pool: 'p_2' } }),
      private_,
      work,
    ],
    [
      'is released where an invited user is named there',
      left([native, own], { by: prover, admin: true }),
      private_,
      work,
    ],
    ['stays where a reset is all that is left', left([resettable], { by: prover }), work, undefined],
    ['was the former word: it goes too', left([own], { takesOff: says(okta, 'x@example.com') }), private_, work],
    [
      'was the former word, and another provider may stand for it',
      left([google], { takesOff: says(okta, 'x@example.com') }),
      work,
      undefined,
    ],
    ['T178: may be theirs in the tenant of another user', left([{ ...native, within: 'acme' }, own], {}), work, work],
    [
      'is nobody’s where the provider has said none',
      left([own], { takesOff: okta, owned: [private_] }),
      work,
      undefined,
    ],
  ])('T2: %s', (_, { address, released }, expected, free) => {
    expect(address).toBe(expected)
    expect(released[0]?.identifier.value).toBe(free)
    expect(released.length).toBe(free === undefined ? 0 : 1)
  })
})
