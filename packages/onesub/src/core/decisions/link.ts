import type { FreshProof } from '../fresh-proof.ts'
import type { Person } from '../person.ts'

export interface LinkFacts {
  /** The person of the account that the user is signed in to. */
  readonly account: Person
  /** The person of the sign-in method to be added, if it has one. */
  readonly owner: Person | undefined
  readonly because: FreshProof
}

/** Further identities of a person who has shown both sides. Without a fresh proof it does not compile. */
export interface Links {
  readonly kind: 'links'
  readonly person: Person
  /** The person whom the sign-in method belonged to so far: the same human, by the proof of both sign-ins. */
  readonly merges: Person | undefined
  readonly because: FreshProof
}

export interface AlreadyLinked {
  readonly kind: 'already'
  readonly person: Person
}

/**
 * | the sign-in method to be added …                  | then |
 * | ------------------------------------------------- | --- |
 * | is the person's already                           | nothing to do |
 * | has no person: new, pending, or unlinked          | links |
 * | is another person's                               | links, and merges that person; the application has to name that person |
 */
export function decideLink({ account, owner, because }: LinkFacts): Links | AlreadyLinked {
  if (owner?.id === account.id) return { kind: 'already', person: account }
  return { kind: 'links', person: account, merges: owner, because }
}
