import { OnesubError } from '../../core/errors.ts'
import { configInvalid as invalid, refuseUnknown } from '../../core/options.ts'
import type { CommitResult, Registry } from '../../core/ports.ts'
import { MOST_ROWS, tooLarge } from '../limits.ts'
import { admission, checkedPools, type MetadataStore, openedWith, settle } from '../metadata.ts'
import { factsIn, identityRow, memberIn, namesOf, personIn, type Row, refusal } from '../rows/decode.ts'
import { type RowWrite, rowWrites, type Table } from '../rows/encode.ts'
import { type Pepper, type RowKeys, rowKeys } from '../rows/keys.ts'
import { isRefusedByCondition, isTransient, rowsMet, toOnesubError } from './faults.ts'
import { type Retry, type RetryOptions, retrying } from './retry.ts'
import {
  conditionOf,
  itemOf,
  keyOf,
  META_KEY,
  metaWith,
  NOT_THERE,
  nameIn,
  nameOf,
  rowOf,
  storedMetadataIn,
  TABLE_VERSION,
  versionIn,
} from './table.ts'
import type { ConditionalPut, ConditionCheck, Item, Transport } from './transport.ts'

export interface DynamoDbOptions extends RetryOptions {
  readonly transport: Transport
  readonly table: string
  /** At least 16 characters, made by `openssl rand -base64 32`, and the same at every opening; see docs/guide/registry.md. */
  readonly pepper: Pepper
  /** All user pools that share the table, if several do: a user who proves an address in any of them is the same person. @default one pool, the first to use it */
  readonly sharedBy?: readonly string[]
}

const OPTIONS: Readonly<Record<keyof DynamoDbOptions, true>> = {
  transport: true,
  table: true,
  pepper: true,
  sharedBy: true,
  random: true,
  wait: true,
}

/** A name, or the table's ARN (API Reference, "TableName"; Developer Guide, "Naming rules"). */
const TABLE_NAME = /^(?:[\w.-]{3,255}|arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]{3,255})$/

/**
 * The registry in one DynamoDB table, whose stream carries the events. Checks once whether the table exists, can be read, and has rows under this
 * pepper; the very first opening writes the pepper's check value.
 *
 * Rejects with `CONFIG_INVALID` (an option, the pepper, the credentials, a permission), `REGISTRY_NOT_READY` (no such table, or another format),
 * `TRY_AGAIN` or `REGISTRY_UNREACHABLE`.
 */
export async function openDynamoDbRegistry(options: DynamoDbOptions): Promise<Registry> {
  refuseUnknown({ ...options }, OPTIONS)
  const { transport, table, pepper, sharedBy = [] } = { ...options }
  if (typeof table !== 'string' || !TABLE_NAME.test(table))
    throw invalid('"table" must be the name of a table, or its ARN.')
  if (typeof transport !== 'function')
    throw invalid('"transport" must be made by createDynamoDbHttpsTransport or createDynamoDbSdkTransport.')
  const names = rowKeys(pepper)
  const pools = checkedPools(sharedBy)
  const retry = retrying(options)
  const stored = metadataStore(transport, table, retry)
  const metadata = await settle(stored, openedWith(names.checks))
  const admit = admission((next) => settle(stored, next), metadata, pools)
  return { ...dynamoDbRegistry(transport, table, names, retry), admit }
}

function metadataStore(transport: Transport, table: string, retry: Retry): MetadataStore {
  return {
    async read() {
      const get = () => transport('GetItem', { TableName: table, Key: META_KEY, ConsistentRead: true })
      const { Item } = await retry(get, isTransient).catch(throwOnesubError)
      if (versionIn(Item) > TABLE_VERSION)
        throw notReady('The table belongs to a newer version of onesub: update onesub.')
      return storedMetadataIn(Item)
    },

    async write(metadata, over) {
      const put = {
        TableName: table,
        ...metaWith(metadata, over),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      }
      try {
        await retry(() => transport('PutItem', put), isTransient)
        return true
      } catch (error) {
        if (isRefusedByCondition(error)) return false
        throw toOnesubError(error)
      }
    },
  }
}

