import { type Evidence, isEnoughToOwn, type ProvenEmail } from '../evidence.ts'
import { type Holder, type IdentifierStatus, isInDoubt, isSameUser } from '../identifiers/ownership.ts'
import type { Person, PersonId } from '../person.ts'
import type { ExistingAccountPolicy } from '../policy.ts'
import type { Acquisition, CreatePerson, ExistingPerson, LinkIdentity, Pending } from './decision.ts'
import { acquisitionOf, formerPersons } from './native-sign-up.ts'

/** What Cognito says has just happened to a native user. `token`: it has signed in, by a road that ran no trigger of its own. */
export type Confirmed = 'sign-up' | 'recovery' | 'token'

export interface ConfirmationFacts {
  readonly confirmed: Confirmed
  readonly user: Holder
  readonly owner: Person | undefined
  /** The user signed in before, and is pending since. */
  readonly waitsFor: PersonId | undefined
  readonly identifiers: readonly ArrivingIdentifier[]
  readonly policy: ExistingAccountPolicy
  /** Epoch milliseconds. */
  readonly now: number
}

export interface ArrivingIdentifier {
  readonly evidence: Evidence
  readonly status: IdentifierStatus
  /** The person who owns the identifier, once one has been created. */
  readonly holder: Person | undefined
  /** Where somebody else owns the identifier: whether this user had signed up before that proof. Its code is void then. */
  readonly madeBeforeProof: boolean
}

/** Cognito repeats a trigger within seconds (each try waits 5 s); a recovery reported so shortly before is the same one. */
const REPEATED_WITHIN_MS = 20_000

/**
 * | the user …                                                    | then |
 * | ------------------------------------------------------------- | --- |
 * | is known                                                      | returns, with what it has proven; after a recovery older tokens end |
 * | pending since an earlier time, and proves no more than then   | still pending: a repeated event is no proof; a recovery creates a person without it |
 * | proves an identifier that nobody owns                         | create person, who owns it |
 * | proves one that we, or a trusted administrator, hold for it   | link identity, or create the person that was minted with it |
 * | proves one that was proven after this user had signed up      | pending: the first proof has made this code void |
 * | proves one that was proven before this user signed up         | create person, who owns it: the second prover controls the mailbox now |
 * | had proven it before onesub, and a person without a native user of their own owns it | link identity (refuse, ask: create person without it) |
 * | had proven it before onesub, and a person with one owns it              | create person without it |
 * | proves nothing                                                | create person without the identifiers: they are contact data |
 *
 * The user exists in Cognito by now, whatever we say: nothing is refused here.
 */
export function decideConfirmation(facts: ConfirmationFacts): CreatePerson | LinkIdentity | ExistingPerson | Pending {
  const { confirmed, owner, waitsFor, now } = facts
  const shown = facts.identifiers.filter(({ evidence }) => isEnoughToOwn(evidence))
  if (owner) {
    return {
      kind: 'existing-person',
      person: owner,
      recovered: confirmed === 'recovery' && (now - owner.notBefore > REPEATED_WITHIN_MS ? 'now' : 'told already'),
      proves: shown.flatMap((identifier) => provenBy(owner, identifier, confirmed)),
    }
  }
  const decided = decideByProof(facts, shown)
  const isNews =
    decided.kind === 'link-identity' || (decided.kind === 'create-person' && decided.acquisitions.length > 0)
  // A user who has reset a password that Cognito accepts gets a person, without the address (T160).
  return waitsFor && !isNews && confirmed !== 'recovery'
    ? { kind: 'pending', wants: waitsFor, since: 'still' }
    : decided
}

function decideByProof(
  facts: ConfirmationFacts,
  shown: readonly ArrivingIdentifier[],
): CreatePerson | LinkIdentity | Pending {
  for (const identifier of shown) {
    const decided = decideOwned(identifier, facts)
    if (decided) return decided
  }
  const acquisitions = shown.filter((identifier) => mayTake(identifier, facts.confirmed))
  const [person = 'new'] = formerPersons(acquisitions.map(({ status }) => status))
  return {
    kind: 'create-person',
    person,
    acquisitions: acquisitions.map(({ evidence, status }) => acquisitionOf(evidence, status, person)),
  }
}

/** What an owned address decides at once; undefined where it decides nothing. */
function decideOwned(
  identifier: ArrivingIdentifier,
  facts: ConfirmationFacts,
): CreatePerson | LinkIdentity | Pending | undefined {
  const { evidence, status, holder } = identifier
  if (status.kind !== 'owned' || evidence.kind !== 'proven') return undefined
  const { ownership } = status
  if (ownership.holder?.by !== undefined && isSameUser(ownership.holder, facts.user))
    return finishes(evidence, status, holder)
  if (facts.confirmed === 'token') return joinsAsBefore(evidence, holder, facts)
  return identifier.madeBeforeProof ? { kind: 'pending', wants: ownership.person, since: 'now' } : undefined
}

function finishes(
  evidence: ProvenEmail,
  status: Extract<IdentifierStatus, { kind: 'owned' }>,
  holder: Person | undefined,
): CreatePerson | LinkIdentity {
  const { person } = status.ownership
  const acquisitions = [acquisitionOf(evidence, status, person)]
  return holder
    ? { kind: 'link-identity', person: holder, because: evidence, acquisitions }
    : { kind: 'create-person', person, acquisitions }
}

/** In the other order the provider would have joined this user; the order must not matter (T167). */
function joinsAsBefore(because: ProvenEmail, holder: Person | undefined, { policy, user }: ConfirmationFacts) {
  // A user that we made has no password: it is there for the provider alone.
  const hasUser = holder?.identities.some(
    (one) => one.pool === user.pool && one.native && one.placeholder === undefined,
  )
  if (!holder || policy === 'refuse' || policy === 'ask' || hasUser) return undefined
  return { kind: 'link-identity', person: holder, because, acquisitions: [] } as const
}

function mayTake({ evidence, status }: ArrivingIdentifier, confirmed: Confirmed): boolean {
  if (status.kind !== 'owned') return true
  // A user name is no mailbox: it stays with the user who has it.
  return confirmed !== 'token' && evidence.identifier.kind !== 'username'
}

/** What others own is theirs still where the user had proven it at an unknown time; a proof of this moment is the later one. */
function provenBy(owner: Person, identifier: ArrivingIdentifier, confirmed: Confirmed): Acquisition[] {
  const { evidence, status } = identifier
  const isOwners = status.kind === 'owned' && status.ownership.person === owner.id
  // A recovery has replaced the password that was in doubt.
  if (isOwners && !(confirmed === 'recovery' && isInDoubt(status))) return []
  if (isOwners) return [acquisitionOf(evidence, status, owner.id)]
  if (!mayTake(identifier, confirmed)) return []
  if (status.kind === 'owned' && confirmed === 'sign-up') return []
  return [acquisitionOf(evidence, status, owner.id)]
}
