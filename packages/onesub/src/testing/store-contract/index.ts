import type { ContractCase, EmptyStore, StoreDescription } from './description.ts'
import { EVENT_DEMANDS } from './events.ts'
import { LIMIT_DEMANDS } from './limits.ts'
import { OPTION_DEMANDS } from './options.ts'
import { PEPPER_DEMANDS } from './peppers.ts'
import { POOL_DEMANDS } from './pools.ts'
import { ROW_DEMANDS } from './rows.ts'

const OF_ONE_STORE_EACH = [
  ...PEPPER_DEMANDS,
  ...POOL_DEMANDS,
  ...LIMIT_DEMANDS,
  ...EVENT_DEMANDS,
  ...OPTION_DEMANDS,
] as const

/**
 * What every store has to do, as cases for any test framework:
 *
 * ```ts
 * for (const { name, run } of storeContract({ features: ['reopening'], create })) test(name, run)
 * ```
 *
 * All cases about rows share one store, since they use rows of their own; each other case gets a new store. Cases may run one after the
 * other or at the same time. The caller starts the store's server before them, and ends it afterwards.
 */
export function storeContract({ features, create }: StoreDescription): readonly ContractCase[] {
  const shared = once(create)
  const isDone = ({ needs = [] }: { readonly needs?: StoreDescription['features'] }) =>
    needs.every((feature) => features.includes(feature))
  return [
    ...ROW_DEMANDS.map(({ name, run }) => ({ name, run: async () => run(await shared()) })),
    ...OF_ONE_STORE_EACH.filter(isDone).map(({ name, run }) => ({ name, run: async () => run(await create()) })),
  ]
}

/** The shared store is opened once as well. */
function once(create: () => Promise<EmptyStore>): () => Promise<EmptyStore> {
  let made: Promise<EmptyStore> | undefined
  return () => {
    made ??= create().then((store) => {
      const registry = store.open()
      return { ...store, open: () => registry }
    })
    return made
  }
}
