import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isRecord, isText, throughJson } from '../shared/json.ts'

export interface TriggerContext {
  readonly functionName: string
  readonly invokedFunctionArn: string
  readonly awsRequestId: string
  getRemainingTimeInMillis(): number
}

interface Handler {
  handle(event: unknown, context: TriggerContext): unknown
}
/** Declared as a method, so that a handler for one event type is assignable without a cast. */
export type TriggerFunction = Handler['handle']
/** A function, a module that exports `handler`, or an endpoint that speaks the Lambda Invoke API. */
export type TriggerTarget = TriggerFunction | { readonly module: string } | { readonly url: string }

export interface Invocation {
  readonly arn: string
  readonly functionName: string
  readonly event: unknown
  readonly deadline: number
  readonly signal: AbortSignal
}

/** The function ran and answered with an error. */
export class HandlerError extends Error {}
/** The function could not be run at all; `reason` is the exception name AWS would give. */
export class InvokeError extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

export async function invokeTarget(target: TriggerTarget, invocation: Invocation): Promise<unknown> {
  if (typeof target === 'function') return await callFunction(target, invocation)
  if ('module' in target) return await callFunction(await loadHandler(target.module), invocation)
  return await callUrl(target.url, invocation)
}

async function callFunction(handler: TriggerFunction, invocation: Invocation): Promise<unknown> {
  try {
    return throughJson(await handler(throughJson(invocation.event), contextOf(invocation)))
  } catch (error) {
    throw new HandlerError(textOf(error))
  }
}

function contextOf({ arn, functionName, deadline }: Invocation): TriggerContext {
  return {
    functionName,
    invokedFunctionArn: arn,
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  }
}

function textOf(error: unknown): string {
  if (error instanceof Error) return error.message
  if (isRecord(error) && isText(error.message)) return error.message
  return String(error)
}

type CallbackHandler = (event: unknown, context: unknown, done: (error: unknown, answer?: unknown) => void) => unknown

async function loadHandler(path: string): Promise<TriggerFunction> {
  const loaded: unknown = await import(pathToFileURL(resolve(path)).href).catch((error: unknown) => {
    throw new HandlerError(textOf(error))
  })
  const handler = handlerIn(loaded) ?? (isRecord(loaded) ? handlerIn(loaded.default) : undefined)
  if (!handler) throw new InvokeError('Runtime.HandlerNotFound')
  return handler.length >= 3 ? withCallback(handler) : (event, context) => handler(event, context, () => {})
}

function handlerIn(exports: unknown): CallbackHandler | undefined {
  const isHandler = (value: unknown): value is CallbackHandler => typeof value === 'function'
  return typeof exports === 'object' && exports !== null && 'handler' in exports && isHandler(exports.handler)
    ? exports.handler
    : undefined
}

/** Handlers of the older kind take a callback as third argument. */
function withCallback(handler: CallbackHandler): TriggerFunction {
  return (event, context) =>
    new Promise((answer, fail) => {
      const returned = handler(event, context, (error, value) => (error ? fail(error) : answer(value)))
      if (returned instanceof Promise) returned.then(answer, fail)
    })
}

function invokeUrl(url: string, functionName: string): URL {
  const given = new URL(url)
  if (given.pathname.endsWith('/invocations')) return given
  return new URL(`/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`, given)
}

async function callUrl(url: string, { functionName, event, signal }: Invocation): Promise<unknown> {
  const answer = await post(invokeUrl(url, functionName), JSON.stringify(event), signal)
  // Errors of the Invoke API itself are not the function's own (Lambda API reference: Invoke).
  if (!answer.ok) throw new InvokeError(answer.headers.get('x-amzn-errortype')?.split(':')[0] ?? 'ServiceException')
  const text = await answer.text()
  const body = parseOrUndefined(text)
  if (!answer.headers.has('x-amz-function-error')) return body
  throw new HandlerError(isRecord(body) && isText(body.errorMessage) ? body.errorMessage : 'Unhandled')
}

async function post(url: URL, body: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal })
  } catch {
    throw new InvokeError('ServiceException')
  }
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
