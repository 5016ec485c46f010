import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createDynamoDbHttpsTransport } from '../../packages/onesub/src/aws/dynamodb.ts'
import type { DomainEvent } from '../../packages/onesub/src/core/events.ts'
import { openDynamoDbRegistry } from '../../packages/onesub/src/registry/dynamodb/index.ts'
import { startDynamoDbLocal } from '../../packages/onesub/src/registry/dynamodb/testing/local.ts'
import {
  createTable,
  localClient,
  localStreams,
  toldByStream,
} from '../../packages/onesub/src/registry/dynamodb/testing/table.ts'
import { migratePostgres, openPostgresRegistry } from '../../packages/onesub/src/registry/postgres/index.ts'
import { startPostgres } from '../../packages/onesub/src/registry/postgres/testing/server.ts'
import { openSqliteRegistry } from '../../packages/onesub/src/registry/sqlite/index.ts'
import type { Store } from './compare.ts'

export const STORE_NAMES = ['sqlite', 'postgres', 'dynamodb'] as const
export type StoreName = (typeof STORE_NAMES)[number]

const PEPPER = 'a pepper for comparing stores'

/** Where one world after another is played. */
export interface Lane {
  readonly store: Store
  /** Whether it has a pepper to seal them with. */
  readonly keepsAddresses: boolean
  /** All that has been told so far, in no order, where a lane is no outbox and can be asked all the same. */
  readonly heard?: () => Promise<readonly DomainEvent[]>
  close(): Promise<void>
}

/** A real store, and as many places in it as are played at once. */
export interface OpenStore {
  readonly lanes: number
  /** Of a hundred commands; the others read. */
  readonly commits: number
  /** The n-th, from 0. */
  lane(number: number): Promise<Lane>
  close(): Promise<void>
}

export const OPENERS: Readonly<Record<StoreName, () => Promise<OpenStore>>> = { sqlite, postgres, dynamodb }

/** Naming and sealing by a pepper take a quarter of the time. */
const LANES_FOR_ONE_PEPPER = 4

/** One lane: every call holds the thread until it is done. */
async function sqlite(): Promise<OpenStore> {
  // In memory where there is such a folder: what is compared is answers, and every commit would wait for the disk.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'onesub-equivalence-'))
  return {
    lanes: 1,
    commits: 60,
    async lane(number) {
      const path = join(folder, unique())
      const keepsAddresses = number % LANES_FOR_ONE_PEPPER === 0
      const store = openSqliteRegistry({ path, pepper: keepsAddresses ? PEPPER : null })
      const close = async () => {
        store.close()
        rmSync(path)
      }
      return { store, keepsAddresses, close }
    },
    close: async () => rmSync(folder, { recursive: true }),
  }
}

const CONNECTIONS = 16

/** A schema for each lane, so that each has an outbox of its own. */
async function postgres(): Promise<OpenStore> {
  const server = await startPostgres()
  const client = new pg.Pool({ connectionString: server.url, max: CONNECTIONS })
  return {
    lanes: CONNECTIONS,
    commits: 60,
    async lane() {
      const schema = `onesub_${unique()}`
      await migratePostgres(client, { schema })
      const store = await openPostgresRegistry({ client, schema, pepper: PEPPER })
      const close = async () => {
        await client.query(`drop schema ${schema} cascade`)
      }
      return { store, keepsAddresses: true, close }
    },
    async close() {
      await client.end()
      await server.stop()
    },
  }
}

/** Other lanes have tables without a stream, which DynamoDB Local takes half the time for. */
const LANE_WITH_STREAM = 0

/** A table for each lane. A transaction takes DynamoDB Local some milliseconds, so there are fewer of them. */
async function dynamodb(): Promise<OpenStore> {
  const restore = inEnvironment({
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    // It is over before the code of an optimising compiler has paid for itself.
    JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
  })
  const server = await startDynamoDbLocal()
  const [client, streams] = [localClient(server.endpoint), localStreams(server.endpoint)]
  // Quicker than the AWS SDK; patient, because sixteen lanes share a server on few cores.
  const transport = createDynamoDbHttpsTransport({ region: 'eu-west-1', endpoint: server.endpoint, timeoutMs: 30_000 })
  return {
    lanes: CONNECTIONS,
    commits: 35,
    async lane(number) {
      const hasStream = number % CONNECTIONS === LANE_WITH_STREAM
      const table = await createTable(client, hasStream ? {} : { StreamSpecification: { StreamEnabled: false } })
      const store = await openDynamoDbRegistry({ transport, table, pepper: PEPPER })
      const lane = { store, keepsAddresses: true, close: async () => {} }
      return hasStream ? { ...lane, heard: () => toldByStream(streams, table) } : lane
    },
    async close() {
      client.destroy()
      streams.destroy()
      await server.stop()
      restore()
    },
  }
}

/** Sets the variables, and gives back what sets them as they were. */
function inEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

function unique(): string {
  return randomBytes(8).toString('hex')
}
