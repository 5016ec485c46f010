import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { PROVEN, type Table } from '../rows/encode.ts'

interface TableStatements {
  readonly find: StatementSync
  readonly insert: StatementSync
  readonly update: StatementSync
}

export type SqliteStatements = Readonly<Record<Table, TableStatements>> & {
  readonly outbox: { readonly record: StatementSync; readonly read: StatementSync; readonly prune: StatementSync }
  readonly metadata: { readonly read: StatementSync; readonly write: StatementSync }
  readonly prune: StatementSync
}

/** Every statement, prepared once. Values are parameters only. */
export function sqliteStatements(database: DatabaseSync): SqliteStatements {
  return {
    ownerships: {
      find: database.prepare('select * from ownerships where id = ?'),
      insert: database.prepare(
        `insert into ownerships (id, person, rank, epoch, holder, lease_until, about, op_id, revision)
         values (:id, :person, :rank, :epoch, :holder, :lease_until, :about, :op_id, :revision) on conflict do nothing`,
      ),
      update: database.prepare(
        `update ownerships set person = :person, rank = :rank, epoch = :epoch, holder = :holder, lease_until = :lease_until,
         about = :about, op_id = :op_id, revision = :revision where id = :id and revision = :revision - 1`,
      ),
    },
    identities: {
      find: database.prepare('select * from identities where id = ?'),
      insert: database.prepare(
        `insert into identities (id, status, person, about, op_id, revision)
         values (:id, :status, :person, :about, :op_id, :revision) on conflict do nothing`,
      ),
      update: database.prepare(
        `update identities set status = :status, person = :person, about = :about, op_id = :op_id, revision = :revision
         where id = :id and revision = :revision - 1`,
      ),
    },
    persons: {
      find: database.prepare('select * from persons where id = ?'),
      insert: database.prepare(
        `insert into persons (id, identities, version, not_before, address, merged_into, about, op_id, revision)
         values (:id, :identities, :version, :not_before, :address, :merged_into, :about, :op_id, :revision) on conflict do nothing`,
      ),
      update: database.prepare(
        `update persons set identities = :identities, version = :version, not_before = :not_before, address = :address,
         merged_into = :merged_into, about = :about, op_id = :op_id, revision = :revision where id = :id and revision = :revision - 1`,
      ),
    },
    outbox: {
      record: database.prepare(
        'insert into outbox (type, person, version, at, detail) values (:type, :person, :version, :at, :detail)',
      ),
      read: database.prepare('select * from outbox where position > ? order by position limit ?'),
      prune: database.prepare(
        'delete from outbox where position in (select position from outbox where position <= ? order by position limit ?)',
      ),
    },
    metadata: {
      read: database.prepare('select content from metadata'),
      write: database.prepare('insert or replace into metadata (one, content) values (1, ?)'),
    },
    prune: database.prepare(
      `delete from ownerships where id in
       (select id from ownerships where lease_until is not null and lease_until < ? and rank < ${PROVEN} limit ?)`,
    ),
  }
}
