import type { Change } from '../../core/changes/change.ts'
import { OnesubError } from '../../core/errors.ts'
import { refuseUnknown } from '../../core/options.ts'
import type { CommitResult, EventFeed, Registry } from '../../core/ports.ts'
import {
  admission,
  checkedPools,
  type MetadataStore,
  metadataIn,
  metadataText,
  openedWith,
  settle,
} from '../metadata.ts'
import { type Prunable, pruneWith } from '../prune.ts'
import {
  eventIn,
  type FindRow,
  factsIn,
  identityRow,
  memberIn,
  namesOf,
  personIn,
  type Row,
  refusal,
} from '../rows/decode.ts'
import { PROVEN, type RowWrite, rowWrites, type Table } from '../rows/encode.ts'
import { type Pepper, type RowKeys, rowKeys } from '../rows/keys.ts'
import { checkedClient, type PostgresClient, rowsIn } from './client.ts'
import { asking } from './faults.ts'
import { SCHEMA_VERSION } from './migrations/index.ts'
import { checkedSchema, DEFAULT_SCHEMA } from './schema-name.ts'
import { type Statements, statementsFor } from './statements.ts'

export interface PostgresOptions {
  /** Connected to the writer, never to a reader endpoint: decisions depend on what is read. */
  readonly client: PostgresClient
  /** At least 16 characters, made by `openssl rand -base64 32`, and the same at every opening; see docs/guide/registry.md. */
  readonly pepper: Pepper
  /** @default 'onesub' */
  readonly schema?: string
  /** All user pools that share the schema, if several do: a user who proves an address in any of them is the same person. @default one pool, the first to use it */
  readonly sharedBy?: readonly string[]
}

const OPTIONS: Readonly<Record<keyof PostgresOptions, true>> = {
  client: true,
  pepper: true,
  schema: true,
  sharedBy: true,
}

/**
 * The registry in PostgreSQL, in a schema that `migratePostgres` has created.
 *
 * Rejects with `CONFIG_INVALID` (an option, the pepper, the login, a grant), `REGISTRY_NOT_READY` (not migrated, or by a newer version),
 * `TRY_AGAIN` or `REGISTRY_UNREACHABLE`.
 */
export async function openPostgresRegistry(options: PostgresOptions): Promise<Registry & EventFeed & Prunable> {
  refuseUnknown({ ...options }, OPTIONS)
  const { client, pepper, schema = DEFAULT_SCHEMA, sharedBy = [] } = { ...options }
  const statements = statementsFor(checkedSchema(schema))
  const names = rowKeys(pepper)
  const pools = checkedPools(sharedBy)
  const ask = asker(checkedClient(client))
  await checkVersion(statements, ask)
  const stored = metadataStore(statements, ask)
  const metadata = await settle(stored, openedWith(names.checks))
  const admit = admission((next) => settle(stored, next), metadata, pools)
  return { ...postgresRegistry(names, statements, ask), admit }
}

type Ask = <Answer>(statement: string, ...params: readonly string[]) => Promise<Answer>

function asker(client: PostgresClient): Ask {
  return async <Answer>(statement: string, ...params: readonly string[]) => {
    const [row] = await asking(async () => rowsIn(await client.query(statement, [...params])))
    return answerIn<Answer>(row)
  }
}

function answerIn<Answer>(row: unknown): Answer {
  const { answer } = row as { readonly answer: string | null }
  return (answer === null ? null : JSON.parse(answer)) as Answer
}

async function checkVersion({ hasMigrations, version }: Statements, ask: Ask): Promise<void> {
  const [isThere] = await ask<readonly [boolean]>(hasMigrations)
  const [found] = isThere ? await ask<readonly [number | null]>(version) : [null]
  if ((found ?? 0) < SCHEMA_VERSION) throw notReady('The tables are missing or old: run migratePostgres.')
  if ((found ?? 0) > SCHEMA_VERSION) throw notReady('The tables belong to a newer version of onesub: update onesub.')
}

type Rows = Readonly<Record<Table, readonly Row[] | null>>

function metadataStore({ readMetadata, writeMetadata }: Statements, ask: Ask): MetadataStore {
  return {
    async read() {
      const [content, revision] = await ask<readonly [string | null, number]>(readMetadata)
      return { metadata: metadataIn(content), revision }
    },
    async write(metadata, over) {
      const [written] = await ask<readonly [boolean]>(writeMetadata, metadataText(metadata), String(over))
      return written
    },
  }
}

function postgresRegistry(names: RowKeys, statements: Statements, ask: Ask): Registry & EventFeed & Prunable {
  /** One statement, so that all rows are of the same moment. */
  const found = async (ids: Partial<Record<Table, readonly string[]>>): Promise<FindRow> => {
    const { ownerships = [], identities = [], persons = [] } = ids
    const rows = await ask<Rows>(
      statements.facts,
      ...[ownerships, identities, persons].map((list) => JSON.stringify(list)),
    )
    return (table, id) => rows[table]?.find((row) => row.id === id)
  }

  return {
    async facts(query) {
      return factsIn(query, names, await found(namesOf(query, names)))
    },

    async commit(change): Promise<CommitResult> {
      const rows = rowWrites(change, names)
      const met = await ask<readonly (Row | null)[] | null>(statements.commit, rowsOf(rows), eventsOf(change))
      if (met === null) return { outcome: 'committed', person: change.person, replayed: false }
      const storedRows = met.map((row) => row ?? undefined)
      return refusal(change, rows, storedRows)
    },

    async resolve(identity) {
      const find = await found(namesOf({ identity, identifiers: [] }, names))
      return memberIn(identityRow(identity, names, find))
    },

    async person(id) {
      const row = (await found({ persons: [id] }))('persons', id)
      return row && personIn(row, names)
    },

    async told(after = 0, limit = 1_000) {
      const rows = await ask<readonly Row[] | null>(statements.readEvents, String(after), String(limit))
      return (rows ?? []).map((row) => ({ position: Number(row.position), event: eventIn(row) }))
    },

    prune: (options = {}) =>
      pruneWith(
        {
          async reservations(leaseBefore, most) {
            const params = [leaseBefore, PROVEN, most].map(String)
            const [deleted] = await ask<readonly [number]>(statements.pruneReservations, ...params)
            return deleted
          },
          async events(upTo, most) {
            const [deleted] = await ask<readonly [number]>(statements.pruneEvents, String(upTo), String(most))
            return deleted
          },
        },
        options,
      ),
  }
}

function rowsOf(rows: readonly RowWrite[]): string {
  return JSON.stringify(
    rows.map(({ table, columns, formerId }) => ({ table, columns, ...(formerId && { former: formerId }) })),
  )
}

/** In the order of the change, which is the order of the person's history. */
function eventsOf({ writes }: Change): string {
  const events = writes.flatMap(({ events }) => events)
  return JSON.stringify(events.map(({ detail, ...event }) => ({ ...event, detail: JSON.stringify(detail) })))
}

function notReady(detail: string): OnesubError {
  return new OnesubError('REGISTRY_NOT_READY', { detail })
}
