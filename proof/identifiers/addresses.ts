import type { Choice } from '../../packages/onesub/src/core/identifiers/testing/seeded.ts'
import { laxly } from '../../packages/onesub/src/core/identifiers/testing/witness.ts'

/**
 * An address as RFC 5322 §3.4 lets one write it, its obsolete forms and RFC 6532 among them, or as attackers do. About half are plain; the
 * others differ from plain ones in one thing or two.
 */
export function anyAddress(choose: Choice): string {
  const form = choose.below(20)
  const plain = `${localPart(choose)}@${domain(choose)}`
  if (form < 16) return plain
  const shape = choose.of(WRAPPED)
  return shape(plain, choose)
}

type Shape = (address: string, choose: Choice) => string

const WRAPPED: readonly Shape[] = [
  (address) => `<${address}>`,
  (address, choose) => `${word(choose)} <${address}>`,
  (address, choose) => `"${word(choose)}" <${address}>`,
  (address, choose) => `<@${domain(choose)},@${domain(choose)}:${address}>`,
  (address, choose) => `@${domain(choose)}:${address}`,
  (address, choose) => `${word(choose)}: ${address};`,
  (address, choose) => `${address}, ${localPart(choose)}@${domain(choose)}`,
  (address, choose) => `${address}@${domain(choose)}`,
  (address, choose) => comment(choose) + address,
  (address, choose) => address + comment(choose),
  (address, choose) => address.replace('@', `${comment(choose)}@${comment(choose)}`),
  (address, choose) => address.replace('@', choose.of(['', '@@', ' @ ', '\uff20', '\ufe6b', '%', '!', ' at '])),
  (address, choose) => ' '.repeat(choose.below(4)) + address + ' '.repeat(choose.below(4)),
  (address, choose) => choose.of(UNSEEN) + address,
  (address, choose) => address + choose.of(UNSEEN),
  (address, choose) => `mailto:${address}${choose.of(['', '?subject=x', '?cc=a@b.test'])}`,
  (address, choose) => insertedInto(address, String.fromCodePoint(choose.below(0x80)), choose),
  (address, choose) => insertedInto(address, choose.of(UNSEEN), choose),
  (address, choose) => insertedInto(address, String.fromCodePoint(choose.below(0x110000)), choose),
  (_, choose) => `${choose.of(NOBODY)}@${domain(choose)}`,
  (_, choose) => choose.of(NOBODY),
  (_, choose) => `@${domain(choose)}`,
  (_, choose) => `${localPart(choose)}@`,
  (_, choose) => ' '.repeat(choose.below(3)),
]

const NOBODY = ['null', 'NULL', 'undefined', 'none', 'None', 'unknown', 'n/a', 'N/A', 'nan', 'noreply', 'nulls']
const UNSEEN = [
  '\t',
  '\r\n ',
  '\n',
  '\0',
  '\u00a0',
  '\u200b',
  '\u200d',
  '\u00ad',
  '\ufeff',
  '\u202e',
  '\u2028',
  '\u3000',
]

