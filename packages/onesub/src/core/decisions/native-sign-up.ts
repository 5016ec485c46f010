import type { ErrorCode } from '../errors.ts'
import type { Evidence, StatedIdentifier } from '../evidence.ts'
import { type IdentifierStatus, needsReservation } from '../identifiers/ownership.ts'
import type { PersonId } from '../person.ts'
import type { ExistingAccountPolicy } from '../policy.ts'
import type { Acquisition, CreatePerson, Pending, Rejected } from './decision.ts'

interface StatedArrival {
  readonly evidence: StatedIdentifier
  readonly status: IdentifierStatus
}

export interface NativeSignUpFacts {
  /** Somebody typed these identifiers into a form: E0. */
  readonly identifiers: readonly StatedArrival[]
  readonly policy: ExistingAccountPolicy
}

/**
 * | the identifier is …                              | refuse             | link               | ask                | enumeration-safe |
 * | ----------------------------------------- | ------------------ | ------------------ | ------------------ | ----- |
 * | free, or this user's own reservation      | create person      | create person      | create person      | create person |
 * | reserved by another sign-up seconds ago   | SIGN_UP_UNFINISHED | SIGN_UP_UNFINISHED | SIGN_UP_UNFINISHED | create person |
 * | reserved longer ago, and not proven since | create person: the first proof wins (all policies) |
 * | owned by a person                         | IDENTIFIER_TAKEN          | IDENTIFIER_TAKEN          | LINK_NEEDS_PROOF   | pending |
 * | owned by a person whose user is deleted   | create person (all policies) |
 *
 * A typed address never joins anybody, and an unproven sign-up keeps nobody out beyond the seconds in which clicks are simultaneous.
 * A name proves nothing either: that of a deleted user may be taken by anybody (developer guide, "Working with user attributes").
 */
export function decideNativeSignUp({ identifiers, policy }: NativeSignUpFacts): CreatePerson | Pending | Rejected {
  const statuses = identifiers.map(({ status }) => status)
  const owned = statuses.find((status) => status.kind === 'owned')
  if (owned) return onOwnedKey(owned.ownership.person, policy)
  if (policy !== 'enumeration-safe' && statuses.some(({ kind }) => kind === 'reserved'))
    return { kind: 'refused', code: 'SIGN_UP_UNFINISHED' }
  const [person = 'new'] = formerPersons(statuses)
  const acquisitions = identifiers
    .filter(({ status }) => needsReservation(status))
    .map(({ evidence, status }) => acquisitionOf(evidence, status, person))
  return { kind: 'create-person', person, acquisitions }
}

const ANSWER = {
  refuse: 'IDENTIFIER_TAKEN',
  link: 'IDENTIFIER_TAKEN',
  ask: 'LINK_NEEDS_PROOF',
} as const satisfies Record<Exclude<ExistingAccountPolicy, 'enumeration-safe'>, ErrorCode>

function onOwnedKey(wants: PersonId, policy: ExistingAccountPolicy): Pending | Rejected {
  return policy === 'enumeration-safe'
    ? { kind: 'pending', wants, since: 'now' }
    : { kind: 'refused', code: ANSWER[policy] }
}

export function acquisitionOf(evidence: Evidence, status: IdentifierStatus, person: PersonId | 'new'): Acquisition {
  return { evidence, status, supersedes: status.kind !== 'free' && status.ownership.person !== person }
}

/** A repeated run of the same sign-up goes on for the person that was minted with it. */
export function formerPersons(statuses: readonly IdentifierStatus[]): readonly PersonId[] {
  const former = statuses.flatMap((status) => (status.kind === 'mine' ? [status.ownership.person] : []))
  return [...new Set(former)]
}
