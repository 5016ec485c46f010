import { describe, expect, it } from 'vitest'
import { codePointsWhere } from './testing/every-code-point.ts'
import { phone } from './testing/outcome.ts'

const SPELLINGS: readonly (readonly [input: string, isStrict: boolean])[] = [
  ['+442071838750', true],
  ['+14155552671', true],
  ['+4915112345678', true],
  ['+12345678', true],
  ['+123456789012345', true],
  ['+998901234567', true],
  ['+1234567', false],
  ['+1234567890123456', false],
  ['+0442071838750', false],
  ['442071838750', false],
  ['00442071838750', false],
  ['011442071838750', false],
  ['02071838750', false],
  ['+44 20 7183 8750', false],
  ['+44 (0)20 7183 8750', false],
  ['+44(0)2071838750', false],
  ['+44-20-7183-8750', false],
  ['+44.20.7183.8750', false],
  ['+44/20/71838750', false],
  ['+44\u00a02071838750', false],
  ['(415) 555-2671', false],
  ['+1 (415) 555-2671', false],
  ['+1415555CALL', false],
  ['+14155552671x12', false],
  ['+14155552671;ext=12', false],
  ['+14155552671,12', false],
  ['+14155552671#', false],
  ['tel:+14155552671', false],
  ['++14155552671', false],
  ['+-14155552671', false],
  ['14155552671+', false],
  ['+1415+5552671', false],
  [' +14155552671', false],
  ['+14155552671 ', false],
  ['+14155552671\n', false],
  ['\uff0b14155552671', false],
  ['+\uff11\uff14\uff11\uff15\uff15\uff15\uff15\uff12\uff16\uff17\uff11', false],
  ['+\u0661\u0664\u0661\u0665\u0665\u0665\u0665\u0662\u0666\u0667\u0661', false],
  ['+\u200e14155552671', false],
  ['+1e10000000', false],
  ['+', false],
  ['null', false],
]

describe('T49: The key of a phone number', () => {
  it('the corpus holds at least 40 spellings', () => {
    expect(new Set(SPELLINGS.map(([input]) => input)).size).toBeGreaterThanOrEqual(40)
  })

  it.each(SPELLINGS)('%j is a key as it stands: %s', (input, isStrict) => {
    expect(phone(input) === input).toBe(isStrict)
  })

  it('only the ten ASCII digits are digits', () => {
    const taken = codePointsWhere((character) => phone(`+1234567${character}`) === `+1234567${character}`)
    expect(taken).toEqual(codePointsWhere((_, codePoint) => codePoint >= 0x30 && codePoint <= 0x39))
  })

  it.each([
    ['', 'KEY_EMPTY'],
    ['0044', 'PHONE_FORMAT'],
    ['+'.repeat(1_000_000), 'KEY_TOO_LONG'],
  ])('T50: a missing or endless number gives no key', (input, fault) => {
    expect(phone(input)).toBe(fault)
  })
})
