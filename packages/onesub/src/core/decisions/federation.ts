import type { Evidence, ProvenEmail } from '../evidence.ts'
import { normaliseEmail } from '../identifiers/index.ts'
import { type IdentifierStatus, isInDoubt } from '../identifiers/ownership.ts'
import { COGNITO, type Identity, type Person, type PersonId, sameIdentity, standsAloneFor } from '../person.ts'
import type { ExistingAccountPolicy } from '../policy.ts'
import type { Acquisition, CreatePerson, ExistingPerson, LinkIdentity, Pending, Rejected } from './decision.ts'
import { acquisitionOf } from './native-sign-up.ts'

export interface AddressArrival {
  readonly evidence: Evidence
  readonly status: IdentifierStatus
  /** The person who owns the address; undefined while none has been created. */
  readonly holder: Person | undefined
  /** The user who has proven it can sign in, or recover, by something besides the password: a number, a second factor. */
  readonly hasOtherWays: boolean
  /** Reserved for a user whom an administrator invited at this very address, and who has not come yet. */
  readonly isInvited: boolean
}

export interface FederationFacts {
  readonly identity: Identity
  /** Cognito has made the profile already: it can no longer be kept out. */
  readonly hasProfile: boolean
  readonly owner: Person | undefined
  /** Known, without a person: it waits for consent, or was unlinked. */
  readonly waitsFor: PersonId | undefined
  /** Undefined without an address, or with one that is contact data only. */
  readonly address: AddressArrival | undefined
  readonly policy: ExistingAccountPolicy
}

/**
 * | who arrives                                               | refuse    | link  | ask      | enumeration-safe |
 * | --------------------------------------------------------- | --------- | ----- | -------- | ----- |
 * | an identity we know                                       | returns (all policies) |
 * | … of a person without a password, that proves a free address | existing person, who owns it: a rename (all policies) |
 * | … the same, that proves another address of the person, where no other provider sends the one that the user recovers by | the same |
 * | a pending one, for the owner of its address               | pending (all policies) |
 * | a pending one that proves an address that another owns, or nobody | like a new one |
 * | without an address, or with one that it does not prove    | create person without the identifier (all policies; see the last row but one) |
 * | proves (E3) an address that nobody owns                   | create person, who owns it (all policies) |
 * | proves one at which an administrator has invited a user   | create the person minted for that user (all policies) |
 * | proves one that a trusted administrator vouched for, whose user has not signed in | IDENTIFIER_TAKEN | create the person minted with it | pending | as link |
 * | proves one that a person owns                             | IDENTIFIER_TAKEN | link identity | pending | link identity |
 * | … whose password somebody else may know, and who has more than that one user's password | IDENTIFIER_TAKEN | create person, who owns it | pending | as link |
 * | … who has another subject of the same provider            | IDENTIFIER_TAKEN | pending | pending | create person without the identifier |
 * | does not prove it, and a person owns it                   | IDENTIFIER_TAKEN | create person without the identifier | pending | as link |
 * | would be refused or pending, but Cognito has made its profile | create person without the identifier (all policies) |
 *
 * "Waits" is let in without a person: until the user has signed in with both and links, or says that they are somebody else and starts a separate person.
 */
export function decideFederation(
  facts: FederationFacts,
): CreatePerson | ExistingPerson | LinkIdentity | Pending | Rejected {
  const { owner, waitsFor, address } = facts
  if (owner) return { kind: 'existing-person', person: owner, recovered: false, proves: provenBy(owner, facts) }
  if (waitsFor && !isNewsFor(waitsFor, address)) return { kind: 'pending', wants: waitsFor, since: 'still' }
  const decision = decideByEvidence(facts)
  const isKeptOut = decision.kind === 'refused' || decision.kind === 'pending'
  return isKeptOut && facts.hasProfile ? APART : decision
}

const APART: CreatePerson = { kind: 'create-person', person: 'new', acquisitions: [] }

/**
 * A rename at the provider (T175). The provider sends the address at each sign-in, so it takes nothing from a person who has proven it otherwise since; and the
 * address of a person with a password of their own is theirs to change, never a provider's (T11).
 */
function provenBy(owner: Person, { identity, address }: FederationFacts): Acquisition[] {
  if (address?.evidence.kind !== 'proven') return []
  if (address.status.kind === 'owned' && !isRenamedBack(owner, identity, address.evidence, address.status)) return []
  if (owner.identities.some(({ native, placeholder }) => native && !placeholder)) return []
  return [acquisitionOf(address.evidence, address.status, owner.id)]
}

