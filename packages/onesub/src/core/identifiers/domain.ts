import { FIRST_BEYOND_ASCII } from './ascii.ts'
import { followsBidiRule } from './bidi.ts'
import { CodePointClass } from './code-point-class.ts'
import { classOf, folded } from './code-points.ts'
import { decodePunycode, encodePunycode } from './punycode.ts'

const A_LABEL = 'xn--'
const STD3 = /^[a-z0-9-]+$/
const LONGEST_LABEL = 63
const LONGEST_DOMAIN = 253
const FEWEST_LABELS = 2

export type Domain =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly fault: 'EMAIL_CHARACTERS' | 'EMAIL_DOMAIN' }

interface Label {
  readonly codePoints: readonly number[]
  readonly ascii: string
}

/**
 * A domain name as A-labels by UTS #46, non-transitional and strict, except that nothing may change in the mapping but
 * the case: what vanishes or turns into something else (`。`, `ﬁ`, U+00AD) is refused, not repaired.
 */
export function normaliseDomain(text: string): Domain {
  const lower = folded(text)
  if (lower === undefined) return { ok: false, fault: 'EMAIL_CHARACTERS' }
  const labels = lower.split('.').map(labelOf)
  const name = labels.every((label) => label !== undefined) ? nameOf(labels) : undefined
  return name === undefined ? { ok: false, fault: 'EMAIL_DOMAIN' } : { ok: true, name }
}

function nameOf(labels: readonly Label[]): string | undefined {
  const name = labels.map((label) => label.ascii).join('.')
  const fits = labels.length >= FEWEST_LABELS && name.length <= LONGEST_DOMAIN
  // An alphabetic last label keeps out 127.1 and 0x7f.1, which resolvers read as addresses.
  const isNamed = /^(?:[a-z]+|xn--[a-z0-9-]+)$/.test(labels.at(-1)?.ascii ?? '')
  return fits && isNamed && followsBidiRule(labels.map((label) => label.codePoints)) ? name : undefined
}

function labelOf(text: string): Label | undefined {
  const label = text.startsWith(A_LABEL) ? decoded(text) : encoded(text)
  return label && isWellFormed(label) ? label : undefined
}

function encoded(text: string): Label | undefined {
  // Each code point costs at least one octet: what is too long already is not worth encoding.
  const codePoints = codePointsOf(text)
  if (codePoints.length > LONGEST_LABEL) return undefined
  return { codePoints, ascii: codePoints.every(isAscii) ? text : A_LABEL + encodePunycode(codePoints) }
}

/** An A-label counts only if it is what its own meaning would be written as: one name, one spelling. */
function decoded(text: string): Label | undefined {
  const codePoints = decodePunycode(text.slice(A_LABEL.length))
  if (codePoints === undefined) return undefined
  const meaning = String.fromCodePoint(...codePoints)
  const label = folded(meaning) === meaning ? encoded(meaning) : undefined
  return label?.ascii === text ? label : undefined
}

function isWellFormed({ codePoints, ascii }: Label): boolean {
  const [first] = codePoints
  if (first === undefined || ascii.length > LONGEST_LABEL) return false
  // Punycode carries ASCII over as it is, so the A-label shows what of it stands in the label.
  return STD3.test(ascii) && !isMark(first) && hyphensAreInside(codePoints)
}

function hyphensAreInside(codePoints: readonly number[]): boolean {
  const isHyphen = (index: number) => codePoints.at(index) === 0x2d
  return !isHyphen(0) && !isHyphen(-1) && !(isHyphen(2) && isHyphen(3))
}

function isMark(codePoint: number): boolean {
  if (isAscii(codePoint)) return false
  const found = classOf(codePoint)
  return found === CodePointClass.mark || found === CodePointClass.markRightToLeft
}

function isAscii(codePoint: number): boolean {
  return codePoint < FIRST_BEYOND_ASCII
}

function codePointsOf(text: string): number[] {
  return [...text].map((character) => character.codePointAt(0) ?? 0)
}
