import type { FreshProof } from './fresh-proof.ts'
import type { Person } from './person.ts'

export interface LinkFacts {
  /** Whose account it is that she is signed in to. */
  readonly account: Person
  /** The person behind the way in that she wants to add, if it has one. */
  readonly owner: Person | undefined
  readonly because: FreshProof
}

/** Further identities of a person who has shown both sides. Without a fresh proof it does not compile. */
export interface Links {
  readonly kind: 'links'
  readonly person: Person
  /** Whom the way in belonged to so far: the same human, as she has shown. */
  readonly merges: Person | undefined
  readonly because: FreshProof
}

export interface AlreadyLinked {
  readonly kind: 'already'
  readonly person: Person
}

/**
 * | the way in that she wants to add …                | then |
 * | ------------------------------------------------- | --- |
 * | is hers                                           | nothing to do |
 * | is nobody's: new, waiting, or taken off somebody  | links |
 * | is another person's                               | links, and absorbs that person; the application has to name her |
 */
export function decideLink({ account, owner, because }: LinkFacts): Links | AlreadyLinked {
  if (owner?.id === account.id) return { kind: 'already', person: account }
  return { kind: 'links', person: account, merges: owner, because }
}
