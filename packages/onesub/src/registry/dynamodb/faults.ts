import { type ErrorCode, isOnesubError, OnesubError } from '../../core/errors.ts'
import type { OpId } from '../../core/operation.ts'
import type { Row } from '../rows/decode.ts'
import { rowOf } from './table.ts'

// Worth another try (DynamoDB Developer Guide, "Error handling with DynamoDB"; API Reference, "TransactWriteItems").
const TRANSIENT: ReadonlySet<unknown> = new Set([
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
  readonly status: Row | undefined
}

/**
 * The rows that a refused write met. Undefined where nothing is decided yet: a conflict hides how its row's condition would have
 * ended, so it leaves open whether this is our own earlier success; only a row of somebody else's answers that at once.
 */
export function rowsMet(error: unknown, opId: OpId): readonly (Row | undefined)[] | undefined {
  const reasons = reasonsOf(error)
  const failed = reasons.filter(({ code }) => code === FAILED)
  const foreign = failed.some(({ status }) => status?.op_id !== opId)
  const evaluated = reasons.every(({ code }) => code === FAILED || code === 'None')
  return foreign || (failed.length > 0 && evaluated) ? reasons.map(({ status }) => status) : undefined
}

/** Refused by the condition of a single write. */
export function isRefusedByCondition(error: unknown): boolean {
  return fieldsOf(error).name === 'ConditionalCheckFailedException'
}

/** Another try may go through: nothing stands in the way for good. */
export function isTransient(error: unknown): boolean {
  const { name } = fieldsOf(error)
  if (name !== 'TransactionCanceledException') return TRANSIENT.has(name)
  const hindrances = reasonsOf(error).filter(({ code }) => code !== 'None' && code !== FAILED)
  return hindrances.length > 0 && hindrances.every(({ code }) => TRANSIENT.has(code))
}

type Permanent = readonly [code: ErrorCode, detail: string]

const CREDENTIALS: Permanent = ['CONFIG_INVALID', 'the credentials are missing, expired or none of this account.']

/**
 * What no other try mends, and what the operator can do about it (API Reference, "Common errors" and those of each operation). AWS's own words name
 * the account, the role and the table, and would reach the client through Cognito.
 */
const PERMANENT: ReadonlyMap<unknown, Permanent> = new Map<unknown, Permanent>([
  ['ResourceNotFoundException', ['REGISTRY_NOT_READY', 'there is no such table in this account and Region.']],
  [
    'ValidationException',
    ['REGISTRY_NOT_READY', 'the table is not as TABLE describes it: its key must be "pk", a string.'],
  ],
  [
    'AccessDeniedException',
    ['CONFIG_INVALID', 'the role lacks a permission on the table: docs/guide/registry.md lists them.'],
  ],
  [
    'UnknownOperationException',
    ['CONFIG_INVALID', 'the store lacks an operation that the registry needs, such as transactions.'],
  ],
  ...[
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'IncompleteSignatureException',
    'MissingAuthenticationTokenException',
    'MissingAuthenticationToken',
    'InvalidClientTokenId',
    'NotAuthorized',
    'ExpiredTokenException',
    'CredentialsProviderError',
  ].map((name): [string, Permanent] => [name, CREDENTIALS]),
])

export function toOnesubError(error: unknown): OnesubError {
  if (isOnesubError(error)) return error
  const { name } = fieldsOf(error)
  const [code, says] = PERMANENT.get(nameOf(error)) ?? []
  if (code !== undefined) return new OnesubError(code, { detail: `DynamoDB answers ${name}: ${says}`, cause: error })
  return new OnesubError(isTransient(error) ? 'TRY_AGAIN' : 'REGISTRY_UNREACHABLE', { cause: error })
}

/** The name of the cause inside a cancelled transaction, where it is one that is permanent. */
function nameOf(error: unknown): unknown {
  const { name } = fieldsOf(error)
  const isInvalid =
    name === 'TransactionCanceledException' && reasonsOf(error).some(({ code }) => code === 'ValidationError')
  return isInvalid ? 'ValidationException' : name
}

function reasonsOf(error: unknown): readonly Reason[] {
  const { name, Item, CancellationReasons } = fieldsOf(error)
  if (name === 'ConditionalCheckFailedException') return [{ code: FAILED, status: standingIn(Item) }]
  if (!Array.isArray(CancellationReasons)) return []
  return CancellationReasons.map(fieldsOf).map((reason) => ({ code: reason.Code, status: standingIn(reason.Item) }))
}

function standingIn(item: unknown): Row | undefined {
  return item === undefined ? undefined : rowOf(fieldsOf(item))
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' ? { ...value } : {}
}
