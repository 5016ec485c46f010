import type { RequestListener, Server } from 'node:http'
import type { LoopbackHost } from './loopback.ts'
import { portOf, serverOf } from './server.ts'

export interface Doors {
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

/** Opens the plain listener and, if wanted, the one over TLS; certificates are made for nobody who does not ask. */
export async function openDoors(listener: RequestListener, host: LoopbackHost, wanted: Wanted): Promise<Doors> {
  const plain = await listening(await serverOf(listener), host, wanted.port)
  const address = host === '::1' ? '[::1]' : host
  const doors = { endpoint: `http://${address}:${portOf(plain)}`, port: portOf(plain) }
  if (!wanted.https) return { ...doors, close: () => close(plain) }
  const { loopbackCertificate } = await import('./tls/certificates.ts')
  const certified = await loopbackCertificate()
  const secure = await listening(await serverOf(listener, certified), host, wanted.httpsPort)
  return {
    ...doors,
    httpsEndpoint: `https://${address}:${portOf(secure)}`,
    ca: certified.ca,
    close: async () => void (await Promise.all([close(plain), close(secure)])),
  }
}

async function listening(server: Server, host: LoopbackHost, port = 0): Promise<Server> {
  await new Promise<void>((ready, fail) => {
    server.once('error', fail)
    server.listen(port, host, ready)
  })
  return server
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
}
