import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  migratePostgres,
  openPostgresRegistry,
  type PostgresClient,
} from '../../packages/onesub/src/registry/postgres/index.ts'
import { type PostgresServer, startPostgres } from '../../packages/onesub/src/registry/postgres/testing/server.ts'
import { systemTime } from '../../packages/onesub/src/triggers/system-time.ts'
import { confirms, signUp } from '../../packages/onesub/src/triggers/testing/events.ts'
import { outcome, testPool } from '../../packages/onesub/src/triggers/testing/pool.ts'

const schema = 'onesub_threats'
/** As many connections as this role may have. */
const FEW = 4

let server: PostgresServer
let writer: pg.Pool

beforeAll(async () => {
  server = await startPostgres()
  writer = new pg.Pool({ connectionString: server.url, max: 8 })
  await cleared()
  await migratePostgres(writer, { schema })
  await writer.query(`create role onesub_few login connection limit ${FEW}; grant usage on schema ${schema} to onesub_few;
    grant all on all tables in schema ${schema} to onesub_few; grant all on all sequences in schema ${schema} to onesub_few`)
})

afterAll(async () => {
  if (writer) await cleared()
  await writer?.end()
  await server?.stop()
})

async function cleared(): Promise<void> {
  await writer.query(`drop schema if exists ${schema} cascade; drop role if exists onesub_few`)
}

/** Triggers over this client, which is looked after by the writer while the registry opens. */
async function triggersOver(client: PostgresClient) {
  let open = false
  const query: PostgresClient['query'] = (text, params) => (open ? client : writer).query(text, params)
  const registry = await openPostgresRegistry({ client: { query }, pepper: null, schema })
  open = true
  return testPool({ registry, time: systemTime }).handler
}

async function written(): Promise<number> {
  const { rows } = await writer.query(`select count(*)::int as rows from ${schema}.outbox`)
  return rows[0].rows
}

/** What the user reads where nothing can be decided: to try again. */
const UNDECIDED = /^(?:TRY_AGAIN|REGISTRY_UNREACHABLE)$/

describe('T99: a connection that cannot write', () => {
  it('to a reader: asks the user to try again, writes nothing, and creates no person for a confirmed user', async () => {
    const reader = new pg.Pool({ connectionString: server.url, options: '-c default_transaction_read_only=on' })
    const [reading, writing] = [await triggersOver(reader), await triggersOver(writer)]
    const before = await written()
    expect(await outcome(reading(signUp('reader', 'reader@example.com')))).toMatch(UNDECIDED)
    expect(await outcome(reading(confirms('reader', 'reader@example.com')))).toMatch(UNDECIDED)
    expect(await written()).toBe(before)
    expect(await outcome(writing(signUp('reader', 'reader@example.com')))).toBe('let in')
    await reader.end()
  })

  it('that breaks while a commit waits: asks the user to try again, and the next try decides it, once', async () => {
    const email = 'breaks@example.com'
    const [blocker, fragile] = [await writer.connect(), new pg.Pool({ connectionString: server.url, max: 1 })]
    fragile.on('error', () => {})
    const handler = await triggersOver(fragile)
    const pid = (await fragile.query('select pg_backend_pid() as pid')).rows[0].pid
    await blocker.query('begin')
    const behind = await triggersOver(blocker)
    await behind(signUp('faster', email))
    const waits = outcome(handler(signUp('slower', email)))
    await expect
      .poll(async () => {
        const { rows } = await writer.query(`select wait_event_type from pg_stat_activity where pid = ${Number(pid)}`)
        return rows[0]?.wait_event_type
      })
      .toBe('Lock')
    await writer.query('select pg_terminate_backend($1)', [pid])
    expect(await waits).toMatch(UNDECIDED)
    await blocker.query('rollback')
    blocker.release()
    expect(await outcome(handler(signUp('slower', email)))).toBe('let in')
    expect(await outcome(handler(signUp('faster', email)))).toBe('SIGN_UP_UNFINISHED')
    await fragile.end()
  })
})

describe('T100: connections that have run out', () => {
  it('cost the user one try: the answer comes within the function’s time, and says to try again', async () => {
    const only = new pg.Pool({ connectionString: server.url, max: 1 })
    const handler = await triggersOver(only)
    const held = await only.connect()
    const before = await written()
    const answer = outcome(handler(signUp('waits', 'waits@example.com'), { getRemainingTimeInMillis: () => 1_000 }))
    expect(await answer).toBe('TRY_AGAIN')
    expect(await written()).toBe(before)
    held.release()
    expect(await outcome(handler(signUp('waits', 'waits@example.com')))).toBe('let in')
    await only.end()
  })

  it('decide nothing wrongly: of 200 sign-ups for 100 addresses, by 20 functions over 4 connections, each address is one’s', async () => {
    const url = new URL(server.url)
    url.username = 'onesub_few'
    // A function keeps its connection for as long as it lives; these give it back, so that all come to their turn.
    const pools = Array.from({ length: 20 }, () => new pg.Pool({ connectionString: url.href, max: 1, maxUses: 1 }))
    const functions = await Promise.all(pools.map(triggersOver))
    let refusedForNow = 0
    const comes = async (number: number): Promise<string> => {
      const handler = functions[number % functions.length]
      const event = signUp(`user-${number}`, `address-${number % 100}@example.com`)
      for (let tries = 0; handler && tries < 500; tries += 1) {
        const came = await outcome(handler(event))
        if (!UNDECIDED.test(came)) return came
        refusedForNow += 1
        await sleep(10)
      }
      return 'never'
    }
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, number) => comes(number)))
    for (let address = 0; address < 100; address += 1) {
      expect([outcomes[address], outcomes[address + 100]].toSorted()).toEqual(['SIGN_UP_UNFINISHED', 'let in'])
    }
    expect(refusedForNow).toBeGreaterThan(0)
    await Promise.all(pools.map((pool) => pool.end()))
  })
})
