import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
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

  it('tells marks and right-to-left letters apart', () => {
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
