import type { AddressInfo } from 'node:net'
import type {
  APIGatewayRequestAuthorizerHandler,
  APIGatewayRequestSimpleAuthorizerHandlerV2,
  APIGatewayTokenAuthorizerHandler,
  AppSyncAuthorizerHandler,
} from 'aws-lambda'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { OnesubError } from '../core/errors.ts'
import { personId } from '../core/testing/samples.ts'
import { type AuthorizerContext, httpApiAuthorizer, restApiAuthorizer } from './api-gateway.ts'
import { appSyncAuthorizer } from './appsync.ts'
import { authenticator } from './bearer.ts'
import { type PersonRequest, personOf, requirePerson } from './express.ts'
import { requirePerson as fastifyPerson } from './fastify.ts'
import { requirePerson as honoPerson, type PersonEnv } from './hono.ts'
import { withPerson } from './next.ts'
import { platformContract } from './testing/platform-contract.ts'
import {
  type Ask,
  answerFor,
  answerOf,
  askingAt,
  headersFor,
  hook,
  onRefused,
  type Platform,
  requestScope,
  SCOPE_HEADER,
  verify,
} from './testing/platforms.ts'

async function onExpress(use: (ask: Ask) => Promise<void>): Promise<void> {
  const app = express()
  app.use((request, _, next) => requestScope.run(request.get(SCOPE_HEADER) ?? '', next))
  app.use(requirePerson(verify, { onRefused }))
  app.get('/', async (request, response) => {
    const { person } = request as typeof request & PersonRequest
    const answer = await answerFor(person)
    expect(personOf(request)).toBe(person)
    response.json(answer)
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as AddressInfo
  await use(askingAt(`http://127.0.0.1:${port}/`))
  server.closeAllConnections()
  server.close()
}

async function onFastify(use: (ask: Ask) => Promise<void>): Promise<void> {
  const app = fastify()
  app.decorateRequest('person', null)
  app.addHook('onRequest', (request, _, done) => requestScope.run(String(request.headers[SCOPE_HEADER] ?? ''), done))
  app.addHook('onRequest', fastifyPerson(verify, { onRefused }))
  app.get('/', (request) => answerFor((request as typeof request & PersonRequest).person))
  await use(async (authorization, others) => {
    const { statusCode, body, headers } = await app.inject({ url: '/', headers: headersFor(authorization, others) })
    return { status: statusCode, body: JSON.parse(body), headers: new Headers(headers as Record<string, string>) }
  })
  await app.close()
}

async function onHono(use: (ask: Ask) => Promise<void>): Promise<void> {
  const app = new Hono<PersonEnv>()
  app.use((context, next) => requestScope.run(context.req.header(SCOPE_HEADER) ?? '', next))
  app.use(honoPerson(verify, { onRefused }))
  app.get('/', async (context) => context.json(await answerFor(context.get('person'))))
  await use(async (authorization, others) =>
    answerOf(await app.request('/', { headers: headersFor(authorization, others) })),
  )
}

async function onNext(use: (ask: Ask) => Promise<void>): Promise<void> {
  const GET = withPerson(
    verify,
    async (request, person, { params }: { params: Promise<{ order: string }> }) => {
      expect(new URL(request.url).pathname).toBe(`/orders/${(await params).order}`)
      return Response.json(await answerFor(person))
    },
    { onRefused },
  )
  await use(async (authorization, others) => {
    const request = new Request('http://localhost/orders/7', { headers: headersFor(authorization, others) })
    const answer = requestScope.run(request.headers.get(SCOPE_HEADER) ?? '', () =>
      GET(request, { params: Promise.resolve({ order: '7' }) }),
    )
    return answerOf(await answer)
  })
}

describe.each<[string, Platform]>([
  ['Express', onExpress],
  ['Fastify', onFastify],
  ['Hono', onHono],
  ['Next.js', onNext],
])('on %s', (_, on) => platformContract(on))

it('Fastify: a refused request reaches no handler, also under hooks that take their time', async () => {
  let served = 0
  const app = fastify()
  app.decorateRequest('person', null)
  app.addHook('onRequest', fastifyPerson(verify))
  app.addHook('onSend', async (_request, _reply, payload) => {
    await new Promise((done) => setTimeout(done, 20))
    return payload
  })
  app.get('/', async () => {
    served += 1
    return 'served'
  })
  const { statusCode } = await app.inject({ url: '/' })
  expect({ statusCode, served }).toEqual({ statusCode: 401, served: 0 })
  await app.close()
})

describe('API Gateway', () => {
  const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/orders'
  const rest = restApiAuthorizer(verify)
  const http = httpApiAuthorizer(verify)
  const context: AuthorizerContext = { personId: personId(1), sub: 'sub-of-ada', userPoolId: 'eu-west-1_Test1' }

  it('T74: allows the whole stage, since the policy is cached and used for other routes', async () => {
    const policy = {
      principalId: personId(1),
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'execute-api:Invoke',
            Effect: 'Allow',
            Resource: 'arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/*',
          },
        ],
      },
      context,
    }
    expect(await rest({ authorizationToken: 'Bearer right', methodArn })).toEqual(policy)
    expect(await rest({ headers: { Authorization: 'Bearer right' }, methodArn })).toEqual(policy)
  })

  it.each(['aws-us-gov', 'aws-cn'])('allows the whole stage in the partition %s too', async (partition) => {
    const { policyDocument } = await rest({
      authorizationToken: 'Bearer right',
      methodArn: methodArn.replace('aws', partition),
    })
    expect(policyDocument.Statement[0]?.Resource).toBe(
      `arn:${partition}:execute-api:eu-west-1:123456789012:abc123/prod/*`,
    )
  })

  it.each([
    undefined,
    '',
    'arn:aws:execute-api:eu-west-1:123456789012:abc123',
    'arn:aws:execute-api:eu-west-1:123456789012:abc123/prod',
    'arn:aws:lambda:eu-west-1:123456789012:abc123/prod/GET/orders',
    ` ${methodArn}`,
  ])('T74: allows nothing where the event names no method: %j', async (arn) => {
    const event = { authorizationToken: 'Bearer right', ...(arn !== undefined && { methodArn: arn }) }
    await expect(rest(event)).rejects.toThrow('The event names no method.')
  })

  it('reads the header where a REST API sends no token of its own', async () => {
    const event = { authorizationToken: null, headers: { AUTHORIZATION: 'Bearer right' }, methodArn }
    expect(await rest(event)).toMatchObject({ principalId: personId(1) })
  })

  it('T60: takes the token from no other header, and none from two of them', async () => {
    expect(await http({ headers: { 'x-authorization': 'Bearer right' } })).toEqual({ isAuthorized: false })
    const twice = { Authorization: 'Bearer right', authorization: 'Bearer right' }
    expect(await http({ headers: twice })).toEqual({ isAuthorized: false })
    expect(await http({})).toEqual({ isAuthorized: false })
  })

  it('answers 401 to anybody else', async () => {
    await expect(rest({ authorizationToken: 'Bearer wrong', methodArn })).rejects.toThrow(/^Unauthorized$/)
    await expect(
      rest({ headers: { Authorization: 'Bearer right', authorization: 'Bearer right' }, methodArn }),
    ).rejects.toThrow(/^Unauthorized$/)
    await expect(rest({ headers: null, methodArn })).rejects.toThrow(/^Unauthorized$/)
    await expect(rest({ authorizationToken: 'Bearer down', methodArn })).rejects.toThrow(/^Service unavailable$/)
  })

  it('is told simply where the API is an HTTP API', async () => {
    expect(await http({ headers: { authorization: 'Bearer right' } })).toEqual({ isAuthorized: true, context })
    expect(await http({ headers: { authorization: 'Bearer wrong' } })).toEqual({ isAuthorized: false })
    await expect(http({ headers: { authorization: 'Bearer down' } })).rejects.toThrow(/^Service unavailable$/)
  })
})

