import type { PostgresClient } from './client.ts'

/** An `sql` of postgres.js, also inside `sql.begin`; only the method that is used. */
export interface PostgresJs {
  unsafe(text: string, params?: string[]): PromiseLike<readonly unknown[]>
}

/** A client for the registry that uses postgres.js. Behind a pooler in transaction mode, create `sql` with `prepare: false`. */
export function postgresJsClient(sql: PostgresJs): PostgresClient {
  return {
    async query(text, params = []) {
      // Every parameter of the registry is a text.
      const rows = await sql.unsafe(text, params.map(String))
      return { rows: [...rows] }
    },
  }
}
