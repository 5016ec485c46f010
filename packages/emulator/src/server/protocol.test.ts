import { request } from 'node:http'
import { ListUserPoolsCommand, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { OPERATIONS } from '../operations/index.ts'
import { openPool, refusal, sdkFor } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

const TYPE = 'application/x-amz-json-1.1'

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** A raw request: `fetch` would not let us choose Host and Origin. */
function send(
  headers: Record<string, string>,
  body: string | Buffer = '{}',
  method = 'POST',
  path = '/',
  port = emulator.port,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }))
    })
    call.on('error', reject).end(body)
  })
}

const api = (operation: string, body?: string, more: Record<string, string> = {}) =>
  send({ 'content-type': TYPE, 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`, ...more }, body)

describe('AWS JSON 1.1', () => {
  it('answers errors with type and request id in headers and body', async () => {
    const { status, headers, body } = await api('DescribeUserPool', '{"UserPoolId":"us-east-1_none"}')
    expect(status).toBe(400)
    expect(JSON.parse(body)).toEqual({
      __type: 'ResourceNotFoundException',
      message: 'User pool us-east-1_none does not exist.',
    })
    expect(headers).toMatchObject({
      'content-type': TYPE,
      'x-amzn-errortype': 'ResourceNotFoundException',
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/u),
    })
  })

  it('writes times as epoch seconds (aws/aws-cli#2264)', async () => {
    const { body } = await api('CreateUserPool', '{"PoolName":"p"}')
    expect(JSON.parse(body).UserPool.CreationDate).toBeCloseTo(Date.now() / 1000, -2)
  })

  it('T137: says of an unknown operation that it is not emulated, never something friendly', async () => {
    const { status, body } = await api('AdminListDevices')
    expect([status, JSON.parse(body)]).toEqual([
      501,
      { __type: 'NotEmulatedException', message: 'The operation AdminListDevices is not emulated by onesub-emulator.' },
    ])
    expect((await api('constructor')).status).toBe(501)
    expect((await send({ 'content-type': TYPE, 'x-amz-target': 'DynamoDB_20120810.GetItem' })).status).toBe(501)
  })

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a wrong type', '{"PoolName":7}'],
    ['a wrong type deep inside', '{"PoolName":"p","Schema":[7]}'],
  ])('calls %s a SerializationException', async (_, body) => {
    const answer = await api('CreateUserPool', body)
    expect([answer.status, JSON.parse(answer.body).__type]).toEqual([400, 'SerializationException'])
  })

  it('refuses bodies above one mebibyte', async () => {
    const answer = await api('CreateUserPool', `{"PoolName":"${'x'.repeat(1024 * 1024)}"}`).catch(() => undefined)
    expect([413, undefined]).toContain(answer?.status)
    expect((await sdkFor(emulator).send(new ListUserPoolsCommand({ MaxResults: 60 }))).UserPools).not.toBe(undefined)
  })

  it('survives a thousand random bodies: every answer is a clear refusal or a success, none an inner failure', async () => {
    const pool = await openPool(emulator)
    const known = fc.record(
      {
        UserPoolId: fc.oneof(fc.constant(pool.UserPoolId), fc.jsonValue()),
        ClientId: fc.oneof(fc.constant(pool.ClientId), fc.jsonValue()),
        Username: fc.oneof(fc.string(), fc.jsonValue()),
        Password: fc.jsonValue(),
        UserAttributes: fc.jsonValue(),
        AuthFlow: fc.oneof(fc.constant('USER_PASSWORD_AUTH'), fc.jsonValue()),
        AuthParameters: fc.jsonValue(),
        Filter: fc.jsonValue(),
        Limit: fc.jsonValue(),
        LambdaConfig: fc.jsonValue(),
        AccessToken: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      known.map((fields) => JSON.stringify(fields)),
    )
    const deletes = ['DeleteUserPool', 'DeleteUserPoolClient', 'UpdateUserPool', 'UpdateUserPoolClient']
    const names = [...OPERATIONS.keys()].filter((name) => !deletes.includes(name))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), body, async (operation, text) => {
        const answer = await api(operation, text)
        expect([200, 400, 501]).toContain(answer.status)
        expect(answer.body).not.toContain('InternalErrorException')
      }),
      { numRuns: 1_000 },
    )
  })

  it('takes signed and unsigned requests alike', async () => {
    expect((await api('ListUserPools', '{"MaxResults":1}')).status).toBe(200)
    expect(await refusal(sdkFor(emulator).send(new ListUserPoolsCommand({ MaxResults: 1 })))).toBe('no refusal')
  })
})

describe('who may call', () => {
  const target = { 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools' }

  it.each(['evil.test', 'evil.test:PORT', '127.0.0.1', 'localhost:1', '127.0.0.1.evil.test:PORT', '10.0.0.1:PORT'])(
    'T133: the Host %s is refused before anything is looked at',
    async (name) => {
      const host = name.replace('PORT', String(emulator.port))
      for (const path of ['/', '/_onesub/health', '/login']) {
        expect((await send({ ...target, host, 'content-type': TYPE }, '{}', 'POST', path)).status).toBe(403)
      }
    },
  )

  it.each(['127.0.0.1', 'localhost', '[::1]'])('the Host %s with our port is ours', async (name) => {
    const host = `${name}:${emulator.port}`
    expect((await api('ListUserPools', '{"MaxResults":1}', { host })).status).toBe(200)
  })

  it.each(['https://evil.test', 'null', 'http://localhost.evil.test:3000', 'file://'])(
    'T133: the Origin %s is refused',
    async (origin) => {
      expect((await api('SignUp', '{}', { origin })).status).toBe(403)
      expect((await send({ origin }, '', 'OPTIONS')).status).toBe(403)
    },
  )

  it('T133: a text/plain post, which browsers send without asking, changes nothing', async () => {
    const headers = { 'content-type': 'text/plain', 'x-amz-target': 'AWSCognitoIdentityProviderService.CreateUserPool' }
    const answer = await send(headers, '{"PoolName":"p"}')
    expect([answer.status, JSON.parse(answer.body).__type]).toEqual([400, 'SerializationException'])
  })

  it('pages of the developer’s own machine may call the public operations, and only those', async () => {
    const origin = 'http://localhost:3000'
    expect((await api('SignUp', '{}', { origin })).headers['access-control-allow-origin']).toBe(origin)
    expect((await api('ListUsers', '{}', { origin })).headers['access-control-allow-origin']).toBeUndefined()
    const preflight = await send({ origin, 'access-control-request-headers': 'x-amz-target' }, '', 'OPTIONS')
    expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([204, 'x-amz-target'])
  })
})

it('throttles by the default quotas when switched on (Developer Guide: quotas)', async () => {
  const strict = await startEmulator({ quirks: { throttling: 'quotas' }, clock: () => 0 })
  try {
    const list = () => sdkFor(strict).send(new ListUsersCommand({ UserPoolId: 'none' }))
    for (let call = 0; call < 30; call += 1) expect(await refusal(list())).toContain('ResourceNotFoundException')
    expect(await refusal(list())).toBe('TooManyRequestsException: Rate exceeded')
  } finally {
    await strict.close()
  }
})

/** mulberry32: the same ten thousand requests at every run, so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const MEMBERS = ['Username', 'Password', 'UserAttributes', 'Filter', 'Limit', 'Session', 'AccessToken', 'LambdaConfig']
const UNASKED = ['text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded']
const PREFIX = 'AWSCognitoIdentityProviderService.'
/** With a pool id alone these do what they say. */
const NEED_ONLY_A_POOL = ['DeleteUserPool', 'UpdateUserPool']

/** Whatever a broken or hostile caller may send; only the pool id in it can be right. */
function nonsense(poolId: string, clientId: string) {
  const random = seeded(20_261_121)
  const upTo = (most: number) => Math.floor(random() * most)
  const oneOf = <T>(first: T, ...others: readonly T[]): T => [first, ...others][upTo(others.length + 1)] ?? first
  const bytes = () => String.fromCharCode(...Array.from({ length: upTo(60) }, () => upTo(0x1_0000)))
  const member = () => oneOf('UserPoolId', ...MEMBERS, bytes())
  const value = (depth: number): unknown => {
    const kind = upTo(depth > 0 ? 7 : 5)
    if (kind < 5) return oneOf<unknown>(null, random() < 0.5, random() * 1e9, bytes(), -1, '')
    const items = Array.from({ length: upTo(4) }, () => value(depth - 1))
    return kind === 5 ? items : Object.fromEntries(items.map((item) => [member(), item]))
  }
  const wrongTypes = () =>
    JSON.stringify({
      UserPoolId: poolId,
      ClientId: clientId,
      ...Object.fromEntries(MEMBERS.map((name) => [name, oneOf<unknown>(7, [[]], true, { a: 1 })])),
    })
  const twice = () => `{"UserPoolId":${upTo(9)},"UserPoolId":"${poolId}","Username":1,"Username":{}}`
  const prototype = () =>
    `{"__proto__":{"UserPoolId":"${poolId}","polluted":1},"constructor":{"prototype":{"polluted":1}}}`
  const huge = () => JSON.stringify({ UserPoolId: poolId, Filter: oneOf('x', '[', '"').repeat(upTo(20_000)) })
  const deep = () => `{"UserAttributes":${'['.repeat(3_000)}${']'.repeat(3_000)}}`
  const octets = () => Buffer.from(Array.from({ length: upTo(200) }, () => upTo(256)))
  const body = (): string | Buffer => {
    const rare = random()
    if (rare < 0.01) return rare < 0.005 ? huge() : deep()
    return oneOf<() => string | Buffer>(
      octets,
      bytes,
      () => JSON.stringify(value(upTo(8))),
      wrongTypes,
      wrongTypes,
      twice,
      prototype,
    )()
  }
  const headers = (): Record<string, string> => ({
    'content-type': random() < 0.9 ? TYPE : oneOf('application/json', '*', ...UNASKED),
    ...(random() < 0.1 && { host: oneOf('evil.test', 'evil.test:80', '127.0.0.1:1') }),
    ...(random() < 0.1 && { origin: oneOf('https://evil.test', 'null', 'file://') }),
    [oneOf('authorization', 'cookie', 'accept', 'x-forwarded-host', 'x-http-method-override')]: oneOf(
      '',
      'x',
      'DELETE',
    ),
    [`x-${upTo(1e6).toString(36)}`]: 'x'.repeat(upTo(2_000)),
  })
  const names = [...OPERATIONS.keys()].filter((name) => !NEED_ONLY_A_POOL.includes(name))
  const operation = () => (random() < 0.9 ? oneOf('SignUp', ...names) : oneOf('toString', '__proto__', '', 'Nothing'))
  return () => ({ operation: operation(), body: body(), headers: headers() })
}

it('survives ten thousand requests of nonsense: each is refused in good form, and the users stay as they were', async () => {
  const target = await startEmulator()
  try {
    const pool = await openPool(target)
    await pool.signUp('ada', { email: 'ada@example.com' })
    const usersIn = () => JSON.stringify(target.users(pool.UserPoolId))
    const before = usersIn()
    const next = nonsense(pool.UserPoolId, pool.ClientId)
    const seen = new Set<number | undefined>()
    const wrong: unknown[] = []
    const caller = async () => {
      for (let call = 0; call < 1_250; call += 1) {
        const { operation, body, headers } = next()
        const answer = await send({ 'x-amz-target': PREFIX + operation, ...headers }, body, 'POST', '/', target.port)
        seen.add(answer.status)
        if (!isInGoodForm(answer) || isMistaken(answer, headers)) wrong.push({ operation, body, headers, answer })
      }
    }
    await Promise.all(Array.from({ length: 8 }, caller))
    expect(wrong.slice(0, 3)).toEqual([])
    expect([...seen].sort()).toEqual([200, 400, 403, 501])
    expect(usersIn()).toBe(before)
    expect({}).not.toHaveProperty('polluted')
  } finally {
    await target.close()
  }
})

/** A success, or an error with a name and a text that is no inner failure. */
function isInGoodForm({ status = 0, body }: Answer): boolean {
  const parsed: unknown = JSON.parse(body)
  if (typeof parsed !== 'object' || parsed === null) return false
  if (status === 200) return true
  if (![400, 403, 501].includes(status) || body.includes('InternalError')) return false
  return '__type' in parsed && typeof parsed.__type === 'string'
}

/** Nobody from elsewhere gets more than a refusal, and no content type that a page may send unasked gets in. */
function isMistaken({ status }: Answer, headers: Readonly<Record<string, string>>): boolean {
  if (headers.host !== undefined || headers.origin !== undefined) return status !== 403
  return UNASKED.includes(headers['content-type'] ?? '') && status !== 400 && status !== 501
}