describe('API Gateway, with clients that send the bare token', () => {
  const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/orders'
  const raw = restApiAuthorizer(verify, { acceptRawToken: true })

  it.each([
    { authorizationToken: 'right' },
    { headers: { Authorization: 'right' } },
    { authorizationToken: 'Bearer right' },
  ])('lets the person in where that is allowed: %j', async (event) => {
    expect(await raw({ ...event, methodArn })).toMatchObject({ principalId: personId(1) })
  })

  it.each([
    { authorizationToken: '' },
    { authorizationToken: 'wrong' },
    { authorizationToken: 'Bearer' },
    { authorizationToken: 'Basic right' },
    { authorizationToken: 'right right' },
    { authorizationToken: null, headers: {} },
    { headers: { Authorization: 'right', authorization: 'right' } },
    {},
  ])('T60: lets nobody else in for that: %j', async (event) => {
    await expect(raw({ ...event, methodArn })).rejects.toThrow(/^Unauthorized$/)
  })

  it.each([undefined, {}, { acceptRawToken: false }, JSON.parse('{"acceptRawToken":"false"}')])(
    'lets nobody in by it where nothing says so: %j',
    async (options) => {
      const rest = restApiAuthorizer(verify, options)
      await expect(rest({ authorizationToken: 'right', methodArn })).rejects.toThrow(/^Unauthorized$/)
    },
  )
})

describe('an authorizer of API Gateway or AppSync', () => {
  const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/orders'
  const rest = restApiAuthorizer(verify, { onRefused })
  const http = httpApiAuthorizer(verify, { onRefused })
  const appSync = appSyncAuthorizer(verify, { onRefused })

  it.each<[string, (token: string) => Promise<unknown>]>([
    ['REST', (token) => rest({ authorizationToken: `Bearer ${token}`, methodArn })],
    ['HTTP', (token) => http({ headers: { authorization: `Bearer ${token}` } })],
    ['AppSync', (token) => appSync({ authorizationToken: token })],
  ])('tells the operator why, and the caller nothing: %s', async (_, ask) => {
    const told: unknown[] = []
    hook.onRefused = ({ code, detail, cause }) => told.push([code, detail, cause])
    await ask('right')
    const answers = []
    for (const token of ['wrong', 'down']) answers.push(await ask(token).catch((error: Error) => error.message))
    expect(told).toEqual([
      ['TOKEN_INVALID', 'signature', undefined],
      ['TOKEN_KEYS_UNREACHABLE', 'Failed to fetch', undefined],
    ])
    expect(JSON.stringify(answers)).not.toMatch(/signature|fetch/)
  })

  it('T60: invocations at once are each of their own person', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => http({ headers: { authorization: `Bearer person-${at}` } })),
    )
    expect(answers.map(({ context }) => context?.personId)).toEqual(answers.map((_, at) => personId(at)))
  })
})

