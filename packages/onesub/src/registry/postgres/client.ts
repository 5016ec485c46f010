import { OnesubError } from '../../core/errors.ts'

/**
 * All that is asked of a client: one statement, its parameters, its rows. A pg Pool or Client or PGlite will do; `knexClient` and
 * `postgresJsClient` make one of the others. A pool may give every call another connection, so nothing here spans two calls.
 */
export interface PostgresClient {
  query(text: string, params?: unknown[]): Promise<{ rows: readonly unknown[] }>
}

/** What is handed over instead of a client is found out here rather than at the first sign-up. */
export function checkedClient(client: PostgresClient): PostgresClient {
  if (typeof Object(client).query === 'function') return client
  throw new OnesubError('CONFIG_INVALID', {
    detail: '"client" has no "query": give it a pg Pool or PGlite, or wrap yours by knexClient or postgresJsClient.',
  })
}

/** What a client gives back that has a `query` of another kind. */
export function rowsIn(answer: { readonly rows: readonly unknown[] }): readonly unknown[] {
  const { rows }: { rows?: unknown } = Object(answer)
  if (Array.isArray(rows)) return rows
  throw new OnesubError('CONFIG_INVALID', {
    detail:
      '"client" answers without "rows": give it a pg Pool or PGlite, or wrap yours by knexClient or postgresJsClient.',
  })
}
