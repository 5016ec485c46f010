import { OnesubError } from '../core/errors.ts'
import { type LinkedIdentity, linkedIdentities } from '../core/linked-identities.ts'
import { COGNITO } from '../core/person.ts'
import { kindOf } from '../core/provider-kinds.ts'
import type { ProviderTrust } from '../core/provider-trust.ts'

type Providers = Readonly<Record<string, ProviderTrust>>
type Attributes = ReadonlyMap<string, string>

export interface FederatedName {
  /** In the case in which it is configured; linking asks for exactly that. */
  readonly provider: string
  readonly trust: ProviderTrust
  readonly subject: string
  /**
   * False where the name could be another provider's or another subject's: it joins nobody, and is left to what Cognito says in `identities`
   * once the profile is there.
   */
  readonly certain: boolean
}

/** The provider's identity that a profile is of, as Cognito itself says it; undefined for a user that is no profile. */
export function statedIdentity(attributes: Attributes): LinkedIdentity | undefined {
  return linkedIdentities(attributes.get('identities')).find(({ primary, provider }) => primary && provider !== COGNITO)
}

/** Undefined for a name that no listed provider can have given. */
export function federatedName(
  userName: string,
  providers: Providers,
  attributes: Attributes,
): FederatedName | undefined {
  const stated = statedIdentity(attributes)
  if (!stated) return parseFederatedName(userName, providers, attributes)
  const trust = Object.hasOwn(providers, stated.provider) ? providers[stated.provider] : undefined
  if (!trust) return undefined
  // A name that disagrees is no profile's of Cognito's making; whichever of the two is right, it has no person (T152).
  if (!isSameText(userName, `${stated.provider}_${stated.subject}`)) {
    throw new OnesubError('PROVIDER_UNKNOWN', { detail: 'the user name and identities disagree' })
  }
  return { provider: stated.provider, trust, subject: stated.subject, certain: true }
}

/**
 * Takes `<Provider>_<subject>` apart by the listed names. Names of providers and subjects may both hold "_", and a provider of the pool may be
 * missing in the list, so a name is certain only where nothing else can be read from it. Case-insensitive pools fold the whole name
 * (developer guide, "Specifying identity provider attribute mappings"), so names are matched without regard to case.
 */
export function parseFederatedName(
  userName: string,
  providers: Providers,
  attributes: Attributes = new Map(),
): FederatedName | undefined {
  const candidates = Object.entries(providers)
    .filter(([name]) => hasPrefix(userName, name))
    .sort(([a], [b]) => b.length - a.length)
  for (const [provider, trust] of candidates) {
    const rest = userName.slice(provider.length + 1)
    const subject =
      trust.subjectAttribute === undefined ? rest : mappedSubject(trust.subjectAttribute, rest, attributes)
    if (subject === undefined) continue
    const isOnly = candidates.length === 1
    const certain = isOnly && (trust.subjectAttribute !== undefined || isPlain(userName, provider, rest, trust))
    return { provider, trust, subject, certain }
  }
  return undefined
}

/** The beginning that Cognito gives to the names of a listed provider's users; nobody may choose one (T16, T161). */
export function looksFederated(userName: string, providers: Providers): boolean {
  return Object.keys(providers).some((name) => hasPrefix(userName, name))
}

function mappedSubject(attribute: string, rest: string, attributes: Attributes): string | undefined {
  const subject = attributes.get(attribute)
  return subject !== undefined && isSameText(subject, rest) ? subject : undefined
}

function isPlain(userName: string, provider: string, rest: string, { kind }: ProviderTrust): boolean {
  // The subjects of Google, Facebook, Apple and Amazon have no "_"; in another's, it may belong to the name of a provider that is not listed.
  if (rest === '' || rest.includes('_')) return false
  return kindOf(kind).isSubjectFolded || !/[a-z]/i.test(rest) || !mayBeFolded(userName, provider, rest)
}

function hasPrefix(userName: string, provider: string): boolean {
  return isSameText(userName.slice(0, provider.length + 1), `${provider}_`)
}

function isSameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** A capital anywhere in the name proves that the pool keeps case. */
function mayBeFolded(userName: string, provider: string, rest: string): boolean {
  if (!userName.startsWith(provider)) return true
  return provider === provider.toLowerCase() && rest === rest.toLowerCase()
}
