/**
 * All that is asked of a client: one statement, its parameters, its rows. A pg Pool or Client, PGlite or a knex transaction will do.
 * A pool may give every call another connection, so nothing here spans two calls.
 */
export interface PostgresClient {
  query(text: string, params?: unknown[]): Promise<{ rows: readonly unknown[] }>
}
