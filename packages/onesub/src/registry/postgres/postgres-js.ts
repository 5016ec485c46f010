import type { PostgresClient } from './client.ts'

/** An `sql` of postgres.js, its own or that of `sql.begin`; what is used of it. */
export interface PostgresJs {
  unsafe(text: string, params?: string[]): PromiseLike<readonly unknown[]>
}

/** The registry's client over postgres.js. Behind a pooler in transaction mode make `sql` with `prepare: false`. */
export function postgresJsClient(sql: PostgresJs): PostgresClient {
  return {
    async query(text, params = []) {
      // Every parameter of the registry is a text.
      const rows = await sql.unsafe(text, params.map(String))
      return { rows: [...rows] }
    },
  }
}
