import { type ErrorCode, isOnesubError, OnesubError } from '../../core/errors.ts'
import type { OpId } from '../../core/operation.ts'
import type { Row } from '../rows/decode.ts'
import { rowOf } from './table.ts'

// A retry may succeed (DynamoDB Developer Guide, "Error handling with DynamoDB"; API Reference, "TransactWriteItems").
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
  readonly stored: Row | undefined
}

/**
 * The rows that stand in the place of a refused write. Undefined where that is not known yet: a conflict hides the result of its row's condition,
 * so that the write may be our own earlier success. A row of another operation rules that out.
 */
export function rowsMet(error: unknown, opId: OpId): readonly (Row | undefined)[] | undefined {
  const reasons = reasonsOf(error)
  const failed = reasons.filter(({ code }) => code === FAILED)
  const foreign = failed.some(({ stored }) => stored?.op_id !== opId)
  const evaluated = reasons.every(({ code }) => code === FAILED || code === 'None')
  return foreign || (failed.length > 0 && evaluated) ? reasons.map(({ stored }) => stored) : undefined
}

/** The condition of a single write was not met. */
export function isRefusedByCondition(error: unknown): boolean {
  return fieldsOf(error).name === 'ConditionalCheckFailedException'
}

/** A retry may succeed: every reason for the refusal is temporary. */
export function isTransient(error: unknown): boolean {
  const { name } = fieldsOf(error)
  if (name !== 'TransactionCanceledException') return TRANSIENT.has(name)
  const hindrances = reasonsOf(error).filter(({ code }) => code !== 'None' && code !== FAILED)
  return hindrances.length > 0 && hindrances.every(({ code }) => TRANSIENT.has(code))
}

type Permanent = readonly [code: ErrorCode, detail: string]

const CREDENTIALS: Permanent = ['CONFIG_INVALID', 'the credentials are missing, expired or none of this account.']

/**
 * Errors that stay until the operator does something, and what to do (API Reference, "Common errors" and the errors of each operation). The messages of
 * AWS show the account, the role and the table, and Cognito would pass them on to the client.
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

/** The name of the error; of a cancelled transaction the name of a permanent cause inside it. */
function nameOf(error: unknown): unknown {
  const { name } = fieldsOf(error)
  const isInvalid =
    name === 'TransactionCanceledException' && reasonsOf(error).some(({ code }) => code === 'ValidationError')
  return isInvalid ? 'ValidationException' : name
}

function reasonsOf(error: unknown): readonly Reason[] {
  const { name, Item, CancellationReasons } = fieldsOf(error)
  if (name === 'ConditionalCheckFailedException') return [{ code: FAILED, stored: storedIn(Item) }]
  if (!Array.isArray(CancellationReasons)) return []
  return CancellationReasons.map(fieldsOf).map((reason) => ({ code: reason.Code, stored: storedIn(reason.Item) }))
}

function storedIn(item: unknown): Row | undefined {
  return item === undefined ? undefined : rowOf(fieldsOf(item))
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' ? { ...value } : {}
}
