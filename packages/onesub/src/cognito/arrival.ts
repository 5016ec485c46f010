import { type Arriving, type Claim, type Holder, type Standing, standingOf } from '../core/claim.ts'
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
import type { Facts, Finding } from '../core/ports.ts'
import type { TriggerEvent } from './event.ts'

/** The keys of a pool's own user, as stated as somebody's typing is. A key that cannot be normalised ends the sign-up. */
export function typedKeys(event: TriggerEvent, { unique }: Policy): StatedKey[] {
  return unique.flatMap((kind) => {
    const key = readKey(kind, event)
    return key ? [{ kind: 'stated' as const, key, rank: 0 as const }] : []
  })
}

/** The keys that a user shows; what cannot be a key is left out. */
export function shownKeys(event: TriggerEvent, { unique }: Pick<Policy, 'unique'>): Key[] {
  return unique.flatMap((kind) => {
    const read = READ[kind](event)
    return read?.ok ? [read.key] : []
  })
}

/** A linked user's address and mark are whatever a provider said last: Cognito writes them over at each federated sign-in. */
export function isLinked({ attributes }: TriggerEvent): boolean {
  return attributes.has('identities')
}

/** An administrator's word: proof only where policy says so. */
export function administeredKeys(event: TriggerEvent, policy: Policy): Evidence[] {
  return typedKeys(event, policy).map((stated) => {
    const vouched = policy.trustAdminVerified && isMarked(event, 'email_verified')
    return vouched && isEmail(stated.key) ? emailEvidence(stated.key, 3) : stated
  })
}

export function isEmail(key: Key): key is Key<'email'> {
  return key.kind === 'email'
}

export function isMarked(event: TriggerEvent, flag: 'email_verified' | 'phone_number_verified'): boolean {
  return event.attributes.get(flag) === 'true'
}

/** The mark that the user shows for this key. */
export function isVerified({ kind }: Key, event: TriggerEvent): boolean {
  const flag = { email: 'email_verified', phone: 'phone_number_verified', username: undefined } as const
  const name = flag[kind]
  return name !== undefined && isMarked(event, name)
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
  if (read && !read.ok) throw new OnesubError('IDENTIFIER_INVALID', { detail: `${kind}: ${read.fault}` })
  return read?.key
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
  return { pool: event.pool, provider: COGNITO, subject, userName: event.userName, native, ...tenantIn(event) }
}

export function tenantIn({ within }: TriggerEvent): { readonly within?: string } {
  return within === undefined ? {} : { within }
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

/** What a look into Cognito has shown of a claim goes before what stands in it. */
function foundOf(claim: Claim | undefined, finding: Finding | undefined): Standing | undefined {
  if (!claim || finding === undefined || finding === 'proven since') return undefined
  return { is: finding === 'abandoned' ? 'abandoned' : 'lapsed', claim }
}

export function standings<E extends Evidence>(
  evidence: readonly E[],
  facts: Facts,
  arriving: Arriving,
): ReadonlyArray<BesideClaim<E>> {
  return evidence.map((one, at) => {
    const known = facts.claims[at]
    const claim = known?.claim
    return {
      evidence: one,
      standing: foundOf(claim, known?.finding) ?? standingOf(claim, arriving),
      holder: known?.person,
    }
  })
}
