import { OnesubError } from '../core/errors.ts'
import { type Time, withTimeout } from '../core/time.ts'

/** Cognito waits 5 s for a trigger, whatever the function's own timeout; we answer before it gives up and runs us again. */
const OURS_MS = 4_000
/** Kept back for Lambda itself. */
const RESERVE_MS = 500

export interface LambdaContext {
  getRemainingTimeInMillis?(): number
}

export interface Allowance {
  /** At most half of what is left, so that another try fits in. */
  readonly half?: boolean
}

/** Runs one call to the outside after another, and none once the time is spent. */
export type WithDeadline = <T>(call: () => Promise<T>, allowance?: Allowance) => Promise<T>

export function deadlineOf(time: Time, context: LambdaContext = {}): WithDeadline {
  const remaining = context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY
  const deadline = time.now() + Math.min(OURS_MS, remaining - RESERVE_MS)
  return async (call, { half = false } = {}) => {
    const left = deadline - time.now()
    if (left <= 0) throw spent()
    return withTimeout(half ? left / 2 : left, call(), late, time.after)
  }
}

function late(): never {
  throw spent()
}

function spent(): OnesubError {
  return new OnesubError('TRY_AGAIN', { detail: 'time budget spent' })
}