/** To an address that is the person's already: nobody but this provider stands for the one that the user recovers by. */
function isRenamedBack(owner: Person, identity: Identity, { identifier }: ProvenEmail, { ownership }: Owned): boolean {
  const read = normaliseEmail(owner.address ?? '')
  if (ownership.person !== owner.id || !read.ok || read.identifier.value === identifier.value) return false
  return standsAloneFor(owner, read.identifier.value, (one) => sameIdentity(one, identity))
}

/** An identity that was unlinked, or whose link was refused, is not linked by the next sign-in to the same person. */
function isNewsFor(waitsFor: PersonId, address: AddressArrival | undefined): boolean {
  if (address?.evidence.kind !== 'proven') return false
  return address.status.kind !== 'owned' || address.status.ownership.person !== waitsFor
}

function decideByEvidence({
  identity,
  address,
  policy,
}: FederationFacts): CreatePerson | LinkIdentity | Pending | Rejected {
  if (!address) return APART
  const { evidence, status } = address
  if (status.kind === 'owned') return onOwned(address, status, identity, policy)
  if (evidence.kind === 'stated') return APART
  const person = address.isInvited && status.kind !== 'free' ? status.ownership.person : 'new'
  return { kind: 'create-person', person, acquisitions: [acquisitionOf(evidence, status, person)] }
}

type Owned = Extract<IdentifierStatus, { kind: 'owned' }>

function onOwned(
  { evidence, holder, hasOtherWays }: AddressArrival,
  status: Owned,
  identity: Identity,
  policy: ExistingAccountPolicy,
): CreatePerson | LinkIdentity | Pending | Rejected {
  if (policy === 'refuse' || policy === 'ask') return onExistingAccount(status.ownership.person, policy)
  if (evidence.kind === 'stated') return APART
  if (!holder) return finish(evidence, status)
  // The same provider vouches for another subject under a known address: it may have been given to somebody else (T24, T25).
  if (hasOtherSubject(holder, identity)) return policy === 'enumeration-safe' ? APART : pending(holder.id)
  if (isInDoubt(status) && (hasOtherWays || !isLoneUser(holder, identity.pool))) return preempting(evidence, status)
  return {
    kind: 'link-identity',
    person: holder,
    because: evidence,
    acquisitions: renewed(evidence, status, holder.id),
  }
}

/** Somebody else may know the password that this person had, and may have used it to link a sign-in method of their own (T157). */
function preempting(evidence: ProvenEmail, status: Owned): CreatePerson {
  return { kind: 'create-person', person: 'new', acquisitions: [{ evidence, status, supersedes: true }] }
}

/** One user of this pool, whose password can be replaced, and besides it only placeholder users, which have none. */
function isLoneUser({ identities }: Person, pool: string): boolean {
  const [only, another] = identities.filter(({ placeholder }) => placeholder === undefined)
  return only !== undefined && !another && only.provider === COGNITO && only.native && only.pool === pool
}

function onExistingAccount(wants: PersonId, policy: 'refuse' | 'ask'): Pending | Rejected {
  return policy === 'refuse' ? { kind: 'refused', code: 'IDENTIFIER_TAKEN' } : pending(wants)
}

/** Let in by Cognito and nobody yet: a refusal would keep the user from the second sign-in that proves both sides, too. */
function pending(wants: PersonId): Pending {
  return { kind: 'pending', wants, since: 'now' }
}

/** An address is owned before its user has come only where an administrator vouched for it; this is that user, by a provider. */
function finish(evidence: ProvenEmail, status: Owned): CreatePerson {
  const { person } = status.ownership
  return { kind: 'create-person', person, acquisitions: [acquisitionOf(evidence, status, person)] }
}

/** The doubt about the password that was there before ends with the join, which replaces it. */
function renewed(evidence: ProvenEmail, status: Owned, person: PersonId): Acquisition[] {
  return isInDoubt(status) ? [acquisitionOf(evidence, status, person)] : []
}

function hasOtherSubject(person: Person, identity: Identity): boolean {
  return person.identities.some(
    (known) =>
      known.pool === identity.pool && known.provider === identity.provider && known.subject !== identity.subject,
  )
}
