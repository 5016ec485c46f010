import type { DatabaseSync } from 'node:sqlite'

/** Keeps all that `run` has written, or nothing of it: it is taken back when `run` says false or throws. */
export function inTransaction(database: DatabaseSync, run: () => boolean): boolean {
  // IMMEDIATE: whoever has to wait for another process waits here. A transaction that has read first cannot wait for the write lock
  // any more (sqlite.org, "Isolation In SQLite"), and would build upon what is no longer so.
  database.exec('begin immediate')
  try {
    const keep = run()
    database.exec(keep ? 'commit' : 'rollback')
    return keep
  } catch (error) {
    rollBack(database)
    throw error
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('rollback')
  } catch {
    // After some errors, a full disk for one, SQLite has done so by itself (sqlite.org, "Transaction").
  }
}
