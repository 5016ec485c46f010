import { describe, expect, it } from 'vitest'
import { codePointsWhere, forEveryCodePoint } from './testing/every-code-point.ts'
import { isFault, username } from './testing/outcome.ts'
import { seededChoice } from './testing/seeded.ts'
import { anyUsername } from './testing/spellings.ts'
import { normaliseUsername } from './username.ts'

describe('The identifier of a username', () => {
  it.each([
    ['Ada', 'ada'],
    ['ADA_Lovelace-1815!', 'ada_lovelace-1815!'],
    ['Zoë', 'zoë'],
    ['ZOE\u0308', 'zoë'],
    ['ΑΘΗΝΑ', 'αθηνα'],
    ['Владимир', 'владимир'],
    ['山田太郎', '山田太郎'],
    ['~!@#$%^&*()_+{}|:"<>?`-=[]\\;\',./', '~!@#$%^&*()_+{}|:"<>?`-=[]\\;\',./'],
    ['Google_109912345', 'google_109912345'],
  ])('is %s → %s', (input, key) => {
    expect(username(input)).toBe(key)
  })

  it('contains its kind', () => {
    expect(normaliseUsername('Ada')).toEqual({
      ok: true,
      identifier: { kind: 'username', value: 'ada', version: 1 },
      trimmed: false,
    })
  })

  it('T44: a space, a control or an invisible character is refused at the ends too', () => {
    const UNSEEN = /^[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]$/u
    const isTaken = (character: string) =>
      UNSEEN.test(character) && [`${character}ab`, `ab${character}`].some((text) => !isFault(username(text)))
    expect(codePointsWhere(isTaken)).toEqual([])
  })

  it('every printable ASCII character is taken, as Cognito takes it', () => {
    const refused = codePointsWhere((character, codePoint) => codePoint < 0x80 && isFault(username(`x${character}`)))
    expect(refused).toEqual([...codePointsWhere((_, codePoint) => codePoint <= 0x20 || codePoint === 0x7f)])
  })

  it('T38: the identifier of any username, of 20,000, stays the same when it is made again', () => {
    const choose = seededChoice('usernames')
    const keys = Array.from({ length: 20_000 }, () => username(anyUsername(choose))).filter((key) => !isFault(key))
    expect(keys.map(username)).toEqual(keys)
    expect(keys.length).toBeGreaterThan(4000)
  })

  it('T39: 100,000 names have one identifier composed and decomposed, or neither has one', () => {
    const choose = seededChoice('names')
    const letters = [
      ...'aAeEiIoOuUjJhHtTwWyYsSσΣωΩυΥаАиИ가각ְַֹּ\u0300\u0301\u0303\u0307\u0308\u030c\u0313\u0323\u0331\u0345',
    ]
    const name = () => Array.from({ length: 1 + choose.below(7) }, () => choose.of(letters)).join('')
    const differs = (text: string) => username(text.normalize('NFC')) !== username(text.normalize('NFD'))
    expect(Array.from({ length: 100_000 }, name).filter(differs)).toEqual([])
  })

  it('T46: 128 characters are an identifier, 129 are too long', () => {
    expect(username('a'.repeat(128))).toBe('a'.repeat(128))
    expect(username('a'.repeat(129))).toBe('IDENTIFIER_TOO_LONG')
    expect(username('a'.repeat(1_000_000))).toBe('IDENTIFIER_TOO_LONG')
  })

  it.each([
    ['', 'IDENTIFIER_EMPTY'],
    [' ', 'USERNAME_CHARACTERS'],
    ['null', 'IDENTIFIER_PLACEHOLDER'],
    ['Undefined', 'IDENTIFIER_PLACEHOLDER'],
  ])('T50: %j gives %s and no key', (input, fault) => {
    expect(username(input)).toBe(fault)
  })
})

describe('A username with any one code point in it', () => {
  const keys = forEveryCodePoint((character) => username(`a${character}b`))
  const keyOf = (codePoint: number) => keys[codePoint] ?? ''
  const isTaken = (codePoint: number) => !isFault(keyOf(codePoint))

  it('T44: is refused if it is a space, a control, private, unassigned or invisible', () => {
    const UNSEEN = /^[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]$/u
    expect(codePointsWhere((character, codePoint) => isTaken(codePoint) && UNSEEN.test(character))).toEqual([])
  })

  it('T35: never has the identifier of an ASCII username', () => {
    const isAscii = (text: string) => /^[\0-\x7f]*$/.test(text)
    expect(codePointsWhere((_, codePoint) => isTaken(codePoint) && isAscii(keyOf(codePoint)), 0x80)).toEqual([])
  })

  it('T38: is refused if NFKC takes it for another', () => {
    const isStandIn = (character: string) => character.normalize('NFKC') !== character.normalize('NFC')
    expect(codePointsWhere((character, codePoint) => isTaken(codePoint) && isStandIn(character))).toEqual([])
  })

  it('T38: has an identifier that stays the same when it is made again', () => {
    const changes = (_: string, codePoint: number) =>
      isTaken(codePoint) && username(keyOf(codePoint)) !== keyOf(codePoint)
    expect(codePointsWhere(changes)).toEqual([])
  })

  it('T39: has one identifier composed and decomposed, or neither has one', () => {
    const differs = (character: string) => {
      const [composed, decomposed] = [character.normalize('NFC'), character.normalize('NFD')]
      if (composed === decomposed) return false
      const [one, other] = [username(`a${composed}b`), username(`a${decomposed}b`)]
      return one !== other && !(isFault(one) && isFault(other))
    }
    expect(codePointsWhere(differs)).toEqual([])
  })
})
