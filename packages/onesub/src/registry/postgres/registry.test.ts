import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventFeed } from '../../core/ports.ts'
import { contend } from '../../testing/store-contract/races.ts'
import { freshEmail, reserving } from '../../testing/store-contract/sample-changes.ts'
import { rowKeys } from '../rows/keys.ts'
import { migratePostgres, openPostgresRegistry, type PostgresClient } from './index.ts'
import { migrationStatements } from './migrations/index.ts'
import { statementsFor } from './statements.ts'
import { type PostgresServer, startPostgres } from './testing/server.ts'

async function migrated(client: PostgresClient, schema: string) {
  await migratePostgres(client, { schema })
  return openPostgresRegistry({ client, pepper: null, schema })
}

describe('on a PostgreSQL server', () => {
  let server: PostgresServer
  let pool: pg.Pool
  let registry: Awaited<ReturnType<typeof migrated>>

  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url, max: 32 })
    await dropSchemas()
    registry = await migrated(pool, 'onesub_contract')
  })

  afterAll(async () => {
    if (pool) await dropSchemas()
    await pool?.end()
    await server?.stop()
  })

  describe('the migration', () => {
    it('may be run by eight deployers at once, and again', async () => {
      const deployers = Array.from({ length: 8 }, () => migratePostgres(pool, { schema: 'onesub_shared' }))
      await Promise.all(deployers)
      await migratePostgres(pool, { schema: 'onesub_shared' })
      const { rows } = await pool.query('select version from onesub_shared.migrations order by version')
      expect(rows).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }, { version: 4 }])
    })

    it('is asked for where it has not been run', async () => {
      const opened = openPostgresRegistry({ client: pool, pepper: null, schema: 'onesub_missing' })
      await expect(opened).rejects.toMatchObject({
        code: 'REGISTRY_NOT_READY',
        message: expect.stringContaining('migrate'),
      })
    })

    it('is left alone where a newer version has made it', async () => {
      await migratePostgres(pool, { schema: 'onesub_newer' })
      // The very next one: a version may be newer by one migration alone.
      await pool.query(
        'insert into onesub_newer.migrations (version) select max(version) + 1 from onesub_newer.migrations',
      )
      const opened = openPostgresRegistry({ client: pool, pepper: null, schema: 'onesub_newer' })
      await expect(opened).rejects.toMatchObject({
        code: 'REGISTRY_NOT_READY',
        message: expect.stringContaining('newer'),
      })
    })

    it.each(['a"; drop table x; --', 'Onesub', '', '1a', 'ä', 'a'.repeat(64)])(
      'T52: takes no schema named %j',
      async (schema) => {
        await expect(migratePostgres(pool, { schema })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
        const opened = openPostgresRegistry({ client: pool, pepper: null, schema })
        await expect(opened).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
      },
    )
  })

  it('T37: compares names byte by byte and folds nothing', async () => {
    const texts = [...migrationStatements('s'), ...Object.values(statementsFor('s'))].join('\n')
    expect(texts).not.toMatch(/citext|ilike|lower\(|upper\(/i)
    const { rows } = await pool.query(
      `select distinct collation_name from information_schema.columns
       where table_schema = 'onesub_contract' and table_name <> 'outbox' and column_name in ('id', 'op_id') and data_type = 'text'`,
    )
    expect(rows).toEqual([{ collation_name: 'C' }])
  })

  it('cannot be reached where no server listens, and does not say at which address', async () => {
    const nowhere = new pg.Pool({ connectionString: 'postgres://ann:secret@127.0.0.1:9/db' })
    const error: unknown = await openPostgresRegistry({ client: nowhere, pepper: null }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE', retry: true, cause: expect.anything() })
    expect(String(error)).not.toMatch(/127\.0\.0\.1|secret|ann/)
    await nowhere.end()
  })

  it('T92: finds its own work when the answer to a commit is lost', async () => {
    const lossy: PostgresClient = {
      query: async (text, params) => {
        await pool.query(text, params)
        throw Object.assign(new Error('lost'), { code: 'ECONNRESET' })
      },
    }
    const change = reserving(freshEmail(), 'ada')
    await expect((await openedThrough(lossy)).commit(change)).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      retry: true,
    })
    expect(await registry.commit(change)).toEqual({ outcome: 'committed', person: change.person, replayed: true })
  })

  it.each(['40001', '40P01'])(
    'T98: tries again twice when PostgreSQL reports %s, then asks the caller to',
    async (code) => {
      expect(await (await openedThrough(failing(code, 2))).commit(reserving(freshEmail(), 'ada'))).toMatchObject({
        outcome: 'committed',
      })
      const refused = (await openedThrough(failing(code, 3))).commit(reserving(freshEmail(), 'ada'))
      await expect(refused).rejects.toMatchObject({ code: 'TRY_AGAIN' })
    },
  )

  it('T103: misses no event whose change was committed late', async () => {
    const late = await migrated(pool, 'onesub_late')
    const slow = await pool.connect()
    await slow.query('begin')
    const behind = await openPostgresRegistry({ client: slow, pepper: null, schema: 'onesub_late' })
    const [first, second] = [reserving(freshEmail(), 'ada'), reserving(freshEmail(), 'bob')]
    await behind.commit(first)
    await late.commit(second)
    const early = await late.told()
    expect(early.map(({ event }) => event.person)).toEqual([second.person])
    await slow.query('commit')
    slow.release()
    const then = await late.told(early[0]?.position)
    expect(then.map(({ event }) => event.person)).toEqual([first.person])
  })

  it('T165: brings a page of half a million unread events as fast as a page of few, and the last as fast as the first', {
    timeout: 180_000,
  }, async () => {
    const PAGE = 1_000
    const few = await pagesOf('onesub_few', 20 * PAGE, PAGE)
    const many = await pagesOf('onesub_backlog', 500 * PAGE, PAGE)
    // Of the same run, so that other work on the machine slows both. A page for which all unread events are read, or numbered, takes many times as
    // long: the first one where all are numbered at once.
    expect((many[0] ?? 0) / (few[0] ?? 0)).toBeLessThan(10)
    expect(median(many) / median(few)).toBeLessThan(2)
    const half = many.length / 2
    expect(median(many.slice(half)) / median(many.slice(0, half))).toBeLessThan(3)
  })

  /** How long each page takes, in milliseconds. */
  async function pagesOf(schema: string, events: number, size: number): Promise<readonly number[]> {
    await migrated(pool, schema)
    await pool.query(`insert into ${schema}.outbox (type, person, version, at, detail)
      select 'identifier.reserved', gen_random_uuid(), 1, 5, '{"key":"email"}' from generate_series(1, ${events})`)
    const registry = await openPostgresRegistry({ client: pool, pepper: null, schema })
    const times: number[] = []
    let [position, told] = [0, 0]
    for (;;) {
      const began = performance.now()
      const page = await registry.told(position, size)
      if (page.length === 0) break
      times.push(performance.now() - began)
      told += page.length
      position = page.at(-1)?.position ?? position
    }
    expect([told, position]).toEqual([events, events])
    return times
  }

  it('T98: takes rows in one order, whatever the order in a change, so that there is no deadlock', async () => {
    const patient = new pg.Pool({ connectionString: server.url, statement_timeout: 3_000 })
    const through = await openPostgresRegistry({ client: patient, pepper: null, schema: 'onesub_contract' })
    const names = rowKeys(null)
    const [one, two] = [freshEmail(), freshEmail()]
    const [earlier, later] = names.ownership(one) < names.ownership(two) ? [one, two] : [two, one]
    const blocker = await pool.connect()
    await blocker.query('begin')
    const behind = await openPostgresRegistry({ client: blocker, pepper: null, schema: 'onesub_contract' })
    await behind.commit(reserving(earlier, 'ada'))

    const wanted = reserving(later, 'eve')
    const both = through.commit({ ...wanted, writes: [wanted.writes[0], ...reserving(earlier, 'eve').writes] })
    await somebodyWaits(pool)
    expect(await through.commit(reserving(later, 'bob'))).toMatchObject({ outcome: 'committed', replayed: false })

    await blocker.query('commit')
    blocker.release()
    expect(await both).toMatchObject({ outcome: 'overtaken' })
    await patient.end()
  })

  it('T98: keeps 50 contested ownerships right under 32 connections, without a deadlock, and tells each event once', async () => {
    const contested = await migrated(pool, 'onesub_races')
    const before = await deadlocks()
    const followers = [following(contested), following(contested)]
    const { wrong, made, rowsWritten } = await contend(contested, { identifiers: 50, workers: 32, changes: 3_000 })
    expect(wrong).toEqual([])
    expect(made).toBeGreaterThan(100)
    for (const follower of followers) {
      const positions = await follower.stop()
      expect(positions).toHaveLength(rowsWritten)
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b))
    }
    expect(await deadlocks()).toEqual(before)
  })

  /** Before as well as after: on a server that was given, an earlier run may have left some. */
  const dropSchemas = () =>
    pool.query(
      'drop schema if exists onesub_contract, onesub_shared, onesub_newer, onesub_races, onesub_late, onesub_backlog cascade',
    )

  const deadlocks = async (): Promise<unknown> => {
    const counted = 'select deadlocks::int from pg_stat_database where datname = current_database()'
    return (await pool.query(counted)).rows
  }

  /** A registry whose client is looked after by the real one while it opens. */
  async function openedThrough(client: PostgresClient) {
    let open = false
    const query: PostgresClient['query'] = (text, params) => (open ? client : pool).query(text, params)
    const opened = await openPostgresRegistry({ client: { query }, pepper: null, schema: 'onesub_contract' })
    open = true
    return opened
  }

  function failing(code: string, times: number): PostgresClient {
    let left = times
    return {
      query: async (text, params) => {
        left -= 1
        if (left >= 0) throw Object.assign(new Error('conflict'), { code })
        return pool.query(text, params)
      },
    }
  }
})

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Comes back when a connection waits for another's row. */
async function somebodyWaits(client: PostgresClient): Promise<void> {
  const waiting = `select from pg_stat_activity where wait_event_type = 'Lock'`
  while ((await client.query(waiting)).rows.length === 0) await sleep(10)
}

/** Reads an outbox on and on from where it has come to, while others write. */
function following(outbox: EventFeed) {
  const positions: number[] = []
  let ended = false
  const step = async (): Promise<number> => {
    const events = await outbox.told(positions.at(-1), 100)
    positions.push(...events.map(({ position }) => position))
    return events.length
  }
  const follow = async (): Promise<void> => {
    while (!ended) await step()
    while ((await step()) > 0);
  }
  const done = follow()
  return {
    stop: async () => {
      ended = true
      await done
      return positions
    },
  }
}
