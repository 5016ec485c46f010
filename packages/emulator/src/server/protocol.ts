import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isPublic, OPERATIONS } from '../operations/index.ts'
import { CognitoFault, notEmulated } from '../shared/faults.ts'
import { Input } from '../shared/input.ts'
import type { JsonRecord } from '../shared/json.ts'
import { corsHeaders } from '../shared/loopback.ts'
import { parseJsonObject, readBody } from './body.ts'
import type { ServerContext } from './context.ts'
import type { Throttle } from './throttle.ts'

const SERVICE = 'AWSCognitoIdentityProviderService.'

/** AWS JSON 1.1: a header names the operation, the body holds everything else. */
export async function answerApiCall(
  context: ServerContext,
  throttle: Throttle,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = String(request.headers['x-amz-target'])
  const name = target.startsWith(SERVICE) ? target.slice(SERVICE.length) : ''
  const headers = isPublic(name) ? corsHeaders(request.headers.origin) : {}
  try {
    const output = await perform(context, throttle, name, target, request)
    send(response, 200, headers, output)
  } catch (error) {
    sendFault(response, headers, error)
  }
}

async function perform(
  context: ServerContext,
  throttle: Throttle,
  name: string,
  target: string,
  request: IncomingMessage,
): Promise<JsonRecord> {
  assertJson(request)
  const body = await readBody(request)
  const operation = OPERATIONS.get(name)
  if (!operation) throw notEmulated(`The operation ${(name || target).slice(0, 100)}`)
  throttle.admit(name)
  return await operation({ context, input: new Input(parseJsonObject(body)) })
}

/** Browsers send `text/plain` across origins without a preflight request; JSON needs one. */
function assertJson(request: IncomingMessage): void {
  const type = request.headers['content-type'] ?? ''
  if (/^application\/(x-amz-json-1\.[01]|json)\b/iu.test(type)) return
  throw new CognitoFault('SerializationException', 'The content type must be application/x-amz-json-1.1.')
}

export function sendFault(response: ServerResponse, headers: Readonly<Record<string, string>>, error: unknown): void {
  const fault = error instanceof CognitoFault ? error : unexpected(error)
  const isPlain = /^[\x20-\x7e]*$/u.test(fault.message)
  const shown = isPlain ? { 'x-amzn-errormessage': fault.message } : {}
  const all = { ...headers, 'x-amzn-errortype': fault.type, ...shown }
  send(response, fault.status, all, { __type: fault.type, message: fault.message })
}

function unexpected(error: unknown): CognitoFault {
  console.error('onesub-emulator failed inside:', error instanceof Error ? error.stack : error)
  return new CognitoFault('InternalErrorException', 'The emulator failed; its standard error says why.', 500)
}

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: JsonRecord) {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  })
  response.end(text)
}
