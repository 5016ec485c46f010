import { OnesubError } from '../../core/errors.ts'
import type { OpId } from '../../core/operation.ts'
import type { Row } from '../row-readings.ts'
import { rowOf } from './keys.ts'

// Worth another try (DynamoDB Developer Guide, "Error handling with DynamoDB"; API Reference, "TransactWriteItems").
const PASSING: ReadonlySet<unknown> = new Set([
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingError',
  'ThrottlingException',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
])
const FAILED = 'ConditionalCheckFailed'

/** Why one row could not be written, and the row that stands in its place. */
interface Reason {
  readonly code: unknown
  readonly standing: Row | undefined
}

/**
 * The rows that a refused write met. Undefined where nothing is decided yet: a conflict hides how its row's condition would have
 * ended, so it leaves open whether this is our own earlier success; only a row of somebody else's answers that at once.
 */
export function rowsMet(error: unknown, opId: OpId): readonly (Row | undefined)[] | undefined {
  const reasons = reasonsOf(error)
  const failed = reasons.filter(({ code }) => code === FAILED)
  const foreign = failed.some(({ standing }) => standing?.op_id !== opId)
  const evaluated = reasons.every(({ code }) => code === FAILED || code === 'None')
  return foreign || (failed.length > 0 && evaluated) ? reasons.map(({ standing }) => standing) : undefined
}

/** Another try may go through: nothing stands in the way for good. */
export function isPassing(error: unknown): boolean {
  const { name } = fieldsOf(error)
  if (name !== 'TransactionCanceledException') return PASSING.has(name)
  const hindrances = reasonsOf(error).filter(({ code }) => code !== 'None' && code !== FAILED)
  return hindrances.length > 0 && hindrances.every(({ code }) => PASSING.has(code))
}

/** There is no table of that name, or its key is not ours. */
export function isUnfitTable(error: unknown): boolean {
  const { name } = fieldsOf(error)
  return name === 'ResourceNotFoundException' || name === 'ValidationException'
}

/** AWS's own words name the account, the role and the table, and would reach the client through Cognito. */
export function inOurWords(error: unknown): OnesubError {
  return new OnesubError(isPassing(error) ? 'TRY_AGAIN' : 'REGISTRY_UNREACHABLE', { cause: error })
}

function reasonsOf(error: unknown): readonly Reason[] {
  const { name, Item, CancellationReasons } = fieldsOf(error)
  if (name === 'ConditionalCheckFailedException') return [{ code: FAILED, standing: standingIn(Item) }]
  if (!Array.isArray(CancellationReasons)) return []
  return CancellationReasons.map(fieldsOf).map((reason) => ({ code: reason.Code, standing: standingIn(reason.Item) }))
}

function standingIn(item: unknown): Row | undefined {
  return item === undefined ? undefined : rowOf(fieldsOf(item))
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' ? { ...value } : {}
}
