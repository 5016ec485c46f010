import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { Change } from '../core/change.ts'
import type { CommitResult, Outbox, Registry } from '../core/ports.ts'
import { type Pepper, rowKeys } from './row-keys.ts'
import { eventIn, type FindRow, factsIn, memberIn, personIn, refusal } from './row-readings.ts'
import { type RowWrite, rowWrites } from './row-writes.ts'
import { askingSqlite } from './sqlite-faults.ts'
import { migrateSqlite } from './sqlite-migrations.ts'
import { sqliteStatements } from './sqlite-statements.ts'
import { inTransaction } from './sqlite-transaction.ts'

export interface SqliteOptions {
  /** A file, made when it is not there; several processes may share it. Not on a network drive (sqlite.org, "Write-Ahead Logging"). */
  readonly path: string
  readonly pepper: Pepper
}

/** How long a writer waits for another process's write, which takes a millisecond or two. Within the four seconds of a trigger. */
const BUSY_MS = 2_000

/** The registry in one file: for one machine, for development and for tests. */
export function openSqliteRegistry({ path, pepper }: SqliteOptions): Registry & Outbox & { close(): void } {
  const names = rowKeys(pepper)
  const database = askingSqlite(() => opened(path))
  const statements = sqliteStatements(database)
  const find: FindRow = (table, id) => statements[table].find.get(id)

  /** False, and nothing written, if one row has another revision than the change expects. */
  const written = (rows: readonly RowWrite[], { writes }: Change): boolean =>
    inTransaction(database, () => {
      const all = rows.every(({ table, columns }) => {
        const { insert, update } = statements[table]
        return (columns.revision === 1 ? insert : update).run({ ...columns }).changes === 1
      })
      if (all) for (const { detail, ...event } of writes.flatMap(({ tells }) => tells)) tell(event, detail)
      return all
    })

  const tell = (event: Record<string, SQLInputValue>, detail: object): void => {
    statements.outbox.tell.run({ ...event, detail: JSON.stringify(detail) })
  }

  return {
    facts: async (query) => askingSqlite(() => factsIn(query, names, find)),

    commit: async (change): Promise<CommitResult> =>
      askingSqlite(() => {
        const rows = rowWrites(change, names)
        if (written(rows, change)) return { outcome: 'committed', person: change.person, replayed: false }
        const standing = rows.map(({ table, columns }) => find(table, columns.id))
        return refusal(change, rows, standing)
      }),

    resolve: async (identity) => askingSqlite(() => memberIn(find('identities', names.identity(identity)))),

    person: async (id) =>
      askingSqlite(() => {
        const row = find('persons', id)
        return row && personIn(row, names)
      }),

    // There is one writer at a time, so positions are given in the order of the commits and none appears late.
    told: async (after = 0, limit = 1_000) =>
      askingSqlite(() =>
        statements.outbox.told
          .all(after, limit)
          .map((row) => ({ position: Number(row.position), event: eventIn(row) })),
      ),

    close: () => database.close(),
  }
}

function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  try {
    database.exec(`pragma busy_timeout = ${BUSY_MS}`)
    migrateSqlite(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
