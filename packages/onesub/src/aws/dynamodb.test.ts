import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openDynamoDbRegistry, requireStream } from '../registry/dynamodb/index.ts'
import { type DynamoDbLocal, skipsDynamoDb, startDynamoDbLocal } from '../registry/dynamodb/testing/local.ts'
import { dynamodb } from '../registry/dynamodb/testing/store.ts'
import { createTable, localClient } from '../registry/dynamodb/testing/table.ts'
import { contractTests } from '../registry/testing/contract-tests.ts'
import { freshEmail, reserving } from '../testing/store-contract/sample-changes.ts'
import { createDynamoDbHttpsTransport } from './index.ts'

if (skipsDynamoDb) console.warn('ONESUB_SKIP_DYNAMODB=1: calls to DynamoDB without the SDK are NOT tested in this run.')

describe('without the AWS SDK', () => contractTests(dynamodb))

describe.skipIf(skipsDynamoDb)('on DynamoDB Local, without the AWS SDK', () => {
  let server: DynamoDbLocal
  let client: ReturnType<typeof localClient>
  let table: string

  beforeAll(async () => {
    // As the SDK's own client for this server has them: DynamoDB Local keeps one database for each key and region.
    vi.stubEnv('AWS_REGION', 'eu-west-1')
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local')
    vi.stubEnv('AWS_SESSION_TOKEN', undefined)
    server = await startDynamoDbLocal()
    client = localClient(server.endpoint)
    table = await createTable(client)
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    client?.destroy()
    await server?.stop()
  })

  // A Java server that has just started, and crowds on two cores: a Lambda function's patience is not what is tested here.
  const open = (name = table) => {
    const transport = createDynamoDbHttpsTransport({ endpoint: server.endpoint, timeoutMs: 10_000 })
    return openDynamoDbRegistry({ transport, table: name, pepper: null })
  }

  it('is not ready without a table', async () => {
    await expect(open('no-such-table')).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' })
  })

  it('T170: reports, where events are wanted, that the table has no stream', async () => {
    const transport = createDynamoDbHttpsTransport({ endpoint: server.endpoint, timeoutMs: 10_000 })
    await requireStream({ transport, table })
    const mute = await createTable(client, { StreamSpecification: { StreamEnabled: false } })
    await expect(requireStream({ transport, table: mute })).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' })
  })

  it('cannot be reached where no server listens', async () => {
    const transport = createDynamoDbHttpsTransport({ endpoint: 'http://127.0.0.1:9' })
    const opened = openDynamoDbRegistry({ transport, table, pepper: null })
    await expect(opened).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', retry: true })
  })

  it('T92: finds its own work when it asks a second time', async () => {
    const registry = await open()
    const change = reserving(freshEmail(), 'ada')
    await registry.commit(change)
    expect(await registry.commit(change)).toEqual({ outcome: 'committed', person: change.person, replayed: true })
  })
})
