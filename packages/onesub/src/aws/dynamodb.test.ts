import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openDynamoDbRegistry, requireStream } from '../registry/dynamodb/index.ts'
import { type DynamoDbLocal, skipsDynamoDb, startDynamoDbLocal } from '../registry/dynamodb/testing/local.ts'
import { createTable, localClient, localStreams, toldByStream } from '../registry/dynamodb/testing/table.ts'
import { claiming, freshKey, registryContract } from '../registry/testing/contract.ts'
import { raceForKeys } from '../registry/testing/races.ts'
import { createDynamoDbHttpsTransport } from './index.ts'

if (skipsDynamoDb) console.warn('ONESUB_SKIP_DYNAMODB=1: calls to DynamoDB without the SDK are NOT tested in this run.')

describe.skipIf(skipsDynamoDb)('on DynamoDB Local, without the AWS SDK', () => {
  let server: DynamoDbLocal
  let client: ReturnType<typeof localClient>
  let streams: ReturnType<typeof localStreams>
  let table: string

  beforeAll(async () => {
    // As the SDK's own client for this server has them: DynamoDB Local keeps one database for each key and region.
    vi.stubEnv('AWS_REGION', 'eu-west-1')
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local')
    vi.stubEnv('AWS_SESSION_TOKEN', undefined)
    server = await startDynamoDbLocal()
    client = localClient(server.endpoint)
    streams = localStreams(server.endpoint)
    table = await createTable(client)
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    client?.destroy()
    streams?.destroy()
    await server?.stop()
  })

  // A Java server that has just started, and crowds on two cores: a Lambda function's patience is not what is tested here.
  const open = (name = table) => {
    const transport = createDynamoDbHttpsTransport({ endpoint: server.endpoint, timeoutMs: 10_000 })
    return openDynamoDbRegistry({ transport, table: name, pepper: null })
  }

  registryContract('DynamoDB', async () => ({ registry: await open(), heard: () => toldByStream(streams, table) }))

  it('is not ready without a table', async () => {
    await expect(open('no-such-table')).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' })
  })

  it('T170: tells where events are wanted that the table has no stream', async () => {
    const transport = createDynamoDbHttpsTransport({ endpoint: server.endpoint, timeoutMs: 10_000 })
    await requireStream({ transport, table })
    const mute = await createTable(client, { StreamSpecification: { StreamEnabled: false } })
    await expect(requireStream({ transport, table: mute })).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' })
  })

  it('cannot be reached where nobody listens', async () => {
    const transport = createDynamoDbHttpsTransport({ endpoint: 'http://127.0.0.1:9' })
    const opened = openDynamoDbRegistry({ transport, table, pepper: null })
    await expect(opened).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', retry: true })
  })

  it('T92: finds its own work when it asks a second time', async () => {
    const registry = await open()
    const change = claiming(freshKey(), 'ada')
    await registry.commit(change)
    expect(await registry.commit(change)).toEqual({ outcome: 'committed', person: change.person, replayed: true })
  })

  it('T85: lets exactly one of 64 simultaneous sign-ups have the key, 20 times over', async () => {
    expect(await raceForKeys(await open(), { racers: 64, rounds: 20 })).toEqual([])
  })
})
