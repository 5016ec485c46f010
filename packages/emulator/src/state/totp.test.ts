import { describe, expect, it } from 'vitest'
import { inventSecret, matchingStep, totpAt } from './totp.ts'

// RFC 6238, appendix B: the SHA-1 column, its last six digits; the secret is "12345678901234567890" in Base32.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const VECTORS: readonly [seconds: number, code: string][] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
]

describe('time-based codes', () => {
  it.each(VECTORS)('agree with RFC 6238 at %d seconds', (seconds, code) => {
    expect(totpAt(SECRET, Math.floor(seconds / 30))).toBe(code)
  })

  it('count half a minute early or late, not longer', () => {
    const code = totpAt(SECRET, 100)
    expect([98, 99, 100, 101, 102].map((step) => matchingStep(SECRET, code, step * 30_000))).toEqual([
      undefined,
      100,
      100,
      100,
      undefined,
    ])
  })

  it('come from secrets that authenticator apps accept', () => {
    expect(inventSecret()).toMatch(/^[A-Z2-7]{32}$/u)
    expect(inventSecret()).not.toBe(inventSecret())
  })
})