function insertedInto(text: string, stranger: string, choose: Choice): string {
  const at = choose.below(text.length + 1)
  return text.slice(0, at) + stranger + text.slice(at)
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
/** Small letters in most places, as people write. */
const ATEXT = `${LOWER.repeat(8)}${LOWER.toUpperCase()}0123456789#$&'*+-/=?^_\`{|}~`
const HOST = `${LOWER.repeat(8)}${LOWER.toUpperCase()}0123456789-`
/** In an atom of RFC 5322, but not in ours, or in no atom. */
const SPECIALS = '%!%!()<>[]:;@\\,"'

function localPart(choose: Choice): string {
  const form = choose.below(24)
  if (form < 15) return dotted(choose, 1 + choose.below(3))
  if (form === 15) return atom(choose, 60 + choose.below(8), ATEXT)
  if (form === 16) return quoted(choose)
  if (form === 17) return `${atom(choose, 3, ATEXT)}.${quoted(choose)}`
  if (form === 18)
    return `=?${choose.of(['utf-8', 'iso-8859-1', 'x'])}?${choose.of(['q', 'b', 'Q'])}?${atom(choose, 8, ATEXT)}?=`
  if (form === 19)
    return `${atom(choose, 1 + choose.below(4), ATEXT)}${text(choose, SPECIALS, 1)}${atom(choose, 3, ATEXT)}`
  if (form === 20) return choose.of(['.', '..', '']) + dotted(choose, 2) + choose.of(['.', '..', ''])
  if (form === 21) return dotted(choose, 2).replace('.', '..')
  if (form === 22) return dotted(choose, 1) + text(choose, choose.of(SCRIPTS), 2)
  return dotted(choose, 1) + choose.of(['=', '?', '=?', '?=', '+tag', '\u212a'])
}

function dotted(choose: Choice, atoms: number): string {
  return Array.from({ length: atoms }, () => atom(choose, 1 + choose.below(6), ATEXT)).join('.')
}

function quoted(choose: Choice): string {
  const inside = Array.from({ length: choose.below(8) }, () =>
    choose.below(4) === 0 ? choose.of(['\\"', '\\\\', ' ', '@', '\\ ', '(', '\t', '.']) : text(choose, LOWER, 1),
  )
  return `"${inside.join('')}"`
}

function comment(choose: Choice): string {
  return `(${word(choose)}${choose.below(4) === 0 ? comment(choose) : ''})`
}

function word(choose: Choice): string {
  return atom(choose, 1 + choose.below(8), LOWER)
}

const TOP = [
  'test',
  'com',
  'DE',
  'example',
  'xn--p1ai',
  'XN--P1AI',
  '中国',
  'קום',
  'рф',
  'Test',
  't3st',
  '1',
  'te-st',
  '',
]

function domain(choose: Choice): string {
  const form = choose.below(24)
  if (form < 15) return `${plainLabels(choose)}.${choose.of(['test', 'com', 'org', 'De'])}`
  if (form < 17) return `${anyLabel(choose)}.${choose.of(TOP)}`
  if (form === 17)
    return choose.of(['[127.0.0.1]', '[IPv6:::1]', '127.1', '0x7f.1', '2130706433', 'localhost', '[x]', '10.0.0.1'])
  if (form === 18) return choose.of(['.', '']) + plainLabels(choose) + choose.of(['.', '..test', '.test.', '.', ''])
  if (form === 19) return `${atom(choose, 60 + choose.below(6), LOWER)}.test`
  if (form === 20) return `${longDomain(choose)}.test`
  if (form === 21)
    return choose.of([
      '-a.test',
      'a-.test',
      'a--b.test',
      'ab--c.test',
      'a_b.test',
      'a b.test',
      'a\u3002test',
      'a\uff0etest',
    ])
  if (form === 22)
    return `${choose.below(2) === 0 ? anyLabel(choose) : plainLabels(choose)}.${anyLabel(choose)}.${choose.of(TOP)}`
  return `${plainLabels(choose)}.${plainLabels(choose)}${choose.of([':25', '/x', '#x', '?x', '%00', '\\', ''])}`
}

function plainLabels(choose: Choice): string {
  const label = () => atom(choose, 1 + choose.below(8), HOST)
  return choose.below(3) === 0 ? `${label()}.${label()}` : label()
}

/** Near 253 octets, and near 254 with the local part. */
function longDomain(choose: Choice): string {
  const labels = Array.from({ length: 4 }, () => atom(choose, 61 + choose.below(3), LOWER))
  return labels.join('.').slice(choose.below(72))
}

/** Alphabets that people write domains in, and those that attackers do. */
const SCRIPTS = [
  'äöüÄÖÜßẞéÉøØıİſςΣσ',
  'бвгБВГёЁїЇ',
  'αβγΑΒΓΐΰ',
  'שלוםבאגד',
  'أهلاسم۱۲١٢',
  'नमस्तेहि',
  '中国例え한국어カナ',
  'é\u0300\u0301\u0307\u0308\u030a\u0323\u05b4\u0651',
  '♥💩€½ﬁａ＠。.\u00ad\u200d\u212a\u2126\uf900\u1100\u1161',
  'абвabc',
] as const

function anyLabel(choose: Choice): string {
  const label = text(choose, choose.of(SCRIPTS), 1 + choose.below(7))
  const mixed = choose.below(4) === 0 ? label + text(choose, 'abz019-', 1) : label
  const form = choose.below(12)
  if (form < 2) return mixed.normalize('NFD')
  if (form === 2) return laxly(mixed) ?? mixed
  if (form === 3) return asciiUpper(laxly(mixed) ?? mixed)
  if (form === 4) return `xn--${atom(choose, 1 + choose.below(8), `${LOWER}0123456789-`)}`
  return mixed
}

/** A-labels are ASCII; of other text the case mapping is the runtime's, and the addresses are to be the same on each. */
function asciiUpper(label: string): string {
  return label.replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 32))
}

function text(choose: Choice, alphabet: string, length: number): string {
  return atom(choose, length, alphabet)
}

function atom(choose: Choice, length: number, alphabet: string): string {
  const letters = lettersOf(alphabet)
  let made = ''
  for (let at = 0; at < length; at += 1) made += choose.of(letters)
  return made
}

const LETTERS = new Map<string, readonly string[]>()

function lettersOf(alphabet: string): readonly string[] {
  const known = LETTERS.get(alphabet) ?? [...alphabet]
  LETTERS.set(alphabet, known)
  return known
}
