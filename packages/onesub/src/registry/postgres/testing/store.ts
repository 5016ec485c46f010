import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { OwnStore, TestStore } from '../../testing/test-store.ts'
import { migratePostgres, openPostgresRegistry, type PostgresClient } from '../index.ts'
import { startKillablePostgres } from './killable.ts'
import { startPostgres } from './server.ts'

const CONNECTIONS = 32
const CONNECTIONS_FOR_COMPARISON = 16

export const postgres: TestStore = {
  title: 'PostgreSQL',
  features: ['reopening', 'event-feed', 'pruning', 'late-commits', 'call-count'],
  races: { rounds: 200, workers: CONNECTIONS, changes: 3_000 },
  comparison: {
    commands: 100_000,
    commandsInWholeProof: 10_000,
    lanes: CONNECTIONS_FOR_COMPARISON,
    commitsOfHundred: 60,
  },
  roundTrips: { signUp: 1, refusedSignUp: 1, confirmation: 2, signIn: 0, firstToken: 1, laterToken: 1, link: 4 },
  async start() {
    const server = await startPostgres()
    const pool = new pg.Pool({ connectionString: server.url, max: CONNECTIONS })
    const schemas = newSchemas(pool)
    return {
      create: () => schemas.create(pool),
      async stop() {
        await schemas.removeAll()
        await pool.end()
        await server.stop()
      },
    }
  },
  startKillable: startKillablePostgres,
}

/** Makes stores in schemas of their own. The server may be somebody's own and keeps nothing of them. */
export function newSchemas(owner: PostgresClient) {
  const made = new Set<string>()

  const remove = async (schema: string): Promise<void> => {
    await owner.query(`drop schema if exists ${schema} cascade`)
    made.delete(schema)
  }

  return {
    /** A store that is asked through this client. */
    async create(client: PostgresClient): Promise<OwnStore> {
      const schema = `onesub_test_${randomBytes(8).toString('hex')}`
      made.add(schema)
      await migratePostgres(client, { schema })
      let calls = 0
      const counting: PostgresClient = {
        query(text, params) {
          calls += 1
          return client.query(text, params)
        },
      }
      return {
        open: (options) => openPostgresRegistry({ client: counting, pepper: null, schema, ...options }),
        calls: () => calls,
        ...(owner instanceof pg.Pool && { openLate: () => openInTransaction(owner, schema) }),
        remove: () => remove(schema),
      }
    },
    async removeAll(): Promise<void> {
      for (const schema of [...made]) await remove(schema)
    },
  }
}

/** A registry inside a transaction that goes on until `end`. */
async function openInTransaction(pool: pg.Pool, schema: string) {
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
