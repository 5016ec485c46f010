import { tables } from './0001-tables.ts'
import { commit } from './0002-commit.ts'
import { events } from './0003-events.ts'
import { reading } from './0004-reading.ts'

/** The first one makes version 1 of an empty schema, the second one version 2, and so on. A released migration is never changed. */
const MIGRATIONS: readonly ((schema: string) => string)[] = [tables, commit, events, reading]

export const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Each migration is one statement, which is one transaction with any client. The lock ends with the transaction, so that it is also safe behind a
 * connection pooler. A second deployer waits, then finds that the version is there already.
 */
export function migrationStatements(schema: string): readonly string[] {
  return [preparation(schema), ...MIGRATIONS.map((migration, at) => step(schema, at + 1, migration(schema)))]
}

function preparation(schema: string): string {
  return once(
    schema,
    `-- Asked first, because "if not exists" wants the right to create even where nothing is to be created.
     if to_regnamespace('"${schema}"') is null then create schema "${schema}"; end if;
     if to_regclass('"${schema}".migrations') is null then
       create table "${schema}".migrations (version integer primary key, at timestamptz not null default now());
     end if;`,
  )
}

function step(schema: string, version: number, body: string): string {
  return once(
    schema,
    `if exists (select from "${schema}".migrations where version >= ${version}) then
       perform set_config('search_path', callers_path, true);
       return;
     end if;
     ${body}
     insert into "${schema}".migrations (version) values (${version});`,
  )
}

/** The search path is restored, because the statement may be part of the caller's own transaction. */
function once(schema: string, body: string): string {
  return `do $migration$
  declare
    callers_path pg_catalog.text := pg_catalog.current_setting('search_path');
  begin
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    perform pg_advisory_xact_lock(hashtextextended('onesub migrate "${schema}"', 0));
    ${body}
    perform set_config('search_path', callers_path, true);
  end $migration$`
}
