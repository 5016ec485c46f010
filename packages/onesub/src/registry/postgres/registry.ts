import type { Change } from '../../core/change.ts'
import { OnesubError } from '../../core/errors.ts'
import type { CommitResult, Outbox, Registry } from '../../core/ports.ts'
import { type Pepper, rowKeys } from '../row-keys.ts'
import { eventIn, type FindRow, factsIn, memberIn, personIn, type Row, refusal } from '../row-readings.ts'
import { type RowWrite, rowWrites, type Table } from '../row-writes.ts'
import type { PostgresClient } from './client.ts'
import { asking } from './faults.ts'
import { SCHEMA_VERSION } from './migrations/index.ts'
import { checkedSchema, DEFAULT_SCHEMA } from './schema-name.ts'
import { type Statements, statementsFor } from './statements.ts'

export interface PostgresOptions {
  /** Of the writer, never of a reader endpoint: decisions rest on what is read. */
  readonly client: PostgresClient
  readonly pepper: Pepper
  /** @default 'onesub' */
  readonly schema?: string
}

/** The registry in PostgreSQL, in a schema that `migratePostgres` has made. */
export async function openPostgresRegistry({
  client,
  pepper,
  schema = DEFAULT_SCHEMA,
}: PostgresOptions): Promise<Registry & Outbox> {
  const statements = statementsFor(checkedSchema(schema))
  const ask = asker(client)
  const registry = postgresRegistry(pepper, statements, ask)
  await checkVersion(statements, ask)
  return registry
}

type Ask = <Answer>(statement: string, ...params: readonly string[]) => Promise<Answer>

function asker(client: PostgresClient): Ask {
  return async <Answer>(statement: string, ...params: readonly string[]) => {
    const { rows } = await asking(() => client.query(statement, [...params]))
    return answerIn<Answer>(rows[0])
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

function postgresRegistry(pepper: Pepper, statements: Statements, ask: Ask): Registry & Outbox {
  const names = rowKeys(pepper)

  /** One statement, so that all rows are those of one moment. */
  const found = async (ids: Partial<Record<Table, readonly string[]>>): Promise<FindRow> => {
    const { claims = [], identities = [], persons = [] } = ids
    const rows = await ask<Rows>(statements.facts, ...[claims, identities, persons].map((list) => JSON.stringify(list)))
    return (table, id) => rows[table]?.find((row) => row.id === id)
  }

  return {
    async facts(query) {
      const identities = query.identity ? [names.identity(query.identity)] : []
      return factsIn(query, names, await found({ claims: query.keys.map(names.claim), identities }))
    },

    async commit(change): Promise<CommitResult> {
      const rows = rowWrites(change, names)
      const met = await ask<readonly (Row | null)[] | null>(statements.commit, rowsOf(rows), eventsOf(change))
      if (met === null) return { outcome: 'committed', person: change.person, replayed: false }
      const standing = met.map((row) => row ?? undefined)
      return refusal(change, rows, standing)
    },

    async resolve(identity) {
      const id = names.identity(identity)
      return memberIn((await found({ identities: [id] }))('identities', id))
    },

    async person(id) {
      const row = (await found({ persons: [id] }))('persons', id)
      return row && personIn(row, names)
    },

    async told(after = 0, limit = 1_000) {
      const rows = await ask<readonly Row[] | null>(statements.told, String(after), String(limit))
      return (rows ?? []).map((row) => ({ position: Number(row.position), event: eventIn(row) }))
    },
  }
}

function rowsOf(rows: readonly RowWrite[]): string {
  return JSON.stringify(rows.map(({ table, columns }) => ({ table, columns })))
}

/** In the order in which the change tells them, which is that of the person's history. */
function eventsOf({ writes }: Change): string {
  const events = writes.flatMap(({ tells }) => tells)
  return JSON.stringify(events.map(({ detail, ...event }) => ({ ...event, detail: JSON.stringify(detail) })))
}

function notReady(detail: string): OnesubError {
  return new OnesubError('REGISTRY_NOT_READY', { detail })
}
