import type { QuirksContext } from '../quirks/quirks.ts'
import { quirksOf } from '../quirks/quirks.ts'
import type { Pool } from './pool.ts'
import { VERIFIED_ATTRIBUTES } from './schema.ts'

/** The spelling a pool keeps; what it shows may differ (Pool.shown). */
export function stored(
  context: QuirksContext,
  pool: Pool,
  attributes: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return quirksOf(context, pool).emailCasing === 'storedLowercase' ? pool.shown(attributes) : attributes
}

/** The same for what a call or a trigger writes: there `True` is as good as `true` (API reference: AdminCreateUser). */
export function written(
  context: QuirksContext,
  pool: Pool,
  attributes: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const kept = [...stored(context, pool, attributes)].map(([name, value]): [string, string] => {
    return [name, VERIFIED_ATTRIBUTES.includes(name) ? value.toLowerCase() : value]
  })
  return new Map(kept)
}
