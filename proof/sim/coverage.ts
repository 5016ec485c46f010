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

/** Each call that met faults often should have met each kind, and each trigger that ran often each state of the claim. */
export function neverMet({ fates, states }: Coverage): readonly string[] {
  return [...absent(faultsIn(fates), FAULTS, FAULTS_ENOUGH), ...absent(states, CLAIM_STATES, RUNS_ENOUGH)].sort()
}

/** How often the rarest pair was met. */
export function rarest({ fates, states }: Coverage): number {
  return Math.min(...fates.values(), ...states.values())
}

/** Each fault is one of five kinds by chance: with so many, one kind is missing in one case of 150 (5 × 0.8³⁰). */
const FAULTS_ENOUGH = 30
const RUNS_ENOUGH = 100

/** Calls that met too few faults for each kind to be expected: nothing is shown of those that they have not met. */
export function hardlyMade({ fates, states }: Coverage): readonly string[] {
  return [...seldomIn(faultsIn(fates), FAULTS_ENOUGH), ...seldomIn(states, RUNS_ENOUGH)].sort()
}

function seldomIn(counts: ReadonlyMap<string, number>, enough: number): readonly string[] {
  return [...madeOf(counts)].flatMap(([first, times]) => (times < enough ? [first] : []))
}

/** A call that met no fault at all counts as one that met none of each kind. */
function faultsIn(fates: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...fates].map(([met, times]) => [met, met.endsWith(`${SEPARATOR}done`) ? 0 : times]))
}

function madeOf(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return summed([...counts].map(([met, times]) => new Map([[met.split(SEPARATOR)[0] ?? '', times]])))
}

function absent(counts: ReadonlyMap<string, number>, seconds: readonly string[], enough: number): readonly string[] {
  const firsts = [...madeOf(counts)].flatMap(([first, times]) => (times < enough ? [] : [first]))
  return firsts.flatMap((first) => seconds.map((second) => pair(first, second))).filter((one) => !counts.has(one))
}

function summed(parts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>()
  for (const part of parts) for (const [what, times] of part) sum.set(what, (sum.get(what) ?? 0) + times)
  return sum
}

const SEPARATOR = ' | '
const pair = (first: string, second: string) => `${first}${SEPARATOR}${second}`
