import type { Rank } from './evidence.ts'

/** All that differs between the kinds of provider. A record that spreads `USUAL` takes its values without a question. */
export interface ProviderKindRecord {
  /** By which claim Cognito takes the subject (developer guide, "Linking federated users to an existing user profile"). */
  readonly subjectClaim: string
  /** Digits, or hexadecimal in lower case with dots: a pool that folds case changes nothing of a subject. */
  readonly isSubjectFolded: boolean
  /** The claim that says whether the address is verified, unless the project names another one. */
  readonly flagClaim: string | undefined
  /** Its owner may name mail domains for which it is the authority. */
  readonly isEnterprise: boolean
  /** It tells by a claim which organisation's domain it hosts. */
  readonly hostsDomains: boolean
  /** How well its word proves an address. */
  rank(word: ProviderWord): Rank
}

export interface ProviderWord {
  readonly domain: string
  /** Whether the flag says yes; undefined where there is no flag. */
  readonly isVerified: boolean | undefined
  /** The domain that it hosts is the address's own. */
  readonly isHosted: boolean
  /** The project names the domain as this provider's. */
  readonly isOwnDomain: boolean
  /** The project says that administrators manage the directory. */
  readonly isManaged: boolean
  readonly isRaised: boolean
}

const CONSUMER_GOOGLE = 'gmail.com'
const APPLE_OWN = new Set(['icloud.com', 'me.com', 'mac.com'])

const BY_PROJECT_ONLY = ({ isRaised }: ProviderWord): Rank => (isRaised ? 2 : 1)

/**
 * Any flag value other than true counts as false, whatever the policy: a provider that sends the flag knows that some addresses are not verified. `flagCounts`: whether a
 * flag that says yes proves anything.
 */
const enterprise =
  (flagCounts: boolean) =>
  ({ isVerified, isOwnDomain, isManaged, isRaised }: ProviderWord): Rank => {
    if (isVerified === false) return 1
    const isVouched = flagCounts && isVerified === true
    if (isOwnDomain && (isManaged || isVouched)) return 3
    return isVouched || isRaised ? 2 : 1
  }

/** What most of them have in common. */
const USUAL = {
  subjectClaim: 'sub',
  isSubjectFolded: false,
  flagClaim: 'email_verified',
  isEnterprise: false,
  hostsDomains: false,
  rank: BY_PROJECT_ONLY,
} as const

export const PROVIDERS = {
  google: {
    ...USUAL,
    isSubjectFolded: true,
    hostsDomains: true,
    rank: ({ isVerified, domain, isHosted }) => (!isVerified ? 1 : domain === CONSUMER_GOOGLE || isHosted ? 3 : 2),
  },
  apple: {
    ...USUAL,
    isSubjectFolded: true,
    rank: ({ isVerified, domain }) => (!isVerified ? 1 : APPLE_OWN.has(domain) ? 3 : 2),
  },
  facebook: { ...USUAL, subjectClaim: 'id', isSubjectFolded: true },
  amazon: { ...USUAL, subjectClaim: 'user_id' },
  oidc: { ...USUAL, isEnterprise: true, rank: enterprise(true) },
  // SAML has no claim for the flag unless the project names one.
  saml: { ...USUAL, flagClaim: undefined, isEnterprise: true, rank: enterprise(false) },
} as const satisfies Readonly<Record<string, ProviderKindRecord>>

export type ProviderKind = keyof typeof PROVIDERS

export function kindOf(kind: ProviderKind): ProviderKindRecord {
  return PROVIDERS[kind]
}
