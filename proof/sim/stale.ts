import type { Change } from '../../packages/onesub/src/core/changes/change.ts'
import type { Registry } from '../../packages/onesub/src/core/ports.ts'
import { createMemoryRegistry } from '../../packages/onesub/src/registry/memory/index.ts'
import type { Chooser } from './random.ts'

const ODDS_OF_A_STALE_ANSWER = 4

/**
 * A store whose reads may answer as of any earlier moment (T95), as a replica's or an index's do. The product forbids such a store; what
 * it commits is safe all the same, since a commit names the revisions that it has seen.
 */
export function stale(registry: Registry, changes: readonly Change[], chooser: Chooser): Registry {
  const asOfSomeTime = async (): Promise<Registry> => {
    if (!chooser.oneIn(ODDS_OF_A_STALE_ANSWER)) return registry
    const then = createMemoryRegistry()
    for (const change of changes.slice(0, chooser.pick(changes.length + 1))) await then.commit(change)
    return then
  }
  return {
    commit: registry.commit,
    facts: async (query) => (await asOfSomeTime()).facts(query),
    resolve: async (identity) => (await asOfSomeTime()).resolve(identity),
    person: async (id) => (await asOfSomeTime()).person(id),
  }
}
