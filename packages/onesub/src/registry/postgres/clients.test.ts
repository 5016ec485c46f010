import createKnex, { type Knex } from 'knex'
import pg from 'pg'
import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claiming, freshKey, registryContract } from '../testing/contract.ts'
import { raceForKeys } from '../testing/races.ts'
import { storeContract } from '../testing/store-contract.ts'
import { knexClient, migratePostgres, openPostgresRegistry, type PostgresClient, postgresJsClient } from './index.ts'
import { lateRegistry } from './testing/late-registry.ts'
import { hasPgBouncer, type Pooler, startPgBouncer } from './testing/pgbouncer.ts'
import { type PostgresServer, startPostgres } from './testing/server.ts'

if (!hasPgBouncer)
  console.warn(
    'pgbouncer is not installed: the registry behind a pooler in transaction mode is NOT tested in this run.',
  )

const SCHEMAS = [
  'onesub_knex',
  'onesub_postgres_js',
  'onesub_bouncer_pg',
  'onesub_bouncer_js',
  'onesub_bouncer_knex',
  'onesub_store',
]

let server: PostgresServer
let admin: pg.Pool

beforeAll(async () => {
  server = await startPostgres()
  admin = new pg.Pool({ connectionString: server.url, max: 4 })
  await cleared()
})

afterAll(async () => {
  if (admin) await cleared()
  await admin?.end()
  await server?.stop()
})

async function cleared(): Promise<void> {
  await admin.query(`drop schema if exists ${SCHEMAS.join(', ')} cascade`)
}

function contracts(name: string, schema: string, client: () => PostgresClient): void {
  let registry: Awaited<ReturnType<typeof openPostgresRegistry>>

  beforeAll(async () => {
    await migratePostgres(client(), { schema })
    registry = await openPostgresRegistry({ client: client(), pepper: null, schema })
  })

  registryContract(name, async () => {
    const heard = async () => (await registry.told(0, Number.MAX_SAFE_INTEGER)).map(({ event }) => event)
    return { registry, heard }
  })

  storeContract(name, async () => {
    await admin.query('drop schema if exists onesub_store cascade')
    await migratePostgres(client(), { schema: 'onesub_store' })
    return {
      open: (options) => openPostgresRegistry({ client: client(), pepper: null, schema: 'onesub_store', ...options }),
      late: () => lateRegistry(admin, 'onesub_store'),
    }
  })

  it('T85: lets exactly one of 32 simultaneous sign-ups have the key, 20 times over', async () => {
    expect(await raceForKeys(registry, { racers: 32, rounds: 20 })).toEqual([])
  })
}

describe('through knex', () => {
  let knex: Knex
  beforeAll(() => {
    knex = createKnex({ client: 'pg', connection: server.url, pool: { min: 0, max: 16 } })
  })
  afterAll(() => knex?.destroy())

  contracts('knex', 'onesub_knex', () => knexClient(knex))

  it('writes inside a transaction of the application, and not at all where that is taken back', async () => {
    const [kept, lost] = [claiming(freshKey(), 'ada'), claiming(freshKey(), 'bob')]
    const open = (trx: Knex) => openPostgresRegistry({ client: knexClient(trx), pepper: null, schema: 'onesub_knex' })
    await knex.transaction(async (trx) => (await open(trx)).commit(kept))
    const lostIt = knex.transaction(async (trx) => {
      await (await open(trx)).commit(lost)
      throw new Error('taken back')
    })
    await expect(lostIt).rejects.toThrow('taken back')
    const { identifiers } = await (await open(knex)).facts({
      identity: undefined,
      identifiers: [kept.writes[0].identifier, lost.writes[0].identifier],
    })
    expect(identifiers.map(({ ownership }) => ownership?.person)).toEqual([kept.person, undefined])
  })

  it('hands over parameters by their numbers, and question marks as they are', async () => {
    const client = knexClient(knex)
    const { rows } = await client.query(
      `select $2::text as b, $1::text as a, $2::text as again, '{"x":1}'::jsonb ? $1 as has`,
      ['x', '?'],
    )
    expect(rows).toEqual([{ a: 'x', b: '?', again: '?', has: true }])
    expect((await client.query(`select 'what?' as text, '{"x":1}'::jsonb ? 'y' as has`)).rows).toEqual([
      { text: 'what?', has: false },
    ])
  })
})

describe('through postgres.js', () => {
  let sql: Sql
  beforeAll(() => {
    sql = postgres(server.url, { max: 16, onnotice: () => {} })
  })
  afterAll(() => sql?.end())

  contracts('postgres.js', 'onesub_postgres_js', () => postgresJsClient(sql))

  it('writes inside a transaction of the application, and not at all where that is taken back', async () => {
    const [kept, lost] = [claiming(freshKey(), 'ada'), claiming(freshKey(), 'bob')]
    const open = (tx: Parameters<typeof postgresJsClient>[0]) =>
      openPostgresRegistry({ client: postgresJsClient(tx), pepper: null, schema: 'onesub_postgres_js' })
    await sql.begin(async (tx) => (await open(tx)).commit(kept))
    const lostIt = sql.begin(async (tx) => {
      await (await open(tx)).commit(lost)
      throw new Error('taken back')
    })
    await expect(lostIt).rejects.toThrow('taken back')
    const { identifiers } = await (await open(sql)).facts({
      identity: undefined,
      identifiers: [kept.writes[0].identifier, lost.writes[0].identifier],
    })
    expect(identifiers.map(({ ownership }) => ownership?.person)).toEqual([kept.person, undefined])
  })
})

describe.skipIf(!hasPgBouncer)('behind PgBouncer in transaction mode', () => {
  let pooler: Pooler
  let pool: pg.Pool
  let sql: Sql
  let knex: Knex

  beforeAll(async () => {
    pooler = await startPgBouncer(server.url)
    pool = new pg.Pool({ connectionString: pooler.url, max: 32 })
    sql = postgres(pooler.url, { max: 16, prepare: false, onnotice: () => {} })
    knex = createKnex({ client: 'pg', connection: pooler.url, pool: { min: 0, max: 16 } })
  })

  afterAll(async () => {
    await Promise.all([pool?.end(), sql?.end(), knex?.destroy()])
    await pooler?.stop()
  })

  describe('pg', () => contracts('pg behind PgBouncer', 'onesub_bouncer_pg', () => pool))
  describe('postgres.js', () =>
    contracts('postgres.js behind PgBouncer', 'onesub_bouncer_js', () => postgresJsClient(sql)))
  describe('knex', () => contracts('knex behind PgBouncer', 'onesub_bouncer_knex', () => knexClient(knex)))
})
