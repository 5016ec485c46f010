import type { Standing } from './claim.ts'
import { formerPersons, takeOf } from './decide-native-sign-up.ts'
import type { Begins, Refused } from './decision.ts'
import type { Evidence } from './evidence.ts'

export interface AdminCreationFacts {
  /** Stated, unless policy takes the administrator's `email_verified` for proof. */
  readonly keys: readonly { readonly evidence: Evidence; readonly standing: Standing }[]
}

/**
 * | the key is …                 | then |
 * | ---------------------------- | --- |
 * | free, or reserved by anybody | begins: what is unproven keeps nobody out |
 * | owned by a person            | IDENTIFIER_TAKEN |
 *
 * The policy plays no part: an administrator is no stranger, so there is nothing to be enumeration-safe about, and nobody signs in here to be linked.
 */
export function decideAdminCreation({ keys }: AdminCreationFacts): Begins | Refused {
  const standings = keys.map(({ standing }) => standing)
  if (standings.some(({ is }) => is === 'owned')) return { kind: 'refused', code: 'IDENTIFIER_TAKEN' }
  const [person = 'new'] = formerPersons(standings)
  const takes = keys.map(({ evidence, standing }) => takeOf(evidence, standing, person))
  return { kind: 'begins', person, takes }
}
