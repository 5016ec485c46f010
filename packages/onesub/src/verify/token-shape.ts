import type { JwtHeader, JwtPayload } from 'aws-jwt-verify/jwt-model'
import { OnesubError } from '../core/errors.ts'
import { isObject, membersOfText, membersOfValue } from './json.ts'

/** A token taken apart. Nothing of it is verified: none of it may leave this room before its signature is. */
export interface UnverifiedToken {
  readonly header: JwtHeader
  readonly claims: JwtPayload
  /** The first two parts, which the third one signs (RFC 7515 §5.2); base64url. */
  readonly signed: string
  readonly signature: string
}

/** Longer than any token of Cognito's; a header line of most servers ends sooner. */
const LONGEST = 16_384
const THREE_PARTS = /^[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * Takes a token apart if it is one in its one spelling, else throws `TOKEN_INVALID`. Node's decoder skips foreign characters and takes
 * several last characters for the same bytes, so that one token would have many spellings, and a deny list or a cache that goes by the
 * text could be passed by. Of two members with one name, parsers behind us may take the first where Node takes the last.
 */
export function takeApart(token: unknown): UnverifiedToken {
  if (typeof token !== 'string' || token.length > LONGEST || !THREE_PARTS.test(token)) throw invalid('form')
  const headerEnd = token.indexOf('.')
  const signedEnd = token.lastIndexOf('.')
  const header = objectIn(token.slice(0, headerEnd))
  const claims = objectIn(token.slice(headerEnd + 1, signedEnd))
  const signature = token.slice(signedEnd + 1)
  if (!isHeader(header) || !isClaims(claims) || !isCanonical(signature)) throw invalid('form')
  return { header, claims, signed: token.slice(0, signedEnd), signature }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Six bits a character: what is left over of the last one must be zero (RFC 4648 §3.5). */
function isCanonical(part: string): boolean {
  const last = ALPHABET.indexOf(part.at(-1) ?? '')
  switch (part.length % 4) {
    case 2:
      return last % 16 === 0
    case 3:
      return last % 4 === 0
    default:
      return part.length % 4 === 0
  }
}

function objectIn(part: string): unknown {
  if (!isCanonical(part)) throw invalid('form')
  const text = Buffer.from(part, 'base64url').toString()
  const value = parsed(text)
  if (membersOfText(text) !== membersOfValue(value)) throw invalid('members')
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words quote the text.
    throw invalid('form')
  }
}

function isHeader(value: unknown): value is JwtHeader {
  return isObject(value) && isTextOrNone(value.alg) && isTextOrNone(value.kid)
}

/** As far as the library's types go; what must be there, and its worth, is asked once the signature is good. */
function isClaims(value: unknown): value is JwtPayload {
  return (
    isObject(value) &&
    [value.iss, value.sub, value.scope, value.jti].every(isTextOrNone) &&
    [value.exp, value.nbf, value.iat].every(isNumberOrNone) &&
    (Array.isArray(value.aud) ? value.aud.every((aud) => typeof aud === 'string') : isTextOrNone(value.aud))
  )
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

function isNumberOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'number'
}

function invalid(detail: string): OnesubError {
  return new OnesubError('TOKEN_INVALID', { detail })
}
