import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { idnaTable, TABLE, YOUNGER_THAN_UNICODE_16 } from '../../../../../scripts/generate-idna-table.ts'
import { CodePointClass } from './code-point-class.ts'
import { classOf } from './code-points.ts'
import { codePointsWhere } from './testing/every-code-point.ts'

describe('T48: The pinned table', () => {
  it('is byte for byte what its generator writes', () => {
    expect(readFileSync(TABLE, 'utf8')).toBe(idnaTable())
  })

  it('holds nothing younger than Unicode 16, nothing unassigned and nothing invisible', () => {
    const unseen = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/u
    const isHeld = (character: string, codePoint: number) =>
      classOf(codePoint) !== CodePointClass.refused &&
      (unseen.test(character) || YOUNGER_THAN_UNICODE_16.has(codePoint))
    expect(codePointsWhere(isHeld, 0x80)).toEqual([])
  })

  it('holds nothing that NFC or NFKC would turn into something else', () => {
    const isUnstable = (character: string, codePoint: number) =>
      classOf(codePoint) !== CodePointClass.refused && character.normalize('NFKC') !== character
    expect(codePointsWhere(isUnstable, 0x80)).toEqual([])
  })

  it('is read the same whatever is asked of it first, as the first sign-up after a cold start does', async () => {
    for (const [upper, lower] of ['Àà', 'Āā', 'Ÿÿ', 'Ɓɓ', 'Ⱥⱥ', 'Σσ', 'Яя', 'Ґґ', 'Ֆֆ', 'ẞß', 'Ỹỹ', '𐐀𐐨', '𞤡𞥃'].map(
      (pair) => [...pair],
    )) {
      vi.resetModules()
      const { folded } = await import('./code-points.ts')
      expect([upper, folded(upper ?? '')]).toEqual([upper, lower])
    }
    for (const [character, found] of [
      ['\u0080', CodePointClass.refused],
      ['é', CodePointClass.plain],
      ['\u0903', CodePointClass.mark],
      ['א', CodePointClass.rightToLeft],
      ['١', CodePointClass.arabicNumber],
      ['中', CodePointClass.plain],
      ['\u{10ffff}', CodePointClass.refused],
    ] as const) {
      vi.resetModules()
      const fresh = await import('./code-points.ts')
      expect([character, fresh.classOf(character.codePointAt(0) ?? 0)]).toEqual([character, found])
    }
  })

  it('distinguishes marks and right-to-left letters', () => {
    const classes = ['é', '\u0301', '\u0903', 'א', 'ب', '\u05b4', '١', '۱', '\u200d', 'É', '中'].map((c) =>
      classOf(c.codePointAt(0) ?? 0),
    )
    const { plain, mark, markRightToLeft, rightToLeft, arabicNumber, europeanNumber, refused } = CodePointClass
    expect(classes).toEqual([
      plain,
      markRightToLeft,
      mark,
      rightToLeft,
      rightToLeft,
      markRightToLeft,
      arabicNumber,
      europeanNumber,
      refused,
      refused,
      plain,
    ])
  })
})
