import { describe, expect, it } from 'vitest'
import { YOUNGER_THAN_UNICODE_16 } from '../../../../../scripts/generate-idna-table.ts'
import { encodePunycode } from './punycode.ts'
import { codePointsWhere, forEveryCodePoint } from './testing/every-code-point.ts'
import { bareDomain, domain, isFault } from './testing/outcome.ts'
import { type Choice, seededChoice } from './testing/seeded.ts'
import { isPlainUpper, laxly, mapped, toUnicode, witness } from './testing/witness.ts'

const aLabel = (text: string) =>
  `xn--${encodePunycode([...text].map((character) => character.codePointAt(0) ?? 0))}.test`

describe('T41: An internationalised domain', () => {
  it.each([
    ['Bücher.test', 'xn--bcher-kva.test'],
    ['BÜCHER.TEST', 'xn--bcher-kva.test'],
    ['Bu\u0308cher.test', 'xn--bcher-kva.test'],
    ['J\u030ca.test', 'xn--a-bva.test'],
    ['xn--bcher-kva.test', 'xn--bcher-kva.test'],
    ['XN--BCHER-KVA.test', 'xn--bcher-kva.test'],
    ['faß.de', 'xn--fa-hia.de'],
    ['fass.de', 'fass.de'],
    ['βόλος.com', 'xn--nxasmm1c.com'],
    ['βόλοσ.com', 'xn--nxasmq6b.com'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['उदाहरण.परीक्षा', 'xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g'],
    ['مثال.إختبار', 'xn--mgbh0fb.xn--kgbechtv'],
    ['א1.test', domain('xn--1-zhc.test')],
    ['۱۲.test', 'xn--embc.test'],
    ['💩.la', 'xn--ls8h.la'],
    ['ا-١.test', 'xn----ymc9o.test'],
    ['א-א.test', 'xn----zhcb.test'],
    ['א\u05b4.test', 'xn--cdb9c.test'],
    ['z.אב.test', 'z.xn--4dbc.test'],
  ])('%s has the key %s', (input, key) => {
    expect(domain(input)).toBe(key)
    expect(witness(input)).toBe(key)
  })

  it.each([
    ['a label of nothing', 'xn--.test'],
    ['a label that decodes to ASCII', 'xn--abc-.test'],
    ['a label that decodes to a comma', 'xn--0049.test'],
    ['an upper-case letter in an A-label', aLabel('bÜcher')],
    ['a letter that is not composed in an A-label', aLabel('bu\u0308cher')],
    ['a fullwidth letter in an A-label', aLabel('\uff41')],
    ['a stand-in for another letter in an A-label', aLabel('\uf900')],
    ['an A-label within an A-label', aLabel('xn--ü')],
    ['half of a surrogate pair in an A-label', aLabel('\ud83d')],
    ['two halves that would join to one letter', `xn--${encodePunycode([0xd83d, 0xde00])}.test`],
    ['a joiner', 'a\u200db.test'],
    ['a joiner in an A-label', aLabel('a\u200db')],
    ['a mark at the start', '\u0301a.test'],
    ['a hyphen at the end', 'bücher-.test'],
    ['hyphens in third and fourth place', 'bü--cher.test'],
    ['a right-to-left label beginning with a digit', '1א.test'],
    ['a right-to-left label ending with a letter from the left', 'אa.test'],
    ['a right-to-left label ending with the last letter from the left', 'אz.test'],
    ['a right-to-left label with a letter from the left in it', 'אaא.test'],
    ['a right-to-left label ending with a hyphen under a mark', 'א-\u05b4.test'],
    ['a label of Arabic digits alone', '١٢.test'],
    ['a label of digits beside right-to-left text', '1.א.test'],
    ['Arabic and European digits together', 'ا۱١.test'],
    ['a label that is too long only as an A-label', `${'ü'.repeat(60)}.test`],
    ['a last label with a digit', 'bücher.te5t'],
    ['a code point younger than the table', '\u{1e6c0}.test'],
  ])('%s is refused', (_, input) => {
    expect(isFault(domain(input))).toBe(true)
  })

  it('T46: a name of 253 octets is an identifier, of 254 it is too long', () => {
    const label = 'd'.repeat(63)
    const name = (octets: number) => `${label}.${label}.${label}.${'d'.repeat(octets - 197)}.test`
    expect(bareDomain(name(253))).toBe(name(253))
    expect(bareDomain(name(254))).toBe('EMAIL_DOMAIN')
  })

  it('20,000 random domains give what the witness gives, or are refused for a named reason', () => {
    const choose = seededChoice('domains')
    const disagreements: string[] = []
    let accepted = 0
    for (let run = 0; run < 20_000; run += 1) {
      const text = randomDomain(choose)
      const [ours, theirs] = [domain(text), witness(text)]
      if (!isFault(ours)) accepted += 1
      if (isFault(ours) ? isRefusedByUsAlone(text) : ours !== theirs) disagreements.push(text)
    }
    expect(disagreements).toEqual([])
    expect(accepted).toBeGreaterThan(4000)
  })

  it('the spelling in letters and the A-label have one identifier', () => {
    const choose = seededChoice('spellings')
    const keys = Array.from({ length: 5000 }, () => domain(randomDomain(choose))).filter((key) => !isFault(key))
    expect(keys.map((key) => domain(toUnicode(key)))).toEqual(keys)
  })
})

describe('A domain with any one code point in it', () => {
  const keys = forEveryCodePoint((character) => bareDomain(`a${character}b.test`))
  const keyOf = (codePoint: number) => keys[codePoint] ?? ''

  it('T38: has an identifier that stays the same when it is made again, or none', () => {
    const changes = (_: string, codePoint: number) =>
      !isFault(keyOf(codePoint)) && bareDomain(keyOf(codePoint)) !== keyOf(codePoint)
    expect(codePointsWhere(changes)).toEqual([])
  })

  it('T41: has the identifier that the oracle gives, or none', () => {
    const disagrees = (character: string, codePoint: number) =>
      !isFault(keyOf(codePoint)) && keyOf(codePoint) !== witness(`a${character}b.test`)
    expect(codePointsWhere(disagrees)).toEqual([])
  })

  it('T41: is refused for a named reason where the witness takes it', () => {
    const isUnexplained = (character: string, codePoint: number) =>
      isFault(keyOf(codePoint)) && !STANDS_FOR_NOTHING.test(character) && isRefusedByUsAlone(`a${character}b.test`)
    expect(codePointsWhere(isUnexplained)).toEqual([])
  })

  it('T41: is refused where the code point is not assigned', () => {
    expect(
      codePointsWhere((character, codePoint) => STANDS_FOR_NOTHING.test(character) && !isFault(keyOf(codePoint))),
    ).toEqual([])
  })
})

const STANDS_FOR_NOTHING = /^[\p{Cn}\p{Co}\p{Cs}]$/u

function isRefusedByUsAlone(text: string): boolean {
  return witness(text) !== null && !isExplained(text)
}

// Where we are stricter than the standard, and why. Nothing else may differ.
const REASONS_OF_A_CHARACTER: Readonly<Record<string, (character: string) => boolean>> = {
  'a joiner cannot be seen': (character) => JOINER.test(character),
  'a runtime with Unicode 16 does not know it': (character) =>
    YOUNGER_THAN_UNICODE_16.has(character.codePointAt(0) ?? 0),
  'it is mapped to more than its own lower case': (character) =>
    mapped(character) !== character && !isPlainUpper(character),
}

const REASONS_OF_A_DOMAIN: Readonly<Record<string, (unicode: string) => boolean>> = {
  'its last label is not alphabetic': (unicode) =>
    /[0-9-]/.test(
      unicode
        .split('.')
        .at(-1)
        ?.replace(/[^\0-\x7f]/gu, '') ?? '',
    ),
  'right-to-left text is kept to letters, marks, digits and hyphens, beside ASCII only': (unicode) =>
    HAS_RIGHT_TO_LEFT.test(unicode) && unicode.split('.').some((label) => !isSimpleBesideRightToLeft(label)),
}

const JOINER = /[\u200c\u200d]/
const HAS_RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Adlam}\p{Script=Thaana}]/u

