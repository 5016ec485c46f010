import { once } from 'node:events'
import { createServer as createNetServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { createServer } from 'vite'
import { afterEach, describe, expect, it } from 'vitest'
import { onesubRedirects } from './index.ts'

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function portFree(): Promise<number> {
  const server = createNetServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((done) => server.close(done))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function occupy(port: number, host: string) {
  const server = createNetServer().listen(port, host)
  open.push(server)
  await once(server, 'listening')
}

async function serve(redirectUris: string[], server: { port?: number } = {}): Promise<string> {
  const vite = await createServer({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'silent',
    server: { ...server, watch: null, ws: false },
    plugins: [onesubRedirects({ redirectUris })],
  })
  open.push(vite)
  await vite.listen()
  return vite.resolvedUrls?.local[0] ?? ''
}

describe('Vite’s server', () => {
  it('starts on a port of the list', async () => {
    const port = await portFree()
    const uris = ['https://app.example.com/callback', `http://localhost:${port}/callback`]
    expect(await serve(uris)).toBe(`http://localhost:${port}/`)
  })

  it('takes the next of the list where somebody else has the first, and no other', async () => {
    const [first, second] = [await portFree(), await portFree()]
    await occupy(first, '127.0.0.1')
    const uris = [first, second].map((port) => `http://localhost:${port}/callback`)
    expect(await serve(uris)).toBe(`http://localhost:${second}/`)
  })

  it.skipIf(!hasIpv6)('takes the next where somebody else has the first on ::1 alone', async () => {
    const [first, second] = [await portFree(), await portFree()]
    await occupy(first, '::1')
    const uris = [first, second].map((port) => `http://localhost:${port}/callback`)
    expect(await serve(uris)).toBe(`http://localhost:${second}/`)
  })

  it.skipIf(!hasIpv6)('ends with what to register where the only port is taken on ::1 alone', async () => {
    const port = await portFree()
    await occupy(port, '::1')
    await expect(serve([`http://localhost:${port}/callback`])).rejects.toThrow(`Port ${port} is taken.`)
  })

  it('prefers the port that is configured, if it is on the list', async () => {
    const [first, second] = [await portFree(), await portFree()]
    const uris = [first, second].map((port) => `http://localhost:${port}/callback`)
    expect(await serve(uris, { port: second })).toBe(`http://localhost:${second}/`)
  })

  it('goes by the host that is registered', async () => {
    const port = await portFree()
    expect(await serve([`http://127.0.0.1:${port}/callback`])).toBe(`http://127.0.0.1:${port}/`)
  })

  it('takes the configured port where any is allowed', async () => {
    const port = await portFree()
    expect(await serve(['http://localhost:*/callback'], { port })).toBe(`http://localhost:${port}/`)
  })

  it('ends with what to register where none is free', async () => {
    const port = await portFree()
    await occupy(port, '127.0.0.1')
    await expect(serve([`http://localhost:${port}/signed-in`])).rejects.toThrow(
      `Port ${port} is taken. End what listens there, or choose a free port. Register http://localhost:${port + 1}/signed-in as a callback URL`,
    )
  })

  it('ends with what to register where the list knows no page of this machine', async () => {
    await expect(serve(['https://app.example.com/signed-in'])).rejects.toThrow(
      'Register http://localhost:5173/signed-in as a callback URL',
    )
  })

  it('refuses a list that cannot be used', () => {
    expect(() => onesubRedirects({ redirectUris: ['https://*.com/callback'] })).toThrow('CONFIG_INVALID')
  })
})
