import type { Standing } from './claim.ts'
import type { ErrorCode } from './errors.ts'
import type { Evidence, ProvenEmail } from './evidence.ts'
import type { Person, PersonId } from './person.ts'

/** A key that the decision claims, and what stood there before. */
export interface Take {
  readonly evidence: Evidence
  readonly standing: Standing
  /** True when the key goes over to another person: by a proof where there was none, or by a later one. */
  readonly preempts: boolean
}

/** Nobody we know: a person begins. `person` is `new`, or the id that was minted with the claim that is finished or taken over. */
export interface Begins {
  readonly kind: 'begins'
  readonly person: PersonId | 'new'
  readonly takes: readonly Take[]
}

/**
 * The identity is known. `recovered`: its mailbox was just proven anew, so older tokens end here. `proves`: her own claims that
 * this moment has shown more of than was known.
 */
export interface Returns {
  readonly kind: 'returns'
  readonly person: Person
  readonly recovered: boolean
  readonly proves: readonly Take[]
}

/** A further identity of a person we know. Only a proven address is a reason: joining on a stated one does not compile. */
export interface Joins {
  readonly kind: 'joins'
  readonly person: Person
  readonly because: ProvenEmail
  /** Claims that were held for this very user, and need no holder any more. */
  readonly takes: readonly Take[]
}

/** Let in by Cognito, but nobody's yet: no claim, no person id in tokens, until there is proof of both sides. */
export interface Waits {
  readonly kind: 'waits'
  readonly wants: PersonId
  /** `still`: the registry knows it already. */
  readonly since: 'now' | 'still'
}

export interface Refused {
  readonly kind: 'refused'
  readonly code: ErrorCode
}

export type Decision = Begins | Returns | Joins | Waits | Refused