describe('AppSync', () => {
  const authorize = appSyncAuthorizer(verify)

  it.each(['right', 'Bearer right', 'bearer right'])(
    'takes the token as clients send it: %s',
    async (authorizationToken) => {
      expect(await authorize({ authorizationToken })).toEqual({
        isAuthorized: true,
        resolverContext: { personId: personId(1) },
      })
    },
  )

  it('keeps anybody else out', async () => {
    expect(await authorize({ authorizationToken: 'wrong' })).toEqual({ isAuthorized: false })
    expect(await authorize({ authorizationToken: 'Basic Bearer right' })).toEqual({ isAuthorized: false })
    await expect(authorize({ authorizationToken: 'down' })).rejects.toThrow(/^Service unavailable$/)
  })
})

describe('an Authorization header', () => {
  it.each([
    ['of two values', ['Bearer right', 'Bearer right']],
    ['of a list', ['Bearer right']],
    ['of another scheme that goes on like ours', 'Digest Bearer right'],
    ['of a token and more', 'Bearer right x'],
    ['without a space', 'Bearerright'],
  ])('T60: %s is nobody’s', async (_, authorization) => {
    expect(await authenticator(verify)(authorization)).toMatchObject({ ok: false, refusal: { status: 401 } })
  })

  it.each([undefined, {}, 'verify', { verify }])('T112: is read by no other thing than a verifier: %s', (wrong) => {
    const start = () => Reflect.apply(authenticator, undefined, [wrong])
    expect(start).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  it('T112: is nobody’s for a verifier that knows no person', async () => {
    const identityOnly = async () => ({ identity: { pool: 'p', provider: 'Cognito', subject: 's' }, claims: {} })
    const answer = await Reflect.apply(authenticator, undefined, [identityOnly])('Bearer right')
    expect(answer).toMatchObject({ ok: false, refusal: { body: { error: { code: 'CONFIG_INVALID' } } } })
  })

  it('T112: that could not be judged for whatever reason is told to come again, and why stays inside', async () => {
    const broken = () => Promise.reject(new TypeError('ada is locked'))
    const answer = await authenticator(broken)('Bearer right')
    expect(answer).toEqual({
      ok: false,
      refusal: {
        status: 503,
        headers: { 'retry-after': '1' },
        body: { error: { code: 'TRY_AGAIN', message: 'This did not go through. Please try again.' } },
      },
    })
  })

  it('T112: the operator is told of it in constants, without the words of a driver or of a token', async () => {
    const told: OnesubError[] = []
    const options = { onRefused: (error: OnesubError) => told.push(error) }
    await authenticator(() => Promise.reject(new TypeError('ada@example.com is locked')), options)('Bearer right')
    // Another version of this package, with a code that this one has not.
    const foreign = Object.assign(new Error('ada'), { name: 'OnesubError', code: 'FROM_THE_FUTURE', detail: 'ada' })
    expect(await authenticator(() => Promise.reject(foreign), options)('Bearer right')).toMatchObject({
      refusal: { status: 503 },
    })
    expect(told).toMatchObject([
      { code: 'TRY_AGAIN', detail: 'verifier' },
      { code: 'TRY_AGAIN', detail: 'verifier' },
    ])
    expect(told.map((error) => `${error.stack}${JSON.stringify(error)}${error.cause}`).join()).not.toContain('ada')
  })
})

it('an Express route behind the middleware knows its person by the request alone', async () => {
  const request = { headers: { authorization: 'Bearer right' } }
  const response = { status: () => response, set: () => response, json: () => response }
  let passed = 0
  await requirePerson(verify)(request, response, () => {
    passed += 1
  })
  expect(personOf(request).id).toBe(personId(1))
  await requirePerson(verify)({ headers: {} }, response, () => {
    passed += 1
  })
  expect(passed).toBe(1)
})

it('fits Lambda’s own handler types', () => {
  const token: APIGatewayTokenAuthorizerHandler = restApiAuthorizer(verify)
  const request: APIGatewayRequestAuthorizerHandler = restApiAuthorizer(verify)
  const simple: APIGatewayRequestSimpleAuthorizerHandlerV2 = httpApiAuthorizer(verify)
  const appSync: AppSyncAuthorizerHandler<{ personId: string }> = appSyncAuthorizer(verify)
  expect([token, request, simple, appSync]).toHaveLength(4)
})

it('T75: an Express route that is not behind the middleware serves nobody, whatever stands on its request', () => {
  expect(() => personOf({ person: { id: 'eve' }, headers: { 'x-user-id': 'eve' } })).toThrow(/requirePerson/)
})
