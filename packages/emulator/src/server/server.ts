import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hono } from 'hono'
import type { StateChanges } from '../control/control-api.ts'
import { CognitoFault } from '../shared/faults.ts'
import { complaintAbout, preflightHeaders } from '../shared/loopback.ts'
import { UPLOAD_PATH } from '../state/import-job.ts'
import type { Certified } from '../tls/certificates.ts'
import type { ServerContext } from './context.ts'
import { answerApiCall, sendFault } from './protocol.ts'
import { Throttle } from './throttle.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** All servers of one emulator share one listener and so one state. */
export async function serverOf(listener: RequestListener, tls?: Certified): Promise<Server> {
  if (!tls) return createServer(listener)
  const https = await import('node:https')
  return https.createServer({ key: tls.key, cert: tls.certificate }, listener)
}

/** Checks Host and Origin first, then routes: API calls to the operations, uploads, the control API, and pages. */
export function listenerOn(
  context: ServerContext,
  stateChanges: StateChanges,
  changed: () => void = () => {},
): RequestListener {
  const throttle = new Throttle(context.quirks, context.clock)
  const api: Handler = (request, response) => answerApiCall(context, throttle, request, response)
  const upload: Handler = async (request, response) => {
    const { receiveImportFile } = await import('./import-upload.ts')
    await receiveImportFile(context, request, response)
  }
  const pages = onFirstUse(async () => (await import('./routes.ts')).routesOf(context))
  const control = onFirstUse(async () => (await import('../control/control-api.ts')).controlApi(context, stateChanges))
  return (request, response) => {
    const complaint = complaintAbout(request, request.socket.localPort ?? 0)
    if (complaint) return sendFault(response, {}, new CognitoFault('ForbiddenException', complaint, 403))
    if (request.method === 'OPTIONS') return void response.writeHead(204, preflightHeaders(request)).end()
    const isCall = request.headers['x-amz-target'] !== undefined && request.method === 'POST'
    const isUpload = request.url?.startsWith(UPLOAD_PATH) === true
    const handler = isCall ? api : isUpload ? upload : request.url?.startsWith('/_onesub/') ? control : pages
    response.once('close', changed)
    handler(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else sendFault(response, {}, error)
    })
  }
}

/** Loads the pages at their first request, since API calls do not need them and the start shall be fast. */
function onFirstUse(load: () => Promise<Hono>): Handler {
  let listener: Promise<Handler> | undefined
  return async (request, response) => {
    listener ??= load().then(listenerOf)
    await (await listener)(request, response)
  }
}

async function listenerOf(app: Hono): Promise<Handler> {
  const { getRequestListener } = await import('@hono/node-server')
  // Without this option Hono replaces the global Request and Response, which a library must not do.
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  return async (request, response) => await listener(request, response)
}

export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
