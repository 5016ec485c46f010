import { type Evidence, emailEvidence, type Rank } from './evidence.ts'
import { type Key, normaliseEmail } from './keys/index.ts'

export const PROVIDER_KINDS = ['google', 'apple', 'facebook', 'amazon', 'oidc', 'saml'] as const
export type ProviderKind = (typeof PROVIDER_KINDS)[number]

/** How far a provider's word about an address goes. The provider's kind sets the ceiling; a project may lower or name more. */
export interface ProviderTrust {
  readonly kind: ProviderKind
  /**
   * Google Workspace: the pool attribute that Google's `hd` claim is mapped to, such as `custom:hd`.
   * Google is the authority for gmail.com, and for a domain only when it hosts it
   * (developers.google.com/identity, "Verify the Google ID token on your server side").
   */
  readonly hostedDomainAttribute?: string
  /** Enterprise providers: the mail domains that their owner has proven to you. Exact names, no suffixes. */
  readonly domains?: readonly string[]
  /** For providers that send no verified flag: `E2` counts their address as vouched for. Never more. */
  readonly raiseTo?: 'E2'
  /**
   * The pool attribute that carries the provider's subject untouched. Case-insensitive pools lower-case federated user names,
   * subject included, so a mixed-case subject can be had from an attribute only.
   */
  readonly subjectAttribute?: string
}

/** What is wrong with a trust setting, or nothing. */
export function isTrustable(trust: ProviderTrust): string | undefined {
  if (trust.raiseTo !== undefined && trust.raiseTo !== 'E2') return 'a provider can be raised to E2 at most.'
  if (trust.domains && trust.kind !== 'oidc' && trust.kind !== 'saml')
    return '"domains" is for oidc and saml providers.'
  if (trust.hostedDomainAttribute && trust.kind !== 'google') return '"hostedDomainAttribute" is for google.'
  const wrong = trust.domains?.find((domain) => domainOf(`a@${domain}`) === undefined)
  return wrong === undefined ? undefined : `"${wrong}" is not a mail domain.`
}

/** What a federated sign-in says of its address: the mapped attributes of this very sign-in, never stored ones. */
export interface ProviderSays {
  readonly email: Key<'email'>
  /** The verified flag as it came. Everything but true and "true" is no (strings such as "false" are truthy). */
  readonly verified: unknown
  readonly hostedDomain: string | undefined
}

const CONSUMER_GOOGLE = new Set(['gmail.com', 'googlemail.com'])
const APPLE_OWN = new Set(['icloud.com', 'me.com', 'mac.com'])
const APPLE_RELAY = 'privaterelay.appleid.com'
// Mailboxes that many people read: a provider's word about one proves nobody in particular
// (a support desk's mailbox opened a company's chat in 2024, "1 bug, $50,000+ in bounties").
const ROLE_NAMES = new Set([
  'abuse', 'admin', 'administrator', 'billing', 'contact', 'help', 'hostmaster', 'info', 'mail', 'marketing', 'no-reply', 'noreply', 'office',
  'postmaster', 'root', 'sales', 'security', 'service', 'support', 'team', 'webmaster',
]) // biome-ignore format: a word list reads best as one

/** Undefined for an address that is contact data only: a relay address belongs to one app and says nothing of any other mailbox. */
export function evidenceOfProvider(trust: ProviderTrust, says: ProviderSays): Evidence | undefined {
  if (domainPart(says.email) === APPLE_RELAY) return undefined
  return emailEvidence(says.email, lowerForRoles(says.email, rankOf(trust, says)))
}

function rankOf(trust: ProviderTrust, says: ProviderSays): Rank {
  const domain = domainPart(says.email)
  const verified = says.verified === true || says.verified === 'true'
  switch (trust.kind) {
    case 'google':
      return !verified ? 1 : CONSUMER_GOOGLE.has(domain) || hosts(says.hostedDomain, domain) ? 3 : 2
    case 'apple':
      return !verified ? 1 : APPLE_OWN.has(domain) ? 3 : 2
    case 'facebook':
    case 'amazon':
      return trust.raiseTo === 'E2' ? 2 : 1
    case 'oidc':
    case 'saml':
      if (trust.domains?.some((own) => domainOf(`a@${own}`) === domain)) return 3
      return trust.raiseTo === 'E2' ? 2 : 1
  }
}

function lowerForRoles(email: Key<'email'>, rank: Rank): Rank {
  const local = email.value.slice(0, email.value.lastIndexOf('@'))
  return rank > 2 && ROLE_NAMES.has(local) ? 2 : rank
}

function hosts(hostedDomain: string | undefined, domain: string): boolean {
  return hostedDomain !== undefined && domainOf(`a@${hostedDomain}`) === domain
}

function domainPart(email: Key<'email'>): string {
  return email.value.slice(email.value.lastIndexOf('@') + 1)
}

function domainOf(address: string): string | undefined {
  const normalised = normaliseEmail(address)
  return normalised.ok ? domainPart(normalised.key) : undefined
}
