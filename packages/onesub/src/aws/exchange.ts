import https from 'node:https'
import { failure } from './failure.ts'
import type { Headers } from './signature.ts'

export interface Answer {
  readonly status: number
  /** `x-amzn-errortype`, where the service sends it. */
  readonly errorType: string | undefined
  readonly body: string
}

/** `unsent`: nothing can have reached the other side, so that asking again asks once. */
export type Outcome = { readonly answer: Answer } | { readonly failed: Error; readonly unsent: boolean }

/** One POST of one body. Never rejects. */
export type Exchange = (headers: Headers, body: string) => Promise<Outcome>

/** More than any answer to what we ask: a few items of a kilobyte each, or one user. */
const LARGEST_ANSWER_BYTES = 1_048_576

/**
 * Over `node:https`, not `fetch`: the first `fetch` of a process loads undici, which takes longer than the whole rest of a cold start.
 * Connections are kept, for Lambda freezes the process between two calls and thaws it with them.
 */
export function exchangeWith(url: URL, timeoutMs: number): Exchange {
  const isPlain = url.protocol === 'http:'
  // Not by `import`: that reads every export of `node:http`, `WebSocket` among them, and so loads undici again (nodejs/node#59686).
  const { Agent, request: open } = isPlain ? process.getBuiltinModule('node:http') : https
  const agent = new Agent({ keepAlive: true })
  return (headers, body) =>
    new Promise((resolve) => {
      let phase: 'connecting' | 'sent' | 'answering' = 'connecting'
      const request = open(url, { method: 'POST', agent, headers })
      const late = setTimeout(() => fail(failure('TimeoutError', `no answer within ${timeoutMs} ms`)), timeoutMs)
      const settle = (outcome: Outcome) => {
        clearTimeout(late)
        resolve(outcome)
      }
      const fail = (failed: Error) => {
        const isStale = phase === 'sent' && request.reusedSocket && isClosed(failed)
        settle({ failed, unsent: phase === 'connecting' || isStale })
        request.destroy()
      }
      const sent = () => {
        phase = 'sent'
      }
      request.once('socket', (socket) => {
        if (request.reusedSocket) sent()
        else socket.once(isPlain ? 'connect' : 'secureConnect', sent)
      })
      request.on('error', fail)
      request.once('response', (response) => {
        phase = 'answering'
        const chunks: Buffer[] = []
        let size = 0
        response.on('error', fail)
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          chunks.push(chunk)
          if (size > LARGEST_ANSWER_BYTES) fail(failure('UnreadableAnswer', 'the answer is too large'))
        })
        response.once('end', () => {
          const { statusCode = 0, headers } = response
          const errorType = headers['x-amzn-errortype']
          const body = Buffer.concat(chunks).toString()
          settle({ answer: { status: statusCode, errorType: errorType?.toString(), body } })
        })
      })
      request.end(body)
    })
}

/** So ends a kept connection that the other side gave up while we slept (Node, "request.reusedSocket"). */
function isClosed(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}
