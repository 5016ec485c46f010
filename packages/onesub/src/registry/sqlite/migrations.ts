import type { DatabaseSync } from 'node:sqlite'
import { OnesubError } from '../../core/errors.ts'
import { isBusy } from './faults.ts'
import { inTransaction } from './transaction.ts'

/** The first one makes version 1 of an empty file, the second one version 2, and so on (`PRAGMA user_version`). A released migration is never changed. */
const MIGRATIONS = [
  `create table ownerships (
     id text primary key, person text not null, rank integer not null, epoch integer not null, holder text, lease_until integer,
     about text not null, op_id text not null, revision integer not null
   ) strict, without rowid;
   create table identities (
     id text primary key, status text not null, person text not null,
     about text not null, op_id text not null, revision integer not null
   ) strict, without rowid;
   create table persons (
     id text primary key, identities text not null, version integer not null, not_before integer not null,
     address text, merged_into text, about text not null, op_id text not null, revision integer not null
   ) strict, without rowid;
   create table outbox (
     position integer primary key autoincrement,
     type text not null, person text not null, version integer not null, at integer not null, detail text not null
   ) strict;`,
  `create table metadata (one integer primary key check (one = 1), content text not null) strict;
   create index ownerships_lease on ownerships (lease_until) where lease_until is not null;`,
] as const

/** Updates the file to this version. Processes that open a new file at the same time do it one after the other. */
export function migrateSqlite(database: DatabaseSync): void {
  writeAhead(database)
  inTransaction(database, () => {
    const version = versionOf(database)
    if (version > MIGRATIONS.length) throw tooNew()
    if (version === 0 && hasTables(database)) throw notOurs()
    for (const migration of MIGRATIONS.slice(version)) database.exec(migration)
    database.exec(`pragma user_version = ${MIGRATIONS.length}`)
    return true
  })
}

const TRIES = 40
const PAUSE_MS = 50

/**
 * The mode is stored in the file. With it, readers never wait for the writer (sqlite.org, "Write-Ahead Logging"). While other processes open the
 * new file too, SQLite refuses the change of mode at once, without the busy timeout, since two processes could wait for each other.
 */
function writeAhead(database: DatabaseSync): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('pragma journal_mode = wal')
      return
    } catch (error) {
      if (!isBusy(error) || attempt === TRIES) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    }
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('pragma user_version').get()?.user_version)
}

function hasTables(database: DatabaseSync): boolean {
  return database.prepare('select name from sqlite_schema limit 1').get() !== undefined
}

function notOurs(): OnesubError {
  return new OnesubError('CONFIG_INVALID', {
    detail: '"path" is a database of something else. Give the registry a file of its own.',
  })
}

function tooNew(): OnesubError {
  return new OnesubError('REGISTRY_NOT_READY', {
    detail: 'The file was made by a newer version of onesub: update onesub.',
  })
}
