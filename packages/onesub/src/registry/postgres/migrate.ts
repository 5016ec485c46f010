import { checkedClient, type PostgresClient } from './client.ts'
import { asking } from './faults.ts'
import { migrationStatements } from './migrations/index.ts'
import { checkedSchema, DEFAULT_SCHEMA } from './schema-name.ts'

export interface MigrateOptions {
  /** @default 'onesub' */
  readonly schema?: string
}

/** Makes the tables and functions, or brings them to this version. May be run by several deployers at once, and again. */
export async function migratePostgres(
  client: PostgresClient,
  { schema = DEFAULT_SCHEMA }: MigrateOptions = {},
): Promise<void> {
  const statements = migrationStatements(checkedSchema(schema))
  const checked = checkedClient(client)
  for (const statement of statements) await asking(() => checked.query(statement))
}
