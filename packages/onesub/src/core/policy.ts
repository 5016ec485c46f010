import { OnesubError } from './errors.ts'
import { isTrustable, PROVIDER_KINDS, type ProviderTrust } from './provider-trust.ts'

/** What happens when somebody arrives with a key that belongs to another person. */
export const KNOWN_KEY_POLICIES = ['refuse', 'link', 'explicit', 'quiet'] as const
export type KnownKeyPolicy = (typeof KNOWN_KEY_POLICIES)[number]

/** `observe` claims and reports but refuses nothing: for the days in which existing users are loaded. */
const MODES = ['observe', 'enforce'] as const
export type Mode = (typeof MODES)[number]

const SOCIAL_FIRST = ['anchor', 'profile'] as const
export type SocialFirst = (typeof SOCIAL_FIRST)[number]

const UNIQUE_KEYS = ['email', 'phone', 'username'] as const
export type UniqueKey = (typeof UNIQUE_KEYS)[number]

export interface Policy {
  /**
   * `refuse`: says that the account exists · `link`: joins what is proven on both sides, refuses the rest ·
   * `explicit`: links only after a fresh sign-in with both · `quiet`: tells a stranger nothing.
   * @default 'link': safe by proof, and what people expect of "Continue with Google".
   */
  readonly knownKey: KnownKeyPolicy
  /** @default 'enforce' */
  readonly mode: Mode
  /**
   * Which keys belong to one person only.
   * @default ['email']: one conditional write; phones are shared and recycled, usernames Cognito keeps unique itself.
   */
  readonly unique: readonly UniqueKey[]
  /** The pool's identity providers by their configured name. One that is missing here cannot sign anybody in. @default {} */
  readonly providers: Readonly<Record<string, ProviderTrust>>
  /**
   * What a person gets in the pool who comes by a provider first, with a proven address. `anchor`: a user of the pool's own, named by her person id where the
   * pool lets us name it, that this and every later provider is linked to, and whose password she may set by a reset. `profile`: the
   * provider's profile only, as Cognito alone does it; asks for fewer permissions, and further providers are linked to that profile.
   * @default 'anchor': one human has one `sub`, however many ways in she adds or takes away.
   */
  readonly socialFirst: SocialFirst
  /** How long an unfinished sign-up keeps others from the key. @default 24 hours: as long as Cognito's confirmation code lives. */
  readonly leaseMs: number
  /**
   * Whether an administrator who creates a user with `email_verified: true` has proven the address.
   * @default false: it is the operator's word, until the mailbox has answered.
   */
  readonly trustAdminVerified: boolean
}

const HOUR = 3_600_000

export const DEFAULT_POLICY: Policy = {
  knownKey: 'link',
  mode: 'enforce',
  unique: ['email'],
  providers: {},
  socialFirst: 'anchor',
  leaseMs: 24 * HOUR,
  trustAdminVerified: false,
}

/** Completes and checks a policy at start, so that a wrong word is found by the deployer and not by a customer. */
export function parsePolicy(given: Partial<Policy> = {}): Policy {
  const policy = { ...DEFAULT_POLICY, ...given }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(DEFAULT_POLICY, name)) throw invalid(`There is no setting "${name}".`)
  }
  oneOf('knownKey', policy.knownKey, KNOWN_KEY_POLICIES)
  oneOf('mode', policy.mode, MODES)
  oneOf('socialFirst', policy.socialFirst, SOCIAL_FIRST)
  if (!Array.isArray(policy.unique)) throw invalid('"unique" is not a list.')
  for (const key of policy.unique) oneOf('unique', key, UNIQUE_KEYS)
  if (!(Number.isFinite(policy.leaseMs) && policy.leaseMs > 0)) throw invalid('"leaseMs" is not a positive number.')
  if (typeof policy.trustAdminVerified !== 'boolean') throw invalid('"trustAdminVerified" is not true or false.')
  checkProviders(policy.providers)
  return Object.freeze({ ...policy, unique: [...new Set(policy.unique)] })
}

function checkProviders(providers: Readonly<Record<string, ProviderTrust>>): void {
  if (typeof providers !== 'object' || providers === null) throw invalid('"providers" is not an object.')
  const folded = new Set<string>()
  for (const [name, trust] of Object.entries(providers)) {
    oneOf(`providers.${name}.kind`, trust?.kind, PROVIDER_KINDS)
    const fault = isTrustable(trust)
    if (fault) throw invalid(`providers.${name}: ${fault}`)
    // Cognito lower-cases federated user names in case-insensitive pools: two such names could no longer be told apart.
    if (folded.has(name.toLowerCase())) throw invalid(`Two providers differ only by case: "${name}".`)
    folded.add(name.toLowerCase())
  }
  checkOverlaps(providers)
}

/**
 * With providers "Acme" and "Acme_Evil", the user name "Acme_Evil_1" is subject "1" of the one or "Evil_1" of the other
 * (blog.doyensec.com 2026-05-05, "The Danger of Multi-SSO AWS Cognito User Pools"). Only the subject itself can tell them apart.
 */
function checkOverlaps(providers: Readonly<Record<string, ProviderTrust>>): void {
  const names = Object.keys(providers)
  for (const longer of names) {
    const shorter = names.find((name) => longer.toLowerCase().startsWith(`${name.toLowerCase()}_`))
    if (shorter === undefined || providers[longer]?.subjectAttribute !== undefined) continue
    throw invalid(`Providers "${shorter}" and "${longer}" can name the same user. Give "${longer}" a subjectAttribute.`)
  }
}

function oneOf(setting: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.some((word) => word === value)) {
    throw invalid(`"${setting}" must be one of ${allowed.join(', ')}.`)
  }
}

function invalid(detail: string): OnesubError {
  return new OnesubError('POLICY_INVALID', { detail })
}
