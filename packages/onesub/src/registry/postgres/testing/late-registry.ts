import type pg from 'pg'
import type { Late } from '../../testing/store-contract.ts'
import { openPostgresRegistry } from '../index.ts'

/** A registry inside a transaction that goes on until its end is called. */
export async function lateRegistry(pool: pg.Pool, schema: string): Promise<Late> {
  const client = await pool.connect()
  await client.query('begin')
  return {
    registry: await openPostgresRegistry({ client, pepper: null, schema }),
    async end() {
      await client.query('commit')
      client.release()
    },
  }
}
