import { OnesubError } from './errors.ts'
import { isRecord, unknownName } from './options.ts'
import { faultIn, PROVIDER_KINDS, type ProviderTrust } from './provider-trust.ts'

/** What happens when somebody arrives with an identifier that belongs to another person. */
export const EXISTING_ACCOUNT_POLICIES = ['refuse', 'link', 'ask', 'enumeration-safe'] as const
export type ExistingAccountPolicy = (typeof EXISTING_ACCOUNT_POLICIES)[number]

/**
 * `observe` writes the registry and reports, but refuses, joins and links nothing and makes no writing call to Cognito: for the days in which
 * existing users are loaded. `dry-run` reports the same and writes nothing at all.
 */
const MODES = ['dry-run', 'observe', 'enforce'] as const
export type Mode = (typeof MODES)[number]

const EXISTING_USERS = ['unknown', 'verified-by-code'] as const
export type ExistingUsers = (typeof EXISTING_USERS)[number]

const INVITATIONS = ['unknown', 'generated', 'code'] as const
export type Invitations = (typeof INVITATIONS)[number]

const SIGN_UP_PROOF = ['code', 'application'] as const
export type SignUpProof = (typeof SIGN_UP_PROOF)[number]

const RECOVERY = ['unknown', 'email'] as const
export type Recovery = (typeof RECOVERY)[number]

const PASSWORD_BEFORE_PROOF = ['contested', 'always', 'keep'] as const
export type PasswordBeforeProof = (typeof PASSWORD_BEFORE_PROOF)[number]

const UNSEEN_USERS = ['ignore', 'look'] as const
export type UnseenUsers = (typeof UNSEEN_USERS)[number]

const FEDERATED_SIGN_UP = ['native-user', 'profile-only'] as const
export type FederatedSignUp = (typeof FEDERATED_SIGN_UP)[number]

const UNIQUE_KINDS = ['email', 'phone', 'username'] as const
export type UniqueIdentifier = (typeof UNIQUE_KINDS)[number]

