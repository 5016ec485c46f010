import { describe, expect, it } from 'vitest'
import { domain, email, username } from './testing/outcome.ts'
import { DOMAINS, LOCAL_PARTS, TAKEN_FOR_ASCII, USERNAMES } from './testing/unicode-vectors.ts'

describe('Code points that other software folds, drops or turns into something else', () => {
  it.each(LOCAL_PARTS)('T35: before the @, %s is refused', (_, character) => {
    // ＠ between two letters leaves no @ of ours only when it replaces it; before a real @ it is a foreign character.
    expect(email(`mi${character}e@x.test`)).toBe('EMAIL_CHARACTERS')
  })

  it.each(DOMAINS)('T41: the domain %j gives %s', (input, key) => {
    expect(domain(input)).toBe(key)
  })

  it.each(USERNAMES)('T38: the username %j gives %s', (input, key) => {
    expect(username(input)).toBe(key)
  })

  it('T39: U+212B and U+00C5 are one letter in a domain, as NFC says', () => {
    expect(domain('\u212bsa.se')).toBe(domain('\u00c5sa.se'))
  })

  it('T37: every spelling that a collation or an upper-casing would unite keeps an identifier of its own, or none', () => {
    expect(TAKEN_FOR_ASCII).toHaveLength(16)
    const keys = TAKEN_FOR_ASCII.flatMap(([other, ascii]) => [
      [username(`x${other}`), username(`x${ascii}`)],
      [email(`x${other}@x.test`), email(`x${ascii}@x.test`)],
      // A domain is one name for DNS, whether it was typed with the Kelvin sign or with a K (UTS #46).
      ...(other.includes('\u212a') ? [] : [[domain(`x${other}.test`), domain(`x${ascii}.test`)]]),
    ])
    expect(keys.filter(([one, other]) => one === other)).toEqual([])
  })
})
