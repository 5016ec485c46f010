import {
  Direction,
  isPlainUpper,
  mapped,
  toUnicode,
  witness,
} from '../../packages/onesub/src/core/identifiers/testing/witness.ts'
import { YOUNGER_THAN_UNICODE_16 } from '../../scripts/generate-idna-table.ts'

/**
 * The grammar of an address as it is documented (docs/errors.md, docs/decisions/0004-identifier-tables.md and the comments on the public
 * functions), written a second time, with other means: one pattern for the local part, another implementation of UTS #46 for the domain.
 * Gives the key, or undefined for a text that is to be refused.
 */
export function oracle(text: string): string | undefined {
  if (octets(text) > 254) return undefined
  const [, address = ''] = /^ *(.*?) *$/su.exec(text) ?? []
  const parts = /^([^@]+)@([^@]+)$/su.exec(address)
  const [, local = '', domain = ''] = parts ?? []
  if (!parts || local.length > 64 || !DOT_ATOM.test(local) || local.includes('=?')) return undefined
  const mailbox = asciiLower(local)
  if (NOBODY.has(mailbox)) return undefined
  const host = hostOf(domain)
  const key = `${mailbox}@${host}`
  return host === undefined || key.length > 254 ? undefined : key
}

/** RFC 5322 §3.2.3 without `%` and `!`. */
const ATEXT = "[-A-Za-z0-9#$&'*+/=?^_`{|}~]"
const DOT_ATOM = new RegExp(`^${ATEXT}+(?:\\.${ATEXT}+)*$`)
const NOBODY = new Set(['null', 'undefined', 'none', 'unknown', 'n/a'])

const PLAIN_DOMAIN = /^[a-z0-9.-]*$/
const PLAIN_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

function hostOf(domain: string): string | undefined {
  const lower = asciiLower(domain)
  const labels = lower.split('.')
  if (!PLAIN_DOMAIN.test(lower) || labels.some((label) => label.startsWith('xn--'))) return internationalised(domain)
  const isPlain = labels.every((label) => PLAIN_LABEL.test(label) && label.slice(2, 4) !== '--')
  return isPlain && labels.length >= 2 && /^[a-z]+$/.test(labels.at(-1) ?? '') && lower.length <= 253
    ? lower
    : undefined
}

function internationalised(domain: string): string | undefined {
  const name = witness(domain)
  if (name === null) return undefined
  const labels = name.split('.')
  const isNamed = /^(?:[a-z]+|xn--.+)$/.test(labels.at(-1) ?? '')
  const meaning = toUnicode(domain)
  const changes = [...domain, ...domain.normalize('NFC'), ...meaning].some(isChanged)
  return labels.length >= 2 && isNamed && !changes && isSimplyDirected(meaning) ? name : undefined
}

/** UTS #46 makes something else of it than its own small letter, or not every runtime knows it, or nobody can see it. */
function isChanged(character: string): boolean {
  if (/^[\u200c\u200d]$/u.test(character)) return true
  if (YOUNGER_THAN_UNICODE_16.has(character.codePointAt(0) ?? 0)) return true
  return mapped(character) !== character && !isPlainUpper(character)
}

/** Beside right-to-left labels stand ASCII labels only, and in them letters, marks, digits and hyphens only, all of that direction. */
function isSimplyDirected(meaning: string): boolean {
  if (!Direction.ofRightToLeftDomain.test(meaning)) return true
  const isSimple = ([first = '', ...more]: string) => Direction.rightToLeft.test(first) && more.every(mayFollow)
  return meaning.split('.').every((label) => /^[a-z0-9-]*$/.test(label) || isSimple(label))
}

/** Marks of the right-to-left blocks and the common ones. */
const NEAR_MARK = /^[\0-\u08ff\ufb1d-\u{10fff}\u{1e800}-\u{10ffff}]$/u

function mayFollow(character: string): boolean {
  const { rightToLeft, arabicNumber, europeanNumber, mark } = Direction
  const isPart = character === '-' || [rightToLeft, arabicNumber, europeanNumber].some((kind) => kind.test(character))
  return isPart || (mark.test(character) && NEAR_MARK.test(character))
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32))
}

function octets(text: string): number {
  return Buffer.byteLength(text)
}
