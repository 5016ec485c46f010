import { OnesubError } from '../core/errors.ts'
import { type Evidence, emailEvidence, type StatedIdentifier } from '../core/evidence.ts'
import {
  type Identifier,
  type IdentifierKind,
  type Normalised,
  normaliseEmail,
  normalisePhone,
  normaliseUsername,
} from '../core/identifiers/index.ts'
import {
  type Arriving,
  type Holder,
  type IdentifierStatus,
  type Ownership,
  statusOf,
} from '../core/identifiers/ownership.ts'
import { linkedIdentities } from '../core/linked-identities.ts'
import { COGNITO, type KnownIdentity, type Person } from '../core/person.ts'
import type { Policy, UniqueIdentifier } from '../core/policy.ts'
import type { Facts, Finding } from '../core/ports.ts'
import type { TriggerEvent } from './event.ts'

/** The identifiers of a pool's own user, as stated as somebody's typing is. An identifier that cannot be normalised ends the sign-up. */
export function typedIdentifiers(event: TriggerEvent, { unique }: Policy): StatedIdentifier[] {
  return unique.flatMap((kind) => {
    const identifier = readIdentifier(kind, event)
    return identifier ? [{ kind: 'stated' as const, identifier, rank: 0 as const }] : []
  })
}

/** The identifiers that a user shows; what cannot be an identifier is left out. */
export function shownIdentifiers(event: TriggerEvent, { unique }: Pick<Policy, 'unique'>): Identifier[] {
  return unique.flatMap((kind) => {
    const read = READ[kind](event)
    return read?.ok ? [read.identifier] : []
  })
}

/** A linked user's address and mark are whatever a provider said last: Cognito writes them over at each federated sign-in. */
export function isLinked({ attributes }: TriggerEvent): boolean {
  return attributes.has('identities')
}

/** An administrator's statement: proof only where policy says so. */
export function administeredIdentifiers(event: TriggerEvent, policy: Policy): Evidence[] {
  return typedIdentifiers(event, policy).map((stated) => {
    const vouched = policy.trustAdminVerified && isMarked(event, 'email_verified')
    return vouched && isEmail(stated.identifier) ? emailEvidence(stated.identifier, 3) : stated
  })
}

export function isEmail(identifier: Identifier): identifier is Identifier<'email'> {
  return identifier.kind === 'email'
}

export function isMarked(event: TriggerEvent, flag: 'email_verified' | 'phone_number_verified'): boolean {
  return event.attributes.get(flag) === 'true'
}

/** The mark that the user shows for this identifier. */
export function isVerified({ kind }: Identifier, event: TriggerEvent): boolean {
  const flag = { email: 'email_verified', phone: 'phone_number_verified', username: undefined } as const
  const name = flag[kind]
  return name !== undefined && isMarked(event, name)
}

const READ: Record<UniqueIdentifier, (event: TriggerEvent) => Normalised<IdentifierKind> | undefined> = {
  email: ({ attributes }) => whereGiven(attributes.get('email'), normaliseEmail),
  phone: ({ attributes }) => whereGiven(attributes.get('phone_number'), normalisePhone),
  username: ({ userName }) => normaliseUsername(userName),
}

/** Absence is not an identifier: people without an address have nothing in common. */
function whereGiven(text: string | undefined, normalise: (text: string) => Normalised<IdentifierKind>) {
  return text === undefined || text === '' ? undefined : normalise(text)
}

function readIdentifier(kind: UniqueIdentifier, event: TriggerEvent): Identifier | undefined {
  const read = READ[kind](event)
  if (read && !read.ok) throw new OnesubError('IDENTIFIER_INVALID', { detail: `${kind}: ${read.fault}` })
  return read?.identifier
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

/** Evidence beside what the registry holds for the same identifier. */
export interface IdentifierWithStatus<E extends Evidence> {
  readonly evidence: E
  readonly status: IdentifierStatus
  /** The person who owns the identifier, once one has been created. */
  readonly holder: Person | undefined
}

/** What Cognito has shown about an ownership counts more than its row. */
function foundOf(ownership: Ownership | undefined, finding: Finding | undefined): IdentifierStatus | undefined {
  if (!ownership || finding === undefined || finding === 'proven since') return undefined
  return { kind: finding === 'abandoned' ? 'abandoned' : 'lapsed', ownership }
}

export function statuses<E extends Evidence>(
  evidence: readonly E[],
  facts: Facts,
  arriving: Arriving,
): ReadonlyArray<IdentifierWithStatus<E>> {
  return evidence.map((one, at) => {
    const known = facts.identifiers[at]
    const ownership = known?.ownership
    return {
      evidence: one,
      status: foundOf(ownership, known?.finding) ?? statusOf(ownership, arriving),
      holder: known?.person,
    }
  })
}
