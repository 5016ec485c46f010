import { isOnesubError, OnesubError } from '../../core/errors.ts'

// The primary result codes of sqlite.org, "Result and Error Codes"; extended ones carry them in the lowest byte.
const PRIMARY_CODE = 0xff
const SQLITE_BUSY = 5
const SQLITE_LOCKED = 6

/** Errors that stay until the operator does something: PERM, READONLY, CORRUPT, CANTOPEN, NOTADB. */
const PERMANENT: ReadonlyMap<number | undefined, string> = new Map([
  [3, '"path" may not be used: the process lacks the right to.'],
  [8, '"path" cannot be written: the process needs the right to write the file and its folder.'],
  [11, '"path" is a damaged database: restore it from a backup.'],
  [14, '"path" cannot be opened: its folder is missing, or the process may not use it.'],
  [26, '"path" is no SQLite database: give the registry a file of its own.'],
])

/** Maps errors of SQLite to `OnesubError`: their messages show files and tables, and Cognito would pass them on to the client. */
export function withOnesubErrors<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (isOnesubError(error)) throw error
    const detail = PERMANENT.get(codeOf(error))
    if (detail !== undefined) throw new OnesubError('CONFIG_INVALID', { detail, cause: error })
    throw new OnesubError(isBusy(error) ? 'TRY_AGAIN' : 'REGISTRY_UNREACHABLE', { cause: error })
  }
}

export function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return code === SQLITE_BUSY || code === SQLITE_LOCKED
}

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return undefined
  return error.errcode & PRIMARY_CODE
}
