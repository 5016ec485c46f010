import { CATALOGUE, type ErrorCode } from '../core/errors.ts'
import { isFirstLinkError } from './first-link-error.ts'
import { parseUrl } from './url.ts'

/** What a page should put in front of her. */
export type Offer = 'sign-in' | 'link-when-signed-in' | 'change-input' | 'try-again' | 'none'

export interface Refusal {
  readonly code: ErrorCode
  /** Plain words for her, from our own list; never text that came with the error or stood in a URL, where anybody can write. */
  readonly says: string
  /** The same attempt may succeed later. */
  readonly retry: boolean
  readonly offer: Offer
}

const OFFERS: Partial<Readonly<Record<ErrorCode, Offer>>> = {
  KEY_TAKEN: 'sign-in',
  LINK_NEEDS_PROOF: 'link-when-signed-in',
  LINK_PROOF_INVALID: 'try-again',
  KEY_INVALID: 'change-input',
  USERNAME_RESERVED: 'change-input',
  TOKEN_INVALID: 'sign-in',
  PERSON_UNKNOWN: 'sign-in',
}

export function refusalOf(code: ErrorCode): Refusal {
  const { says, retry } = CATALOGUE[code]
  return { code, says, retry, offer: OFFERS[code] ?? (retry ? 'try-again' : 'none') }
}

/**
 * Reads a refusal of onesub, or one of Cognito's own that means the same, out of whatever a client library or a redirect makes of it:
 * an error (AWS SDK, Amplify, amazon-cognito-identity-js), its message, a body of an API, a callback URL or its parameters.
 * Undefined for everything else, a code that this version does not know included: show what you show for any error.
 */
export function readRefusal(input: unknown): Refusal | undefined {
  const texts = textsIn(input)
  const code = texts.flatMap((text) => codeIn(text) ?? []).at(0)
  return code && refusalOf(code)
}

// Redirects have been seen encoded once and twice; the marker is found in each without decoding anything.
const MARKER = /onesub(?:\/|%(?:25)*2f)([A-Z]+(?:_[A-Z]+)*)/i
// An error's name, the code of amazon-cognito-identity-js, or the `__type` of the API itself (with or without a namespace).
const SAME_MEANING = /^(?:[\w.]+#)?(?:UsernameExists|AliasExists)Exception$/

function codeIn(text: string): ErrorCode | undefined {
  // The body that our middleware answers names its code plainly.
  if (isCode(text)) return text
  const [, named = ''] = MARKER.exec(text) ?? []
  if (isCode(named)) return named
  if (SAME_MEANING.test(text)) return 'KEY_TAKEN'
  return isFirstLinkError(text) ? 'TRY_AGAIN' : undefined
}

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(CATALOGUE, text)
}

const SPEAKING = [
  'message',
  'errorMessage',
  'name',
  'code',
  '__type',
  'error',
  'cause',
  'underlyingError',
  'data',
] as const
// An error of a library holds another of the API, and an event of Amplify's Hub holds that: three steps in all.
const DEEPEST = 3

function textsIn(input: unknown, depth = 0): string[] {
  if (input instanceof URLSearchParams) return input.getAll('error_description')
  if (input instanceof URL) return [input.search, input.hash].flatMap((part) => textsIn(parametersIn(part)))
  if (typeof input === 'string') return textsInText(input)
  if (typeof input !== 'object' || input === null || depth > DEEPEST) return []
  return SPEAKING.flatMap((name) => textsIn(Reflect.get(input, name), depth + 1))
}

/** Of an address only what stands in `error_description` counts: the rest of it is anybody's. */
function textsInText(text: string): string[] {
  const url = /^https?:\/\//i.test(text) ? parseUrl(text) : undefined
  if (url) return textsIn(url)
  return /^[?#]/.test(text) ? textsIn(parametersIn(text)) : [text]
}

const parametersIn = (part: string): URLSearchParams => new URLSearchParams(part.replace(/^[?#]\/?\??/, ''))
