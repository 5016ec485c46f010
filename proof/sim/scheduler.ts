import type { Chooser } from './random.ts'

/** What may become of a call to the outside. */
export const FAULTS = ['dies before', 'dies after', 'answer lost', 'late', 'throttled'] as const
export type Fault = (typeof FAULTS)[number]
export type Fate = 'done' | Fault

/** One run of a Lambda function. When it dies, nothing of it goes on, but what it has sent may still arrive. */
export class Invocation {
  readonly source: string
  readonly death: Promise<'died'>
  isDead = false
  /** Its input and the answers that it has received since: everything that its next step depends on. */
  readonly heard: unknown[]
  #die: () => void = () => {}

  constructor(source: string, asked: unknown = null) {
    this.source = source
    this.heard = [asked]
    this.death = new Promise((resolve) => {
      this.#die = () => resolve('died')
    })
  }

  toJSON(): unknown {
    return [this.isDead, this.heard]
  }

  die(): void {
    this.isDead = true
    this.#die()
  }
}

interface Waiting {
  readonly by: Invocation
  readonly label: string
  /** How many answers the caller had received when it called: with the label, this determines what will happen. */
  readonly after: number
  readonly effect: () => Promise<unknown>
  readonly answer: (value: unknown) => void
  readonly fail: (error: unknown) => void
  readonly throttle: Throttle
}

/** What a throttled port says, in its own words. */
export type Throttle = () => Error

export interface SchedulerOptions {
  readonly chooser: Chooser
  /** How many calls of a run may end otherwise than well, and how. */
  readonly faults: number
  readonly kinds?: readonly Fault[]
  /** One chance in so many that this call goes wrong. */
  readonly oddsOf?: (label: string) => number
  /** Called for each step: which call, and its result. */
  readonly onStep?: (label: string, fate: Fate) => void
  /** How many times a lease's time may pass between two steps, and what then happens. */
  readonly leaps?: number
  readonly leap?: () => void
  /** Asked before each step, when everybody waits: whether this run has shown all that it can. */
  readonly isEnough?: () => boolean
}

const ODDS_OF_A_FAULT = 6
const ODDS_OF_A_LEAP = 15

/**
 * Lets one call to the outside happen at a time. Which one, and what becomes of it, the chooser says: the code under test has no other
 * awaits, so that every possible interleaving is one sequence of answers.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  #waiting: Waiting[] = []
  /** Effects that were sent by somebody who has died since. */
  #late: Waiting[] = []
  #faults: number
  #leaps: number
  steps = 0

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#faults = options.faults
    this.#leaps = options.leaps ?? 0
  }

  /** A call to the outside: it happens when it is its turn. */
  call<T>(by: Invocation, label: string, throttle: Throttle, effect: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (by.isDead) return
      const answer = (value: unknown) => {
        by.heard.push(value)
        resolve(value as T)
      }
      const fail = (error: unknown) => {
        by.heard.push(String(error))
        reject(error)
      }
      this.#waiting.push({ by, label, after: by.heard.length, effect, answer, fail, throttle })
    })
  }

  /** All that the scheduler knows of what is still to come. */
  pending(): readonly (readonly unknown[])[] {
    const told = (calls: readonly Waiting[]) => calls.map(({ label, by, after }) => [label, by.heard.slice(0, after)])
    return [[this.#faults, this.#leaps], told(this.#waiting), told(this.#late)]
  }

  /** So many more calls may go wrong. */
  allow(faults: number): void {
    this.#faults = faults
  }

  /** Until nobody waits for anything; false where it was enough before. */
  async run(): Promise<boolean> {
    for (;;) {
      await allPromisesToSettle()
      const options = this.#waiting.length + this.#late.length
      if (this.#options.isEnough?.()) return false
      if (options === 0) return true
      this.#maybeLeap()
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
    const fate = this.#fate(call.label)
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
        call.fail(call.throttle())
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
    // Its other calls may arrive or not; their sender gets no answer.
    const orphaned = this.#waiting.filter(({ by }) => by === call.by)
    this.#waiting = this.#waiting.filter(({ by }) => by !== call.by)
    this.#late.push(...orphaned.filter(() => this.#options.chooser.pick(2) === 0))
  }

  #arrive(at: number): void {
    const [call] = this.#late.splice(at, 1)
    call?.effect().catch(() => {})
  }

  #fate(label: string): Fate {
    const { chooser, kinds = FAULTS, oddsOf = () => ODDS_OF_A_FAULT } = this.#options
    if (this.#faults === 0 || !chooser.oneIn(oddsOf(label))) return 'done'
    this.#faults -= 1
    return kinds[chooser.pick(kinds.length)] ?? 'done'
  }

  #maybeLeap(): void {
    if (this.#leaps === 0 || !this.#options.chooser.oneIn(ODDS_OF_A_LEAP)) return
    this.#leaps -= 1
    this.#options.leap?.()
  }
}

const MOST_STEPS = 2_000

/**
 * `process.nextTick` called from a promise's reaction comes after every other reaction, and theirs (Node.js, "The event loop, timers, and
 * process.nextTick()"): whoever can go on without the outside has done so.
 */
function allPromisesToSettle(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}
