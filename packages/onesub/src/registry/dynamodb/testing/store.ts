import { createDynamoDbHttpsTransport } from '../../../aws/dynamodb.ts'
import type { TestStore } from '../../testing/test-store.ts'
import { openDynamoDbRegistry, type Transport } from '../index.ts'
import { skipsDynamoDb, startDynamoDbLocal } from './local.ts'
import { createTable, eventsInStream, localClient, localStreams } from './table.ts'

const LANES = 16

/** DynamoDB Local has one core and much company: a Lambda function's patience is not what is tested here. */
const PATIENCE_MS = 30_000

export const dynamodb: TestStore = dynamoDbThrough((endpoint) =>
  createDynamoDbHttpsTransport({ region: 'eu-west-1', endpoint, timeoutMs: PATIENCE_MS }),
)

/** The store is the same whatever transport asks it. */
export function dynamoDbThrough(transportTo: (endpoint: string) => Transport): TestStore {
  return {
    title: 'DynamoDB',
    features: ['reopening', 'call-count'],
    skipped: skipsDynamoDb ? 'ONESUB_SKIP_DYNAMODB=1' : undefined,
    races: { rounds: 200, workers: 16, changes: 400 },
    comparison: {
      commands: 100_000,
      commandsInWholeProof: 2_000,
      lanes: LANES,
      // A transaction takes DynamoDB Local some milliseconds.
      commitsOfHundred: 35,
      // DynamoDB Local takes twice the time for a table with a stream.
      lanesForOneWithEvents: LANES,
    },
    // The persons behind the rows are read in a second call.
    roundTrips: { signUp: 1, refusedSignUp: 1, confirmation: 3, signIn: 0, firstToken: 2, laterToken: 1, link: 5 },
    async start() {
      const restore = setEnvironment({ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' })
      const server = await startDynamoDbLocal()
      const [client, streams] = [localClient(server.endpoint), localStreams(server.endpoint)]
      const transport = transportTo(server.endpoint)
      return {
        async create({ events = true } = {}) {
          const table = await createTable(client, events ? {} : { StreamSpecification: { StreamEnabled: false } })
          let calls = 0
          const counting: Transport = (operation, input) => {
            calls += 1
            return transport(operation, input)
          }
          return {
            open: (options) => openDynamoDbRegistry({ transport: counting, table, pepper: null, ...options }),
            ...(events && { events: () => eventsInStream(streams, table) }),
            calls: () => calls,
          }
        },
        async stop() {
          client.destroy()
          streams.destroy()
          await server.stop()
          restore()
        },
      }
    },
  }
}

/** Sets the variables. Returns the function that sets them as they were. */
function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}
