import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

interface Asked {
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void

/** A server that answers one request after another as it is told, the last behaviour again and again, and remembers what came. */
export async function startStandIn(...behaviours: readonly [Behaviour, ...Behaviour[]]) {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray()
    const behave = behaviours[Math.min(asked.length, behaviours.length - 1)]
    asked.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) })
    behave?.(response, request)
  })
  server.on('connection', (socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked,
    connections: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export const answering =
  (status: number, body: object | string, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  }