function isSimpleBesideRightToLeft(label: string): boolean {
  const isAscii = /^[\0-\x7f]*$/.test(label)
  return (
    isAscii ||
    [...label].every((character) => /[\p{L}\p{M}\p{Nd}-]/u.test(character) && RIGHT_TO_LEFT_BLOCKS.test(character))
  )
}

// Alternatives, not one class, because a class that begins with a mark reads as one letter with an accent.
const RIGHT_TO_LEFT_BLOCKS =
  /[0-9-]|[\u0300-\u036f]|[\u0590-\u08ff]|[\ufb1d-\ufdff]|[\ufe70-\ufeff]|[\u{10800}-\u{10fff}]|[\u{1e800}-\u{1efff}]/u

function isExplained(text: string): boolean {
  const unicode = toUnicode(text)
  const characters = [...text, ...text.normalize('NFC'), ...unicode]
  return (
    Object.values(REASONS_OF_A_CHARACTER).some((reason) => characters.some((character) => reason(character))) ||
    Object.values(REASONS_OF_A_DOMAIN).some((reason) => reason(unicode))
  )
}

const ALPHABETS = [
  'abcdefghijklmnopqrstuvwxyz',
  'ABCXYZ0189-',
  'äöüÄÖÜßẞéÉøØıİſσςΣ',
  'бвгБВГёЁїЇ',
  'αβγΑΒΓΐΰ',
  'שלוםأهلا۱١',
  'नमस्ते',
  '中国例え한국어',
  '\u0300\u0301\u0307\u0308\u030a\u0323\u05b4\u0651',
  '♥💩€½ﬁａ＠。.\u00ad\u200d\u212a\u2126\uf900\u1100\u1161',
] as const

function randomDomain(choose: Choice): string {
  const labels = Array.from({ length: 1 + choose.below(2) }, () => randomLabel(choose))
  return [...labels, choose.of(['test', 'com', 'de', '中国', 'קום', 'xn--p1ai'])].join('.')
}

function randomLabel(choose: Choice): string {
  // Mostly of one alphabet, as names are; now and then a letter from elsewhere, or from anywhere.
  const alphabet = [...choose.of(ALPHABETS)]
  const letters = Array.from({ length: 1 + choose.below(8) }, () => {
    const dice = choose.below(24)
    if (dice === 0) return String.fromCodePoint(choose.below(0x110000))
    const from = dice === 1 ? [...choose.of(ALPHABETS)] : alphabet
    return choose.of(from)
  })
  const label = letters.join('')
  const form = choose.below(6)
  if (form === 0) return label.normalize('NFD')
  return form === 1 ? (laxly(label) ?? label) : label
}
