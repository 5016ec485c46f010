import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

// The witness: another implementation of UTS #46.
const tr46: {
  toASCII(domain: string, options?: object): string | null
  toUnicode(domain: string): { domain: string }
} = require('tr46')

const classes: Readonly<Record<'bidiDomain' | 'bidiS1RTL' | 'bidiS4AN' | 'bidiS4EN' | 'combiningMarks', RegExp>> =
  require('tr46/lib/regexes.js')

const STRICT = {
  checkHyphens: true,
  checkBidi: true,
  checkJoiners: true,
  useSTD3ASCIIRules: true,
  verifyDNSLength: true,
  transitionalProcessing: false,
}

/** The A-labels of a domain by UTS #46 in its strictest setting; null where it has none. */
export function witness(domain: string): string | null {
  return tr46.toASCII(domain, STRICT)
}

/** As A-labels with no questions asked, so that tests can write wrong ones. */
export function laxly(domain: string): string | null {
  return tr46.toASCII(domain)
}

export function toUnicode(domain: string): string {
  return tr46.toUnicode(domain).domain
}

/** What UTS #46 makes of one character. */
export function mapped(character: string): string {
  const known = MAPPED.get(character)
  if (known !== undefined) return known
  const found = toUnicode(character)
  MAPPED.set(character, found)
  return found
}

const MAPPED = new Map<string, string>()

/** A capital that UTS #46 maps to its own small letter and to nothing more. */
export function isPlainUpper(character: string): boolean {
  const isUpper = /^\p{Lu}$/u.test(character) && character.normalize('NFKC') === character.normalize('NFC')
  return isUpper && character.toLowerCase() === mapped(character) && [...mapped(character)].length === 1
}

/** Bidirectional classes (RFC 5893 §1.4), each told by one character of a text. */
export const Direction = {
  /** R, AL or AN: the domain is a right-to-left one. */
  ofRightToLeftDomain: classes.bidiDomain,
  rightToLeft: classes.bidiS1RTL,
  arabicNumber: classes.bidiS4AN,
  europeanNumber: classes.bidiS4EN,
  mark: classes.combiningMarks,
} as const
