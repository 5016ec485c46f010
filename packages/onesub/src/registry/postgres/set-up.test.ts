import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { creatingPerson, freshEmail, freshIdentity, reserving } from '../../testing/store-contract/sample-changes.ts'
import { migratePostgres, openPostgresRegistry, type PostgresClient } from './index.ts'
import { type PostgresServer, startPostgres } from './testing/server.ts'

const schema = 'onesub_set_up'

let server: PostgresServer
let pool: pg.Pool

beforeAll(async () => {
  server = await startPostgres()
  pool = new pg.Pool({ connectionString: server.url })
  await cleared()
  await migratePostgres(pool, { schema })
  await pool.query(`create role onesub_stranger login; create role onesub_reader login;
    grant usage on schema ${schema} to onesub_reader; grant select on all tables in schema ${schema} to onesub_reader`)
})

afterAll(async () => {
  if (pool) await cleared()
  await pool?.end()
  await server?.stop()
})

async function cleared(): Promise<void> {
  await pool.query(`drop schema if exists ${schema}, onesub_evil, onesub_gone cascade`)
  for (const role of ['onesub_stranger', 'onesub_reader']) await pool.query(`drop role if exists ${role}`)
}

function as(user: string, path = '/postgres'): pg.Pool {
  const url = new URL(server.url)
  url.username = user
  url.pathname = path
  return new pg.Pool({ connectionString: url.href, max: 1 })
}

const open = (client: PostgresClient) => openPostgresRegistry({ client, pepper: null, schema })

async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'let through',
    (reason: unknown) => reason,
  )
}

describe('T170: a mistake of the set-up is told as one, with its cause and without names', () => {
  it.each<[says: string, user: string, path: string, code: string, cause: string]>([
    ['without any grant', 'onesub_stranger', '/postgres', 'CONFIG_INVALID', '42501'],
    ['with the right to read alone', 'onesub_reader', '/postgres', 'CONFIG_INVALID', '42501'],
    ['to a database that is not there', 'postgres', '/onesub_elsewhere', 'REGISTRY_NOT_READY', '3D000'],
    ['as a user who is not there', 'onesub_nobody', '/postgres', 'CONFIG_INVALID', '28000'],
  ])('a client %s', async (_, user, path, code, cause) => {
    const client = as(user, path)
    const error = await refusalOf(open(client))
    expect(error).toMatchObject({ code, retry: false, message: expect.stringContaining(`PostgreSQL answers ${cause}`) })
    expect(String(error)).not.toMatch(/onesub_(?:stranger|reader|elsewhere|nobody)|127\.0\.0\.1/)
    await client.end()
  })

  it('a role that may only read opens and reads what another has opened before', async () => {
    const ada = creatingPerson()
    await (await open(pool)).commit(ada.change)
    const client = as('onesub_reader')
    const reading = await open(client)
    expect(await reading.resolve(ada.identities[0] ?? freshIdentity())).toBe(ada.person)
    await expect(reading.commit(reserving(freshEmail(), 'eve'))).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await client.end()
  })

  it('a password that is wrong', async () => {
    const client: PostgresClient = {
      query: async () => {
        throw Object.assign(new Error('password authentication failed for user "ann"'), { code: '28P01' })
      },
    }
    const error = await refusalOf(open(client))
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('28P01') })
    expect(String(error)).not.toContain('ann')
  })

  it('tables that were dropped under a registry that was open', async () => {
    await migratePostgres(pool, { schema: 'onesub_gone' })
    const registry = await openPostgresRegistry({ client: pool, pepper: null, schema: 'onesub_gone' })
    await pool.query('drop table onesub_gone.ownerships cascade')
    const facts = registry.facts({ identity: undefined, identifiers: [freshEmail()] })
    await expect(facts).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY', retry: false })
    await pool.query('drop schema onesub_gone cascade')
    await expect(registry.commit(reserving(freshEmail(), 'ada'))).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' })
  })

  const knexLike = { raw: async () => ({ rows: [] }) }
  it.each([[undefined], [null], ['postgres://localhost'], [{}], [knexLike], [{ query: 'select' }]])(
    'what is handed over instead of a client: %j',
    async (nothing) => {
      const options: { client: PostgresClient } = Object({ client: nothing })
      const opened = openPostgresRegistry({ ...options, pepper: null, schema })
      await expect(opened).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('knexClient'),
      })
      await expect(migratePostgres(options.client)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    },
  )

  it('a client whose answers have no rows', async () => {
    const options: { client: PostgresClient } = Object({ client: { query: async () => [{ answer: '[true]' }] } })
    await expect(open(options.client)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('postgresJsClient'),
    })
  })

  it.each(['08006', '57P01', '57P03', '53300', '57014', '25006', 'ECONNRESET'])(
    'and one that passes is to be tried again: %s',
    async (code) => {
      const client: PostgresClient = {
        query: async () => {
          throw Object.assign(new Error('a moment'), { code })
        },
      }
      await expect(open(client)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', retry: true })
    },
  )
})

