export type { PostgresClient } from './client.ts'
export { type MigrateOptions, migratePostgres } from './migrate.ts'
export { openPostgresRegistry, type PostgresOptions } from './registry.ts'
