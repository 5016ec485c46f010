import type { IncomingMessage } from 'node:http'
import { CognitoFault } from '../shared/faults.ts'
import { isRecord, type JsonRecord } from '../shared/json.ts'

const LARGEST_BODY = 1024 * 1024

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of unbroken(request)) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > LARGEST_BODY) throw new CognitoFault('RequestEntityTooLargeException', 'The body exceeds 1 MiB.', 413)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** A client that disconnects early is no error of the emulator. */
async function* unbroken(request: IncomingMessage): AsyncIterable<Buffer | string> {
  try {
    yield* request
  } catch {
    throw new CognitoFault('SerializationException', 'The body ended early.')
  }
}

export function parseJsonObject(text: string): JsonRecord {
  const value = parse(text === '' ? '{}' : text)
  if (!isRecord(value)) throw new CognitoFault('SerializationException', 'The body must be a JSON object.')
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CognitoFault('SerializationException', 'The body is not valid JSON.')
  }
}
