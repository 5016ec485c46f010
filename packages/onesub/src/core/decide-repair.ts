import type { Standing } from './claim.ts'
import type { Person } from './person.ts'

export interface RepairFacts {
  readonly owner: Person
  /** The address that the pool shows after the sign-in, as spelled there; undefined without one that could be a key. */
  readonly shown: { readonly spelled: string; readonly verified: boolean; readonly standing: Standing } | undefined
}

/**
 * Cognito writes what a provider says over a linked user's address at each sign-in, and takes a flag that the provider does not send for
 * "no" (aws-amplify/amplify-js#7300, #11565). What the pool shows decides nothing here, but mails go there and resets depend on it.
 *
 * | the pool shows …                     | then |
 * | ------------------------------------ | --- |
 * | her proven address, marked verified  | nothing |
 * | it, in another spelling              | hers is put back: where a pool keeps case, she signs in by it |
 * | her proven address, marked otherwise | the mark is put back |
 * | another address, or none             | the one that she has proven is put back |
 * | another, and hers is not known       | nothing |
 */
export function decideRepair({ owner, shown }: RepairFacts): string | undefined {
  const isHers = shown?.standing.is === 'hard' && shown.standing.claim.person === owner.id
  if (!isHers) return owner.address ?? undefined
  const hers = owner.address ?? shown.spelled
  return shown.verified && shown.spelled === hers ? undefined : hers
}
