import pg from 'pg'
import type { KillableStore } from '../../testing/test-store.ts'
import { migratePostgres, openPostgresRegistry } from '../index.ts'
import { postgresCluster } from './cluster.ts'
import { slowLine } from './slow-line.ts'

const CONNECTIONS = 32
/** So long that answers are on their way when the server dies: those changes are written, and no client knows. */
const ANSWERS_TAKE_MS = 3
const SETTINGS = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes']

export async function startKillablePostgres(): Promise<KillableStore> {
  const cluster = await postgresCluster()
  const line = await slowLine(cluster.port, ANSWERS_TAKE_MS)
  const pool = new pg.Pool({ host: '127.0.0.1', port: line.port, user: 'postgres', max: CONNECTIONS })
  // Of connections that wait in the pool: the next query opens another.
  pool.on('error', () => {})
  const remove = async () => {
    await pool.end()
    await line.close()
    await cluster.remove()
  }
  try {
    await cluster.start()
    await migratePostgres(pool)
    const registry = await openPostgresRegistry({ client: pool, pepper: null })
    return {
      connections: CONNECTIONS,
      registry,
      async killAndStart() {
        await cluster.kill(() => line.cut())
        await cluster.start()
      },
      async settings() {
        const { rows } = await pool.query('select name, setting from pg_settings where name = any($1)', [SETTINGS])
        return Object.fromEntries(rows.map(({ name, setting }) => [String(name), String(setting)]))
      },
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}
