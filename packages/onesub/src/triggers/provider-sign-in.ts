import { OnesubError } from '../core/errors.ts'
import type { Evidence } from '../core/evidence.ts'
import { comparableAddress, normaliseEmail } from '../core/identifiers/index.ts'
import type { KnownIdentity } from '../core/person.ts'
import type { Policy } from '../core/policy.ts'
import { kindOf } from '../core/provider-kinds.ts'
import { evidenceOfProvider, type ProviderTrust } from '../core/provider-trust.ts'
import type { Inbound, TriggerEvent } from './event.ts'
import { tenantIn } from './identifiers-in-event.ts'
import { federatedName } from './provider-user-name.ts'

export interface ProviderSignIn {
  readonly identity: KnownIdentity
  /** Provider and subject are known for certain, byte for byte. */
  readonly certain: boolean
  /** Undefined without an address that could be anybody's identifier. */
  readonly address: Evidence | undefined
  /** The address as it came. */
  readonly spelled: string | null
}

/** Where the attributes of a profile come from: this very sign-in, or what is stored, which the profile's user may have written. */
export type AttributesOf = 'this sign-in' | 'the store'

/** A federated profile: its provider and subject, and the evidence of the provider for its address. */
export function providerSignIn(event: TriggerEvent, policy: Policy, from: AttributesOf): ProviderSignIn {
  const name = federatedName(event.userName, policy.providers, event.attributes)
  if (!name) throw new OnesubError('PROVIDER_UNKNOWN', { detail: unlisted(policy) })
  const { provider, subject, trust, certain } = name
  const address = policy.unique.includes('email') ? addressBy(trust, event) : undefined
  const identity = { pool: event.pool, provider, subject, userName: event.userName, native: false, ...tenantIn(event) }
  const spelled = event.attributes.get('email') ?? null
  return {
    identity: from === 'this sign-in' ? withWord(identity, spelled, policy) : identity,
    certain,
    address: from === 'this sign-in' ? address : address && stored(address),
    spelled,
  }
}

/** Names of providers are compared letter by letter, capitals too. What came may be anything, and is not repeated. */
function unlisted({ providers }: Policy): string {
  return `a provider that is none of ${Object.keys(providers).join(', ') || 'those listed: none is'}`
}

/** Stored attributes of a profile may be its user's own writing (T13, T154). */
function stored({ identifier }: Evidence): Evidence {
  return { kind: 'stated', identifier, rank: 1 }
}

/** The address that came, whatever it proves: Cognito writes it over the linked user's own. */
function withWord(identity: KnownIdentity, spelled: string | null, { unique }: Policy): KnownIdentity {
  return spelled && unique.includes('email') ? { ...identity, said: comparableAddress(spelled) } : identity
}

/**
 * The attributes that the policy counts on and this first sign-in does not have: the pool maps nothing to them, or the app client may not
 * write them. The flag, where the address would count for more with it; `hd`, which a consumer's Google account does not have either: of
 * those, only gmail.com is distinguished.
 */
export function missingAttributes(event: TriggerEvent, { providers }: Policy): readonly string[] {
  const { source, userName, attributes } = event
  const trust =
    source === 'PreSignUp_ExternalProvider' ? federatedName(userName, providers, attributes)?.trust : undefined
  if (!trust) return []
  const isConsumer = attributes.get('email')?.toLowerCase().endsWith('@gmail.com') ?? true
  const needsFlag = addressBy(trust, event)?.rank !== addressBy(trust, event, 'true')?.rank
  const wanted = [needsFlag && 'email_verified', !isConsumer && trust.hostedDomainAttribute]
  return wanted.filter((name) => typeof name === 'string').filter((name) => !attributes.has(name))
}

function addressBy(
  trust: ProviderTrust,
  event: TriggerEvent,
  flag = event.attributes.get('email_verified'),
): Evidence | undefined {
  const email = normaliseEmail(event.attributes.get('email') ?? '')
  if (!email.ok) return undefined
  const hostedDomain =
    trust.hostedDomainAttribute === undefined ? undefined : event.attributes.get(trust.hostedDomainAttribute)
  // Where no flag is mapped Cognito itself writes "false" (aws-amplify/amplify-js#7300), which the provider did not send.
  const verified = flagClaim(trust) === undefined ? undefined : flag
  return evidenceOfProvider(trust, { email: email.identifier, verified, hostedDomain })
}

/**
 * What the provider itself says, before Cognito has mapped anything: the subject byte for byte, and claims that may not be mapped.
 * Undefined where the answer does not name the subject plainly (SAML), so that PreSignUp decides by the user name.
 */
export function inboundSignIn(event: TriggerEvent, policy: Policy): ProviderSignIn | undefined {
  const { pool, inbound } = event
  const { providers, unique } = policy
  const wanted = inbound?.provider.toLowerCase()
  const [provider, trust] = Object.entries(providers).find(([name]) => name.toLowerCase() === wanted) ?? []
  if (!inbound || provider === undefined || trust === undefined)
    throw new OnesubError('PROVIDER_UNKNOWN', { detail: unlisted(policy) })
  const subjectClaim = kindOf(trust.kind).subjectClaim
  const subject = inbound.idToken.get(subjectClaim) ?? inbound.userInfo.get(subjectClaim)
  if (typeof subject !== 'string' || subject === '') return undefined
  const says = wordOf(inbound, trust)
  const email = normaliseEmail(says.email ?? '')
  const address =
    email.ok && unique.includes('email') ? evidenceOfProvider(trust, { ...says, email: email.identifier }) : undefined
  const spelled = says.email ?? null
  const identity = { pool, provider, subject, userName: `${provider}_${subject}`, native: false, ...tenantIn(event) }
  return { identity: withWord(identity, spelled, policy), certain: true, address, spelled }
}

/**
 * Address and flag from the same document, under the names that the pool maps: one document's flag says nothing of the other's address (T153).
 * The ID token is signed and goes first; where the two name different addresses, nothing is verified.
 */
function wordOf({ idToken, userInfo }: Inbound, trust: ProviderTrust) {
  const { email = 'email', hostedDomain = 'hd' } = trust.claims ?? {}
  const flag = flagClaim(trust)
  const document = idToken.has(email) ? idToken : userInfo
  const said = textOf(document.get(email))
  const other = textOf(userInfo.get(email))
  const disagrees = other !== undefined && said?.toLowerCase() !== other.toLowerCase()
  return {
    email: said,
    verified: disagrees ? false : flag === undefined ? undefined : document.get(flag),
    hostedDomain: textOf(document.get(hostedDomain)),
  }
}

function flagClaim({ kind, claims }: ProviderTrust): string | undefined {
  return claims?.emailVerified ?? kindOf(kind).flagClaim
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
