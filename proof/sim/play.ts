import type { Watch } from './coverage.ts'
import { type Asked, lives } from './lives/run.ts'
import { race } from './races.ts'
import type { Chooser } from './random.ts'

export interface Ran {
  readonly violations: readonly string[]
  readonly steps: number
  /** The steps, for the reader of a trace. */
  readonly trace: readonly string[]
  /** How often a life was asked each question. */
  readonly asked?: Asked
}

/**
 * One run, by the answers of the chooser. Two of three are races: few flows and every fault that calls can meet. The third is a life: one thing after the
 * other, and all kinds of pools, policies, people and things that happen to them.
 */
export function run(chooser: Chooser, watch: Partial<Watch> = {}): Promise<Ran> {
  return chooser.pick(3) === 2 ? lives(chooser) : race(chooser, watch)
}
