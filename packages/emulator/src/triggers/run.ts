import type { QuirkStore } from '../quirks/quirks.ts'
import type { Clock } from '../shared/clock.ts'
import { CognitoFault } from '../shared/faults.ts'
import { isRecord, isText, type JsonRecord } from '../shared/json.ts'
import type { Pool } from '../state/pool.ts'
import { CallLog } from './call-log.ts'
import { HandlerError, InvokeError, invokeTarget, type TriggerTarget } from './targets.ts'
import type { TriggerEvent, TriggerSlot } from './trigger-event.ts'

type Outcome =
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'uninvokable'; readonly reason: string }
  | { readonly kind: 'late' }

const AFTER_THROW_MS = 500

/** Runs the pool's triggers as Cognito does: with its time limit, its retries and its error texts. Only `response` is read. */
export class TriggerRunner {
  readonly log = new CallLog()
  readonly #targets = new Map<string, TriggerTarget>()
  readonly #quirks: QuirkStore
  readonly #clock: Clock

  constructor(quirks: QuirkStore, clock: Clock) {
    this.#quirks = quirks
    this.#clock = clock
  }

  /** `name` is the ARN that LambdaConfig holds, or the name of the function in it. */
  attach(name: string, target: TriggerTarget): void {
    this.#targets.set(name, target)
  }

  /** The `response` of the trigger's answer; nothing if the pool has no trigger there. */
  async run(pool: Pool, slot: TriggerSlot, event: TriggerEvent): Promise<JsonRecord | undefined> {
    const arn = arnOf(pool.settings.lambdaConfig, slot)
    if (arn === undefined) return undefined
    const outcome = await this.#duplicated(pool, event, () => this.#withRetries(pool, arn, event))
    return responseOf(slot, outcome)
  }

  async #duplicated(pool: Pool, event: TriggerEvent, run: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = await run()
    if (event.triggerSource !== 'PreSignUp_ExternalProvider') return outcome
    const again = { answered: 'afterSuccess', failed: 'afterThrow', late: 'afterTimeout', uninvokable: undefined }
    if (again[outcome.kind] !== this.#quirks.get(pool.id).duplicatePreSignUp) return outcome
    if (outcome.kind === 'failed') await pause(AFTER_THROW_MS)
    return await run()
  }

  async #withRetries(pool: Pool, arn: string, event: TriggerEvent): Promise<Outcome> {
    const tries = { oneRetry: 2, threeAttempts: 3, noRetry: 1 }[this.#quirks.get(pool.id).triggerTimeout]
    let outcome: Outcome = { kind: 'late' }
    for (let attempt = 0; attempt < tries && outcome.kind === 'late'; attempt += 1) {
      outcome = await this.#once(pool, arn, event)
    }
    return outcome
  }

  async #once(pool: Pool, arn: string, event: TriggerEvent): Promise<Outcome> {
    const begun = performance.now()
    const at = this.#clock()
    const outcome = await this.#invoke(pool, arn, event)
    const ms = performance.now() - begun
    const result = outcome.kind === 'answered' ? { answer: outcome.answer } : { error: errorText(outcome) }
    this.log.put({ at, userPoolId: pool.id, source: event.triggerSource, arn, event, ms, ...result })
    return outcome
  }

  async #invoke(pool: Pool, arn: string, event: TriggerEvent): Promise<Outcome> {
    const functionName = functionNameIn(arn)
    const target = this.#targets.get(arn) ?? this.#targets.get(functionName)
    if (!target) return { kind: 'uninvokable', reason: 'AccessDeniedException' }
    const limit = this.#quirks.get(pool.id).triggerTimeLimitMs
    const given = { arn, functionName, event, deadline: Date.now() + limit }
    return await inTime(limit, (signal) => outcomeOf(invokeTarget(target, { ...given, signal })))
  }
}

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<alias>]` */
function functionNameIn(arn: string): string {
  const parts = arn.split(':')
  return parts[5] === 'function' ? (parts[6] ?? arn) : arn
}

function arnOf(config: JsonRecord, slot: TriggerSlot): string | undefined {
  if (slot === 'PreTokenGeneration' && isRecord(config.PreTokenGenerationConfig)) {
    const { LambdaArn: arn } = config.PreTokenGenerationConfig
    if (isText(arn)) return arn
  }
  const setting = config[slot]
  // Newer triggers are configured by version and ARN (API reference: InboundFederationLambdaType).
  const arn = isRecord(setting) ? setting.LambdaArn : setting
  return isText(arn) && arn !== '' ? arn : undefined
}

async function outcomeOf(running: Promise<unknown>): Promise<Outcome> {
  try {
    return { kind: 'answered', answer: await running }
  } catch (error) {
    if (error instanceof InvokeError) return { kind: 'uninvokable', reason: error.reason }
    if (error instanceof HandlerError) return { kind: 'failed', text: error.message }
    throw error
  }
}

/** A late function is not stopped: as at AWS, what it does after the time limit still happens. */
async function inTime(limit: number, run: (signal: AbortSignal) => Promise<Outcome>): Promise<Outcome> {
  const abort = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'late' }), limit)
  })
  try {
    return await Promise.race([run(abort.signal), late])
  } finally {
    clearTimeout(timer)
    abort.abort()
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function errorText(outcome: Exclude<Outcome, { kind: 'answered' }>): string {
  if (outcome.kind === 'failed') return outcome.text
  return outcome.kind === 'late' ? 'no answer in time' : outcome.reason
}

function responseOf(slot: TriggerSlot, outcome: Outcome): JsonRecord {
  switch (outcome.kind) {
    case 'failed':
      throw new CognitoFault('UserLambdaValidationException', `${slot} failed with error ${outcome.text}.`)
    case 'uninvokable':
      throw new CognitoFault('UnexpectedLambdaException', `${slot} invocation failed due to error ${outcome.reason}.`)
    case 'late': {
      const text = 'Socket timeout while invoking Lambda function.'
      throw new CognitoFault('UnexpectedLambdaException', `${slot} failed with error ${text}`)
    }
    case 'answered':
      if (isRecord(outcome.answer) && isRecord(outcome.answer.response)) return outcome.answer.response
      throw unrecognizable()
    default:
      return outcome satisfies never
  }
}

export const unrecognizable = () => new CognitoFault('InvalidLambdaResponseException', 'Unrecognizable lambda output')