export interface Policy {
  /**
   * `refuse`: says that the account exists · `link`: joins what is proven on both sides, refuses the rest ·
   * `ask`: links only after a fresh sign-in with both · `enumeration-safe`: tells a stranger nothing.
   * @default 'link': safe by proof, and what people expect of "Continue with Google".
   */
  readonly existingAccount: ExistingAccountPolicy
  /** @default 'enforce' */
  readonly mode: Mode
  /**
   * Which identifiers belong to one person only.
   * @default ['email']: one conditional write; phones are shared and recycled, usernames Cognito keeps unique itself.
   */
  readonly unique: readonly UniqueIdentifier[]
  /**
   * The custom attribute that names a user's tenant, where an e-mail address may be one person's in each tenant: what `unique` lists is unique
   * within it then. Users without the attribute are together in none. No user may be able to change it: an app client without the right to write it, or
   * an immutable attribute (onto a user with one Cognito may refuse links; its providers keep profiles of their own then, of the same person). The pool
   * must not have addresses as user names or aliases. Providers name their tenant in `within`.
   * @default null: in the whole pool.
   */
  readonly uniqueWithin: string | null
  /**
   * All identity providers of the pool, by their configured names: one that is missing here cannot sign anybody in, and users of a provider
   * whose name begins with a listed one could be taken for that one's. Give those that prove nothing `trust: 'none'`.
   * @default {}
   */
  readonly providers: Readonly<Record<string, ProviderTrust>>
  /**
   * What a person gets in the pool who comes by a provider first, with a proven address. `native-user`: a user of the pool's own, named by the person id where the
   * pool lets us name it, that this and every later provider is linked to, and whose password the user may set by a reset. `profile-only`: the
   * provider's profile only, as Cognito alone does it; asks for fewer permissions, and further providers are linked to that profile.
   * @default 'native-user': one human has one `sub`, however many sign-in methods are linked or unlinked.
   */
  readonly federatedSignUp: FederatedSignUp
  /**
   * For how long a sign-up that has proven nothing keeps simultaneous ones from the same identifier, in milliseconds, 1,000 to 60,000. It is no
   * hold: later sign-ups are let in, and the first proof wins. The next such window begins 15 minutes later at the earliest.
   * @default 10_000: double clicks and repeated requests come within seconds.
   */
  readonly leaseMs: number
  /**
   * What may confirm a sign-up. `code`: the one that Cognito sends; a handler that runs before ours and sets `autoConfirmUser`, `autoVerifyEmail` or
   * `autoVerifyPhone` is refused (AUTO_VERIFY_FORBIDDEN). `application`: such a handler is believed, which has to have seen a proof of its own for
   * exactly this address, such as a signed link from the mailbox. The address is owned then.
   * @default 'code': a flag that is set without proof gives every address to whoever types it.
   */
  readonly signUpProof: SignUpProof
  /**
   * Whether an administrator who creates a user with `email_verified: true` has proven the address.
   * @default false: it is the operator's word, until the mailbox has answered.
   */
  readonly trustAdminVerified: boolean
  /**
   * What `email_verified` is worth for native users from before onesub, whom no trigger has seen: `verified-by-code` says that in this pool
   * nothing but an entered code has ever set it: no back end, and no recovery, which marks an address that was written since its code was sent
   * unless the pool keeps the former one (`AttributesRequireVerificationBeforeUpdate`). Profiles of providers are never believed by what is stored.
   * @default 'unknown': they are persons, and their addresses are contact data until they are proven.
   */
  readonly existingUsers: ExistingUsers
  /**
   * Whether, since onesub, nothing but an entered code sets `email_verified` of a native user: no back end, no import, no other trigger. Then
   * an address that is verified later, or changed, is owned at the next sign-in, in a pool that keeps the former one until the code has come back
   * (`AttributesRequireVerificationBeforeUpdate`; `cognito-idp:DescribeUserPool` shows it). Not for users with a linked provider: that may write it too.
   * @default false: such an address is contact data until `account.changeAddress` proves it.
   */
  readonly flagsOnlyByCode: boolean
  /**
   * `generated`: AdminCreateUser is called with `email_verified: true`, without a password of the caller's, and the invitation goes out by e-mail; who signs in with it has
   * read the mailbox. `code`: it is called without any password in a pool whose users sign in by a code (EMAIL_OTP), nobody sets one for them
   * (AdminSetUserPassword), and so the first sign-in is by a code that was mailed.
   * @default 'unknown'
   */
  readonly invitations: Invitations
  /**
   * `email`: the pool's only recovery mechanism is `verified_email`. Otherwise a recovery says nothing of the address of a user with a verified
   * phone number. It proves what the person owns already, once more, and ends a doubt about the password.
   * @default 'unknown'
   */
  readonly recovery: Recovery
  /**
   * Which passwords from before the first proof of the address are replaced by one that nobody knows, so that it has to be reset: `contested`,
   * where somebody else had signed up with the address too, or the code came back later than 15 minutes; `always`, also when a provider
   * is linked for the first time; `keep`, never.
   * @default 'contested': whoever signs up first with somebody else's address knows the password of that user.
   */
  readonly passwordBeforeProof: PasswordBeforeProof
  /**
   * `look`: an address that the registry does not know is looked up in Cognito before a sign-up is let in; one more call for each sign-up,
   * until the existing users are loaded.
   * @default 'ignore'
   */
  readonly unseenUsers: UnseenUsers
}

/** The settings whose value is a word, and the words. */
const WORDS = {
  existingAccount: EXISTING_ACCOUNT_POLICIES,
  mode: MODES,
  federatedSignUp: FEDERATED_SIGN_UP,
  existingUsers: EXISTING_USERS,
  invitations: INVITATIONS,
  signUpProof: SIGN_UP_PROOF,
  recovery: RECOVERY,
  passwordBeforeProof: PASSWORD_BEFORE_PROOF,
  unseenUsers: UNSEEN_USERS,
}

const LEASE_MS = { least: 1_000, most: 60_000 }

export const DEFAULT_POLICY: Policy = {
  existingAccount: 'link',
  mode: 'enforce',
  unique: ['email'],
  uniqueWithin: null,
  providers: {},
  federatedSignUp: 'native-user',
  leaseMs: 10_000,
  signUpProof: 'code',
  trustAdminVerified: false,
  existingUsers: 'unknown',
  flagsOnlyByCode: false,
  invitations: 'unknown',
  recovery: 'unknown',
  passwordBeforeProof: 'contested',
  unseenUsers: 'ignore',
}

