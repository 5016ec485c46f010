import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { freePort } from '../registry/testing/free-port.ts'
import { createCognitoHttpsClient, createDynamoDbHttpsTransport } from './index.ts'
import { answering, type Behaviour, startStandIn } from './testing/stand-in.ts'

const GET = { TableName: 't', Key: { pk: { S: 'C#1' } }, ConsistentRead: true }
const throttled = answering(400, { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'Rate' })
const broken = answering(500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: 'Oops' })
const fine = answering(200, { Item: { pk: { S: 'C#1' } } })

const closing: (() => Promise<unknown>)[] = []

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret')
  vi.stubEnv('AWS_SESSION_TOKEN', 'a-session')
})

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const close of closing.splice(0)) await close()
})

async function serverOf(...behaviours: readonly [Behaviour, ...Behaviour[]]) {
  const server = await startStandIn(...behaviours)
  closing.push(server.close)
  return server
}

/** What a caller is given: the answer, or the error's name. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => (error instanceof Error ? error.name : error))
}

describe('one call', () => {
  it('asks in the words of the service’s own API', async () => {
    const { endpoint, asked } = await serverOf(fine)
    expect(await createDynamoDbHttpsTransport({ endpoint })('GetItem', GET)).toEqual({ Item: { pk: { S: 'C#1' } } })
    await createCognitoHttpsClient({ endpoint }).adminGetUser({ UserPoolId: 'p', Username: 'Zoë' })
    expect(asked).toMatchObject([
      {
        headers: {
          host: new URL(endpoint).host,
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'DynamoDB_20120810.GetItem',
          'x-amz-security-token': 'a-session',
          authorization: expect.stringMatching(/Credential=ASIAEXAMPLE\/\d{8}\/eu-west-1\/dynamodb\/aws4_request, /),
        },
        body: GET,
      },
      {
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'AWSCognitoIdentityProviderService.AdminGetUser',
          authorization: expect.stringMatching(/\/eu-west-1\/cognito-idp\/aws4_request, /),
        },
        body: { UserPoolId: 'p', Username: 'Zoë' },
      },
    ])
  })

  it('signs with the credentials of the moment, since Lambda may change them', async () => {
    const { endpoint, asked } = await serverOf(fine)
    const transport = createDynamoDbHttpsTransport({ endpoint })
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIANEXT')
    await transport('GetItem', GET)
    expect(asked[0]?.headers.authorization).toContain('Credential=ASIANEXT/')
  })

  it('keeps its connection for the next', async () => {
    const { endpoint, asked, connections } = await serverOf(fine)
    const transport = createDynamoDbHttpsTransport({ endpoint })
    for (const _ of [1, 2, 3]) await transport('GetItem', GET)
    expect([asked.length, connections()]).toEqual([3, 1])
  })

  it('goes to the endpoint in the variable that AWS SDKs read', async () => {
    const { endpoint, asked } = await serverOf(fine)
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoint)
    vi.stubEnv('AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', endpoint)
    await createDynamoDbHttpsTransport()('GetItem', GET)
    await createCognitoHttpsClient().adminGetUser({})
    expect(asked).toHaveLength(2)
  })
})

describe('a refusal', () => {
  it('is thrown as the AWS SDK throws it, with what stood in the way and without AWS’s words', async () => {
    const Item = { pk: { S: 'C#1' }, op_id: { S: 'x' } }
    const { endpoint } = await serverOf(
      answering(400, {
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: 'The conditional request failed on arn:aws:iam::123456789012:role/secret',
        Item,
      }),
      answering(400, {
        __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
        Message: 'role/secret',
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Message: 'role/secret', Item }],
      }),
    )
    const transport = createDynamoDbHttpsTransport({ endpoint })
    const failed = await transport('PutItem', {}).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(Error)
    expect(failed).toMatchObject({ name: 'ConditionalCheckFailedException', Item })
    const cancelled = await transport('TransactWriteItems', {}).catch((error: unknown) => error)
    expect(cancelled).toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item }],
    })
    for (const error of [failed, cancelled]) expect(everythingIn(error)).not.toMatch(/secret|123456789012/)
  })

  it.each([
    ['in the body', answering(400, { __type: 'UserNotFoundException', message: 'User ada@example.com' })],
    ['in a header', answering(400, {}, { 'x-amzn-errortype': 'UserNotFoundException:http://internal.amazon.com/' })],
  ])('has the name that Cognito gives %s', async (_, behaviour) => {
    const { endpoint, asked } = await serverOf(behaviour)
    const error = await createCognitoHttpsClient({ endpoint })
      .adminGetUser({ UserPoolId: 'p', Username: 'ada@example.com' })
      .catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'UserNotFoundException' })
    expect(everythingIn(error)).not.toContain('ada@')
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['a page of HTML', answering(403, '<h1>Forbidden for ada@example.com</h1>')],
    ['no JSON object', answering(400, '"ada@example.com"')],
    ['a name that is none', answering(400, { __type: 'ada@example.com' })],
    ['an answer that points elsewhere', answering(307, '', { location: 'http://127.0.0.1:1/' })],
  ])('that is %s has no name, and is not repeated', async (_, behaviour) => {
    const { endpoint, asked } = await serverOf(behaviour)
    const error = await createDynamoDbHttpsTransport({ endpoint })('GetItem', GET).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'UnknownError' })
    expect(everythingIn(error)).not.toContain('ada@')
    expect(asked).toHaveLength(1)
  })
})

describe('T101: a fault on the way', () => {
  it.each([
    ['a fault of the service', broken],
    ['a throttled call', throttled],
    ['a gateway without words', answering(503, 'Service Unavailable')],
    ['too many calls to Cognito', answering(400, { __type: 'TooManyRequestsException' })],
  ])('is tried once more: %s', async (_, behaviour) => {
    const { endpoint, asked } = await serverOf(behaviour, fine)
    expect(await createDynamoDbHttpsTransport({ endpoint })('GetItem', GET)).toHaveProperty('Item')
    expect(asked).toHaveLength(2)
  })

  it.each([
    [throttled, 'ThrottlingException'],
    [broken, 'InternalServerError'],
  ])('is told after the second time', async (behaviour, name) => {
    const { endpoint, asked } = await serverOf(behaviour)
    expect(await outcome(createDynamoDbHttpsTransport({ endpoint })('PutItem', {}))).toBe(name)
    expect(asked).toHaveLength(2)
  })

  it('is reported where no server listens', async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`
    await expect(createDynamoDbHttpsTransport({ endpoint })('GetItem', GET)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
  })

  it('asks once, and gives up, where an answer never comes: the call may have been carried out', async () => {
    const { endpoint, asked } = await serverOf(() => {})
    expect(await outcome(createDynamoDbHttpsTransport({ endpoint, timeoutMs: 250 })('PutItem', {}))).toBe(
      'TimeoutError',
    )
    expect(asked).toHaveLength(1)
  })

  it('gives up where an answer begins and never ends', async () => {
    const { endpoint, asked } = await serverOf((response) => response.write('{"Item":'))
    expect(await outcome(createDynamoDbHttpsTransport({ endpoint, timeoutMs: 250 })('PutItem', {}))).toBe(
      'TimeoutError',
    )
    expect(asked).toHaveLength(1)
  })

  it('asks once where the connection ends within an answer', async () => {
    const { endpoint, asked } = await serverOf(fine, (response) => {
      response.writeHead(200, { 'content-length': 1_000 }).write('{"Item":', () => response.destroy())
    })
    const transport = createDynamoDbHttpsTransport({ endpoint })
    await transport('GetItem', GET)
    await expect(transport('PutItem', {})).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(asked).toHaveLength(2)
  })

  it('asks again where TLS never came about, since nothing was sent', async () => {
    let connections = 0
    const silent = createServer(() => {
      connections += 1
    }).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    closing.push(async () => silent.close())
    const transport = createDynamoDbHttpsTransport({ endpoint: `https://127.0.0.1:${port}`, timeoutMs: 250 })
    expect(await outcome(transport('PutItem', {}))).toBe('TimeoutError')
    expect(connections).toBe(2)
  })

  it('asks again where the kept connection had been closed while the function slept', async () => {
    const { endpoint, asked } = await serverOf(fine, (_, { socket }) => socket.resetAndDestroy(), fine)
    const transport = createDynamoDbHttpsTransport({ endpoint })
    await transport('GetItem', GET)
    expect(await transport('GetItem', GET)).toHaveProperty('Item')
    expect(asked).toHaveLength(3)
  })

  it('asks once where a new connection breaks after the call was sent', async () => {
    const { endpoint, asked } = await serverOf((_, { socket }) => socket.resetAndDestroy())
    await expect(createDynamoDbHttpsTransport({ endpoint })('PutItem', {})).rejects.toMatchObject({
      code: 'ECONNRESET',
    })
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['an answer without end', JSON.stringify({ Item: 'x'.repeat(2 ** 20) })],
    ['an answer that is no JSON', '<html>'],
    ['an answer that is no object', '[]'],
  ])('does not swallow %s', async (_, body) => {
    const { endpoint, asked } = await serverOf(answering(200, body))
    expect(await outcome(createDynamoDbHttpsTransport({ endpoint })('GetItem', GET))).toBe('UnreadableAnswer')
    expect(asked).toHaveLength(1)
  })
})

describe('settings', () => {
  it.each([
    ['no credentials', 'AWS_ACCESS_KEY_ID', undefined, 'elsewhere use clients of the AWS SDK'],
    ['no region', 'AWS_REGION', undefined, 'set AWS_REGION'],
    ['a region that would name another host', 'AWS_REGION', 'eu-west-1.evil.example/', 'set AWS_REGION'],
    ['a plain endpoint that is not on loopback', 'AWS_ENDPOINT_URL_DYNAMODB', 'http://10.0.0.1:8000', 'on loopback'],
    ['a host that begins like loopback', 'AWS_ENDPOINT_URL_DYNAMODB', 'http://localhost.evil.example', 'on loopback'],
    ['an endpoint with a path', 'AWS_ENDPOINT_URL_DYNAMODB', 'https://vpce.example/path', 'https://<host>'],
    ['an endpoint with a password', 'AWS_ENDPOINT_URL_DYNAMODB', 'https://u:p@vpce.example', 'https://<host>'],
    ['an endpoint that is none', 'AWS_ENDPOINT_URL_DYNAMODB', 'dynamodb', 'https://<host>'],
  ])('with %s are refused at start, and the way out is named', (_, variable, value, way) => {
    vi.stubEnv(variable, value)
    expect(() => createDynamoDbHttpsTransport()).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(way) }),
    )
  })
})

/** All that a log could print of an error. */
function everythingIn(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)}` : ''
}
