import { OnesubError } from '../../core/errors.ts'

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/

export const DEFAULT_SCHEMA = 'onesub'

/** The only name that is written into statements. No character in it can end a quoted name, and PostgreSQL neither folds nor shortens it. Throws `CONFIG_INVALID`. */
export function checkedSchema(schema: string): string {
  if (SCHEMA_NAME.test(schema)) return schema
  throw new OnesubError('CONFIG_INVALID', { detail: `"schema" must match ${SCHEMA_NAME.source}.` })
}
