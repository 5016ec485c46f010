import { describe, expect, it } from 'vitest'
import type { Change } from '../../packages/onesub/src/core/changes/change.ts'
import { openDynamoDbRegistry, TABLE_TIME_TO_LIVE } from '../../packages/onesub/src/registry/dynamodb/index.ts'
import type { Item, Transport } from '../../packages/onesub/src/registry/dynamodb/transport.ts'
import { freshEmail, reserving } from '../../packages/onesub/src/testing/store-contract/sample-changes.ts'

/** One table that keeps conditions, and remembers no request: as DynamoDB is ten minutes after it. */
function forgetfulTable() {
  const rows = new Map<string, Item>()
  const inputs: unknown[] = []
  const nameOf = (item: Item) => JSON.stringify(item.pk)
  const isMet = ({ Item: wanted, ConditionExpression, ExpressionAttributeValues }: Put) => {
    const status = rows.get(nameOf(wanted))
    if (ConditionExpression === 'attribute_not_exists(#pk)') return status === undefined
    if (ConditionExpression !== '#revision = :seen') return true
    return JSON.stringify(status?.revision) === JSON.stringify(ExpressionAttributeValues?.[':seen'])
  }
  const transport = async (operation: string, input: never) => {
    if (operation === 'GetItem' || JSON.stringify(input).includes('"META"')) return {}
    inputs.push(input)
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

function failed(status: Item | undefined) {
  return { Code: 'ConditionalCheckFailed', ...(status && { Item: status }) }
}

const HOUR_MS = 3_600_000
const one = reserving(freshEmail(), 'ada')
const two = { ...one, writes: [one.writes[0], ...reserving(freshEmail(), 'ada').writes] } as const

describe.each([
  ['one row', one],
  ['several rows', two],
] as const)('a change of %s', (_, change) => {
  it('T93: is recognised as our own earlier success by its rows, however late, and by no token of DynamoDB’s', async () => {
    const { transport, inputs } = forgetfulTable()
    const registry = await openDynamoDbRegistry({ transport, table: 'registry', pepper: null })
    expect(await registry.commit(change)).toMatchObject({ outcome: 'committed', replayed: false })
    expect(await registry.commit(change)).toMatchObject({ outcome: 'committed', replayed: true })
    expect(JSON.stringify(inputs)).not.toContain('ClientRequestToken')
  })

  it('T96, T165: leaves reservations that DynamoDB deletes days after their lease; until then a sign-up that takes the identifier for free meets them', async () => {
    const { transport, rows } = forgetfulTable()
    const registry = await openDynamoDbRegistry({ transport, table: 'registry', pepper: null })
    await registry.commit(change)
    const names = [...rows.values()].flatMap((item) => Object.keys(item))
    expect(new Set(names)).toEqual(
      new Set([
        'pk',
        'person',
        'rank',
        'epoch',
        'holder',
        'lease_until',
        'about',
        'op_id',
        'revision',
        'events',
        'ttl',
      ]),
    )
    for (const item of rows.values()) {
      const [lease, end] = [Number(Object(item.lease_until).N), Number(Object(item.ttl).N) * 1_000]
      expect(end - lease).toBeGreaterThanOrEqual(48 * HOUR_MS)
      expect(end - lease).toBeLessThanOrEqual(31 * 24 * HOUR_MS)
    }
    expect(await registry.commit({ ...reserving(freshEmail(), 'eve'), writes: change.writes })).toMatchObject({
      outcome: 'overtaken',
    })
  })
})

it('T165: a proven identifier loses the `ttl` of its reservation, and a released one gets one', async () => {
  const { transport, rows } = forgetfulTable()
  const registry = await openDynamoDbRegistry({ transport, table: 'registry', pepper: null })
  const ends = () => [...rows.values()].map((item) => 'ttl' in item)
  const { opId, person, writes } = one
  const owning = (rank: 2 | 3, leaseUntil: number | null, expectedRevision: number): Change => ({
    opId,
    person,
    writes: [{ ...writes[0], expectedRevision, ownership: { ...writes[0].ownership, rank, leaseUntil } }],
  })
  await registry.commit(one)
  expect(ends()).toEqual([true])
  await registry.commit(owning(3, null, 1))
  expect(ends()).toEqual([false])
  await registry.commit(owning(2, null, 2))
  expect(ends()).toEqual([false])
  await registry.commit(owning(2, 1_900_000_000_000, 3))
  expect(ends()).toEqual([true])
  await registry.commit(owning(3, 1_900_000_000_000, 4))
  expect(ends()).toEqual([false])
})

it('T165: names the attribute by which DynamoDB ends them', () => {
  expect(TABLE_TIME_TO_LIVE).toEqual({ TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } })
})
