import { describe, expect, it } from 'vitest'
import { mintUuidV7 } from './mint.ts'
import { PERSON_CLAIM, PLACEHOLDER_MARKER } from './names.ts'
import { lengthPrefixed, operationId } from './operation.ts'
import {
  isFullyLinked,
  type KnownIdentity,
  parsePersonId,
  primaryUserOf,
  sameIdentity,
  standsAloneFor,
} from './person.ts'
import { googleIdentity, nativeIdentity, POOL, person } from './testing/samples.ts'

const google: KnownIdentity = { ...googleIdentity(), userName: 'Google_1180', native: false }
const linked: KnownIdentity = { ...googleIdentity('2290'), userName: null, native: false }

describe('a primary user', () => {
  it('is the native user where there is one', () => {
    expect(primaryUserOf(person(1, [google, nativeIdentity()]), POOL)).toEqual(nativeIdentity())
  })

  it('is the first federated profile otherwise, not a linked identity without a profile, nor a profile’s own sub', () => {
    const own: KnownIdentity = { ...nativeIdentity('sub-of-google', 'Google_1180'), native: false }
    expect(primaryUserOf(person(1, [linked, own, google]), POOL)).toEqual(google)
  })

  it('is never in another pool', () => expect(primaryUserOf(person(), 'eu-west-1_Other')).toBeUndefined())

  it('is no deleted user', () => {
    const both = person(1, [nativeIdentity(), google])
    expect(primaryUserOf(both, POOL, [nativeIdentity()])).toEqual(google)
    expect(primaryUserOf(both, POOL, [nativeIdentity(), google])).toBeUndefined()
  })

  it('is no user whose name is not known yet', () => {
    expect(primaryUserOf(person(1, [{ ...nativeIdentity(), userName: null }, google]), POOL)).toEqual(google)
  })
})

describe('the provider that stands alone for an address', () => {
  const said = 'ada@example.com'
  const okta: KnownIdentity = { ...googleIdentity(), provider: 'Okta', userName: null, native: false, said }
  const isOkta = ({ provider }: KnownIdentity) => provider === 'Okta'

  it.each<[says: string, identities: readonly KnownIdentity[], alone: boolean]>([
    ['is the only one that sends it', [okta, { ...linked, said: 'other@example.com' }, nativeIdentity()], true],
    ['is none where another one sends it too', [okta, { ...linked, said }], false],
    ['is none where nobody sends it', [linked, nativeIdentity()], false],
    ['is not the native user that came with it', [{ ...nativeIdentity(), said }], false],
  ])('%s', (_, identities, alone) => expect(standsAloneFor(person(1, identities), said, isOkta)).toBe(alone))
})

describe('an identity', () => {
  it.each([{ pool: 'eu-west-1_Other' }, { provider: 'Okta' }, { subject: '2290' }])(
    'is another one where %j differs',
    (other) => {
      expect(sameIdentity(googleIdentity(), googleIdentity())).toBe(true)
      expect(sameIdentity(googleIdentity(), { ...googleIdentity(), ...other })).toBe(false)
    },
  )
})

describe('five links, which are as many as Cognito makes,', () => {
  const added = googleIdentity('6')
  const links = (count: number) => Array.from({ length: count }, (_, at) => ({ ...linked, subject: String(at) }))

  it('leave no room for one more, and four do', () => {
    expect(isFullyLinked(person(1, [nativeIdentity(), ...links(5)]), added)).toBe(true)
    expect(isFullyLinked(person(1, [nativeIdentity(), ...links(4)]), added)).toBe(false)
  })

  it.each<[string, KnownIdentity]>([
    ['the pool’s own user', nativeIdentity()],
    ['one that is linked already', { ...added, userName: null, native: false }],
    ['a link in another pool', { ...linked, pool: 'eu-west-1_Other' }],
  ])('are not made by four and %s', (_, other) => {
    expect(isFullyLinked(person(1, [...links(4), other]), added)).toBe(false)
  })
})

describe('a person id', () => {
  it('is a UUID of version 7 that sorts by time', () => {
    const early = mintUuidV7(() => 1_000)()
    const late = mintUuidV7(() => 2_000)()
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(early < late).toBe(true)
  })

  it.each([
    [0x00, '01234567-89ab-7000-8000-000000000000'],
    [0xff, '01234567-89ab-7fff-bfff-ffffffffffff'],
  ])('carries the millisecond, its version and variant, and else what chance gave: %i', (byte, id) => {
    expect(
      mintUuidV7(
        () => 0x0123456789ab,
        (size) => new Uint8Array(size).fill(byte),
      )(),
    ).toBe(id)
  })

  it('is never the same twice', () => {
    const mint = mintUuidV7(() => 1_000)
    expect(new Set(Array.from({ length: 1_000 }, mint)).size).toBe(1_000)
  })

  it.each([
    '',
    'ada@example.com',
    '00000000-0000-7000-8000-00000000000G',
    '00000000-0000-7000-8000-0000000000001',
    '000000000-0000-7000-8000-000000000001',
    '00000000000070008000000000000001',
  ])('is not %j', (text) => expect(parsePersonId(text)).toBeUndefined())
})

describe('an operation', () => {
  const name = { pool: POOL, source: 'PreSignUp_SignUp', userName: 'ada', client: 'web', expectedRevisions: [1, 2] }

  it.each([
    { pool: 'eu-west-1_Other' },
    { source: 'link' },
    { userName: 'bob' },
    { client: 'app' },
    { expectedRevisions: [1, 3] },
    { expectedRevisions: [1] },
    { expectedRevisions: [12] },
  ])('has a name of its own where %j differs', (other) => {
    expect(operationId({ ...name })).toBe(operationId(name))
    expect(operationId({ ...name, ...other })).not.toBe(operationId(name))
  })

  it('has the name that earlier versions gave it, so that a retry finds what they wrote', () => {
    expect(operationId(name)).toBe('FYdwu8xg7hs7m7RmvSEknvGdBf9zub8dxwcVozSHn60')
  })

  it('T53: has a name of its own where only ill-formed text differs, which JSON can carry', () => {
    expect(operationId({ ...name, userName: '\ud800' })).not.toBe(operationId({ ...name, userName: '\ud801' }))
  })

  it('has a name that fits a column, whatever it is made of', () => {
    expect(operationId({ ...name, userName: 'x'.repeat(10_000) })).toMatch(/^[\w-]{43}$/)
  })
})

it('T53: fields that join to the same text are still distinguished', () => {
  expect(lengthPrefixed(['a', 'bc'])).not.toBe(lengthPrefixed(['ab', 'c']))
  expect(lengthPrefixed(['a:1', 'b'])).not.toBe(lengthPrefixed(['a', '1:b']))
})

it('tokens and nested sign-ups go by names that outlive a version', () => {
  expect([PERSON_CLAIM, PLACEHOLDER_MARKER]).toEqual(['person_id', 'onesub-placeholder'])
})
