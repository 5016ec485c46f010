import { describe, expect, it } from 'vitest'
import { mintUuidV7 } from './mint.ts'
import { lengthPrefixed } from './operation.ts'
import { anchorOf, type KnownIdentity, parsePersonId } from './person.ts'
import { googleIdentity, nativeIdentity, POOL, person } from './testing/samples.ts'

const google: KnownIdentity = { ...googleIdentity(), userName: 'Google_1180', native: false }
const linked: KnownIdentity = { ...googleIdentity('2290'), userName: null, native: false }

describe('an anchor', () => {
  it('is the native user where there is one', () => {
    expect(anchorOf(person(1, [google, nativeIdentity()]), POOL)).toEqual(nativeIdentity())
  })

  it('is the first federated profile otherwise, not a linked identity without a profile, nor a profile’s own sub', () => {
    const own: KnownIdentity = { ...nativeIdentity('sub-of-google', 'Google_1180'), native: false }
    expect(anchorOf(person(1, [linked, own, google]), POOL)).toEqual(google)
  })

  it('is never in another pool', () => expect(anchorOf(person(), 'eu-west-1_Other')).toBeUndefined())
})

describe('a person id', () => {
  it('is a UUID of version 7 that sorts by time', () => {
    const early = mintUuidV7(() => 1_000)()
    const late = mintUuidV7(() => 2_000)()
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(early < late).toBe(true)
  })

  it('is never the same twice', () => {
    const mint = mintUuidV7(() => 1_000)
    expect(new Set(Array.from({ length: 1_000 }, mint)).size).toBe(1_000)
  })

  it.each(['', 'ada@example.com', '00000000-0000-7000-8000-00000000000G', '00000000-0000-7000-8000-0000000000001'])(
    'is not %j',
    (text) => expect(parsePersonId(text)).toBeUndefined(),
  )
})

it('T53: fields that join to the same text are still told apart', () => {
  expect(lengthPrefixed(['a', 'bc'])).not.toBe(lengthPrefixed(['ab', 'c']))
  expect(lengthPrefixed(['a:1', 'b'])).not.toBe(lengthPrefixed(['a', '1:b']))
})
