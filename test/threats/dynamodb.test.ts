import { describe, expect, it } from 'vitest'
import { openDynamoDbRegistry } from '../../packages/onesub/src/registry/dynamodb/index.ts'
import { TABLE } from '../../packages/onesub/src/registry/dynamodb/keys.ts'
import type { Item, Transport } from '../../packages/onesub/src/registry/dynamodb/transport.ts'
import { claiming, freshKey } from '../../packages/onesub/src/registry/testing/contract.ts'

/** One table that keeps conditions, and remembers no request: as DynamoDB is ten minutes after it. */
function forgetfulTable() {
  const rows = new Map<string, Item>()
  const inputs: unknown[] = []
  const nameOf = (item: Item) => JSON.stringify(item.pk)
  const isMet = ({ Item: wanted, ConditionExpression, ExpressionAttributeValues }: Put) => {
    const standing = rows.get(nameOf(wanted))
    if (ConditionExpression === 'attribute_not_exists(#pk)') return standing === undefined
    if (ConditionExpression !== '#revision = :seen') return true
    return JSON.stringify(standing?.revision) === JSON.stringify(ExpressionAttributeValues?.[':seen'])
  }
  const transport = async (operation: string, input: never) => {
    inputs.push(input)
    if (operation === 'GetItem') return {}
    const { TransactItems }: { TransactItems?: { Put: Put }[] } = input
    const puts = TransactItems ? TransactItems.map(({ Put }) => Put) : [input as Put]
    if (!puts.every(isMet)) {
      const reasons = puts.map((put) => (isMet(put) ? { Code: 'None' } : failed(rows.get(nameOf(put.Item)))))
      throw Object.assign(new Error('refused'), {
        name: TransactItems ? 'TransactionCanceledException' : 'ConditionalCheckFailedException',
        CancellationReasons: reasons,
        ...reasons[0],
      })
    }
    for (const { Item: item } of puts) rows.set(nameOf(item), item)
    return {}
  }
  return { transport: transport as Transport, rows, inputs }
}

interface Put {
  readonly Item: Item
  readonly ConditionExpression: string
  readonly ExpressionAttributeValues?: Item
}

function failed(standing: Item | undefined) {
  return { Code: 'ConditionalCheckFailed', ...(standing && { Item: standing }) }
}

const one = claiming(freshKey(), 'ada')
const two = { ...one, writes: [one.writes[0], ...claiming(freshKey(), 'ada').writes] } as const

describe.each([
  ['one row', one],
  ['several rows', two],
] as const)('a change of %s', (_, change) => {
  it('T93: is told to be our own earlier success by its rows, however late, and by no token of DynamoDB’s', async () => {
    const { transport, inputs } = forgetfulTable()
    const registry = await openDynamoDbRegistry({ transport, table: 't', pepper: null })
    expect(await registry.commit(change)).toMatchObject({ outcome: 'committed', replayed: false })
    expect(await registry.commit(change)).toMatchObject({ outcome: 'committed', replayed: true })
    expect(JSON.stringify(inputs)).not.toContain('ClientRequestToken')
  })

  it('T96: leaves rows that nothing takes away, whatever their lease: who takes the key for free meets them', async () => {
    const { transport, rows } = forgetfulTable()
    const registry = await openDynamoDbRegistry({ transport, table: 't', pepper: null })
    await registry.commit(change)
    const names = [...rows.values()].flatMap((item) => Object.keys(item))
    expect(new Set(names)).toEqual(
      new Set(['pk', 'person', 'rank', 'epoch', 'holder', 'lease_until', 'about', 'op_id', 'revision', 'tells']),
    )
    // Time to live counts in seconds; our leases are milliseconds, far beyond what it would take for a date.
    for (const item of rows.values()) expect(Number(Object(item.lease_until).N)).toBeGreaterThan(1e12)
    expect(await registry.commit({ ...claiming(freshKey(), 'eve'), writes: change.writes })).toMatchObject({
      outcome: 'overtaken',
    })
  })
})

it('T96: no table of ours has a time to live', () => {
  expect(JSON.stringify(TABLE)).not.toMatch(/TimeToLive|ttl/i)
})
