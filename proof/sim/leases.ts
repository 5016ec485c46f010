import type { Identifier } from '../../packages/onesub/src/core/identifiers/index.ts'
import type { Registry } from '../../packages/onesub/src/core/ports.ts'
import type { Invocation } from './scheduler.ts'

/**
 * What becomes of a claim whose maker has not come to an end when the lease is over (T89). The product keeps it: its person stays, and whoever
 * comes next may finish it. The other two are what DynamoDB's lock clients and TTL attributes suggest, and lose people.
 */
export const LEASES = ['kept', 'deleted', 'deleted once nobody is alive'] as const
export type Lease = (typeof LEASES)[number]

/** Longer than a window, shorter than the time after which a user who has not appeared in the pool is taken for gone. */
export const LEASE_MS = 20 * 60_000

interface Unfinished {
  readonly since: number
  readonly person: string
}

/** Deletes rows under the feet of the code under test, as the variant says. */
export class Leases {
  readonly #lease: Lease
  readonly #now: () => number
  readonly #unfinished = new Map<string, Unfinished>()
  /** Whom a function that is still running has to do with. */
  readonly #about = new Map<Invocation, Set<string>>()

  constructor(lease: Lease, now: () => number) {
    this.#lease = lease
    this.#now = now
  }

  /** A function came to its end; if it went well, so has what it or an earlier run for the same person had begun. */
  ended(by: Invocation, isWell: boolean): void {
    const persons = this.#about.get(by)
    this.#about.delete(by)
    if (!isWell) return
    for (const [key, { person }] of this.#unfinished) if (persons?.has(person)) this.#unfinished.delete(key)
  }

  over(registry: Registry, by: Invocation): Registry {
    if (this.#lease === 'kept') return registry
    const about = new Set<string>()
    this.#about.set(by, about)
    return {
      person: registry.person,
      resolve: async (identity) => {
        const person = await registry.resolve(identity)
        if (person) about.add(person)
        return person
      },
      facts: async (query) => {
        const facts = await registry.facts(query)
        if (facts.owner) about.add(facts.owner.id)
        const identifiers = facts.identifiers.map((fact) =>
          this.#isDeleted(fact.identifier, by)
            ? { identifier: fact.identifier, ownership: undefined, person: undefined }
            : fact,
        )
        return { ...facts, identifiers }
      },
      commit: async (change) => {
        const status = await registry.facts({
          identity: undefined,
          identifiers: change.writes.flatMap((write) => (write.row === 'ownership' ? [write.identifier] : [])),
        })
        let isLate = false
        const writes = change.writes.map((write) => {
          if (write.row !== 'ownership' || !this.#isDeleted(write.identifier, by)) return write
          isLate ||= write.expectedRevision > 0
          const claim = status.identifiers.find(
            ({ identifier }) => identifier.value === write.identifier.value,
          )?.ownership
          return { ...write, expectedRevision: claim?.revision ?? 0 }
        })
        // A writer that has read the row before it was deleted is refused, as by any store.
        if (isLate) return { outcome: 'overtaken', winner: undefined }
        const [first, ...rest] = writes
        if (!first) throw new Error('A change without a write.')
        const result = await registry.commit({ ...change, writes: [first, ...rest] })
        if (result.outcome === 'overtaken') return result
        about.add(result.person)
        for (const write of writes) {
          if (write.row !== 'ownership') continue
          this.#unfinished.set(write.identifier.value, { since: this.#now(), person: result.person })
        }
        return result
      },
    }
  }

  #isDeleted({ value }: Identifier, asker: Invocation): boolean {
    const claim = this.#unfinished.get(value)
    if (!claim || this.#now() < claim.since + LEASE_MS) return false
    return this.#lease === 'deleted' || [...this.#about.keys()].every((other) => other === asker || other.isDead)
  }

  /** What the next step depends on, besides the rows. */
  state(): readonly unknown[] {
    const alive = [...this.#about].filter(([{ isDead }]) => !isDead).map(([, persons]) => [...persons])
    return [...this.#unfinished, ...alive]
  }
}
