import { CATALOGUE, type ErrorCode, isOnesubError, OnesubError } from '../core/errors.ts'
import { configInvalid } from '../core/options.ts'
import type { Authenticated, PersonVerifier } from './person-verifier.ts'

/** What an API answers to a request that is nobody's: the same for every bad token, so that it teaches nothing. */
interface Refusal {
  readonly status: 401 | 503
  readonly headers: Readonly<Record<string, string>>
  readonly body: { readonly error: { readonly code: ErrorCode; readonly message: string } }
}

/** Who stands on an authenticated request. */
export interface RequestPerson extends Omit<Authenticated, 'person'> {
  /** The person id: the same, whichever way the user signed in. */
  readonly id: Authenticated['person']
}

export interface RefusalOptions {
  /**
   * Told why a request was refused, which its caller is not: `code` and, in constant words, `detail`; neither the token nor anything that was in it
   * or in the registry. Waited for, since AWS Lambda stops at the answer, but for a second at most; what it throws changes nothing.
   */
  readonly onRefused?: (error: OnesubError) => unknown
}

export type Authentication =
  | { readonly ok: true; readonly person: RequestPerson }
  | { readonly ok: false; readonly refusal: Refusal }

/**
 * Reads one bearer token (RFC 6750 §2.1) from an `Authorization` header and tells whose it is. The function that is returned never throws. Throws
 * `CONFIG_INVALID` at once where no verifier is given.
 */
export function authenticator(verify: PersonVerifier, { onRefused }: RefusalOptions = {}) {
  if (typeof verify !== 'function')
    throw configInvalid('The first argument is no verifier: give it the function that createPersonVerifier returns.')
  return async (authorization: unknown): Promise<Authentication> => {
    try {
      const { person: id, identity, claims } = await verify(bearerIn(authorization))
      // In JavaScript a verifier of identities may be given, which knows no person.
      if (typeof id !== 'string')
        throw configInvalid('createIdentityVerifier knows no person: use createPersonVerifier.')
      return { ok: true, person: { id, identity, claims } }
    } catch (error) {
      const reason = reasonOf(error)
      await told(onRefused, reason)
      return { ok: false, refusal: refusalFor(reason.code) }
    }
  }
}

/** AppSync clients send a bare token, and so do clients of REST APIs that were made for a Cognito authorizer. */
export function withScheme(authorization: string): string {
  return /^bearer /i.test(authorization) ? authorization : `Bearer ${authorization}`
}

/** A header that is there twice arrives as a list in some frameworks: two tokens are none. */
function bearerIn(authorization: unknown): string {
  const [, token] = typeof authorization === 'string' ? (/^bearer +(\S+)$/i.exec(authorization) ?? []) : []
  if (token === undefined) throw new OnesubError('TOKEN_INVALID', { detail: 'authorization' })
  return token
}

/** Without its cause: the words of a library or of a driver may quote a token or an address. */
function reasonOf(error: unknown): OnesubError {
  // Two versions of this package may be installed, and the other one may know other codes.
  const isOurs = isOnesubError(error) && Object.hasOwn(CATALOGUE, error.code)
  if (!isOurs) return new OnesubError('TRY_AGAIN', { detail: 'verifier' })
  return new OnesubError(error.code, error.detail === undefined ? {} : { detail: error.detail })
}

const HOOK_MAY_TAKE_MS = 1_000

async function told(onRefused: RefusalOptions['onRefused'], reason: OnesubError): Promise<void> {
  if (!onRefused) return
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise((done) => {
    timer = setTimeout(done, HOOK_MAY_TAKE_MS)
  })
  try {
    await Promise.race([onRefused(reason), enough])
  } catch {
  } finally {
    clearTimeout(timer)
  }
}

function refusalFor(code: ErrorCode): Refusal {
  const { says: message, retry } = CATALOGUE[code]
  const body = { error: { code, message } }
  return retry
    ? { status: 503, headers: { 'retry-after': '1' }, body }
    : { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body }
}
