import { OnesubError } from '../../core/errors.ts'

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/

export const DEFAULT_SCHEMA = 'onesub'

/** The one name that is written into statements: nothing in it can end a quotation, nor be folded or cut by PostgreSQL. */
export function checkedSchema(schema: string): string {
  if (SCHEMA_NAME.test(schema)) return schema
  throw new OnesubError('CONFIG_INVALID', { detail: `"schema" must match ${SCHEMA_NAME.source}.` })
}
