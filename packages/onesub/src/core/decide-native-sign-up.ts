import { needsReservation, type Standing } from './claim.ts'
import type { Begins, Refused, Take, Waits } from './decision.ts'
import type { ErrorCode } from './errors.ts'
import type { Evidence, StatedKey } from './evidence.ts'
import type { PersonId } from './person.ts'
import type { ExistingAccountPolicy } from './policy.ts'

interface StatedArrival {
  readonly evidence: StatedKey
  readonly standing: Standing
}

export interface NativeSignUpFacts {
  /** Somebody typed these keys into a form: E0, whoever it was. */
  readonly keys: readonly StatedArrival[]
  readonly policy: ExistingAccountPolicy
}

/**
 * | the key is …                              | refuse             | link               | ask                | enumeration-safe |
 * | ----------------------------------------- | ------------------ | ------------------ | ------------------ | ----- |
 * | free, or this user's own reservation      | begins             | begins             | begins             | begins |
 * | reserved by another sign-up seconds ago   | SIGN_UP_UNFINISHED | SIGN_UP_UNFINISHED | SIGN_UP_UNFINISHED | begins |
 * | reserved longer ago, and not proven since | begins: the first proof wins (all policies) |
 * | owned by a person                         | IDENTIFIER_TAKEN          | IDENTIFIER_TAKEN          | LINK_NEEDS_PROOF   | waits |
 * | owned by a person who is gone from the pool | begins (all policies) |
 *
 * A typed address never joins anybody, and an unproven sign-up keeps nobody out beyond the seconds in which clicks are simultaneous.
 * A name proves nothing either: that of a deleted user may be taken by anybody (developer guide, "Working with user attributes").
 */
export function decideNativeSignUp({ keys, policy }: NativeSignUpFacts): Begins | Waits | Refused {
  const standings = keys.map(({ standing }) => standing)
  const owned = standings.find((standing) => standing.is === 'owned')
  if (owned) return onOwnedKey(owned.claim.person, policy)
  if (policy !== 'enumeration-safe' && standings.some(({ is }) => is === 'reserved'))
    return { kind: 'refused', code: 'SIGN_UP_UNFINISHED' }
  const [person = 'new'] = formerPersons(standings)
  const takes = keys
    .filter(({ standing }) => needsReservation(standing))
    .map(({ evidence, standing }) => takeOf(evidence, standing, person))
  return { kind: 'begins', person, takes }
}

const ANSWER = {
  refuse: 'IDENTIFIER_TAKEN',
  link: 'IDENTIFIER_TAKEN',
  ask: 'LINK_NEEDS_PROOF',
} as const satisfies Record<Exclude<ExistingAccountPolicy, 'enumeration-safe'>, ErrorCode>

function onOwnedKey(wants: PersonId, policy: ExistingAccountPolicy): Waits | Refused {
  return policy === 'enumeration-safe'
    ? { kind: 'waits', wants, since: 'now' }
    : { kind: 'refused', code: ANSWER[policy] }
}

export function takeOf(evidence: Evidence, standing: Standing, person: PersonId | 'new'): Take {
  return { evidence, standing, preempts: standing.is !== 'free' && standing.claim.person !== person }
}

/** A repeated run of the same sign-up goes on for the person that was minted with it. */
export function formerPersons(standings: readonly Standing[]): readonly PersonId[] {
  const former = standings.flatMap((standing) => (standing.is === 'mine' ? [standing.claim.person] : []))
  return [...new Set(former)]
}
