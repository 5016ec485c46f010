import type { PostgresClient } from './client.ts'

/** A knex instance or transaction of the dialect `pg`; only the method that is used. */
export interface Knex {
  raw(sql: string, bindings: readonly unknown[]): PromiseLike<{ readonly rows: readonly unknown[] }>
}

/** A client for the registry that uses knex. It also works inside your transaction: `knexClient(trx)`. */
export function knexClient(knex: Knex): PostgresClient {
  return {
    async query(text, params = []) {
      const { sql, bindings } = withQuestionMarks(text, params)
      const { rows } = await knex.raw(sql, bindings)
      return { rows }
    },
  }
}

const PARAMETER_OR_MARK = /\$(\d+)|\?/g

/** The placeholder of knex is `?`. A question mark of the statement itself, such as PostgreSQL's JSON operator, is escaped (knex.js.org, "Raw"). */
function withQuestionMarks(text: string, params: readonly unknown[]): { sql: string; bindings: readonly unknown[] } {
  const bindings: unknown[] = []
  const sql = text.replaceAll(PARAMETER_OR_MARK, (metadata, number: string | undefined) => {
    if (number === undefined) return `\\${metadata}`
    bindings.push(params[Number(number) - 1])
    return '?'
  })
  return { sql, bindings }
}
