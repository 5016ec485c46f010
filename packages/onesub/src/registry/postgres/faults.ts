import { type ErrorCode, isOnesubError, nameOf, OnesubError } from '../../core/errors.ts'

// PostgreSQL documentation, "Serialization Failure Handling": a retry after serialization_failure or deadlock_detected may succeed.
const TRANSIENT: ReadonlySet<unknown> = new Set(['40001', '40P01'])
const TRIES = 3

const NOT_MIGRATED = 'run migratePostgres on this database, with the same "schema".'
const LOGIN = 'the server refuses the login of the client: check its user, password and database.'

/** Errors that stay until the operator does something (PostgreSQL documentation, "PostgreSQL Error Codes"), and what to do. */
const PERMANENT: ReadonlyMap<unknown, readonly [code: ErrorCode, detail: string]> = new Map([
  // invalid_password, invalid_authorization_specification
  ['28P01', ['CONFIG_INVALID', LOGIN]],
  ['28000', ['CONFIG_INVALID', LOGIN]],
  // insufficient_privilege
  [
    '42501',
    ['CONFIG_INVALID', 'the client lacks a right: grant it usage of the schema and all of its tables and sequences.'],
  ],
  // invalid_catalog_name, invalid_schema_name, undefined_table, undefined_function, undefined_column
  ['3D000', ['REGISTRY_NOT_READY', 'there is no such database: check the address that the client was given.']],
  ['3F000', ['REGISTRY_NOT_READY', NOT_MIGRATED]],
  ['42P01', ['REGISTRY_NOT_READY', NOT_MIGRATED]],
  ['42883', ['REGISTRY_NOT_READY', NOT_MIGRATED]],
  ['42703', ['REGISTRY_NOT_READY', NOT_MIGRATED]],
])

/** Runs a statement again after a conflict, and maps the driver's errors to `OnesubError`: their messages show hosts and users. */
export async function asking<T>(run: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await run()
    } catch (error) {
      if (!TRANSIENT.has(codeOf(error))) throw toOnesubError(error)
      // No pause is needed: when PostgreSQL reports a conflict, the other transaction has ended or is about to end.
      if (tried === TRIES) throw new OnesubError('TRY_AGAIN', { cause: error })
    }
  }
}

function toOnesubError(cause: unknown): OnesubError {
  if (isOnesubError(cause)) return cause
  const [code, says] = PERMANENT.get(codeOf(cause)) ?? []
  if (code === undefined) return new OnesubError('REGISTRY_UNREACHABLE', { detail: nameOf(cause), cause })
  return new OnesubError(code, { detail: `PostgreSQL answers ${codeOf(cause)}: ${says}`, cause })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
