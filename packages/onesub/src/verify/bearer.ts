import { CATALOGUE, type ErrorCode, isOnesubError } from '../core/errors.ts'
import type { Authenticated, PersonVerifier } from './person-verifier.ts'

/** What an API answers to a request that is nobody's: the same for every bad token, so that it teaches nothing. */
interface Refusal {
  readonly status: 401 | 503
  readonly headers: Readonly<Record<string, string>>
  readonly body: { readonly error: { readonly code: ErrorCode; readonly message: string } }
}

/** Who stands on an authenticated request. */
export interface RequestPerson extends Omit<Authenticated, 'person'> {
  /** The person id: the same, whichever way she came in. */
  readonly id: Authenticated['person']
}

export type Authentication =
  | { readonly ok: true; readonly person: RequestPerson }
  | { readonly ok: false; readonly refusal: Refusal }

/** Reads one bearer token (RFC 6750 §2.1) from an `Authorization` header and tells whose it is. Never throws. */
export async function authenticate(verify: PersonVerifier, authorization: unknown): Promise<Authentication> {
  try {
    const { person: id, identity, claims } = await verify(bearerIn(authorization))
    return { ok: true, person: { id, identity, claims } }
  } catch (error) {
    return { ok: false, refusal: refusalFor(error) }
  }
}

/** A header that is there twice arrives as a list in some frameworks: two tokens are none. */
function bearerIn(authorization: unknown): string {
  const [, token] = typeof authorization === 'string' ? (/^bearer +(\S+)$/i.exec(authorization) ?? []) : []
  return token ?? ''
}

function refusalFor(error: unknown): Refusal {
  const code = isOnesubError(error) ? error.code : 'TRY_AGAIN'
  const { says: message, retry } = CATALOGUE[code]
  const body = { error: { code, message } }
  return retry
    ? { status: 503, headers: { 'retry-after': '1' }, body }
    : { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body }
}
