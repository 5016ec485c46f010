import type { ProviderTrust } from '../core/provider-trust.ts'

export interface FederatedName {
  /** In the case in which it is configured; linking asks for exactly that. */
  readonly provider: string
  readonly trust: ProviderTrust
  readonly subject: string
  /** False when the pool has folded the name and the subject may have had capitals. */
  readonly exact: boolean
}

// Their subjects are digits, or lower-case hexadecimal with dots: folding changes nothing.
const FOLD_PROOF: ReadonlySet<ProviderTrust['kind']> = new Set(['google', 'facebook', 'apple'])

/**
 * Takes `<Provider>_<subject>` apart by the configured names, longest first: names and subjects may both hold "_",
 * so cutting at the first one lets a subject choose its provider. Case-insensitive pools fold the whole name
 * (developer guide, "Specifying identity provider attribute mappings"), so names are matched without regard to case.
 */
export function parseFederatedName(
  userName: string,
  providers: Readonly<Record<string, ProviderTrust>>,
  attributes: ReadonlyMap<string, string> = new Map(),
): FederatedName | undefined {
  const candidates = Object.entries(providers)
    .filter(([name]) => startsWithFolded(userName, `${name}_`))
    .sort(([a], [b]) => b.length - a.length)
  for (const [provider, trust] of candidates) {
    const found = subjectOf(userName, provider, trust, attributes)
    if (found) return { provider, trust, ...found }
  }
  return undefined
}

function subjectOf(userName: string, provider: string, trust: ProviderTrust, attributes: ReadonlyMap<string, string>) {
  const rest = userName.slice(provider.length + 1)
  if (trust.subjectAttribute !== undefined) {
    const subject = attributes.get(trust.subjectAttribute)
    return subject?.toLowerCase() === rest.toLowerCase() ? { subject, exact: true } : undefined
  }
  const exact = !mayBeFolded(userName, provider, rest) || FOLD_PROOF.has(trust.kind) || !/[a-z]/i.test(rest)
  return { subject: rest, exact }
}

function startsWithFolded(text: string, start: string): boolean {
  return text.slice(0, start.length).toLowerCase() === start.toLowerCase()
}

/** A capital anywhere in the name proves that the pool keeps case. */
function mayBeFolded(userName: string, provider: string, rest: string): boolean {
  if (!userName.startsWith(provider)) return true
  return provider === provider.toLowerCase() && rest === rest.toLowerCase()
}
