import { type Arriving, type Holder, type Standing, standingOf } from '../core/claim.ts'
import { OnesubError } from '../core/errors.ts'
import { type Evidence, emailEvidence, type StatedKey } from '../core/evidence.ts'
import {
  type Key,
  type KeyKind,
  type Normalised,
  normaliseEmail,
  normalisePhone,
  normaliseUsername,
} from '../core/keys/index.ts'
import { linkedIdentities } from '../core/linked-identities.ts'
import { COGNITO, type KnownIdentity, type Person } from '../core/person.ts'
import type { Policy, UniqueKey } from '../core/policy.ts'
import type { Facts } from '../core/ports.ts'
import { evidenceOfProvider, type ProviderTrust } from '../core/provider-trust.ts'
import type { TriggerEvent } from './event.ts'
import { parseFederatedName } from './federated-name.ts'

/** The keys of a pool's own user, as stated as somebody's typing is. A key that cannot be normalised ends the sign-up. */
export function typedKeys(event: TriggerEvent, { unique }: Policy): StatedKey[] {
  return unique.flatMap((kind) => {
    const key = readKey(kind, event)
    return key ? [{ kind: 'stated' as const, key, rank: 0 as const }] : []
  })
}

/** The keys of a user whom Cognito has confirmed: an address counts as proven when its code came back, a phone as vouched for. */
export function confirmedKeys(event: TriggerEvent, { unique }: Policy): Evidence[] {
  return unique.flatMap((kind) => {
    const key = readKeyIfAny(kind, event)
    return key ? [evidenceOf(key, event)] : []
  })
}

function evidenceOf(key: Key, event: TriggerEvent): Evidence {
  if (isEmail(key)) return emailEvidence(key, isTrue(event, 'email_verified') && !isLinked(event) ? 3 : 0)
  const rank = key.kind === 'phone' && isTrue(event, 'phone_number_verified') ? 2 : 0
  return { kind: 'stated', key, rank }
}

/** A linked user's address and flag are whatever her provider said last: Cognito writes them over at each federated sign-in. */
export function isLinked({ attributes }: TriggerEvent): boolean {
  return attributes.has('identities')
}

/** An administrator's word: proof only where policy says so. */
export function administeredKeys(event: TriggerEvent, policy: Policy): Evidence[] {
  return typedKeys(event, policy).map((stated) => {
    const vouched = policy.trustAdminVerified && isTrue(event, 'email_verified')
    return vouched && isEmail(stated.key) ? emailEvidence(stated.key, 3) : stated
  })
}

export function isEmail(key: Key): key is Key<'email'> {
  return key.kind === 'email'
}

function isTrue(event: TriggerEvent, flag: string): boolean {
  return event.attributes.get(flag) === 'true'
}

const READ: Record<UniqueKey, (event: TriggerEvent) => Normalised<KeyKind> | undefined> = {
  email: ({ attributes }) => whereGiven(attributes.get('email'), normaliseEmail),
  phone: ({ attributes }) => whereGiven(attributes.get('phone_number'), normalisePhone),
  username: ({ userName }) => normaliseUsername(userName),
}

/** Absence is not a key: people without an address have nothing in common. */
function whereGiven(text: string | undefined, normalise: (text: string) => Normalised<KeyKind>) {
  return text === undefined || text === '' ? undefined : normalise(text)
}

function readKey(kind: UniqueKey, event: TriggerEvent): Key | undefined {
  const read = READ[kind](event)
  if (read && !read.ok) throw new OnesubError('KEY_INVALID', { detail: `${kind}: ${read.fault}` })
  return read?.key
}

function readKeyIfAny(kind: UniqueKey, event: TriggerEvent): Key | undefined {
  const read = READ[kind](event)
  return read?.ok ? read.key : undefined
}

export interface FederatedArrival {
  readonly identity: KnownIdentity
  readonly exactSubject: boolean
  /** Undefined without an address that could be anybody's key. */
  readonly address: Evidence | undefined
  /** The address as it came. */
  readonly spelled: string | null
}