/** Completes and checks a policy at start, so that the deployer finds a wrong value and not a customer. */
export function parsePolicy(given: Partial<Policy> = {}): Policy {
  if (!isRecord(given)) throw invalid('"policy" is not an object: leave it out for the defaults.')
  const unknown = unknownName(given, Object.keys(DEFAULT_POLICY))
  if (unknown !== undefined) throw invalid(`There is no setting ${unknown}`)
  const policy = { ...DEFAULT_POLICY, ...given }
  for (const [setting, allowed] of Object.entries(WORDS)) oneOf(setting, Reflect.get(policy, setting), allowed)
  if (!Array.isArray(policy.unique)) throw invalid('"unique" is not a list.')
  for (const kind of policy.unique) oneOf('unique', kind, UNIQUE_KINDS)
  checkTenants(policy)
  if (!(Number.isFinite(policy.leaseMs) && policy.leaseMs >= LEASE_MS.least && policy.leaseMs <= LEASE_MS.most)) {
    throw invalid(`"leaseMs" is not a number from ${LEASE_MS.least} to ${LEASE_MS.most}.`)
  }
  yesOrNo('trustAdminVerified', policy.trustAdminVerified)
  yesOrNo('flagsOnlyByCode', policy.flagsOnlyByCode)
  checkProviders(policy.providers)
  return Object.freeze({ ...policy, unique: [...new Set(policy.unique)] })
}

/** A provider's administrator decides what is mapped to the attribute, and may write another tenant: so the policy says it. */
function checkTenants({ uniqueWithin, providers }: Policy): void {
  if (uniqueWithin !== null && !(typeof uniqueWithin === 'string' && /^custom:./.test(uniqueWithin)))
    throw invalid('"uniqueWithin" must be an attribute of its own, such as custom:tenant, or null.')
  if (!isRecord(providers)) return
  for (const [name, trust] of Object.entries(providers)) {
    const within: unknown = trust?.within
    if (uniqueWithin === null && within !== undefined)
      throw invalid(`providers.${name}: "within" needs "uniqueWithin", the attribute that names the tenants.`)
    if (uniqueWithin !== null && within !== null && !(typeof within === 'string' && within !== ''))
      throw invalid(`providers.${name}: "within" must be the tenant of its users, or null for none.`)
  }
}

function checkProviders(providers: Readonly<Record<string, ProviderTrust>>): void {
  if (!isRecord(providers)) throw invalid('"providers" is not an object.')
  const folded = new Set<string>()
  for (const [name, trust] of Object.entries(providers)) {
    oneOf(`providers.${name}.kind`, trust?.kind, PROVIDER_KINDS)
    const fault = faultIn(trust)
    if (fault) throw invalid(`providers.${name}: ${fault}`)
    // Cognito lower-cases federated user names in case-insensitive pools: two such names could no longer be told apart.
    if (folded.has(name.toLowerCase())) throw invalid(`Two providers differ only by case: "${name}".`)
    folded.add(name.toLowerCase())
  }
  checkOverlaps(providers)
}

/**
 * With providers "Acme" and "Acme_Evil", the user name "Acme_Evil_1" is subject "1" of the one or "Evil_1" of the other
 * (blog.doyensec.com 2026-05-05, "The Danger of Multi-SSO AWS Cognito User Pools"). Such a name joins nobody; who it is, is known from
 * `identities` once there is a profile, or in InboundFederation. The attribute tells them apart where a name is all there is.
 */
function checkOverlaps(providers: Readonly<Record<string, ProviderTrust>>): void {
  const names = Object.keys(providers)
  for (const longer of names) {
    const shorter = names.find((name) => longer.toLowerCase().startsWith(`${name.toLowerCase()}_`))
    if (shorter === undefined || providers[longer]?.subjectAttribute !== undefined) continue
    throw invalid(`Providers "${shorter}" and "${longer}" can name the same user. Give "${longer}" a subjectAttribute.`)
  }
}

function yesOrNo(setting: string, value: unknown): void {
  if (typeof value !== 'boolean') throw invalid(`"${setting}" is not true or false.`)
}

function oneOf(setting: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.some((word) => word === value)) {
    throw invalid(`"${setting}" must be one of ${allowed.join(', ')}.`)
  }
}

function invalid(detail: string): OnesubError {
  return new OnesubError('POLICY_INVALID', { detail })
}
