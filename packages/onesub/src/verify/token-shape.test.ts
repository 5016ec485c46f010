import { describe, expect, it } from 'vitest'
import { encode } from './testing/issuer.ts'
import { takeApart } from './token-shape.ts'

const FORM = expect.objectContaining({ code: 'TOKEN_INVALID', detail: 'form' })
const HEADER = encode('{"alg":"RS256"}')

/** Claims whose text in base64url has so many characters in its last group of four. */
const claimsEnding = (characters: 0 | 2 | 3) => {
  const texts = ['{}', '{} ', '{}  '].map((text) => encode(text))
  const found = texts.find((text) => text.length % 4 === characters)
  if (found === undefined) throw new Error('no such length')
  return found
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Every other text that Node reads as the same bytes, but for its last character. */
function twinsOf(part: string): string[] {
  const bytes = Buffer.from(part, 'base64url')
  return [...ALPHABET]
    .map((last) => part.slice(0, -1) + last)
    .filter((twin) => twin !== part && Buffer.from(twin, 'base64url').equals(bytes))
}

describe('T73: a token', () => {
  it.each([0, 2, 3] as const)('is taken apart whatever the length of its parts (%i more than fours)', (characters) => {
    const claims = claimsEnding(characters)
    expect(takeApart(`${HEADER}.${claims}.AAAA`)).toEqual({
      header: { alg: 'RS256' },
      claims: {},
      signed: `${HEADER}.${claims}`,
      signature: 'AAAA',
    })
  })

  it.each([
    [2, 15],
    [3, 3],
  ] as const)('has one spelling in each of its parts (%i more than fours: %i twins)', (characters, count) => {
    const claims = claimsEnding(characters)
    const twins = twinsOf(claims)
    expect(twins).toHaveLength(count)
    for (const twin of twins) {
      expect(() => takeApart(`${HEADER}.${twin}.AAAA`)).toThrow(FORM)
      expect(() => takeApart(`${twin}.${claims}.AAAA`)).toThrow(FORM)
      expect(() => takeApart(`${HEADER}.${claims}.${twin}`)).toThrow(FORM)
    }
  })

  it('has no part that is a character longer than bytes can be', () => {
    expect(() => takeApart(`${HEADER}.${claimsEnding(0)}.AAAAA`)).toThrow(FORM)
    expect(() => takeApart(`${HEADER}.${claimsEnding(0)}A.AAAA`)).toThrow(FORM)
  })

  it('has nothing around it, and is a text', () => {
    const token = `${HEADER}.${claimsEnding(0)}.AAAA`
    for (const other of [
      ` ${token}`,
      `    ${token}`,
      `${token} `,
      `${token}\n`,
      [token],
      { length: 5 },
      7,
      undefined,
      null,
    ]) {
      expect(() => takeApart(other)).toThrow(FORM)
    }
  })

  it('has at most 16,384 characters', () => {
    const ofLength = (length: number) => {
      const before = `${HEADER}.${claimsEnding(3)}.`
      return before + 'A'.repeat(length - before.length)
    }
    expect(takeApart(ofLength(16_384)).header).toEqual({ alg: 'RS256' })
    expect(() => takeApart(ofLength(16_385))).toThrow(FORM)
  })
})
