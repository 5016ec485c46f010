import { lowerAscii } from './ascii.ts'
import { composed, folded } from './code-points.ts'
import { accepted, type Normalised, rejected } from './identifier.ts'
import { PLACEHOLDERS } from './placeholder.ts'

// Amazon Cognito API reference, SignUp, Username: 1 to 128 of [\p{L}\p{M}\p{S}\p{N}\p{P}].
const LONGEST = 128

/**
 * The identifier of a username: composed, and lower case by the pinned table. A space at an end is refused like any other,
 * since Cognito takes none in a username.
 */
export function normaliseUsername(input: string): Normalised<'username'> {
  if (input === '') return rejected('IDENTIFIER_EMPTY')
  if (input.length > LONGEST) return rejected('IDENTIFIER_TOO_LONG')
  if (PLACEHOLDERS.has(lowerAscii(input))) return rejected('IDENTIFIER_PLACEHOLDER')
  const value = folded(input)
  const isRefused = value === undefined || [...input].some(isStandIn)
  return isRefused ? rejected('USERNAME_CHARACTERS') : accepted('username', value)
}

/** True for a code point that NFC replaces even when it stands alone: U+212A, the Kelvin sign, is not to become a `k`. */
function isStandIn(character: string): boolean {
  return composed(character) !== character
}
