import { randomUUID } from 'node:crypto'
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams'
import type { DomainEvent } from '../../../core/events.ts'
import { eventsIn, TABLE } from '../index.ts'

// DynamoDB Local accepts any credentials; with these the SDK does not search for real ones.
const LOCAL = { region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }

export function localClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ ...LOCAL, endpoint })
}

export function localStreams(endpoint: string): DynamoDBStreamsClient {
  return new DynamoDBStreamsClient({ ...LOCAL, endpoint })
}

type Shape = Pick<CreateTableCommandInput, 'KeySchema' | 'AttributeDefinitions' | 'BillingMode' | 'StreamSpecification'>

/** The table as the package defines it, under a new name. */
export async function createTable(client: DynamoDBClient, shape: Partial<Shape> = {}): Promise<string> {
  const TableName = `onesub-${randomUUID()}`
  await client.send(new CreateTableCommand({ TableName, ...TABLE, ...shape }))
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 20 }, { TableName })
  return TableName
}

/** All events in the table's stream since the table was created, shard by shard. */
export async function eventsInStream(streams: DynamoDBStreamsClient, table: string): Promise<readonly DomainEvent[]> {
  const { Streams = [] } = await streams.send(new ListStreamsCommand({ TableName: table }))
  const events: DomainEvent[] = []
  for (const { StreamArn } of Streams) {
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      events.push(...(await eventsInShard(streams, { StreamArn, ShardId })))
    }
  }
  return events
}

interface Shard {
  readonly StreamArn: string | undefined
  readonly ShardId: string | undefined
}

async function eventsInShard(streams: DynamoDBStreamsClient, shard: Shard): Promise<readonly DomainEvent[]> {
  const start = new GetShardIteratorCommand({ ...shard, ShardIteratorType: 'TRIM_HORIZON' })
  let { ShardIterator } = await streams.send(start)
  const events: DomainEvent[] = []
  while (ShardIterator) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }))
    events.push(...Records.flatMap(eventsIn))
    // The last shard never closes: an empty answer means that there is nothing more at the moment.
    ShardIterator = Records.length > 0 ? NextShardIterator : undefined
  }
  return events
}
