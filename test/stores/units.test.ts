import { openDynamoDbRegistry, type Transport } from 'onesub/registry/dynamodb'
import { createDynamoDbSdkTransport } from 'onesub/registry/dynamodb/sdk'
import { createPersonVerifier } from 'onesub/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type DynamoDbLocal,
  skipsDynamoDb,
  startDynamoDbLocal,
} from '../../packages/onesub/src/registry/dynamodb/testing/local.ts'
import { createTable, localClient } from '../../packages/onesub/src/registry/dynamodb/testing/table.ts'
import {
  CLIENT_ID,
  confirms,
  googleArrives,
  POOL_ID,
  signUp,
  subOf,
  triggerEvent,
} from '../../packages/onesub/src/triggers/testing/events.ts'
import { outcome, testPool } from '../../packages/onesub/src/triggers/testing/pool.ts'
import { startIssuer } from '../../packages/onesub/src/verify/testing/issuer.ts'

if (skipsDynamoDb) console.warn('ONESUB_SKIP_DYNAMODB=1: what the flows cost on DynamoDB is NOT measured in this run.')

const ADA = 'ada@example.com'
const FREE = { calls: [], reads: 0, writes: 0 }

const token = (userName: string) =>
  triggerEvent({
    source: 'TokenGeneration_Authentication',
    userName,
    attributes: { sub: subOf(userName), 'cognito:user_status': 'CONFIRMED', email: ADA, email_verified: 'true' },
  })
const signsIn = (userName: string) => ({ ...token(userName), triggerSource: 'PostAuthentication_Authentication' })

/** Round trips and units by DynamoDB's own count (API Reference, "ConsumedCapacity"), for one e-mail address that is unique. */
describe.skipIf(skipsDynamoDb)('what a flow costs on DynamoDB', () => {
  let server: DynamoDbLocal
  let client: ReturnType<typeof localClient>

  beforeAll(async () => {
    server = await startDynamoDbLocal()
    client = localClient(server.endpoint)
  })

  afterAll(async () => {
    client?.destroy()
    await server?.stop()
  })

  async function counted() {
    const bill = { calls: [] as string[], reads: 0, writes: 0 }
    const transport: Transport = async (operation, input) => {
      bill.calls.push(operation)
      const answer = await createDynamoDbSdkTransport(client)(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' })
      const units = unitsIn(answer)
      if (/^(Put|TransactWrite)/.test(operation)) bill.writes += units
      else bill.reads += units
      return answer
    }
    const registry = await openDynamoDbRegistry({ transport, table: await createTable(client), pepper: null })
    // Once for each registry, whoever signs up first.
    await registry.admit?.(POOL_ID)
    const { handler } = testPool({ registry })
    const costOf = async (work: () => Promise<unknown>) => {
      Object.assign(bill, { calls: [], reads: 0, writes: 0 })
      await work()
      return { ...bill }
    }
    return { registry, handler, costOf }
  }

  it('T82: a sign-up: one round trip and one write unit; its refusal reads nothing', async () => {
    const { handler, costOf } = await counted()
    expect(await costOf(() => handler(signUp('ada', ADA)))).toEqual({ calls: ['PutItem'], reads: 0, writes: 1 })
    await handler(confirms('ada', ADA))
    const refused = await costOf(async () =>
      expect(await outcome(handler(signUp('eve', ADA)))).toBe('IDENTIFIER_TAKEN'),
    )
    expect(refused).toMatchObject({ calls: ['PutItem'], reads: 0 })
  })

  it('a returning sign-in: nothing is written; identity, address and person are read for its first token, one row for each later one', async () => {
    const { handler, costOf } = await counted()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    expect(await costOf(() => handler(signsIn('ada')))).toEqual(FREE)
    expect(await costOf(() => handler(token('ada')))).toEqual({
      calls: ['BatchGetItem', 'BatchGetItem'],
      reads: 3,
      writes: 0,
    })
    const refreshed = { ...token('ada'), triggerSource: 'TokenGeneration_RefreshTokens' }
    expect(await costOf(() => handler(refreshed))).toEqual({ calls: ['GetItem'], reads: 1, writes: 0 })
  })

  it('a request whose token has the claim: nothing', async () => {
    const { registry, costOf } = await counted()
    const issuer = await startIssuer()
    const verify = createPersonVerifier({
      pools: [{ userPoolId: POOL_ID, clientIds: [CLIENT_ID] }],
      registry,
      dangerouslyTrustEmulator: issuer.endpoint,
    })
    expect(await costOf(() => verify(issuer.token()))).toEqual(FREE)
    await issuer.close()
  })

  it('a confirmation, and a link: one decision, one transaction', async () => {
    const { handler, costOf } = await counted()
    await handler(signUp('ada', ADA))
    const confirmed = await costOf(() => handler(confirms('ada', ADA)))
    expect(confirmed.calls).toEqual(['BatchGetItem', 'BatchGetItem', 'TransactWriteItems'])
    const linked = await costOf(() => handler(googleArrives()))
    expect(linked.calls).toEqual(['BatchGetItem', 'BatchGetItem', 'TransactWriteItems', 'GetItem', 'GetItem'])
  })
})

/** One number for the whole call, or one for each table. */
function unitsIn(answer: object): number {
  const { ConsumedCapacity }: { ConsumedCapacity?: unknown } = answer
  const parts: readonly unknown[] = Array.isArray(ConsumedCapacity) ? ConsumedCapacity : [ConsumedCapacity]
  return parts.reduce<number>((sum, part) => sum + (Object(part).CapacityUnits ?? 0), 0)
}
