import type { ErrorCode } from '../errors.ts'
import type { Evidence, ProvenEmail } from '../evidence.ts'
import type { IdentifierStatus } from '../identifiers/ownership.ts'
import type { Person, PersonId } from '../person.ts'

/** An identifier that the decision gives to a person, and what stood there before. */
export interface Acquisition {
  readonly evidence: Evidence
  readonly status: IdentifierStatus
  /** True when another person supersedes the owner: by the first proof, or by a further one. */
  readonly supersedes: boolean
}

/** An unknown identity: a person is created. `person` is `new`, or the id that was minted with the ownership that is finished or superseded. */
export interface CreatePerson {
  readonly kind: 'create-person'
  readonly person: PersonId | 'new'
  readonly acquisitions: readonly Acquisition[]
}

/**
 * The identity is known. `recovered`: its mailbox was just proven again, so older tokens end here. `proves`: the person's own identifiers that
 * this moment has shown more of than was known.
 */
export interface ExistingPerson {
  readonly kind: 'existing-person'
  readonly person: Person
  readonly recovered: 'now' | 'told already' | false
  readonly proves: readonly Acquisition[]
}

/** A further identity of a person we know. Only a proven address is a reason: joining on a stated one does not compile. */
export interface LinkIdentity {
  readonly kind: 'link-identity'
  readonly person: Person
  readonly because: ProvenEmail
  /** Claims that were held for this very user, and need no holder any more. */
  readonly acquisitions: readonly Acquisition[]
}

/** Let in by Cognito, but without a person yet: no ownership, no person id in tokens, until there is proof of both sides. */
export interface Pending {
  readonly kind: 'pending'
  readonly wants: PersonId
  /** `still`: the registry knows it already. */
  readonly since: 'now' | 'still'
}

export interface Rejected {
  readonly kind: 'refused'
  readonly code: ErrorCode
}

export type Decision = CreatePerson | ExistingPerson | LinkIdentity | Pending | Rejected
