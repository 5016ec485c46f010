import type { Standing } from './claim.ts'
import { claimUnder, formerPersons } from './decide-native-sign-up.ts'
import type { Begins, Refused } from './decision.ts'
import type { Evidence } from './evidence.ts'

export interface AdminCreationFacts {
  /** Stated, unless policy takes the administrator's `email_verified` for proof. */
  readonly keys: readonly { readonly evidence: Evidence; readonly standing: Standing }[]
}

/**
 * | the key is …                        | then |
 * | ----------------------------------- | --- |
 * | free, or this very user's own claim | begins |
 * | left by an unfinished sign-up       | begins, with the person id that was minted then |
 * | held with less proof than this      | begins as a new person who takes the key |
 * | somebody's                          | KEY_TAKEN |
 *
 * The policy plays no part: an administrator is no stranger, so there is nothing to be quiet about, and nobody signs in here to be linked.
 */
export function decideAdminCreation({ keys }: AdminCreationFacts): Begins | Refused {
  const standings = keys.map(({ standing }) => standing)
  if (standings.some(({ is }) => is === 'hard' || is === 'soft')) return { kind: 'refused', code: 'KEY_TAKEN' }
  const [former = 'new', another] = formerPersons(standings)
  if (another) return { kind: 'refused', code: 'KEY_TAKEN' }
  const person = standings.some(({ is }) => is === 'weaker') ? 'new' : former
  const takes = keys.map(({ evidence, standing }) => {
    const over = claimUnder(standing)
    return { evidence, over, preempts: over !== undefined && over.person !== person }
  })
  return { kind: 'begins', person, takes }
}
