import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerContext } from './context.ts'

// Developer Guide: cognito-user-pools-using-import-tool.
const MOST_BYTES = 100 * 1024 * 1024

/** Stands for the pre-signed S3 URL: one PUT, with the encryption header that AWS asks for. */
export async function receiveImportFile(
  context: ServerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, , poolId = '', jobId = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? []
  const job = context.account.find(poolId)?.importJobs.get(jobId)
  if (request.method !== 'PUT' || !job) return refuse(response, 404, 'NoSuchKey')
  const isEncrypted = request.headers['x-amz-server-side-encryption'] === 'aws:kms'
  if (!isEncrypted || job.statusAt(context.clock()) !== 'Created') return refuse(response, 403, 'AccessDenied')
  const file = await contentOf(request)
  if (file === 'hung up') return void response.destroy()
  if (file === 'too large') return refuse(response, 400, 'EntityTooLarge')
  job.file = file.toString('utf8')
  response.writeHead(200).end()
}

async function contentOf(request: IncomingMessage): Promise<Buffer | 'too large' | 'hung up'> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk)
      size += bytes.length
      if (size > MOST_BYTES) return 'too large'
      chunks.push(bytes)
    }
  } catch {
    return 'hung up'
  }
  return Buffer.concat(chunks)
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml', connection: 'close' })
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
}
