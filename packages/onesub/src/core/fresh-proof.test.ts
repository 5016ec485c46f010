import { describe, expect, it } from 'vitest'
import { FRESH_FOR_MS, freshProof, isFromBefore } from './fresh-proof.ts'
import { nativeIdentity } from './testing/samples.ts'

const NOW = 10_000_000
const signedIn = (at: number) => ({ user: nativeIdentity(), shows: [nativeIdentity()] as const, at })

describe('T10: a fresh proof', () => {
  it.each([
    ['both just now', NOW, NOW, true],
    ['both almost five minutes ago', NOW - FRESH_FOR_MS + 1, NOW - FRESH_FOR_MS + 1, true],
    ['the account five minutes ago', NOW - FRESH_FOR_MS, NOW, false],
    ['the addition five minutes ago', NOW, NOW - FRESH_FOR_MS, false],
    ['a clock that is a minute ahead', NOW + 60_000, NOW + 60_000, true],
    ['a sign-in of the future', NOW, NOW + 60_001, false],
  ])('%s: %d, %d → %s', (_, account, addition, isProof) => {
    expect(freshProof(signedIn(account), signedIn(addition), NOW) !== undefined).toBe(isProof)
  })

  it('is five minutes young', () => expect(FRESH_FOR_MS).toBe(300_000))

  it('carries what the new side has shown', () => {
    const google = { pool: 'p', provider: 'Google', subject: '1', userName: 'Google_1', native: false }
    const addition = { ...signedIn(NOW), shows: [google] as const }
    expect(freshProof(signedIn(NOW), addition, NOW)?.adds).toEqual([google])
  })
})

it.each([
  [1_000, 2_000, true],
  [2_000, 2_000, false],
  [1_000, 1_999, false],
  [1_000, 2_001, true],
])('T158: a sign-in at %d, of a second, is from before %d: %s', (at, notBefore, isBefore) => {
  expect(isFromBefore({ at }, { notBefore })).toBe(isBefore)
})
