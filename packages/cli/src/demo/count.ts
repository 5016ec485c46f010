import type { Outcome } from './scenario.ts'

export interface Counts {
  readonly signIns: number
  readonly cognitoAlone: { readonly poolUsers: number; readonly persons: number }
  readonly onesub: { readonly poolUsers: number; readonly persons: number; readonly signedInAs: readonly string[] }
}

export function countsOf(alone: Outcome, withOnesub: Outcome): Counts {
  return {
    signIns: withOnesub.entries.length,
    cognitoAlone: tally(alone),
    onesub: { ...tally(withOnesub), signedInAs: withOnesub.signedInAs },
  }
}

/** Everybody in the pool, and everybody somebody was signed in as: a person who is in only one of the two would be a fault. */
export function tally({ directory, signedInAs }: Outcome): { poolUsers: number; persons: number } {
  const persons = new Set([...directory.map(({ person }) => person), ...signedInAs])
  return { poolUsers: directory.length, persons: persons.size }
}
