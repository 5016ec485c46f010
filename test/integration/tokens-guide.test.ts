import { readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { startEmulator } from '@onesub/emulator'
import { createMemoryRegistry } from 'onesub/registry/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { given } from '../../packages/cli/src/demo/pool.ts'
import { apiFor } from './tokens-guide/api.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const guide = read('docs/guide/tokens.md')
const shown = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
const FILES = ['api.ts', 'authorizer.ts']

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

describe('the guide to tokens', () => {
  it.each(FILES)('shows the very code that runs here: %s', (name) => {
    expect(shown).toContain(read(`test/integration/tokens-guide/${name}`))
  })

  it('shows no other', () => {
    expect(shown).toHaveLength(FILES.length)
  })

  it('lists each value of `detail`, and no other', () => {
    const room = new URL('../../packages/onesub/src/verify/', import.meta.url)
    const sources = readdirSync(room).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    const said = sources.flatMap((name) => {
      const text = readFileSync(new URL(name, room), 'utf8')
      return [...text.matchAll(/(?:invalid\(|detail: |detail \?\? |Error, )'([a-z]+)'/g)].map(([, word]) => word)
    })
    const [, table = ''] = /\| `detail` \| what was wrong \|\n([\s\S]*?)\n\n/.exec(guide) ?? []
    const named = [...table.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, word]) => word)
    expect(said.length).toBeGreaterThan(10)
    expect([...new Set(named)].sort()).toEqual([...new Set(said)].sort())
    expect(new Set(named).size).toBe(named.length)
  })

  it('leads to files that are there', () => {
    for (const [, path = ''] of guide.matchAll(/\]\(([^)#]+\.md)[^)]*\)/g))
      expect(() => readFileSync(new URL(path, new URL('../../docs/guide/', import.meta.url))), path).not.toThrow()
  })
})

it('the API of the guide knows its user, gives the reason of a refusal to the operator, and none to the caller', async () => {
  const emulator = await startEmulator()
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const cognito = new CognitoIdentityProvider({ endpoint: emulator.endpoint, region: 'us-east-1', credentials })
  const { UserPool } = await cognito.createUserPool({ PoolName: 'guide' })
  const userPoolId = given(UserPool?.Id)
  const { UserPoolClient } = await cognito.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  })
  const clientId = given(UserPoolClient?.ClientId)
  await cognito.signUp({ ClientId: clientId, Username: 'ada', Password: 'Correct-Horse-9' })
  await cognito.adminConfirmSignUp({ UserPoolId: userPoolId, Username: 'ada' })
  const { AuthenticationResult } = await cognito.initiateAuth({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: clientId,
    AuthParameters: { USERNAME: 'ada', PASSWORD: 'Correct-Horse-9' },
  })
  const token = given(AuthenticationResult?.AccessToken)
  const log = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const api = apiFor({ userPoolId, clientId, registry: createMemoryRegistry(), emulator: emulator.endpoint })
  const server = api.listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as AddressInfo
  const ask = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization }
    const response = await fetch(`http://127.0.0.1:${port}/me`, { headers })
    return [response.status, await response.text()] as const
  }
  const bodies = [await ask(), await ask(`Bearer ${token.slice(0, -9)}`)].map(([status, body]) => {
    expect(status).toBe(401)
    return body
  })
  expect(bodies[0]).toBe(bodies[1])
  // No trigger has seen this user: the token is right, and nobody's.
  expect((await ask(`Bearer ${token}`))[0]).toBe(401)
  expect(log.mock.calls).toEqual([
    ['refused', 'TOKEN_INVALID', 'authorization'],
    ['refused', 'TOKEN_INVALID', expect.stringMatching(/^(?:form|signature)$/)],
    ['refused', 'PERSON_UNKNOWN', undefined],
  ])
  server.closeAllConnections()
  server.close()
  cognito.destroy()
  await emulator.close()
})

it('T136: the API of the guide does not start in production with an emulator', () => {
  vi.stubEnv('NODE_ENV', 'production')
  const settings = { userPoolId: 'eu-west-1_Test1', clientId: '7web', registry: createMemoryRegistry() }
  expect(() => apiFor({ ...settings, emulator: 'http://127.0.0.1:9229' })).toThrow(/dangerouslyTrustEmulator/)
  expect(() => apiFor({ ...settings, emulator: undefined })).not.toThrow()
})

it('the authorizer of the guide starts with the settings of its function', async () => {
  vi.stubEnv('USER_POOL_ID', 'us-east-1_Test1')
  vi.stubEnv('CLIENT_ID', '7web')
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { handler } = await import('./tokens-guide/authorizer.ts')
  const methodArn = 'arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/orders'
  await expect(handler({ authorizationToken: 'x', methodArn })).rejects.toThrow(/^Unauthorized$/)
})
