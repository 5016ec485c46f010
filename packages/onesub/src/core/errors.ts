/**
 * Every error that onesub gives: a closed list, never renamed, never reused; docs/errors.md is made from it.
 * `says` may be read by anybody and contains nothing about other people. What the engineer can do stands in `error-hints.ts`, which no function
 * and no page has to carry.
 * `retry`: the same call may succeed later.
 */
export const CATALOGUE = {
  IDENTIFIER_TAKEN: { says: 'An account with these details already exists. Sign in instead.', retry: false },
  SIGN_UP_UNFINISHED: {
    says: 'Somebody has just signed up with these details. Enter the code that was sent, or try again in a moment.',
    retry: true,
  },
  LINK_NEEDS_PROOF: {
    says: 'Sign in the way you did before. You can add other sign-in methods on your account page.',
    retry: false,
  },
  LINK_CONFLICT: { says: 'This sign-in is connected to another account.', retry: false },
  LINK_UNKNOWN: { says: 'This way of signing in does not belong to your account.', retry: false },
  LINK_IS_PRIMARY_USER: { says: 'This way of signing in cannot be removed.', retry: false },
  LINK_PROOF_INVALID: { says: 'This took too long or has changed in between. Please start again.', retry: false },
  LINK_NEEDS_RECOVERY: {
    says: 'Set a new password first: use "forgot password" to get a code by e-mail.',
    retry: false,
  },
  LINK_NEEDS_MERGE: { says: 'This way of signing in has an account of its own.', retry: false },
  LAST_SIGN_IN_METHOD: { says: 'This is your only way to sign in. Add another one first.', retry: false },
  IDENTIFIER_INVALID: {
    says: 'The e-mail address, phone number or user name is not in a form that can be used.',
    retry: false,
  },
  CODE_INVALID: { says: 'This code is wrong or has expired. Ask for a new one.', retry: false },
  USERNAME_RESERVED: { says: 'This user name cannot be chosen.', retry: false },
  PROVIDER_UNKNOWN: { says: 'This way of signing in is not set up.', retry: false },
  TRY_AGAIN: { says: 'This did not go through. Please try again.', retry: true },
  AUTO_VERIFY_FORBIDDEN: { says: 'This sign-up cannot be completed.', retry: false },
  TOKEN_INVALID: { says: 'Please sign in again.', retry: false },
  TOKEN_KEYS_UNREACHABLE: { says: 'This did not go through. Please try again.', retry: true },
  PERSON_UNKNOWN: { says: 'Your account is not ready yet. Please sign in again.', retry: false },
  EVENT_UNKNOWN_SOURCE: { says: 'This request cannot be handled.', retry: false },
  EVENT_FOREIGN: { says: 'This request cannot be handled.', retry: false },
  EVENT_MALFORMED: { says: 'This request cannot be handled.', retry: false },
  POLICY_INVALID: { says: 'The service is not set up correctly.', retry: false },
  CONFIG_INVALID: { says: 'The service is not set up correctly.', retry: false },
  REGISTRY_NOT_READY: { says: 'The service is not set up correctly.', retry: false },
  CHANGE_TOO_LARGE: { says: 'This account has reached its limits.', retry: false },
  REGISTRY_UNREACHABLE: { says: 'This did not go through. Please try again.', retry: true },
} as const satisfies Record<string, CatalogueEntry>

interface CatalogueEntry {
  readonly says: string
  readonly retry: boolean
}

export type ErrorCode = keyof typeof CATALOGUE

export interface ErrorOptions {
  /** For the log, never for the public: which setting, which fault. No addresses, no tokens. */
  readonly detail?: string
  readonly cause?: unknown
}

/**
 * Compare `code`, not the class: two copies of this package may be installed.
 * The message is `onesub/<CODE>: <public text>`; Cognito hands it to the client as
 * `PreSignUp failed with error onesub/<CODE>: … .`, so the code survives into the API error and the redirect alike.
 */
export class OnesubError extends Error {
  override readonly name = 'OnesubError'
  readonly code: ErrorCode
  readonly retry: boolean
  readonly detail: string | undefined

  constructor(code: ErrorCode, { detail, cause }: ErrorOptions = {}) {
    // Set-up errors reach the deployer, so the detail may stand in the message; refusals reach anybody, so there it may not.
    const text = SETUP_CODES.has(code) && detail !== undefined ? detail : publicText(code)
    super(`onesub/${code}: ${text}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.retry = CATALOGUE[code].retry
    this.detail = detail
  }
}

/** Without the last full stop: Cognito puts one behind every trigger error. */
function publicText(code: ErrorCode): string {
  return CATALOGUE[code].says.replace(/\.$/, '')
}

const SETUP_CODES: ReadonlySet<ErrorCode> = new Set(['POLICY_INVALID', 'CONFIG_INVALID', 'REGISTRY_NOT_READY'])

/** What a fault of another library is called, for the log: its code (`ECONNREFUSED`), else its name. Its message may hold names and addresses. */
export function nameOf(fault: unknown): string {
  if (!(fault instanceof Error)) return 'unknown'
  return 'code' in fault && typeof fault.code === 'string' ? fault.code : fault.name
}

/** The same error for the user: what is wrong with the set-up goes to the report and not to the user who signs up. */
export function withoutDetail({ code, cause }: OnesubError): OnesubError {
  return new OnesubError(code, { cause })
}

/** Whether it is one of ours, also where another copy of the package threw it: by name and code. */
export function isOnesubError(error: unknown): error is OnesubError {
  return error instanceof Error && error.name === 'OnesubError' && 'code' in error
}
