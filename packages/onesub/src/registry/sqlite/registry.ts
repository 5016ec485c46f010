import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Change } from '../../core/changes/change.ts'
import { OnesubError } from '../../core/errors.ts'
import { refuseUnknown } from '../../core/options.ts'
import type { CommitResult, EventFeed, Registry } from '../../core/ports.ts'
import {
  admission,
  checkedPools,
  type Metadata,
  metadataIn,
  metadataText,
  type NextMetadata,
  openedWith,
} from '../metadata.ts'
import { type Prunable, pruneWith } from '../prune.ts'
import { eventIn, type FindRow, factsIn, identityRow, memberIn, personIn, refusal } from '../rows/decode.ts'
import { type RowWrite, rowWrites } from '../rows/encode.ts'
import { type Pepper, rowKeys } from '../rows/keys.ts'
import { withOnesubErrors } from './faults.ts'
import { migrateSqlite } from './migrations.ts'
import { sqliteStatements } from './statements.ts'
import { inTransaction } from './transaction.ts'

export interface SqliteOptions {
  /** A file, which is created if it does not exist. Several processes may share it. Not on a network drive (sqlite.org, "Write-Ahead Logging"). */
  readonly path: string
  /** At least 16 characters, made by `openssl rand -base64 32`, and the same at every opening; see docs/guide/registry.md. */
  readonly pepper: Pepper
  /** All user pools that share the file, if several do: a user who proves an address in any of them is the same person. @default one pool, the first to use it */
  readonly sharedBy?: readonly string[]
}

const OPTIONS: Readonly<Record<keyof SqliteOptions, true>> = { path: true, pepper: true, sharedBy: true }

/** How long a writer waits for the write of another process, which takes one or two milliseconds. Less than the four seconds of a trigger. */
const BUSY_MS = 2_000

export interface SqliteRegistry extends Registry, EventFeed, Prunable {
  close(): void
}

/**
 * The registry in one file, for one machine: for development, tests, and servers without a database.
 *
 * Throws `CONFIG_INVALID` (an option, the pepper, a file that cannot be used), `REGISTRY_NOT_READY` (a file of a newer version), `TRY_AGAIN` or
 * `REGISTRY_UNREACHABLE`.
 */
export function openSqliteRegistry(options: SqliteOptions): SqliteRegistry {
  refuseUnknown({ ...options }, OPTIONS)
  const { path, pepper, sharedBy = [] } = { ...options }
  const names = rowKeys(pepper)
  const pools = checkedPools(sharedBy)
  const database = withOnesubErrors(() => opened(checkedPath(path)))
  const statements = closedWhenRefused(database, () => sqliteStatements(database))
  const find: FindRow = (table, id) => statements[table].find.get(id)

  /** The write lock lets one process after the other do this. */
  const settle = (next: NextMetadata): Metadata => {
    let metadata = metadataIn(statements.metadata.read.get()?.content)
    if (next(metadata) === undefined) return metadata
    inTransaction(database, () => {
      metadata = metadataIn(statements.metadata.read.get()?.content)
      const wanted = next(metadata)
      if (wanted) statements.metadata.write.run(metadataText(wanted))
      metadata = wanted ?? metadata
      return true
    })
    return metadata
  }

  /** During a rotation of peppers, a row that exists keeps its name. */
  const inPlace = (row: RowWrite): RowWrite['columns'] =>
    row.formerId !== undefined && find(row.table, row.formerId) ? { ...row.columns, id: row.formerId } : row.columns

  /** Returns false and writes nothing if a row does not have the revision that the change expects. */
  const written = (rows: readonly RowWrite[], { writes }: Change): boolean =>
    inTransaction(database, () => {
      const all = rows.every((row) => {
        const { insert, update } = statements[row.table]
        const columns = inPlace(row)
        return (columns.revision === 1 ? insert : update).run({ ...columns }).changes === 1
      })
      if (all) for (const { detail, ...event } of writes.flatMap(({ events }) => events)) record(event, detail)
      return all
    })

  const record = (event: Record<string, SQLInputValue>, detail: object): void => {
    statements.outbox.record.run({ ...event, detail: JSON.stringify(detail) })
  }

  const metadata = closedWhenRefused(database, () => settle(openedWith(names.checks)))

  return {
    facts: async (query) => withOnesubErrors(() => factsIn(query, names, find)),

    commit: async (change): Promise<CommitResult> =>
      withOnesubErrors(() => {
        const rows = rowWrites(change, names)
        if (written(rows, change)) return { outcome: 'committed', person: change.person, replayed: false }
        const stored = rows.map((row) => find(row.table, inPlace(row).id))
        return refusal(change, rows, stored)
      }),

    resolve: async (identity) => withOnesubErrors(() => memberIn(identityRow(identity, names, find))),

    person: async (id) =>
      withOnesubErrors(() => {
        const row = find('persons', id)
        return row && personIn(row, names)
      }),

    // There is one writer at a time, so positions are assigned in the order of the commits, and no event appears late.
    told: async (after = 0, limit = 1_000) =>
      withOnesubErrors(() =>
        statements.outbox.read
          .all(after, limit)
          .map((row) => ({ position: Number(row.position), event: eventIn(row) })),
      ),

    admit: admission(async (next) => withOnesubErrors(() => settle(next)), metadata, pools),

    prune: (options = {}) =>
      pruneWith(
        {
          reservations: async (leaseBefore, most) =>
            withOnesubErrors(() => deletedBy(statements.prune, leaseBefore, most)),
          events: async (upTo, most) => withOnesubErrors(() => deletedBy(statements.outbox.prune, upTo, most)),
        },
        options,
      ),

    close: () => database.close(),
  }
}

function deletedBy(statement: StatementSync, bound: number, most: number): number {
  return Number(statement.run(bound, most).changes)
}

function checkedPath(path: unknown): string {
  if (typeof path === 'string' && path !== '') return path
  throw new OnesubError('CONFIG_INVALID', { detail: '"path" must be the name of a file.' })
}

function closedWhenRefused<T>(database: DatabaseSync, ask: () => T): T {
  try {
    return withOnesubErrors(ask)
  } catch (error) {
    database.close()
    throw error
  }
}

function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  return closedWhenRefused(database, () => {
    database.exec(`pragma busy_timeout = ${BUSY_MS}`)
    migrateSqlite(database)
    return database
  })
}
