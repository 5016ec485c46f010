import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startIssuer } from '../../packages/onesub/src/verify/testing/issuer.ts'

/**
 * AWS for a cold start, in a process of its own: four operations of DynamoDB over a map, Cognito that agrees to everything, and the keys
 * of a pool. It answers within a fraction of a millisecond, so that what is measured is the function.
 */

interface Put {
  readonly Item: Readonly<Record<string, Attribute>>
  readonly ConditionExpression: string
  readonly ExpressionAttributeValues?: { readonly ':seen': Attribute }
}
interface Attribute {
  readonly S?: string
  readonly N?: string
}
interface Input extends Put {
  readonly Key: { readonly pk: Attribute }
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly { readonly pk: Attribute }[] }>>
  readonly TransactItems: readonly { readonly Put: Put }[]
}

type Rows = ReadonlyMap<string, Put['Item']>
let rows = new Map<string, Put['Item']>()
let kept: Rows = new Map()
let requests: { target: string; contentType: string; body: string }[] = []

const row = ({ pk }: { readonly pk?: Attribute }) => rows.get(pk?.S ?? '')

function holds({ Item, ConditionExpression, ExpressionAttributeValues }: Put): boolean {
  const status = row(Item)
  if (ConditionExpression.startsWith('attribute_not_exists')) return status === undefined
  return status?.revision?.N === ExpressionAttributeValues?.[':seen'].N
}

function written(puts: readonly Put[]): object {
  if (!puts.every(holds)) throw new Error('The stand-in was asked for a write that does not fit its rows.')
  for (const { Item } of puts) rows.set(Item.pk?.S ?? '', Item)
  return {}
}

const OPERATIONS: Readonly<Record<string, (input: Input) => object>> = {
  GetItem: ({ Key }) => ({ Item: row(Key) }),
  BatchGetItem: ({ RequestItems }) => ({
    Responses: Object.fromEntries(
      Object.entries(RequestItems).map(([table, { Keys }]) => [table, Keys.flatMap((key) => row(key) ?? [])]),
    ),
    UnprocessedKeys: {},
  }),
  PutItem: (put) => written([put]),
  TransactWriteItems: ({ TransactItems }) => written(TransactItems.map(({ Put }) => Put)),
}

const CONTROLS: Readonly<Record<string, () => unknown>> = {
  '/keep': () => {
    kept = new Map(rows)
  },
  '/restore': () => {
    rows = new Map(kept)
    requests = []
  },
  '/requests': () => requests,
}

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString()
  const control = CONTROLS[request.url ?? '']
  const target = String(request.headers['x-amz-target'])
  if (!control) requests.push({ target, contentType: String(request.headers['content-type']), body })
  const operation = OPERATIONS[target.replace('DynamoDB_20120810.', '')]
  const answer = JSON.stringify(control ? (control() ?? {}) : (operation?.(JSON.parse(body)) ?? {}))
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': Buffer.byteLength(answer) })
  response.end(answer)
}).listen(0, '127.0.0.1')
await once(server, 'listening')

const issuer = await startIssuer()
console.log(
  JSON.stringify({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    issuer: issuer.endpoint,
    tokens: { withClaim: issuer.token(), withoutClaim: issuer.token({ person_id: undefined }) },
  }),
)