/** A federated profile: whose it is by provider and subject, and what the provider's word about its address is worth. */
export function federatedArrival(event: TriggerEvent, policy: Policy): FederatedArrival {
  const name = parseFederatedName(event.userName, policy.providers, event.attributes)
  if (!name) throw new OnesubError('PROVIDER_UNKNOWN')
  const { provider, subject, trust, exact } = name
  return {
    identity: { pool: event.pool, provider, subject, userName: event.userName, native: false },
    exactSubject: exact,
    address: policy.unique.includes('email') ? addressBy(trust, event) : undefined,
    spelled: event.attributes.get('email') ?? null,
  }
}

function addressBy(trust: ProviderTrust, event: TriggerEvent): Evidence | undefined {
  const email = normaliseEmail(event.attributes.get('email') ?? '')
  if (!email.ok) return undefined
  const hostedDomain =
    trust.hostedDomainAttribute === undefined ? undefined : event.attributes.get(trust.hostedDomainAttribute)
  return evidenceOfProvider(trust, { email: email.key, verified: event.attributes.get('email_verified'), hostedDomain })
}

/**
 * What the provider itself says, before Cognito has mapped anything: the subject byte for byte, and claims that may not be mapped.
 * Undefined where the answer does not name the subject plainly (SAML), so that PreSignUp decides by the user name.
 */
export function inboundArrival(
  { pool, inbound }: TriggerEvent,
  { providers, unique }: Policy,
): FederatedArrival | undefined {
  const wanted = inbound?.provider.toLowerCase()
  const [provider, trust] = Object.entries(providers).find(([name]) => name.toLowerCase() === wanted) ?? []
  if (!inbound || provider === undefined || trust === undefined) throw new OnesubError('PROVIDER_UNKNOWN')
  // Claims of the ID token win over those of userInfo (developer guide, "Specifying identity provider attribute mappings").
  const says = (claim: string) => inbound.idToken.get(claim) ?? inbound.userInfo.get(claim)
  const subject = says(SUBJECT_CLAIM[trust.kind])
  if (typeof subject !== 'string' || subject === '') return undefined
  const email = normaliseEmail(textOf(says('email')) ?? '')
  const said = { verified: says('email_verified'), hostedDomain: textOf(says('hd')) }
  return {
    identity: { pool, provider, subject, userName: `${provider}_${subject}`, native: false },
    exactSubject: true,
    address:
      email.ok && unique.includes('email') ? evidenceOfProvider(trust, { email: email.key, ...said }) : undefined,
    spelled: textOf(says('email')) ?? null,
  }
}

/** By what Cognito takes for the subject (developer guide, "Linking federated users to an existing user profile"). */
const SUBJECT_CLAIM: Readonly<Record<ProviderTrust['kind'], string>> = {
  google: 'sub',
  apple: 'sub',
  oidc: 'sub',
  saml: 'sub',
  facebook: 'id',
  amazon: 'user_id',
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/**
 * A provider's own profile. A user of the pool who waits for a first password takes on the profiles' status at the first sign-in through a
 * link (awslabs/service-workbench-on-aws#605); what is linked to such a user is never primary.
 */
export function isFederated({ attributes }: TriggerEvent): boolean {
  const links = linkedIdentities(attributes.get('identities'))
  const hasOnlyLinks = links.length > 0 && !links.some(({ primary }) => primary)
  return attributes.get('cognito:user_status') === 'EXTERNAL_PROVIDER' && !hasOnlyLinks
}

/** The pool user behind the event, once Cognito has given it a `sub`: for tokens, every user of a pool is known by it. */
export function poolIdentity(event: TriggerEvent, native: boolean): KnownIdentity {
  const subject = event.attributes.get('sub')
  if (subject === undefined || subject === '') throw new OnesubError('EVENT_MALFORMED', { detail: 'sub' })
  return { pool: event.pool, provider: COGNITO, subject, userName: event.userName, native }
}

export function holderOf({ pool, userName }: TriggerEvent): Holder {
  return { pool, userName }
}

/** Evidence beside what the registry holds for the same key. */
export interface BesideClaim<E extends Evidence> {
  readonly evidence: E
  readonly standing: Standing
  /** The person behind the claim, once one has been created. */
  readonly holder: Person | undefined
}

export function standings<E extends Evidence>(
  evidence: readonly E[],
  facts: Facts,
  arriving: Arriving,
): ReadonlyArray<BesideClaim<E>> {
  return evidence.map((one, at) => {
    const known = facts.claims[at]
    return { evidence: one, standing: standingOf(known?.claim, one, arriving), holder: known?.person }
  })
}
