import {
  forEveryCodePoint,
  LAST_CODE_POINT,
  written,
} from '../../packages/onesub/src/core/identifiers/testing/every-code-point.ts'
import { isFault } from '../../packages/onesub/src/core/identifiers/testing/outcome.ts'
import { witness } from '../../packages/onesub/src/core/identifiers/testing/witness.ts'
import { type Checked, emailOrThrown } from './checked.ts'

export const CODE_POINTS = LAST_CODE_POINT + 1

interface Position {
  readonly name: string
  /** The address with the character there. */
  readonly address: (character: string) => string
  /** The one key that it may have; undefined where it has to be refused. */
  readonly key: (character: string) => string | undefined
}

export const POSITIONS: readonly Position[] = [
  {
    name: 'in the local part',
    address: (character) => `a${character}b@x.test`,
    key: (character) => (/^[!-~]$/.test(character) ? `a${asciiLower(character)}b@x.test` : undefined),
  },
  {
    name: 'in place of the @',
    address: (character) => `a${character}x.test`,
    key: (character) => (character === '@' ? 'a@x.test' : undefined),
  },
  {
    name: 'in the domain',
    address: (character) => `a@b${character}c.test`,
    key: (character) => `a@${witness(`b${character}c.test`)}`,
  },
]

/** What has the key of an ASCII address without being one: the Kelvin sign is a capital K (UTS #46). */
const FOLDED_TO_ASCII = ['in the domain: U+212A']

/** Every code point in every position is refused with a code, or has the one key that it may have, which gives itself again. */
export function checkCodePoints(): Checked {
  const folded: string[] = []
  const failures: string[] = []
  const results = POSITIONS.flatMap(({ name, address, key }) =>
    forEveryCodePoint((character) => {
      const result = emailOrThrown(address(character))
      if (isFault(result) && result !== 'THROWN') return result
      const place = `${name}: ${written(character.codePointAt(0) ?? 0)}`
      if (result !== key(character)) failures.push(`${place} has a key that it must not have`)
      if (emailOrThrown(result) !== result) failures.push(`${place} has a key that changes when it is made again`)
      if (isAscii(result) && !isAscii(character)) folded.push(place)
      return result
    }),
  )
  if (folded.join() !== FOLDED_TO_ASCII.join()) failures.push(`with the key of an ASCII address: ${folded.join(', ')}`)
  return { results, failures }
}

/** A-labels stand for what is not ASCII. */
function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text) && !text.includes('xn--')
}

function asciiLower(character: string): string {
  return /^[A-Z]$/.test(character) ? String.fromCharCode(character.charCodeAt(0) + 32) : character
}
