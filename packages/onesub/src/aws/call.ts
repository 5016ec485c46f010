import { setTimeout as sleep } from 'node:timers/promises'
import { endpointOf, type HttpsOptions, type Service } from './endpoint.ts'
import { exchangeWith, type Outcome } from './exchange.ts'
import { failure } from './failure.ts'
import { recordIn, refusalIn } from './refusal.ts'
import { credentialsInEnvironment, signedHeaders } from './signature.ts'

/** One operation of one service, in its own words; the answer is not yet believed. */
export type Call = (operation: string, input: object) => Promise<Readonly<Record<string, unknown>>>

const ATTEMPTS = 2
const LONGEST_PAUSE_MS = 100

/**
 * Calls a service with the function's own role. Asks a second time where the first was not sent, was throttled or met a fault of the
 * service; a call that was sent and not answered is left to the caller, who knows whether it may be made twice.
 *
 * Throws at once `CONFIG_INVALID`. Calls reject with an `Error` whose `name` is the exception's; `TimeoutError`, `UnreadableAnswer`; or
 * with Node's own error where there is no connection.
 */
export function jsonCalls(service: Service, options: HttpsOptions): Call {
  const endpoint = endpointOf(service, options)
  const exchange = exchangeWith(endpoint.url, options.timeoutMs ?? service.timeoutMs)
  // Asked for at start, where it is read in the deployer's log; and before each call, since Lambda may change them.
  credentialsInEnvironment()
  return async (operation, input) => {
    const call = `${service.name} ${operation}`
    const body = JSON.stringify(input)
    for (let attempt = 1; ; attempt += 1) {
      const headers = signedHeaders(service, endpoint, operation, body, credentialsInEnvironment())
      const result = resultOf(await exchange(headers, body), call)
      if ('value' in result) return result.value
      if (attempt === ATTEMPTS || !result.mayPass) throw result.error
      // Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), so that those who collided do not meet again.
      await sleep(Math.random() * LONGEST_PAUSE_MS)
    }
  }
}

type Result =
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly error: Error; readonly mayPass: boolean }

// DynamoDB Developer Guide, "Error handling with DynamoDB"; Cognito API Reference, "Common errors".
const THROTTLED: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
])

function resultOf(outcome: Outcome, call: string): Result {
  if ('failed' in outcome) return { error: outcome.failed, mayPass: outcome.unsent }
  const { answer } = outcome
  if (answer.status === 200) {
    const value = recordIn(answer.body)
    // What is answered was done: asking again would do it twice.
    return value
      ? { value }
      : { error: failure('UnreadableAnswer', `${call} was not answered in JSON`), mayPass: false }
  }
  const error = refusalIn(answer, call)
  return { error, mayPass: answer.status >= 500 || THROTTLED.has(error.name) }
}
