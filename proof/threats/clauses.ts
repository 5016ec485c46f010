/**
 * A part of what defeats a threat, small enough for a test of its own. `tests` are pieces of the titles of the tests that close it, each of
 * which carries the number of the threat; `as` is a clause of another threat that says the same; `open` tells why nothing closes it.
 */
export type Clause = {
  readonly id: string
  readonly says: string
} & ({ readonly tests: readonly string[] } | { readonly as: string } | { readonly open: string })

/** A number never changes. */
export interface Threat {
  readonly number: number
  readonly title: string
  readonly clauses: readonly Clause[]
}

export interface Area {
  readonly name: string
  readonly threats: readonly Threat[]
}
