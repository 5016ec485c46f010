/** One run of a trigger. */
export interface TriggerCall {
  readonly at: number
  readonly userPoolId: string
  readonly source: string
  readonly arn: string
  readonly event: unknown
  readonly answer?: unknown
  readonly error?: string
  readonly ms: number
}

const MOST_CALLS = 1_000

export class CallLog {
  #calls: TriggerCall[] = []

  put(call: TriggerCall): void {
    this.#calls.push(call)
    if (this.#calls.length > MOST_CALLS) this.#calls = this.#calls.slice(-MOST_CALLS / 2)
  }

  all(): readonly TriggerCall[] {
    return [...this.#calls]
  }

  clear(): void {
    this.#calls = []
  }
}
