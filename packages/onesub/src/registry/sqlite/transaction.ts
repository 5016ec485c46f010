import type { DatabaseSync } from 'node:sqlite'

/** Commits what `run` writes. Rolls it back if `run` returns false or throws. */
export function inTransaction(database: DatabaseSync, run: () => boolean): boolean {
  // IMMEDIATE takes the write lock here, and waits for it. A transaction that reads first cannot wait for the write lock later
  // (sqlite.org, "Isolation In SQLite"), and would depend on data that has changed.
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
    // After some errors, such as a full disk, SQLite has already rolled back by itself (sqlite.org, "Transaction").
  }
}
