import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { decodePunycode, encodePunycode } from './punycode.ts'
import { seededChoice } from './testing/seeded.ts'

const witness: { encode(text: string): string; decode(text: string): string } = createRequire(import.meta.url)(
  'punycode/',
)

const codePoints = (text: string) => [...text].map((character) => character.codePointAt(0) ?? 0)

// RFC 3492 §7.1, in lower case.
const SAMPLES: readonly (readonly [text: string, code: string])[] = [
  ['ليهمابتكلموشعربي؟', 'egbpdaj6bu4bxfgehfvwxn'],
  ['他们为什么不说中文', 'ihqwcrb4cv8a8dqg056pqjye'],
  ['他們爲什麽不說中文', 'ihqwctvzc91f659drss3x8bo0yb'],
  ['למההםפשוטלאמדבריםעברית', '4dbcagdahymbxekheh6e0a7fei0b'],
  ['почемужеонинеговорятпорусски', 'b1abfaaepdrnnbgefbadotcwatmq2g4l'],
  ['3年b組金八先生', '3b-ww4c5e180e575a65lsy2b'],
  ['安室奈美恵-with-super-monkeys', '-with-super-monkeys-pc58ag80a8qai00g7n9n'],
  ['ひとつ屋根の下2', '2-u9tlzr9756bt3uc0v'],
  ['bücher', 'bcher-kva'],
]

const DIGITS = [...'abcdefghijklmnopqrstuvwxyz0123456789']

describe('Punycode', () => {
  it.each(SAMPLES)('%s is %s, both ways', (text, code) => {
    expect(encodePunycode(codePoints(text))).toBe(code)
    expect(decodePunycode(code)).toEqual(codePoints(text))
  })

  it('has the first and the last code points there are, both ways', () => {
    for (const label of [[0x80], [0x10ffff], [0, 0x80, 0x10fffe, 0x10ffff]]) {
      expect(decodePunycode(encodePunycode(label))).toEqual(label)
    }
  })

  it('keeps its bias where a delta is at the very edge of what is divided again (RFC 3492, section 6.1)', () => {
    const atTheEdge = 'abc\u{f954}\u{fffd}'
    expect(encodePunycode(codePoints(atTheEdge))).toBe(witness.encode(atTheEdge))
  })

  it('agrees with another implementation on 20,000 random labels, both ways', () => {
    const choose = seededChoice('punycode')
    const planes = [0x7f, 0x250, 0x3000, 0xd7ff, 0x10ffff] as const
    const label = () =>
      Array.from({ length: 1 + choose.below(20) }, () => choose.below(choose.of(planes))).filter(isScalar)
    const texts = Array.from({ length: 20_000 }, () => String.fromCodePoint(...label()))
    const codes = texts.map((text) => encodePunycode(codePoints(text)))
    expect(codes).toEqual(texts.map((text) => witness.encode(text)))
    expect(codes.map((code) => said(decodePunycode(code)))).toEqual(texts)
  })

  it('reads 20,000 random codes as another implementation does, or refuses them', () => {
    const choose = seededChoice('codes')
    const tail = () => Array.from({ length: 1 + choose.below(12) }, () => choose.of(DIGITS)).join('')
    const codes = Array.from({ length: 20_000 }, () => choose.of(['', 'ab-', '-', 'a-b-']) + tail())
    expect(codes.map((code) => said(decodePunycode(code)))).toEqual(codes.map(saidByWitness))
  })

  it.each([
    'a!',
    'é',
    '99999999',
    'zzzzzzzzzzzzzzzzzzzzzzzzzzzzz',
    '9'.repeat(250),
    `${'9'.repeat(400)}a`,
    '-',
    'ab-\u0661',
  ])('%s stands for nothing', (code) => {
    expect(decodePunycode(code)).toBeUndefined()
  })
})

function isScalar(codePoint: number): boolean {
  return codePoint < 0xd800 || codePoint > 0xdfff
}

function said(label: readonly number[] | undefined): string {
  return label === undefined ? 'nothing' : String.fromCodePoint(...label)
}

function saidByWitness(code: string): string {
  try {
    return witness.decode(code)
  } catch {
    return 'nothing'
  }
}
