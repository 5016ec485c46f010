import type { ErrorCode } from './errors.ts'

/** What the engineer can do about each error; docs/errors.md is made from it. */
export const HINTS: Readonly<Record<ErrorCode, string>> = {
  IDENTIFIER_TAKEN:
    'Offer sign-in and password reset. To tell strangers nothing, set the policy `existingAccount: "enumeration-safe"`.',
  SIGN_UP_UNFINISHED:
    'A double click, or two users at once: within seconds (`policy.leaseMs`) only one of the sign-ups with the same details goes on. Lead to the page for the code; a sign-up after that time is let in.',
  LINK_NEEDS_PROOF:
    'Under `existingAccount: "ask"` nobody signs up with a known address. Offer the former sign-in method; a reset sets a password where the user came by a provider.',
  LINK_CONFLICT:
    'Cognito links this identity to another user than the registry does. Look at both and correct one of them.',
  LINK_UNKNOWN: 'The page is older than the account: load the list of sign-in methods again.',
  LINK_IS_PRIMARY_USER:
    'The user of the pool, to which providers are linked, is no method that can be removed alone: delete the account instead.',
  LINK_PROOF_INVALID:
    'Both sign-ins must be less than five minutes old when the link is offered; an offer is good for ten minutes, once (an immediate repeat has the same answer), and only while the account has not changed.',
  LINK_NEEDS_RECOVERY:
    'Somebody else may know the password: nothing is linked by hand. A reset ends it where the pool has `AttributesRequireVerificationBeforeUpdate`; the first provider that proves the address does anywhere.',
  LINK_NEEDS_MERGE:
    'Accept with `merges` set to the id in the offer: it says that you will move the rows of that person. Move those of `merged` in the answer, never those that the page names.',
  LAST_SIGN_IN_METHOD:
    'Offer to link a provider, or to set a password by a reset where the account has a proven address.',
  IDENTIFIER_INVALID:
    'E-mail: plain ASCII before the @, a full domain after it. Phone: + and 8 to 15 digits. The report names the fault.',
  CODE_INVALID:
    'Let the user enter the code again, or call `changeAddress` for a new one. Only the proof of the last `changeAddress` fits the newest code.',
  USERNAME_RESERVED: 'Names that begin with the name of an identity provider and "_" are kept for federated profiles.',
  PROVIDER_UNKNOWN: 'Add the provider to `policy.providers` under the exact name it has in the user pool.',
  TRY_AGAIN: 'The registry or Cognito was slow, throttled or contested. The same call is safe to repeat.',
  AUTO_VERIFY_FORBIDDEN:
    'Another handler confirmed or verified a self sign-up without proof, which gives any address to anybody. Remove that, or, where it has a proof of its own, say so: `policy.signUpProof`.',
  TOKEN_INVALID:
    'Answer 401. The token is missing, expired, altered, or meant for another pool, client or use; `detail` names which.',
  TOKEN_KEYS_UNREACHABLE:
    'Answer 503. The keys of the user pool could not be fetched, so that no token can be checked. Tokens seen before still pass.',
  PERSON_UNKNOWN:
    'Answer 401. The token is right, but no trigger has seen its user, or they wait for proof. Attach pre token generation, for access tokens as V2_0 or later: V1_0 reaches ID tokens only.',
  EVENT_UNKNOWN_SOURCE:
    'Cognito sent a trigger source that this version does not know. Update onesub, or detach the trigger.',
  EVENT_FOREIGN: 'The event names a pool or an app client that is not configured. Check `userPoolId` and `clientIds`.',
  EVENT_MALFORMED: 'The event does not have the form of a Cognito trigger event. Check what invokes the function.',
  POLICY_INVALID: 'A setting of the policy is unknown or has a value that is not allowed; the message names it.',
  CONFIG_INVALID: 'An option is missing or has a form that cannot be used; the message names it.',
  REGISTRY_NOT_READY:
    'The registry has no tables, or those of another version. Create the table, or run the migrations once.',
  CHANGE_TOO_LARGE:
    'A change would write more than 100 rows, or a row of nearly 400 KB: one person with so many sign-in methods is probably several. Nothing was written.',
  REGISTRY_UNREACHABLE:
    'The store does not answer or refuses access. Check its address, its permissions and its health.',
}
