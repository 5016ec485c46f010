import { type Evidence, emailEvidence, type Rank } from './evidence.ts'
import { type Identifier, normaliseEmail } from './identifiers/index.ts'
import { isRecord, unknownName } from './options.ts'
import { kindOf, PROVIDERS, type ProviderKind } from './provider-kinds.ts'

export const PROVIDER_KINDS = Object.keys(PROVIDERS)

/** How much evidence a provider gives for an address. The provider's kind sets the ceiling; a project may lower or name more. */
export interface ProviderTrust {
  readonly kind: ProviderKind
  /** `none`: its users sign in, and nothing that it says of an address counts. @default by kind */
  readonly trust?: 'none'
  /**
   * Google Workspace: the pool attribute that Google's `hd` claim is mapped to, such as `custom:hd`.
   * Google is the authority for gmail.com, and for a domain only when it hosts it
   * (developers.google.com/identity, "Verify the Google ID token on your server side").
   */
  readonly hostedDomainAttribute?: string
  /** Enterprise providers: the mail domains that their owner has proven to you. Exact names, no suffixes. */
  readonly domains?: readonly string[]
  /**
   * oidc, saml: administrators manage the directory, users cannot change their addresses there, and no verified flag is sent. The price: any
   * administrator of that directory can sign in as any person with an address in `domains`. Without it oidc needs a true flag for each
   * address, and saml proves nothing.
   */
  readonly addresses?: 'managed'
  /** For providers that send no verified flag: `E2` counts their address as vouched for (docs/evidence.md). Never more. */
  readonly raiseTo?: 'E2'
  /**
   * The pool attribute that carries the provider's subject untouched. Case-insensitive pools lower-case federated user names,
   * subject included, so a mixed-case subject can be had from an attribute only.
   */
  readonly subjectAttribute?: string
  /** The tenant of this provider's users, or null for none; needed with `Policy.uniqueWithin`. */
  readonly within?: string | null
  /**
   * The provider's claims, where the pool's attribute mapping reads other ones than these; InboundFederation sees claims before the mapping.
   * @default { email: 'email', emailVerified: 'email_verified', hostedDomain: 'hd' }; saml has no `emailVerified` unless you name it
   */
  readonly claims?: {
    readonly email?: string
    readonly emailVerified?: string
    readonly hostedDomain?: string
  }
}

const SETTINGS: readonly string[] = [
  'kind',
  'trust',
  'hostedDomainAttribute',
  'domains',
  'addresses',
  'raiseTo',
  'subjectAttribute',
  'within',
  'claims',
]
const CLAIMS: readonly string[] = ['email', 'emailVerified', 'hostedDomain']

/** What is wrong with a trust setting, or nothing. */
export function faultIn(trust: ProviderTrust): string | undefined {
  return unknownIn(trust, SETTINGS) ?? claimsFaultIn(trust.claims) ?? contradictionIn(trust) ?? domainFaultIn(trust)
}

function unknownIn(settings: object, known: readonly string[]): string | undefined {
  const unknown = unknownName(settings, known)
  return unknown && `there is no setting ${unknown}`
}

/** A name that is left undefined is the default's. */
function claimsFaultIn(claims: unknown = {}): string | undefined {
  const isNamed = (name: unknown) => name === undefined || (typeof name === 'string' && name !== '')
  if (!isRecord(claims) || !Object.values(claims).every(isNamed)) return '"claims" is not an object of claim names.'
  return unknownIn(claims, CLAIMS)
}

const ONLY = [
  ['trust', 'none'],
  ['addresses', 'managed'],
  ['raiseTo', 'E2'],
] as const

function contradictionIn(trust: ProviderTrust): string | undefined {
  const { isEnterprise, hostsDomains } = kindOf(trust.kind)
  for (const [setting, only] of ONLY)
    if (![undefined, only].includes(trust[setting])) return `"${setting}" can only be "${only}".`
  const enterprise = (['domains', 'addresses'] as const).find((setting) => trust[setting])
  if (enterprise && !isEnterprise) return `"${enterprise}" is for oidc and saml providers.`
  if (trust.addresses && !trust.domains?.length) return '"addresses" needs the "domains" that are managed there.'
  if (trust.hostedDomainAttribute && !hostsDomains) return '"hostedDomainAttribute" is for google.'
  const raises = trust.domains ?? trust.addresses ?? trust.raiseTo ?? trust.hostedDomainAttribute
  if (trust.trust === 'none' && raises !== undefined) return '"trust" is "none", so that nothing else can count.'
  return attributeFaultIn(trust)
}