describe('T172: a search path in which somebody has put operators, functions, types and tables of their own', () => {
  const hostile = `
    create schema onesub_evil;
    create table onesub_evil.ownerships (id text, person uuid);
    create type onesub_evil.uuid as enum ('evil');
    create domain onesub_evil.jsonb as text;
    create function onesub_evil.equal(text, text) returns boolean language sql immutable as 'select true';
    create operator onesub_evil.= (leftarg = text, rightarg = text, function = onesub_evil.equal);
    create function onesub_evil.equal(integer, integer) returns boolean language sql immutable as 'select true';
    create operator onesub_evil.= (leftarg = integer, rightarg = integer, function = onesub_evil.equal);
    create function onesub_evil.jsonb_array_elements(pg_catalog.jsonb) returns setof pg_catalog.jsonb language plpgsql as
      'begin raise exception ''evil''; end';
    create function onesub_evil.jsonb_array_elements_text(pg_catalog.jsonb) returns setof text language plpgsql as
      'begin raise exception ''evil''; end';
    create function onesub_evil.json_build_array(variadic "any") returns json language internal as 'json_build_array';
    create function onesub_evil.to_regclass(text) returns regclass language plpgsql as 'begin raise exception ''evil''; end';
    create function onesub_evil.max_of(integer, integer) returns integer language sql as 'select 99';
    create aggregate onesub_evil.max(integer) (sfunc = onesub_evil.max_of, stype = integer);
    create function onesub_evil.hashtextextended(text, bigint) returns bigint language plpgsql as 'begin raise exception ''evil''; end';
    create function onesub_evil.nextval(regclass) returns bigint language sql as 'select 7::bigint';`

  it('changes no answer, and no migration', async () => {
    await pool.query(hostile)
    const evil = new pg.Pool({ connectionString: server.url, options: '-c search_path=onesub_evil,pg_catalog', max: 2 })
    await migratePostgres(evil, { schema: 'onesub_gone' })
    const { rows } = await evil.query("select pg_catalog.current_setting('search_path') as path")
    expect(rows).toEqual([{ path: 'onesub_evil,pg_catalog' }])
    const { rows: types } = await pool.query(
      "select distinct udt_schema from information_schema.columns where table_schema = 'onesub_gone'",
    )
    expect(types).toEqual([{ udt_schema: 'pg_catalog' }])

    const registry = await openPostgresRegistry({ client: evil, pepper: null, schema: 'onesub_gone' })
    const ada = creatingPerson()
    expect(await registry.commit(ada.change)).toMatchObject({ outcome: 'committed', replayed: false })
    expect(await registry.commit(ada.change)).toMatchObject({ outcome: 'committed', replayed: true })
    const { identifiers } = await registry.facts({ identity: undefined, identifiers: [freshEmail(), ada.identifier] })
    expect(identifiers.map(({ ownership }) => ownership?.person)).toEqual([undefined, ada.person])
    expect(await registry.resolve(freshIdentity())).toBeUndefined()
    const eve = reserving(freshEmail(), 'eve', { expectedRevision: 1 })
    expect(await registry.commit(eve)).toEqual({ outcome: 'overtaken', winner: undefined })
    expect((await registry.told(0, 2)).map(({ position }) => position)).toEqual([1, 2])
    await registry.admit?.('eu-west-1_Aaaaaaaaa')
    await expect(registry.admit?.('eu-west-1_Bbbbbbbbb')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    expect(await registry.prune({ now: Number.MAX_SAFE_INTEGER, deliveredUpTo: 1 })).toEqual({
      reservations: 0,
      events: 1,
    })
    await evil.end()
  })

  it('is the caller’s own again after a migration inside a transaction, the first time and later', async () => {
    const client = await pool.connect()
    await client.query('drop schema if exists onesub_gone cascade')
    const paths: unknown[] = []
    for (let time = 0; time < 2; time += 1) {
      await client.query('begin')
      await client.query('set local search_path = onesub_evil, public')
      await migratePostgres(client, { schema: 'onesub_gone' })
      const { rows } = await client.query("select pg_catalog.current_setting('search_path') as path")
      paths.push(...rows)
      await client.query('commit')
    }
    expect(paths).toEqual([{ path: 'onesub_evil, public' }, { path: 'onesub_evil, public' }])
    client.release()
  })

  it('is pinned for every function', async () => {
    const { rows } = await pool.query(
      `select proname, array_to_string(proconfig, ' ') as settings from pg_proc
       where pronamespace = '${schema}'::regnamespace order by proname`,
    )
    expect(rows.length).toBeGreaterThan(8)
    expect(rows.filter(({ settings }) => !String(settings).includes('search_path=pg_catalog, pg_temp'))).toEqual([])
  })
})
