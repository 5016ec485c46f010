import type { RequestListener, Server } from 'node:http'
import type { LoopbackHost } from '../shared/loopback.ts'
import type { Certified } from '../tls/certificates.ts'
import { portOf, serverOf } from './server.ts'

export interface Listeners {
  readonly endpoint: string
  readonly port: number
  readonly httpsEndpoint?: string
  readonly ca?: string
  close(): Promise<void>
}

interface Wanted {
  readonly port?: number
  readonly https?: boolean
  readonly httpsPort?: number
}

/** A browser uses either address for `localhost`. We listen on both, or another program could answer some calls. */
const ADDRESSES: Readonly<Record<LoopbackHost, readonly string[]>> = {
  '127.0.0.1': ['127.0.0.1'],
  '::1': ['::1'],
  localhost: ['127.0.0.1', '::1'],
}

/** Opens the plain listener and, if wanted, the one over TLS. Certificates are made only for TLS. */
export async function openListeners(listener: RequestListener, host: LoopbackHost, wanted: Wanted): Promise<Listeners> {
  const plain = await listening(listener, host, wanted.port)
  const address = host === '::1' ? '[::1]' : host
  const listeners = { endpoint: `http://${address}:${plain.port}`, port: plain.port }
  if (!wanted.https) return { ...listeners, close: plain.close }
  const { loopbackCertificate } = await import('../tls/certificates.ts')
  const certified = await loopbackCertificate()
  const secure = await listening(listener, host, wanted.httpsPort, certified).catch(async (error: unknown) => {
    await plain.close()
    throw error
  })
  return {
    ...listeners,
    httpsEndpoint: `https://${address}:${secure.port}`,
    ca: certified.ca,
    close: async () => void (await Promise.all([plain.close(), secure.close()])),
  }
}

interface Open {
  readonly port: number
  close(): Promise<void>
}

const MOST_TRIES = 10

/** Listens on one port on every address of the host. Where any port will do, a port that is taken on one address is replaced. */
async function listening(listener: RequestListener, host: LoopbackHost, port = 0, tls?: Certified): Promise<Open> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listeningOnAll(listener, ADDRESSES[host], port, tls)
    } catch (error) {
      const isTaken = codeOf(error) === 'EADDRINUSE'
      if (isTaken && port !== 0) throw portTaken(port, error)
      if (!isTaken || tries === MOST_TRIES) throw error
    }
  }
}

async function listeningOnAll(
  listener: RequestListener,
  addresses: readonly string[],
  wanted: number,
  tls: Certified | undefined,
): Promise<Open> {
  const servers: Server[] = []
  const close = async () => void (await Promise.all(servers.map(closed)))
  let port = wanted
  try {
    for (const address of addresses) {
      const server = await serverOf(listener, tls)
      if (!(await listens(server, address, port, servers.length > 0))) continue
      servers.push(server)
      port = portOf(server)
    }
  } catch (error) {
    await close()
    throw error
  }
  return { port, close }
}

// The errors for ::1 on a machine without IPv6.
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']

/** False where the machine does not have the address and another one is open already. */
async function listens(server: Server, address: string, port: number, isOptional: boolean): Promise<boolean> {
  try {
    await new Promise<void>((ready, fail) => {
      server.once('error', fail)
      server.listen(port, address, ready)
    })
    return true
  } catch (error) {
    if (isOptional && NO_SUCH_ADDRESS.includes(codeOf(error) ?? '')) return false
    throw error
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function portTaken(port: number, cause: unknown): Error {
  const address = cause instanceof Error && 'address' in cause ? String(cause.address) : 'this machine'
  const wayOut = 'Stop the program that listens there, or start with another port; 0 takes any free one.'
  return new Error(`Port ${port} is taken on ${address}. ${wayOut}`, { cause })
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
}
