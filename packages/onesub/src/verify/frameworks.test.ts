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
import { OnesubError } from '../core/errors.ts'
import { personId } from '../core/testing/samples.ts'
import { type AuthorizerContext, httpApiAuthorizer, restApiAuthorizer } from './api-gateway.ts'
import { appSyncAuthorizer } from './appsync.ts'
import { type PersonRequest, requirePerson } from './express.ts'
import { requirePerson as fastifyPerson } from './fastify.ts'
import { requirePerson as honoPerson, type PersonEnv } from './hono.ts'
import type { PersonVerifier } from './person-verifier.ts'

/** What tokens are worth is `personVerifier`'s to say and to test; here one is right, one unlucky, and the rest are wrong. */
const verify: PersonVerifier = async (token) => {
  if (token === 'down') throw new OnesubError('TOKEN_KEYS_UNREACHABLE')
  if (token !== 'right') throw new OnesubError('TOKEN_INVALID')
  return {
    person: personId(1),
    identity: { pool: 'eu-west-1_Test1', provider: 'Cognito', subject: 'sub-of-ada' },
    claims: {},
  }
}

type Ask = (authorization?: string) => Promise<{ status: number; body: unknown; headers: Headers }>

async function answerOf(response: Response) {
  return { status: response.status, body: await response.json(), headers: response.headers }
}

const headersFor = (authorization?: string): Record<string, string> =>
  authorization === undefined ? {} : { authorization }

async function onExpress(use: (ask: Ask) => Promise<void>): Promise<void> {
  const app = express()
  app.use(requirePerson(verify))
  app.get('/', (request, response) => {
    const { person } = request as typeof request & PersonRequest
    response.json({ id: person.id, sub: person.identity.subject })
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as AddressInfo
  await use(async (authorization) =>
    answerOf(await fetch(`http://127.0.0.1:${port}/`, { headers: headersFor(authorization) })),
  )
  server.closeAllConnections()
  server.close()
}

async function onFastify(use: (ask: Ask) => Promise<void>): Promise<void> {
  const app = fastify()
  app.decorateRequest('person', null)
  app.addHook('onRequest', fastifyPerson(verify))
  app.get('/', async (request) => {
    const { person } = request as typeof request & PersonRequest
    return { id: person.id, sub: person.identity.subject }
  })
  await use(async (authorization) => {
    const { statusCode, body, headers } = await app.inject({ url: '/', headers: headersFor(authorization) })
    return { status: statusCode, body: JSON.parse(body), headers: new Headers(headers as Record<string, string>) }
  })
  await app.close()
}

async function onHono(use: (ask: Ask) => Promise<void>): Promise<void> {
  const app = new Hono<PersonEnv>()
  app.use(honoPerson(verify))
  app.get('/', (context) => {
    const { id, identity } = context.get('person')
    return context.json({ id, sub: identity.subject })
  })
  await use(async (authorization) => answerOf(await app.request('/', { headers: headersFor(authorization) })))
}

describe.each([
  ['Express', onExpress],
  ['Fastify', onFastify],
  ['Hono', onHono],
])('on %s', (_, on) => {
  it('a request with her token is hers', () =>
    on(async (ask) => {
      expect(await ask('Bearer right')).toMatchObject({ status: 200, body: { id: personId(1), sub: 'sub-of-ada' } })
      expect(await ask('bearer  right')).toMatchObject({ status: 200 })
    }))

  it('T60: a request without one, or with a wrong one, is nobody’s, and all are answered alike', () =>
    on(async (ask) => {
      const answers = await Promise.all(
        [undefined, '', 'right', 'Basic right', 'Bearer', 'Bearer wrong', 'Bearer right right'].map((one) => ask(one)),
      )
      for (const { status, body, headers } of answers) {
        expect(status).toBe(401)
        expect(body).toEqual({ error: { code: 'TOKEN_INVALID', message: 'Please sign in again.' } })
        expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      }
    }))

  it('T69: a request that cannot be judged now is told to come again', () =>
    on(async (ask) => {
      const { status, headers } = await ask('Bearer down')
      expect(status).toBe(503)
      expect(headers.get('retry-after')).toBe('1')
    }))
})

describe('API Gateway', () => {
  const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/orders'
  const rest = restApiAuthorizer(verify)
  const http = httpApiAuthorizer(verify)
  const context: AuthorizerContext = { personId: personId(1), sub: 'sub-of-ada', userPoolId: 'eu-west-1_Test1' }

  it('T74: lets her into the whole stage, since the policy is kept and used for other routes', async () => {
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

describe('AppSync', () => {
  const authorize = appSyncAuthorizer(verify)

  it.each(['right', 'Bearer right'])('takes the token as clients send it: %s', async (authorizationToken) => {
    expect(await authorize({ authorizationToken })).toEqual({
      isAuthorized: true,
      resolverContext: { personId: personId(1) },
    })
  })

  it('keeps anybody else out', async () => {
    expect(await authorize({ authorizationToken: 'wrong' })).toEqual({ isAuthorized: false })
  })
})

it('fits Lambda’s own handler types', () => {
  const token: APIGatewayTokenAuthorizerHandler = restApiAuthorizer(verify)
  const request: APIGatewayRequestAuthorizerHandler = restApiAuthorizer(verify)
  const simple: APIGatewayRequestSimpleAuthorizerHandlerV2 = httpApiAuthorizer(verify)
  const appSync: AppSyncAuthorizerHandler<{ personId: string }> = appSyncAuthorizer(verify)
  expect([token, request, simple, appSync]).toHaveLength(4)
})
