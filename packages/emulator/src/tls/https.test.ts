import { request } from 'node:https'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { type OpenPool, openPool } from '../testing/open-pool.ts'

let emulator: Emulator
let pool: OpenPool
beforeAll(async () => {
  emulator = await startEmulator({ https: true })
  pool = await openPool(emulator)
})
afterAll(() => emulator.close())

function get(path: string, ca: string | undefined, headers = {}): Promise<{ status: number; text: string }> {
  return new Promise((answer, fail) => {
    const url = new URL(path, emulator.httpsEndpoint)
    const asked = request(url, { ca, headers, servername: 'localhost' }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => answer({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
    })
    asked.on('error', fail).end()
  })
}

it('both listeners show the same pools, and discovery stays with the one that was asked', async () => {
  const { text } = await get(`/${pool.UserPoolId}/.well-known/openid-configuration`, emulator.ca)
  expect(JSON.parse(text)).toMatchObject({
    issuer: `${emulator.endpoint}/${pool.UserPoolId}`,
    token_endpoint: `${emulator.httpsEndpoint}/oauth2/token`,
  })
})

it('is trusted by whoever trusts its authority, and by nobody else', async () => {
  await expect(get('/_onesub/health', undefined)).rejects.toThrow(/certificate/u)
  expect((await get('/_onesub/health', emulator.ca)).status).toBe(200)
})

it('T132: checks the Host header there as well, with the port of that listener', async () => {
  const wrongPort = await get('/_onesub/health', emulator.ca, { host: `127.0.0.1:${emulator.port}` })
  expect(wrongPort.status).toBe(403)
  expect((await get('/_onesub/health', emulator.ca, { host: 'evil.test' })).status).toBe(403)
})

it('makes another authority at every start, and none for those who do not ask', async () => {
  const [other, plain] = [await startEmulator({ https: true }), await startEmulator()]
  expect(other.ca).not.toBe(emulator.ca)
  expect([plain.ca, plain.httpsEndpoint]).toEqual([undefined, undefined])
  await Promise.all([other.close(), plain.close()])
  const { port } = new URL(other.httpsEndpoint ?? '')
  const refused = new Promise((done) => connect(Number(port), '127.0.0.1').on('error', done))
  expect(await refused).toMatchObject({ code: 'ECONNREFUSED' })
})