/** Standard attributes have a meaning of their own, and what is mapped there may be anybody's. */
function attributeFaultIn(trust: ProviderTrust): string | undefined {
  const isOwn = (name: unknown) => name === undefined || (typeof name === 'string' && /^custom:./.test(name))
  const fault = (['hostedDomainAttribute', 'subjectAttribute'] as const).find((setting) => !isOwn(trust[setting]))
  return fault && `"${fault}" must be an attribute of its own, such as custom:own.`
}

// Where anybody can have a mailbox, no directory is the authority for the others.
const PUBLIC_MAIL: ReadonlySet<string> = new Set(
  'aol.com fastmail.com gmail.com gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.com icloud.com live.com mac.com mail.com mail.ru me.com msn.com outlook.com pm.me proton.me protonmail.com qq.com t-online.de web.de yahoo.com yandex.com yandex.ru ymail.com 163.com'.split(
    ' ',
  ),
)

function domainFaultIn({ domains = [] }: ProviderTrust): string | undefined {
  if (!Array.isArray(domains)) return '"domains" is not a list.'
  const wrong = domains.find((domain) => domainOf(`a@${domain}`) === undefined)
  if (wrong !== undefined) return `"${wrong}" is not a mail domain.`
  const shared = domains.find((domain) => PUBLIC_MAIL.has(domainOf(`a@${domain}`) ?? ''))
  return shared === undefined ? undefined : `"${shared}" is a public mail domain: no organisation owns its mailboxes.`
}

/** What a federated sign-in says of its address: the mapped attributes of this very sign-in, never stored ones. */
export interface ProviderSays {
  readonly email: Identifier<'email'>
  /**
   * The verified flag as it came; undefined where none was sent. Everything but true and "true" is no (strings such as "false" are truthy).
   */
  readonly verified: unknown
  readonly hostedDomain: string | undefined
}

const APPLE_RELAY = 'privaterelay.appleid.com'
// Mailboxes that many people read: a provider's statement about one proves no single human
// (a support team's mailbox opened a company's chat in 2024, "1 bug, $50,000+ in bounties").
const ROLE_NAMES = new Set([
  'abuse', 'admin', 'administrator', 'billing', 'contact', 'help', 'hostmaster', 'info', 'mail', 'marketing', 'no-reply', 'noreply', 'office',
  'postmaster', 'root', 'sales', 'security', 'service', 'support', 'team', 'webmaster',
]) // biome-ignore format: a word list reads best as one

/** Undefined for an address that is contact data only: a relay address belongs to one app and says nothing of any other mailbox. */
export function evidenceOfProvider(trust: ProviderTrust, says: ProviderSays): Evidence | undefined {
  if (domainPart(says.email) === APPLE_RELAY) return undefined
  return emailEvidence(says.email, lowerForRoles(says.email, rankOf(trust, says)))
}

function rankOf(trust: ProviderTrust, { email, verified, hostedDomain }: ProviderSays): Rank {
  if (trust.trust === 'none') return 1
  const domain = domainPart(email)
  return kindOf(trust.kind).rank({
    domain,
    isVerified: verified === undefined ? undefined : verified === true || verified === 'true',
    isHosted: hosts(hostedDomain, domain),
    isOwnDomain: trust.domains?.some((own) => domainOf(`a@${own}`) === domain) ?? false,
    isManaged: trust.addresses === 'managed',
    isRaised: trust.raiseTo === 'E2',
  })
}

function lowerForRoles(email: Identifier<'email'>, rank: Rank): Rank {
  const local = email.value.slice(0, email.value.lastIndexOf('@'))
  return rank > 2 && ROLE_NAMES.has(local) ? 2 : rank
}

function hosts(hostedDomain: string | undefined, domain: string): boolean {
  return hostedDomain !== undefined && domainOf(`a@${hostedDomain}`) === domain
}

function domainPart(email: Identifier<'email'>): string {
  return email.value.slice(email.value.lastIndexOf('@') + 1)
}

function domainOf(address: string): string | undefined {
  const normalised = normaliseEmail(address)
  return normalised.ok ? domainPart(normalised.identifier) : undefined
}
