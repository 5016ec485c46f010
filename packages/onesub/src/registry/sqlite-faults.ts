import { isOnesubError, OnesubError } from '../core/errors.ts'

// The primary result codes of sqlite.org, "Result and Error Codes"; extended ones carry them in the lowest byte.
const PRIMARY_CODE = 0xff
const SQLITE_BUSY = 5
const SQLITE_LOCKED = 6

/** Runs it and says its faults in our words: the engine's own name files and tables, and would reach the client through Cognito. */
export function askingSqlite<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (isOnesubError(error)) throw error
    throw new OnesubError(isBusy(error) ? 'TRY_AGAIN' : 'REGISTRY_UNREACHABLE', { cause: error })
  }
}

export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return false
  const code = error.errcode & PRIMARY_CODE
  return code === SQLITE_BUSY || code === SQLITE_LOCKED
}
