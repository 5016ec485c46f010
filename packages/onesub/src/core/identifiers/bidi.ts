import { FIRST_BEYOND_ASCII } from './ascii.ts'
import { CodePointClass } from './code-point-class.ts'
import { classOf } from './code-points.ts'

const { plain, markRightToLeft, rightToLeft, arabicNumber, europeanNumber } = CodePointClass

/**
 * The bidi rule of RFC 5893 §2, kept a little narrower so that the table stays small: in a domain with right-to-left
 * text, a right-to-left label holds its own letters, marks, digits and hyphens but no symbols, and every other label is
 * plain ASCII that begins with a letter.
 */
export function followsBidiRule(labels: readonly (readonly number[])[]): boolean {
  if (!labels.some((label) => label.some(isRightToLeft))) return true
  return labels.every((label) => isRightToLeftLabel(label) || isAsciiLabel(label))
}

function isRightToLeft(codePoint: number): boolean {
  const found = directionOf(codePoint)
  return found === rightToLeft || found === arabicNumber
}

function isRightToLeftLabel(label: readonly number[]): boolean {
  const directions = label.map(directionOf)
  const last = directions.findLast((direction) => direction !== markRightToLeft)
  if (directions[0] !== rightToLeft || last === HYPHEN) return false
  const mixesDigits = directions.includes(arabicNumber) && directions.includes(europeanNumber)
  return !mixesDigits && directions.every((direction) => RIGHT_TO_LEFT_PARTS.has(direction))
}

function isAsciiLabel(label: readonly number[]): boolean {
  const [first = 0] = label
  return label.every((codePoint) => codePoint < FIRST_BEYOND_ASCII) && isLetter(first)
}

const HYPHEN = -1
const RIGHT_TO_LEFT_PARTS = new Set([rightToLeft, markRightToLeft, arabicNumber, europeanNumber, HYPHEN])

function directionOf(codePoint: number): number {
  if (codePoint >= FIRST_BEYOND_ASCII) return classOf(codePoint)
  if (codePoint === 0x2d) return HYPHEN
  return isLetter(codePoint) ? plain : europeanNumber
}

function isLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a
}
