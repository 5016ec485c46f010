import { describe, expect, it } from 'vitest'
import { domain, email, username } from './testing/outcome.ts'

// Inputs that runtimes and libraries treat differently; every row is an address or a domain as somebody may type it.
const local: readonly (readonly [name: string, character: string])[] = [
  ['U+212A KELVIN SIGN, lower-cases to k', '\u212a'],
  ['U+0130 İ, lower-cases to two code points', '\u0130'],
  ['U+0131 ı, upper-cases to I', '\u0131'],
  ['U+017F ſ, upper-cases to S', '\u017f'],
  ['U+00DF ß, upper-cases to SS', '\u00df'],
  ['U+FB01 ﬁ, upper-cases to FI', '\ufb01'],
  ['U+FF41 ａ, NFKC a', '\uff41'],
  ['U+212B Å', '\u212b'],
  ['U+00C5 Å', '\u00c5'],
  ['U+037E, NFC ;', '\u037e'],
  ['U+1FEF, NFC `', '\u1fef'],
  ['U+FF20 ＠', '\uff20'],
  ['U+3002 。', '\u3002'],
  ['U+FF0E ．', '\uff0e'],
  ['U+200B zero width space', '\u200b'],
  ['U+00AD soft hyphen', '\u00ad'],
  ['U+0430 Cyrillic а', '\u0430'],
]

const domains: readonly (readonly [input: string, key: string])[] = [
  ['\u212aelvin.com', 'kelvin.com'],
  ['g\u0130thub.com', 'EMAIL_CHARACTERS'],
  ['gI\u0307thub.com', 'EMAIL_CHARACTERS'],
  ['g\u0131thub.com', 'xn--gthub-n4a.com'],
  ['\u017fun.com', 'EMAIL_CHARACTERS'],
  ['fa\u00df.de', 'xn--fa-hia.de'],
  ['FA\u1e9e.de', 'xn--fa-hia.de'],
  ['\ufb01sh.com', 'EMAIL_CHARACTERS'],
  ['\uff41pple.com', 'EMAIL_CHARACTERS'],
  ['a\u037e.com', 'EMAIL_CHARACTERS'],
  ['a\u1fef.com', 'EMAIL_CHARACTERS'],
  ['a\uff20b.com', 'EMAIL_CHARACTERS'],
  ['example\u3002com', 'EMAIL_CHARACTERS'],
  ['example\uff0ecom', 'EMAIL_CHARACTERS'],
  ['exam\u200bple.com', 'EMAIL_CHARACTERS'],
  ['exam\u00adple.com', 'EMAIL_CHARACTERS'],
  ['xn--0049', 'EMAIL_DOMAIN'],
  ['xn--0049.com', 'EMAIL_DOMAIN'],
  ['xn--a.com', 'EMAIL_DOMAIN'],
  ['127.1', 'EMAIL_DOMAIN'],
  ['0x7f.1', 'EMAIL_DOMAIN'],
  ['github.com.', 'EMAIL_DOMAIN'],
  ['a..b.com', 'EMAIL_DOMAIN'],
  ['-a.com', 'EMAIL_DOMAIN'],
  ['a_b.com', 'EMAIL_DOMAIN'],
  [`${'a'.repeat(64)}.com`, 'EMAIL_DOMAIN'],
  ['\u0430pple.com', 'xn--pple-43d.com'],
]

const usernames: readonly (readonly [input: string, key: string])[] = [
  ['mi\u212ae', 'USERNAME_CHARACTERS'],
  ['g\u0130thub', 'USERNAME_CHARACTERS'],
  ['gI\u0307thub', 'USERNAME_CHARACTERS'],
  ['g\u0131thub', 'g\u0131thub'],
  ['\u017fun', 'USERNAME_CHARACTERS'],
  ['fa\u00df', 'fa\u00df'],
  ['FA\u1e9e', 'fa\u00df'],
  ['\ufb01sh', 'USERNAME_CHARACTERS'],
  ['\uff41nn', 'USERNAME_CHARACTERS'],
  ['\u212bsa', 'USERNAME_CHARACTERS'],
  ['\u00c5sa', '\u00e5sa'],
  ['A\u030asa', '\u00e5sa'],
  ['a\u037eb', 'USERNAME_CHARACTERS'],
  ['a\u1fefb', 'USERNAME_CHARACTERS'],
  ['a\uff20b', 'USERNAME_CHARACTERS'],
  ['a\u200bb', 'USERNAME_CHARACTERS'],
  ['a\u00adb', 'USERNAME_CHARACTERS'],
  ['\u0430dmin', '\u0430dmin'],
]

describe('Code points that other software folds, drops or turns into something else', () => {
  it.each(local)('T35: before the @, %s is refused', (_, character) => {
    // ＠ between two letters leaves no @ of ours only when it replaces it; before a real @ it is a foreign character.
    expect(email(`mi${character}e@x.test`)).toBe('EMAIL_CHARACTERS')
  })

  it.each(domains)('T41: the domain %j gives %s', (input, key) => {
    expect(domain(input)).toBe(key)
  })

  it.each(usernames)('T38: the username %j gives %s', (input, key) => {
    expect(username(input)).toBe(key)
  })

  it('T39: U+212B and U+00C5 are one letter in a domain, as NFC says', () => {
    expect(domain('\u212bsa.se')).toBe(domain('\u00c5sa.se'))
  })

  it('T37: every spelling that a collation or an upper-casing would unite keeps a key of its own, or none', () => {
    const pairs = [
      ['mi\u212ae', 'mike'],
      ['\u017fun', 'sun'],
      ['stra\u00dfe', 'strasse'],
      ['g\u0131thub', 'github'],
      ['g\u0130thub', 'github'],
      ['\ufb00', 'ff'],
      ['\ufb01', 'fi'],
      ['\ufb02', 'fl'],
      ['\ufb03', 'ffi'],
      ['\ufb04', 'ffl'],
      ['\ufb05', 'st'],
      ['\ufb06', 'st'],
      ['\uff41nn', 'ann'],
      ['\u212bsa', 'asa'],
      ['\u00e5sa', 'asa'],
      ['\u0430nn', 'ann'],
    ] as const
    expect(pairs).toHaveLength(16)
    const keys = pairs.flatMap(([other, ascii]) => [
      [username(`x${other}`), username(`x${ascii}`)],
      [email(`x${other}@x.test`), email(`x${ascii}@x.test`)],
      // A domain is one name for DNS, whether it was typed with the Kelvin sign or with a K (UTS #46).
      ...(other.includes('\u212a') ? [] : [[domain(`x${other}.test`), domain(`x${ascii}.test`)]]),
    ])
    expect(keys.filter(([one, other]) => one === other)).toEqual([])
  })
})
