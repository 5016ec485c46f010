import createKnex, { type Knex } from 'knex'
import pg from 'pg'
import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unfairRaces } from '../../testing/store-contract/races.ts'
import { freshEmail, reserving } from '../../testing/store-contract/sample-changes.ts'
import { contractCases } from '../testing/contract-tests.ts'
import { knexClient, migratePostgres, openPostgresRegistry, type PostgresClient, postgresJsClient } from './index.ts'
import { hasPgBouncer, type Pooler, startPgBouncer } from './testing/pgbouncer.ts'
import { type PostgresServer, startPostgres } from './testing/server.ts'
import { newSchemas, postgres as postgresStore } from './testing/store.ts'

if (!hasPgBouncer)
  console.warn(
    'pgbouncer is not installed: the registry behind a pooler in transaction mode is NOT tested in this run.',
  )

/** For changes that stand beside those of the application. */
const schema = 'onesub_clients'

let server: PostgresServer
let admin: pg.Pool

let schemas: ReturnType<typeof newSchemas>

beforeAll(async () => {
  server = await startPostgres()
  admin = new pg.Pool({ connectionString: server.url, max: 4 })
  schemas = newSchemas(admin)
  await migratePostgres(admin, { schema })
})

afterAll(async () => {
  await schemas?.removeAll()
  await admin?.query(`drop schema if exists ${schema} cascade`)
  await admin?.end()
  await server?.stop()
})

function contracts(name: string, client: () => PostgresClient): void {
  contractCases(name, { features: postgresStore.features, create: () => schemas.create(client()) })

  it('T85: gives each identifier to exactly one of 32 simultaneous sign-ups, 20 times over', async () => {
    const registry = await openPostgresRegistry({ client: client(), pepper: null, schema })
    expect(await unfairRaces(registry, { racers: 32, rounds: 20 })).toEqual([])
  })
}

describe('through knex', () => {
  let knex: Knex
  beforeAll(() => {
    knex = createKnex({ client: 'pg', connection: server.url, pool: { min: 0, max: 16 } })
  })
  afterAll(() => knex?.destroy())

  contracts('knex', () => knexClient(knex))

  it('writes inside a transaction of the application, and not at all where that is taken back', async () => {
    const [kept, lost] = [reserving(freshEmail(), 'ada'), reserving(freshEmail(), 'bob')]
    const open = (trx: Knex) => openPostgresRegistry({ client: knexClient(trx), pepper: null, schema })
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

  contracts('postgres.js', () => postgresJsClient(sql))

  it('writes inside a transaction of the application, and not at all where that is taken back', async () => {
    const [kept, lost] = [reserving(freshEmail(), 'ada'), reserving(freshEmail(), 'bob')]
    const open = (tx: Parameters<typeof postgresJsClient>[0]) =>
      openPostgresRegistry({ client: postgresJsClient(tx), pepper: null, schema })
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

  describe('pg', () => contracts('pg behind PgBouncer', () => pool))
  describe('postgres.js', () => contracts('postgres.js behind PgBouncer', () => postgresJsClient(sql)))
  describe('knex', () => contracts('knex behind PgBouncer', () => knexClient(knex)))
})
