/**
 * Every error that onesub gives: a closed list, never renamed, never reused; docs/errors.md is made from it.
 * `says` may be read by anybody and tells nothing about other people; `hint` is the way out, for the engineer.
 * `retry`: the same call may succeed later.
 */
export const CATALOGUE = {
  KEY_TAKEN: {
    says: 'An account with these details already exists. Sign in instead.',
    hint: 'Offer sign-in and password reset. To tell strangers nothing, set the policy `knownKey: "quiet"`.',
    retry: false,
  },
  LINK_NEEDS_PROOF: {
    says: 'Sign in the way you did before, then add this way in from your account page.',
    hint: 'The address is known and this sign-in does not prove enough to join it. Offer the former way in, then link while signed in.',
    retry: false,
  },
  LINK_CONFLICT: {
    says: 'This sign-in is connected to another account.',
    hint: 'Cognito links this identity to another user than the registry does. Look at both and mend one of them.',
    retry: false,
  },
  LINK_UNKNOWN: {
    says: 'This way of signing in does not belong to your account.',
    hint: 'The page is older than the account: show the ways in anew.',
    retry: false,
  },
  LINK_IS_ANCHOR: {
    says: 'This way of signing in cannot be removed.',
    hint: 'The other ways in are linked to this user of the pool. It can be removed only together with the account.',
    retry: false,
  },
  LINK_PROOF_INVALID: {
    says: 'This took too long or has changed in between. Please start again.',
    hint: 'Both sign-ins must be less than five minutes old when the link is offered; an offer is good for ten minutes, once, and only while the account has not changed.',
    retry: false,
  },
  LINK_NEEDS_MERGE: {
    says: 'This way of signing in has an account of its own.',
    hint: 'Move the rows of `offer.absorbs` to the account, then accept with `absorbs` set to that id: it says that you know of the other person.',
    retry: false,
  },
  LAST_WAY_IN: {
    says: 'This is your only way to sign in. Add another one first.',
    hint: 'Offer to link a provider, or to set a password by a reset where the account has a proven address.',
    retry: false,
  },
  SUBJECT_UNCERTAIN: {
    says: 'This sign-in cannot be connected to your account.',
    hint: "The pool folds user names to lower case, so the provider's subject cannot be read from them. Map the subject to a custom attribute and name it in `policy.providers.<name>.subjectAttribute`.",
    retry: false,
  },
  KEY_INVALID: {
    says: 'The e-mail address, phone number or user name is not in a form that can be used.',
    hint: 'E-mail: plain ASCII before the @, a full domain after it. Phone: + and 8 to 15 digits. The report names the fault.',
    retry: false,
  },
  USERNAME_RESERVED: {
    says: 'This user name cannot be chosen.',
    hint: 'Names that begin with the name of an identity provider and "_" are kept for federated profiles.',
    retry: false,
  },
  PROVIDER_UNKNOWN: {
    says: 'This way of signing in is not set up.',
    hint: 'Add the provider to `policy.providers` under the exact name it has in the user pool.',
    retry: false,
  },
  TRY_AGAIN: {
    says: 'This did not go through. Please try again.',
    hint: 'The registry or Cognito was slow, throttled or contested. The same call is safe to repeat.',
    retry: true,
  },
  AUTO_VERIFY_FORBIDDEN: {
    says: 'This sign-up cannot be completed.',
    hint: 'Another handler confirmed or verified a self sign-up without proof, which gives any address to anybody. Remove that.',
    retry: false,
  },
  TOKEN_INVALID: {
    says: 'Please sign in again.',
    hint: 'Answer 401. The token is missing, expired, altered, or meant for another pool, client or use; `detail` names which.',
    retry: false,
  },
  TOKEN_KEYS_UNREACHABLE: {
    says: 'This did not go through. Please try again.',
    hint: 'Answer 503. The keys of the user pool could not be fetched, so that no token can be checked. Tokens seen before still pass.',
    retry: true,
  },
  PERSON_UNKNOWN: {
    says: 'Your account is not ready yet. Please sign in again.',
    hint: 'Answer 401. The token is right, but its user is nobody yet: she waits for proof, or no trigger has seen her. Attach the pre token generation trigger.',
    retry: false,
  },
  EVENT_UNKNOWN_SOURCE: {
    says: 'This request cannot be handled.',
    hint: 'Cognito sent a trigger source that this version does not know. Update onesub, or detach the trigger.',
    retry: false,
  },
  EVENT_FOREIGN: {
    says: 'This request cannot be handled.',
    hint: 'The event names a pool or an app client that is not configured. Check `userPoolId` and `clientIds`.',
    retry: false,
  },
  EVENT_MALFORMED: {
    says: 'This request cannot be handled.',
    hint: 'The event does not have the form of a Cognito trigger event. Check what invokes the function.',
    retry: false,
  },
  POLICY_INVALID: {
    says: 'The service is not set up correctly.',
    hint: 'A setting of the policy is unknown or has a value that is not allowed; the message names it.',
    retry: false,
  },
  CONFIG_INVALID: {
    says: 'The service is not set up correctly.',
    hint: 'An option is missing or has a form that cannot be used; the message names it.',
    retry: false,
  },
  REGISTRY_NOT_READY: {
    says: 'The service is not set up correctly.',
    hint: 'The registry has no tables, or those of another version. Create the table, or run the migrations once.',
    retry: false,
  },
  REGISTRY_UNREACHABLE: {
    says: 'This did not go through. Please try again.',
    hint: 'The store does not answer or refuses access. Check its address, its permissions and its health.',
    retry: true,
  },
} as const satisfies Record<string, CatalogueEntry>

interface CatalogueEntry {
  readonly says: string
  readonly hint: string
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
  readonly hint: string
  readonly retry: boolean
  readonly detail: string | undefined

  constructor(code: ErrorCode, { detail, cause }: ErrorOptions = {}) {
    // Set-up errors reach the deployer, so the detail may stand in the message; refusals reach strangers, so it may not.
    const text = SETUP_CODES.has(code) && detail !== undefined ? `${detail} ${CATALOGUE[code].hint}` : publicText(code)
    super(`onesub/${code}: ${text}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = CATALOGUE[code].hint
    this.retry = CATALOGUE[code].retry
    this.detail = detail
  }
}

/** Without the last full stop: Cognito puts one behind every trigger error. */
function publicText(code: ErrorCode): string {
  return CATALOGUE[code].says.replace(/\.$/, '')
}

const SETUP_CODES: ReadonlySet<ErrorCode> = new Set(['POLICY_INVALID', 'CONFIG_INVALID', 'REGISTRY_NOT_READY'])

export function isOnesubError(error: unknown): error is OnesubError {
  return error instanceof Error && error.name === 'OnesubError' && 'code' in error
}
