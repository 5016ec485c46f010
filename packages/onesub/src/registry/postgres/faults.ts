import { OnesubError } from '../../core/errors.ts'

// PostgreSQL documentation, "Serialization Failure Handling": serialization_failure and deadlock_detected pass when repeated.
const PASSING: ReadonlySet<unknown> = new Set(['40001', '40P01'])
const TRIES = 3

/** Runs a statement whose conflicts pass, and says faults in our words: the driver's own name hosts and users. */
export async function asking<T>(run: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await run()
    } catch (error) {
      if (!isPassing(error)) throw new OnesubError('REGISTRY_UNREACHABLE', { cause: error })
      // No pause is needed: when PostgreSQL reports a conflict, the other one has ended or is about to.
      if (tried === TRIES) throw new OnesubError('TRY_AGAIN', { cause: error })
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PASSING.has(error.code)
}
