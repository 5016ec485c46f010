import type { Chooser } from './random.ts'

/** What may become of a call to the outside. */
export const FATES = ['done', 'dies before', 'dies after', 'answer lost', 'late', 'throttled'] as const
export type Fate = (typeof FATES)[number]

/** One run of a Lambda function. When it dies, nothing of it goes on, but what it has sent may still arrive. */
export class Invocation {
  readonly source: string
  readonly death: Promise<'died'>
  isDead = false
  #die: () => void = () => {}

  constructor(source: string) {
    this.source = source
    this.death = new Promise((resolve) => {
      this.#die = () => resolve('died')
    })
  }

  die(): void {
    this.isDead = true
    this.#die()
  }
}

interface Waiting {
  readonly by: Invocation
  readonly label: string
  readonly effect: () => Promise<unknown>
  readonly answer: (value: unknown) => void
  readonly fail: (error: unknown) => void
}

/** What a throttled port says, in its own words. */
export type Throttle = () => Error

export interface SchedulerOptions {
  readonly chooser: Chooser
  /** How many calls of a run may end otherwise than well. */
  readonly faults: number
  /** Told of each step: which call, what became of it. */
  readonly onStep?: (label: string, fate: Fate) => void
}

/** One chance in so many that a call goes wrong while there are faults left. */
const ODDS_OF_A_FAULT = 6

/**
 * Lets one call to the outside happen at a time. Which one, and what becomes of it, the chooser says: the code under test has no other
 * awaits, so that every interleaving that the world can make of it is one sequence of answers.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  #waiting: Waiting[] = []
  /** Effects that were sent by somebody who has died since. */
  #late: Waiting[] = []
  #faults: number
  steps = 0

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#faults = options.faults
  }

  /** A call to the outside: it happens when it is its turn. */
  call<T>(by: Invocation, label: string, throttle: Throttle, effect: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (by.isDead) return
      const answer = (value: unknown) => resolve(value as T)
      this.#waiting.push({ by, label, effect, answer, fail: reject })
      this.#throttles.set(effect, throttle)
    })
  }

  readonly #throttles = new WeakMap<() => Promise<unknown>, Throttle>()

  /** So many more calls may go wrong. */
  allow(faults: number): void {
    this.#faults = faults
  }

  /** Until nobody waits for anything. */
  async run(): Promise<void> {
    for (;;) {
      await allPromisesToSettle()
      const options = this.#waiting.length + this.#late.length
      if (options === 0) return
      this.steps += 1
      if (this.steps > MOST_STEPS) throw new Error('The run does not come to an end.')
      const at = this.#options.chooser.pick(options)
      const call = this.#waiting[at]
      if (call) this.#happen(call)
      else this.#arrive(at - this.#waiting.length)
    }
  }

  #happen(call: Waiting): void {
    this.#waiting = this.#waiting.filter((other) => other !== call)
    const fate = this.#fate()
    this.#options.onStep?.(call.label, fate)
    switch (fate) {
      case 'done':
        call.effect().then(call.answer, call.fail)
        return
      case 'answer lost':
        call.effect().catch(() => {})
        call.fail(Object.assign(new Error('no answer'), { name: 'TimeoutError' }))
        return
      case 'throttled':
        call.fail(this.#throttles.get(call.effect)?.())
        return
      case 'dies after':
        call.effect().catch(() => {})
        break
      case 'late':
        this.#late.push(call)
        break
      case 'dies before':
        break
    }
    call.by.die()
    // What it had sent besides may arrive or not; whoever sent it hears nothing of it.
    const orphaned = this.#waiting.filter(({ by }) => by === call.by)
    this.#waiting = this.#waiting.filter(({ by }) => by !== call.by)
    this.#late.push(...orphaned.filter(() => this.#options.chooser.pick(2) === 0))
  }

  #arrive(at: number): void {
    const [call] = this.#late.splice(at, 1)
    call?.effect().catch(() => {})
  }

  #fate(): Fate {
    const { chooser } = this.#options
    if (this.#faults === 0 || chooser.pick(ODDS_OF_A_FAULT) !== 0) return 'done'
    this.#faults -= 1
    return FATES[1 + chooser.pick(FATES.length - 1)] ?? 'done'
  }
}

const MOST_STEPS = 2_000

/** A turn of the event loop: every promise that can settle has settled before it. */
function allPromisesToSettle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
