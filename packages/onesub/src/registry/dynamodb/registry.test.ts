import { randomUUID } from 'node:crypto'
import {
  DeleteItemCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshEmail, reserving } from '../../testing/store-contract/sample-changes.ts'
import { openDynamoDbRegistry, requireStream, TABLE_TIME_TO_LIVE } from './index.ts'
import { createDynamoDbSdkTransport } from './sdk.ts'
import { type DynamoDbLocal, skipsDynamoDb, startDynamoDbLocal } from './testing/local.ts'
import { createTable, eventsInStream, localClient, localStreams } from './testing/table.ts'
import type { Operation, Transport } from './transport.ts'

if (skipsDynamoDb) console.warn('ONESUB_SKIP_DYNAMODB=1: the DynamoDB registry is NOT tested in this run.')

describe.skipIf(skipsDynamoDb)('on DynamoDB Local', () => {
  let server: DynamoDbLocal
  let client: ReturnType<typeof localClient>
  let streams: ReturnType<typeof localStreams>
  let table: string

  beforeAll(async () => {
    server = await startDynamoDbLocal()
    client = localClient(server.endpoint)
    streams = localStreams(server.endpoint)
    table = await createTable(client)
  })

  afterAll(async () => {
    client?.destroy()
    streams?.destroy()
    await server?.stop()
  })

  const open = (transport: Transport = createDynamoDbSdkTransport(client)) =>
    openDynamoDbRegistry({ transport, table, pepper: null })

  describe('a DynamoDB registry', () => {
    it('reserves an identifier with one call and one write unit, and refuses the next with one call', async () => {
      const { calls, units, transport } = counting(createDynamoDbSdkTransport(client))
      const registry = await open(transport)
      calls.length = 0
      units.length = 0
      const key = freshEmail()
      await registry.commit(reserving(key, 'ada'))
      expect(calls).toEqual(['PutItem'])
      expect(units).toEqual([1])
      expect(await registry.commit(reserving(key, 'eve'))).toMatchObject({ outcome: 'overtaken' })
      expect(calls).toEqual(['PutItem', 'PutItem'])
    })

    it('T95: asks for consistent reads only', async () => {
      const reads: boolean[] = []
      const registry = await open(async (operation, input) => {
        reads.push(/"ConsistentRead":true/.test(JSON.stringify(input)))
        return createDynamoDbSdkTransport(client)(operation, input)
      })
      await registry.facts({
        identity: { pool: 'p', provider: 'Cognito', subject: randomUUID() },
        identifiers: [freshEmail()],
      })
      await registry.resolve({ pool: 'p', provider: 'Cognito', subject: randomUUID() })
      expect(reads).toEqual([true, true, true])
    })

    it('reads the facts about an identifier that is asked for twice', async () => {
      const registry = await open()
      const key = freshEmail()
      expect((await registry.facts({ identity: undefined, identifiers: [key, key] })).identifiers).toHaveLength(2)
    })

    it('is not ready without a table', async () => {
      const transport = createDynamoDbSdkTransport(client)
      const opened = openDynamoDbRegistry({ transport, table: 'no-such-table', pepper: null })
      await expect(opened).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' })
    })

    it.each([undefined, '', 'ab', 'a table', 'x'.repeat(256), 'arn:aws:dynamodb:eu-west-1:1:table/x', 7])(
      'T170: takes no table named %j, and asks nobody',
      async (name) => {
        const { calls, transport } = counting(createDynamoDbSdkTransport(client))
        const options: { table: string } = JSON.parse(JSON.stringify({ table: name }))
        const opened = openDynamoDbRegistry({ transport, pepper: null, ...options })
        await expect(opened).rejects.toMatchObject({
          code: 'CONFIG_INVALID',
          message: expect.stringContaining('"table"'),
        })
        expect(calls).toEqual([])
      },
    )

    it('T112: says what is missing where there are no options', async () => {
      await expect(Reflect.apply(openDynamoDbRegistry, undefined, [])).rejects.toThrow(
        /CONFIG_INVALID: "table" must be/,
      )
    })

    it('T170: takes nothing for a transport that is none', async () => {
      const options: { transport: Transport } = Object({ transport: client })
      const opened = openDynamoDbRegistry({ ...options, table, pepper: null })
      await expect(opened).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('"transport"'),
      })
    })

    it('T170: reports, where events are wanted, that the table has no stream, or one without new images', async () => {
      const transport = createDynamoDbSdkTransport(client)
      await requireStream({ transport, table })
      const shapes = [{ StreamEnabled: false }, { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' as const }]
      for (const StreamSpecification of shapes) {
        const mute = await createTable(client, { StreamSpecification })
        await expect(requireStream({ transport, table: mute })).rejects.toMatchObject({
          code: 'REGISTRY_NOT_READY',
          message: expect.stringContaining('no stream'),
        })
      }
      await expect(requireStream({ transport, table: 'no-such-table' })).rejects.toMatchObject({
        code: 'REGISTRY_NOT_READY',
      })
      const nowhere = createDynamoDbSdkTransport(localClient('http://127.0.0.1:9'))
      await expect(requireStream({ transport: nowhere, table })).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
    })

    it('T165: takes the time to live that the package names', async () => {
      const own = await createTable(client)
      await client.send(new UpdateTimeToLiveCommand({ TableName: own, ...TABLE_TIME_TO_LIVE }))
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: own }))
      expect(TimeToLiveDescription).toMatchObject({
        AttributeName: 'ttl',
        TimeToLiveStatus: expect.stringMatching(/^ENABL/),
      })
    })

    it('T165: the deletion of a reservation makes no event, and the identifier is free', async () => {
      const own = await createTable(client)
      const registry = await openDynamoDbRegistry({
        transport: createDynamoDbSdkTransport(client),
        table: own,
        pepper: null,
      })
      const first = reserving(freshEmail(), 'ada')
      await registry.commit(first)
      const { Items = [] } = await client.send(new ScanCommand({ TableName: own }))
      const row = Items.find(({ ttl }) => ttl !== undefined)
      expect(Number(row?.ttl?.N)).toBe(1_900_000_000 + 30 * 24 * 3_600)
      await client.send(new DeleteItemCommand({ TableName: own, Key: { pk: row?.pk ?? { S: '' } } }))
      expect(await eventsInStream(streams, own)).toHaveLength(1)
      const late = reserving(first.writes[0].identifier, 'ada', { expectedRevision: 1, person: first.person, epoch: 2 })
      expect(await registry.commit(late)).toEqual({ outcome: 'overtaken', winner: undefined })
      const next = reserving(first.writes[0].identifier, 'bob')
      expect(await registry.commit(next)).toMatchObject({ outcome: 'committed', person: next.person, replayed: false })
    })

    it('T164: a row that appears under its former name between the look and the write is met, and brings the winner', async () => {
      const own = await createTable(client)
      const [current, former] = ['a pepper that is long enough', 'another one, as long as it']
      const transport = createDynamoDbSdkTransport(client)
      await openDynamoDbRegistry({ transport, table: own, pepper: former })
      const faster = await openDynamoDbRegistry({ transport, table: own, pepper: { current: former, former: current } })
      const [slow, fast] = [reserving(freshEmail(), 'ada'), reserving(freshEmail(), 'bob')]
      const sameKey = { ...fast, writes: [{ ...fast.writes[0], identifier: slow.writes[0].identifier }] as const }
      const overtaken: Transport = async (operation, input) => {
        if (operation === 'TransactWriteItems') await faster.commit(sameKey)
        return transport(operation, input)
      }
      const rotated = await openDynamoDbRegistry({ transport: overtaken, table: own, pepper: { current, former } })
      expect(await rotated.commit(slow)).toMatchObject({ outcome: 'overtaken', winner: { person: fast.person } })
    })

    it('T172: during a rotation, in which new rows take two items, 51 of them are too many, and are refused before they are written', async () => {
      const own = await createTable(client)
      const { calls, transport } = counting(createDynamoDbSdkTransport(client))
      await openDynamoDbRegistry({ transport, table: own, pepper: null })
      const pepper = { current: 'a pepper that is long enough', former: null }
      const rotated = await openDynamoDbRegistry({ transport, table: own, pepper })
      const [first, ...others] = Array.from({ length: 51 }, () => reserving(freshEmail(), 'ada'))
      if (!first) throw new Error('none')
      const change = (rows: typeof others) => ({
        ...first,
        writes: [first.writes[0], ...rows.map(({ writes }) => writes[0])] as const,
      })
      calls.length = 0
      await expect(rotated.commit(change(others))).rejects.toMatchObject({ code: 'CHANGE_TOO_LARGE' })
      expect(calls).not.toContain('TransactWriteItems')
      expect(await rotated.commit(change(others.slice(1)))).toMatchObject({ outcome: 'committed' })
    })

    it('is not ready on a table with another key', async () => {
      const other = await createTable(client, {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      })
      const opened = openDynamoDbRegistry({ transport: createDynamoDbSdkTransport(client), table: other, pepper: null })
      await expect(opened).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' })
    })

    it('does not touch a table of a newer version', async () => {
      const newer = await createTable(client)
      await client.send(new PutItemCommand({ TableName: newer, Item: { pk: { S: 'META' }, version: { N: '2' } } }))
      const opened = openDynamoDbRegistry({ transport: createDynamoDbSdkTransport(client), table: newer, pepper: null })
      await expect(opened).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' })
    })

    it('cannot be reached where no server listens', async () => {
      const nowhere = localClient('http://127.0.0.1:9')
      const opened = openDynamoDbRegistry({ transport: createDynamoDbSdkTransport(nowhere), table, pepper: null })
      await expect(opened).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', retry: true })
    })

    it('T92: finds its own work when the answer to a write is lost', async () => {
      const lossy = await open(losingAnswers(createDynamoDbSdkTransport(client)))
      const change = reserving(freshEmail(), 'ada')
      expect(await lossy.commit(change)).toEqual({ outcome: 'committed', person: change.person, replayed: true })
    })

    it('T103: its stream has the events that were written, no more and no less', async () => {
      const own = await createTable(client)
      const registry = await openDynamoDbRegistry({
        transport: createDynamoDbSdkTransport(client),
        table: own,
        pepper: null,
      })
      const keys = Array.from({ length: 5 }, () => freshEmail())
      const first = keys.map((key) => reserving(key, 'ada'))
      const taken = first.map(({ person }, at) =>
        reserving(keys[at] ?? freshEmail(), 'bob', { expectedRevision: 1, person, epoch: 2 }),
      )
      for (const change of [...first, ...taken]) await registry.commit(change)
      for (const key of keys) await registry.commit(reserving(key, 'eve'))
      const written = [...first, ...taken].flatMap(({ writes }) => writes.flatMap(({ events }) => events))
      expect(sorted(await eventsInStream(streams, own))).toEqual(sorted(written))
    })
  })
})

/** Looks at each call on its way, and at the write units that DynamoDB says it took. */
function counting(transport: Transport) {
  const calls: Operation[] = []
  const units: unknown[] = []
  const counted: Transport = async (operation, input) => {
    calls.push(operation)
    const answer = await transport(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' })
    if (operation === 'PutItem' && 'ConsumedCapacity' in answer) units.push(capacityIn(answer.ConsumedCapacity))
    return answer
  }
  return { calls, units, transport: counted }
}

function capacityIn(consumed: unknown): unknown {
  return typeof consumed === 'object' && consumed !== null && 'CapacityUnits' in consumed
    ? consumed.CapacityUnits
    : undefined
}

/** Every first write is done, and its answer lost. */
function losingAnswers(transport: Transport): Transport {
  let lost = false
  return async (operation, input) => {
    const answer = await transport(operation, input)
    if (operation !== 'PutItem' || lost) return answer
    lost = true
    throw Object.assign(new Error('lost'), { name: 'InternalServerError' })
  }
}

function sorted(events: readonly unknown[]): readonly string[] {
  return events.map((event) => JSON.stringify(event)).sort()
}
