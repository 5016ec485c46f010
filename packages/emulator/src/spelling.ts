import { type Desk, quirksOf } from './desk.ts'
import type { Pool } from './state/pool.ts'

/** The spelling a pool keeps; what it shows may differ (Pool.shown). */
export function stored(desk: Desk, pool: Pool, attributes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return quirksOf(desk, pool).emailCasing === 'storedLowercase' ? pool.shown(attributes) : attributes
}