function dynamoDbRegistry(transport: Transport, table: string, names: RowKeys, retry: Retry): Registry {
  const { rowUnder, rowsUnder } = reading(transport, table, retry)

  /** One row is written without a transaction, which costs half as much. If the write is refused, the error contains the row that is there. */
  const write = async (rows: readonly RowWrite[]): Promise<unknown> => {
    const puts = rows.map((row) => putOf(table, row))
    const [only, another] = puts
    if (only && !another) return transport('PutItem', only)
    return transport('TransactWriteItems', { TransactItems: puts.map((Put) => ({ Put })) })
  }

  /** During a rotation of peppers, a row is written under the name that it has, and a new row only while there is none under its former name. */
  const writeInPlace = async (rows: readonly RowWrite[]): Promise<unknown> => {
    const placed = await inPlace(rows)
    const checks = placed.flatMap((row) => checkOf(table, row) ?? [])
    if (placed.length + checks.length > MOST_ROWS)
      throw tooLarge(`has more than ${MOST_ROWS} items during a rotation of peppers`)
    const puts = placed.map((row) => ({ Put: putOf(table, row) }))
    return transport('TransactWriteItems', {
      TransactItems: [...puts, ...checks.map((ConditionCheck) => ({ ConditionCheck }))],
    })
  }

  const inPlace = async (rows: readonly RowWrite[]): Promise<readonly RowWrite[]> => {
    const stored = await rowsUnder(
      rows.flatMap(({ table, formerId }) => (formerId === undefined ? [] : [keyOf(table, formerId)])),
    )
    return rows.map(({ formerId, ...row }) => {
      if (formerId === undefined) return row
      return stored.has(nameOf(row.table, formerId)) ? under(formerId, row) : { ...row, formerId }
    })
  }

  return {
    async facts(query) {
      const { ownerships, identities } = namesOf(query, names)
      const met = await rowsUnder([
        ...identities.map((id) => keyOf('identities', id)),
        ...ownerships.map((id) => keyOf('ownerships', id)),
      ])
      const persons = await rowsUnder([...met.values()].map(({ person }) => keyOf('persons', String(person))))
      return factsIn(query, names, (kind, id) => met.get(nameOf(kind, id)) ?? persons.get(nameOf(kind, id)))
    },

    async commit(change): Promise<CommitResult> {
      const rows = rowWrites(change, names)
      const isUndecided = (error: unknown) => isTransient(error) && !rowsMet(error, change.opId)
      try {
        await retry(() => (names.former ? writeInPlace(rows) : write(rows)), isUndecided)
        return { outcome: 'committed', person: change.person, replayed: false }
      } catch (error) {
        const met = rowsMet(error, change.opId)
        if (!met) throw toOnesubError(error)
        return refusal(change, rows, metByRows(met, rows))
      }
    },

    async resolve(identity) {
      if (!names.former) return memberIn(await rowUnder('identities', names.identity(identity)))
      const { identities } = namesOf({ identity, identifiers: [] }, names)
      const rows = await rowsUnder(identities.map((id) => keyOf('identities', id)))
      return memberIn(identityRow(identity, names, (table, id) => rows.get(nameOf(table, id))))
    },

    async person(id) {
      const row = await rowUnder('persons', id)
      return row && personIn(row, names)
    },
  }
}

function putOf(table: string, row: RowWrite): ConditionalPut {
  return { TableName: table, Item: itemOf(row), ...conditionOf(row), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }
}

/** For a row that may exist under its former name. */
function checkOf(TableName: string, { table, formerId }: RowWrite): ConditionCheck | undefined {
  if (formerId === undefined) return undefined
  return { TableName, Key: keyOf(table, formerId), ...NOT_THERE, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }
}

function under(id: string, row: RowWrite): RowWrite {
  if (row.table === 'ownerships') return { ...row, columns: { ...row.columns, id } }
  return row.table === 'identities' ? { ...row, columns: { ...row.columns, id } } : row
}

/** The row that is there instead of each one: under its own name, or found by the check of its former name. The checks come after the writes. */
function metByRows(met: readonly (Row | undefined)[], rows: readonly RowWrite[]): readonly (Row | undefined)[] {
  const byChecks = met.slice(rows.length)
  return rows.map(({ formerId }, at) => met[at] ?? byChecks.find((row) => row !== undefined && row.id === formerId))
}

/** Every read is by primary key and consistent, because decisions depend on it: an index or a replica may be behind. */
function reading(transport: Transport, table: string, retry: Retry) {
  const rowUnder = async (kind: Table, id: string): Promise<Row | undefined> => {
    const get = () => transport('GetItem', { TableName: table, Key: keyOf(kind, id), ConsistentRead: true })
    const { Item } = await retry(get, isTransient).catch(throwOnesubError)
    return Item && rowOf(Item)
  }

  const rowsUnder = async (keys: readonly Item[]): Promise<ReadonlyMap<string, Row>> => {
    // DynamoDB refuses a batch with the same key twice.
    const distinct = new Map(keys.map((key) => [nameIn(key), key]))
    if (distinct.size === 0) return new Map()
    const items = await retry(() => batch([...distinct.values()]), isTransient).catch(throwOnesubError)
    return new Map(items.map((item) => [nameIn(item), rowOf(item)]))
  }

  const batch = async (keys: Item[]) => {
    const answer = await transport('BatchGetItem', { RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } })
    if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0) throw new UnprocessedKeys()
    return answer.Responses?.[table] ?? []
  }

  return { rowUnder, rowsUnder }
}

/** DynamoDB returns only a part of a batch when it is throttled (API Reference, "BatchGetItem"). */
class UnprocessedKeys extends Error {
  override readonly name = 'ThrottlingException'
}

function throwOnesubError(error: unknown): never {
  throw toOnesubError(error)
}

function notReady(detail: string, cause?: unknown): OnesubError {
  return new OnesubError('REGISTRY_NOT_READY', { detail, cause })
}
