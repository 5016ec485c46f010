export { openSqliteRegistry, type SqliteOptions, type SqliteRegistry } from './registry.ts'
