import { describe, expect, it } from 'vitest'
import { normalisePhone } from './phone.ts'
import { codePointsWhere } from './testing/every-code-point.ts'
import { phone } from './testing/outcome.ts'
import { PHONES } from './testing/phones.ts'

describe('T49: The identifier of a phone number', () => {
  it('the corpus holds at least 40 spellings', () => {
    expect(new Set(PHONES.map(([input]) => input)).size).toBeGreaterThanOrEqual(40)
  })

  it.each(PHONES)('%j is an identifier without a change: %s', (input, isStrict) => {
    expect(phone(input) === input).toBe(isStrict)
  })

  it('contains its kind', () => {
    expect(normalisePhone('+442071838750')).toEqual({
      ok: true,
      identifier: { kind: 'phone', value: '+442071838750', version: 1 },
      trimmed: false,
    })
  })

  it('only the ten ASCII digits are digits', () => {
    const taken = codePointsWhere((character) => phone(`+1234567${character}`) === `+1234567${character}`)
    expect(taken).toEqual(codePointsWhere((_, codePoint) => codePoint >= 0x30 && codePoint <= 0x39))
  })

  it.each([
    ['', 'IDENTIFIER_EMPTY'],
    ['0044', 'PHONE_FORMAT'],
    ['+'.repeat(1_000_000), 'IDENTIFIER_TOO_LONG'],
  ])('T50: a missing or endless number gives no identifier', (input, fault) => {
    expect(phone(input)).toBe(fault)
  })
})
