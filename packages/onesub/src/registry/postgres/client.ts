import { OnesubError } from '../../core/errors.ts'

/**
 * What the registry needs of a client: it runs one statement with parameters and returns rows. A Pool or Client of pg and PGlite are clients;
 * `knexClient` and `postgresJsClient` adapt other libraries. A pool may use another connection for each call, so nothing spans two calls.
 */
export interface PostgresClient {
  query(text: string, params?: unknown[]): Promise<{ rows: readonly unknown[] }>
}

/** A value that is no client is refused at opening, not at the first sign-up. Throws `CONFIG_INVALID`. */
export function checkedClient(client: PostgresClient): PostgresClient {
  if (typeof Object(client).query === 'function') return client
  throw new OnesubError('CONFIG_INVALID', {
    detail: '"client" has no "query": give it a pg Pool or PGlite, or wrap yours by knexClient or postgresJsClient.',
  })
}

/** Throws `CONFIG_INVALID` where the client's `query` returns something else. */
export function rowsIn(answer: { readonly rows: readonly unknown[] }): readonly unknown[] {
  const { rows }: { rows?: unknown } = Object(answer)
  if (Array.isArray(rows)) return rows
  throw new OnesubError('CONFIG_INVALID', {
    detail:
      '"client" answers without "rows": give it a pg Pool or PGlite, or wrap yours by knexClient or postgresJsClient.',
  })
}
