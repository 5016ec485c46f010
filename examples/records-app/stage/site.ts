import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Env, Hono } from 'hono'

export interface Site {
  /** Such as `http://localhost:3000`. */
  readonly origin: string
  /** What it answers from now on; until then nobody has been told the address. */
  serve<E extends Env>(app: Hono<E>): void
  close(): Promise<void>
}

const NOT_READY: RequestListener = (_, response) => void response.writeHead(503).end()

/** An address of this machine that answers to its own name only: a page that rebinds its name to us is not served. */
export async function openSite(port: number): Promise<Site> {
  let answer = NOT_READY
  const server = createServer((request, response) => {
    if (request.headers.host !== host) return void response.writeHead(421).end()
    answer(request, response)
  })
  server.listen(port, 'localhost')
  await once(server, 'listening')
  const host = `localhost:${(server.address() as AddressInfo).port}`
  return {
    origin: `http://${host}`,
    serve: (app) => {
      const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
      answer = (request, response) => void listener(request, response)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** The wanted port, or any free one where another program has it. */
export async function openSiteNear(port: number): Promise<Site> {
  try {
    return await openSite(port)
  } catch (error) {
    if (Object(error).code !== 'EADDRINUSE') throw error
    return openSite(0)
  }
}
