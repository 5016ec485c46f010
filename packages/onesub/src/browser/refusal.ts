import { CATALOGUE, type ErrorCode } from '../core/errors.ts'
import { isFirstLinkError } from './first-link-error.ts'
import { parseUrl } from './url.ts'

/** What a page should put in front of the user. `resume`: the page where the code is entered, see `resumeSignUp`. */
export type Offer = 'sign-in' | 'resume' | 'link-when-signed-in' | 'change-input' | 'try-again' | 'none'

export interface Refusal {
  readonly code: ErrorCode
  /** Plain words for the user, from our own list; never text that came with the error or stood in a URL, where anybody can write. */
  readonly says: string
  /** The same attempt may succeed later. */
  readonly retry: boolean
  readonly offer: Offer
}

const OFFERS: Partial<Readonly<Record<ErrorCode, Offer>>> = {
  IDENTIFIER_TAKEN: 'sign-in',
  SIGN_UP_UNFINISHED: 'resume',
  LINK_NEEDS_PROOF: 'link-when-signed-in',
  LINK_PROOF_INVALID: 'try-again',
  IDENTIFIER_INVALID: 'change-input',
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
 * an error (AWS SDK, Amplify, amazon-cognito-identity-js, axios, a GraphQL client, an AggregateError), its message, a body of an API, what
 * Amplify's Hub passes to a listener, a callback URL or its parameters. The first that is found counts, what is outside before what is inside.
 * Undefined for everything else, a code that this version does not know included: show what you show for any error. Never throws.
 */
export function readRefusal(input: unknown): Refusal | undefined {
  for (const text of textsIn(input)) {
    const code = codeIn(text)
    if (code) return refusalOf(code)
  }
  return undefined
}

// Redirects have been seen encoded once and twice; the marker is found in each without decoding anything.
const MARKER = /onesub(?:\/|%(?:25)*2f)([A-Z]+(?:_[A-Z]+)*)/i
// An error's name, the code of amazon-cognito-identity-js, or the `__type` of the API itself (with or without a namespace).
const SAME_MEANING = /^(?:[\w.]+#)?(UsernameExists|AliasExists|UserNotConfirmed)Exception$/

function codeIn(text: string): ErrorCode | undefined {
  // The body that our middleware answers names its code plainly.
  if (isCode(text)) return text
  const [, named = ''] = MARKER.exec(text) ?? []
  if (isCode(named)) return named
  const [, meaning] = SAME_MEANING.exec(text) ?? []
  if (meaning) return meaning === 'UserNotConfirmed' ? 'SIGN_UP_UNFINISHED' : 'IDENTIFIER_TAKEN'
  return isFirstLinkError(text) ? 'TRY_AGAIN' : undefined
}

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(CATALOGUE, text)
}

/** In the order in which they are asked: what an error says of itself, then what it was made of. */
const SPEAKING = [
  'message',
  'errorMessage',
  'name',
  'code',
  '__type',
  'errorType',
  'error',
  'errors',
  'extensions',
  'cause',
  'underlyingError',
  'originalError',
  'reason',
  'response',
  'body',
  'data',
  'payload',
] as const
// Errors contain their causes, sometimes several, and may contain themselves, or create new ones at each read.
const MOST_VALUES = 1_000

/** Of what is in it, nearest first. */
function textsIn(input: unknown): string[] {
  const texts: string[] = []
  const values = new Set<unknown>([input])
  let looked = 0
  for (const value of values) {
    looked += 1
    if (looked > MOST_VALUES) break
    if (typeof value === 'string') texts.push(...textsInText(value))
    else for (const part of partsOf(value)) values.add(part)
  }
  return texts
}

function partsOf(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return attempt(() => {
    if (value instanceof URLSearchParams) return value.getAll('error_description')
    if (value instanceof URL) return [value.search, value.hash].flatMap(textsInParameters)
    if (Array.isArray(value)) return value.slice(0, MOST_VALUES)
    return SPEAKING.flatMap((name) => attempt(() => [Reflect.get(value, name)]))
  })
}

/** What cannot be read (a proxy, a getter that throws) says nothing. */
function attempt(read: () => readonly unknown[]): readonly unknown[] {
  try {
    return read()
  } catch {
    return []
  }
}

/** Of a URL only `error_description` counts: anybody can write the rest. */
function textsInText(text: string): string[] {
  const url = /^https?:\/\//i.test(text) ? parseUrl(text) : undefined
  if (url) return [url.search, url.hash].flatMap(textsInParameters)
  return /^[?#]/.test(text) ? textsInParameters(text) : [text]
}

function textsInParameters(part: string): string[] {
  return new URLSearchParams(part.replace(/^[?#]\/?\??/, '')).getAll('error_description')
}
