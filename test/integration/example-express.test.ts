import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp } from '../../examples/express/app.ts'
import {
  openTestEnvironment,
  openTestPool,
  type TestEnvironment,
  type TestPool,
  type Tokens,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
let pool: TestPool
beforeAll(async () => {
  environment = await openTestEnvironment()
  pool = await openTestPool(environment)
})
afterAll(() => environment.close())

it('the user’s records are there by every sign-in method, and nobody else’s', async () => {
  const server = createApp(pool.verify).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const records = (tokens: Tokens | undefined, text?: string) =>
    fetch(`http://127.0.0.1:${port}/records`, {
      ...(text !== undefined && { method: 'POST', body: JSON.stringify({ text }) }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens?.accessToken}` },
    })
  const ada = await pool.register('ada', 'ada@example.com')
  await records(ada, '5 km in 24:10')
  environment.emulator.setPersona({
    id: 'ada',
    sub: '1',
    email: 'ada@example.com',
    email_verified: true,
    hd: 'example.com',
  })
  const google = tokensOf(await pool.continueWith('Google', 'ada'))
  expect(await (await records(google)).json()).toEqual(['5 km in 24:10'])
  expect(await (await records(await pool.register('bob', 'bob@example.com'))).json()).toEqual([])
  expect((await records(undefined)).status).toBe(401)
  server.close()
})
