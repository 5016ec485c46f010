import { FAULTS, type Fate } from './scheduler.ts'
import { CLAIM_STATES, type ClaimState } from './simulated-pool.ts'

/** What the runs have come through: a proof says nothing of what it never tried. */
export interface Coverage {
  /** How often each call to the outside met each fate. */
  readonly fates: ReadonlyMap<string, number>
  /** How often each trigger ran over each state of the address's claim. */
  readonly states: ReadonlyMap<string, number>
}

export interface Watch {
  readonly onStep: (call: string, fate: Fate) => void
  readonly onTrigger: (source: string, claim: ClaimState) => void
}

export function covering(): Watch & { coverage(): Coverage } {
  const fates = new Tally()
  const states = new Tally()
  return {
    coverage: () => ({ fates: fates.byPair(), states: states.byPair() }),
    onStep: (call, fate) => fates.count(call, fate),
    onTrigger: (source, claim) => states.count(source, claim),
  }
}

class Tally {
  readonly #counts = new Map<string, Map<string, number>>()

  count(first: string, second: string): void {
    const seconds = this.#counts.get(first) ?? new Map<string, number>()
    if (seconds.size === 0) this.#counts.set(first, seconds)
    seconds.set(second, (seconds.get(second) ?? 0) + 1)
  }

  byPair(): ReadonlyMap<string, number> {
    const all = [...this.#counts].flatMap(([first, seconds]) =>
      [...seconds].map(([second, times]) => [pair(first, second), times] as const),
    )
    return new Map(all)
  }
}

export function allOf(parts: readonly Coverage[]): Coverage {
  return { fates: summed(parts.map(({ fates }) => fates)), states: summed(parts.map(({ states }) => states)) }
}

/** Each call that was made often should have met each fault, and each trigger each state of the claim. */
export function neverMet({ fates, states }: Coverage): readonly string[] {
  return [...absent(fates, FAULTS), ...absent(states, CLAIM_STATES)].sort()
}

/** How often the rarest pair was met. */
export function rarest({ fates, states }: Coverage): number {
  return Math.min(...fates.values(), ...states.values())
}

/** With fewer calls than that, which of five faults they met is chance. */
const ENOUGH = 100

/** Calls that were made too seldom for each fault to be expected of them: nothing is shown of their faults. */
export function hardlyMade({ fates, states }: Coverage): readonly string[] {
  return [...madeOf(fates), ...madeOf(states)].flatMap(([first, times]) => (times < ENOUGH ? [first] : [])).sort()
}

function madeOf(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return summed([...counts].map(([met, times]) => new Map([[met.split(SEPARATOR)[0] ?? '', times]])))
}

function absent(counts: ReadonlyMap<string, number>, seconds: readonly string[]): readonly string[] {
  const firsts = [...madeOf(counts)].flatMap(([first, times]) => (times < ENOUGH ? [] : [first]))
  return firsts.flatMap((first) => seconds.map((second) => pair(first, second))).filter((one) => !counts.has(one))
}

function summed(parts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>()
  for (const part of parts) for (const [what, times] of part) sum.set(what, (sum.get(what) ?? 0) + times)
  return sum
}

const SEPARATOR = ' | '
const pair = (first: string, second: string) => `${first}${SEPARATOR}${second}`
