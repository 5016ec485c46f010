import { OnesubError } from '../../core/errors.ts'
import type { CommitResult, Registry } from '../../core/ports.ts'
import { type Pepper, rowKeys } from '../row-keys.ts'
import { factsIn, memberIn, personIn, type Row, refusal } from '../row-readings.ts'
import { type RowWrite, rowWrites, type Table } from '../row-writes.ts'
import { inOurWords, isPassing, isUnfitTable, rowsMet } from './faults.ts'
import { conditionOf, itemOf, keyOf, META_KEY, nameIn, nameOf, rowOf, TABLE_VERSION, versionIn } from './keys.ts'
import { type Retry, type RetryOptions, retrying } from './retry.ts'
import type { Item, Transport } from './transport.ts'

export interface DynamoDbOptions extends RetryOptions {
  readonly transport: Transport
  readonly table: string
  readonly pepper: Pepper
}

/** The registry in one DynamoDB table, whose stream tells the events. Looks once whether the table is there and can be read. */
export async function openDynamoDbRegistry(options: DynamoDbOptions): Promise<Registry> {
  const registry = dynamoDbRegistry(options)
  await checkTable(options)
  return registry
}

async function checkTable({ transport, table }: DynamoDbOptions): Promise<void> {
  const meta = await transport('GetItem', { TableName: table, Key: META_KEY, ConsistentRead: true }).catch((cause) => {
    throw isUnfitTable(cause) ? notReady('There is no such table, or its key is not "pk".', cause) : inOurWords(cause)
  })
  if (versionIn(meta.Item) > TABLE_VERSION)
    throw notReady('The table belongs to a newer version of onesub: update onesub.')
}

function dynamoDbRegistry({ transport, table, pepper, ...options }: DynamoDbOptions): Registry {
  const names = rowKeys(pepper)
  const retry = retrying(options)
  const { rowUnder, rowsUnder } = reading(transport, table, retry)

  /** One row is one plain write: half the price of a transaction, and its refusal brings the winner along. */
  const write = (rows: readonly RowWrite[]): Promise<unknown> => {
    const puts = rows.map((row) => ({
      TableName: table,
      Item: itemOf(row),
      ...conditionOf(row),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    }))
    const [only, another] = puts
    if (only && !another) return transport('PutItem', only)
    return transport('TransactWriteItems', { TransactItems: puts.map((Put) => ({ Put })) })
  }

  return {
    async facts(query) {
      const { identity, keys } = query
      const claimed = keys.map((key) => names.claim(key))
      const met = await rowsUnder([
        ...(identity ? [keyOf('identities', names.identity(identity))] : []),
        ...claimed.map((id) => keyOf('claims', id)),
      ])
      const persons = await rowsUnder([...met.values()].map(({ person }) => keyOf('persons', String(person))))
      return factsIn(query, names, (kind, id) => met.get(nameOf(kind, id)) ?? persons.get(nameOf(kind, id)))
    },

    async commit(change): Promise<CommitResult> {
      const rows = rowWrites(change, names)
      const isUndecided = (error: unknown) => isPassing(error) && !rowsMet(error, change.opId)
      try {
        await retry(() => write(rows), isUndecided)
        return { outcome: 'committed', person: change.person, replayed: false }
      } catch (error) {
        const met = rowsMet(error, change.opId)
        if (!met) throw inOurWords(error)
        return refusal(change, rows, met)
      }
    },

    async resolve(identity) {
      return memberIn(await rowUnder('identities', names.identity(identity)))
    },

    async person(id) {
      const row = await rowUnder('persons', id)
      return row && personIn(row, names)
    },
  }
}

/** By primary key and consistent, always: an index or a replica may be behind, and decisions rest on what is read. */
function reading(transport: Transport, table: string, retry: Retry) {
  const rowUnder = async (kind: Table, id: string): Promise<Row | undefined> => {
    const get = () => transport('GetItem', { TableName: table, Key: keyOf(kind, id), ConsistentRead: true })
    const { Item } = await retry(get, isPassing).catch(throwInOurWords)
    return Item && rowOf(Item)
  }

  const rowsUnder = async (keys: readonly Item[]): Promise<ReadonlyMap<string, Row>> => {
    // DynamoDB refuses a batch that names a key twice.
    const distinct = new Map(keys.map((key) => [nameIn(key), key]))
    if (distinct.size === 0) return new Map()
    const items = await retry(() => batch([...distinct.values()]), isPassing).catch(throwInOurWords)
    return new Map(items.map((item) => [nameIn(item), rowOf(item)]))
  }

  const batch = async (keys: Item[]) => {
    const answer = await transport('BatchGetItem', { RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } })
    if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0) throw new UnprocessedKeys()
    return answer.Responses?.[table] ?? []
  }

  return { rowUnder, rowsUnder }
}

/** A batch that came back in part was throttled (API Reference, "BatchGetItem"). */
class UnprocessedKeys extends Error {
  override readonly name = 'ThrottlingException'
}

function throwInOurWords(error: unknown): never {
  throw inOurWords(error)
}

function notReady(detail: string, cause?: unknown): OnesubError {
  return new OnesubError('REGISTRY_NOT_READY', { detail, cause })
}
