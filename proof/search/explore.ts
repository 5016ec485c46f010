import type { Chooser } from '../sim/random.ts'

/** One run of a scenario by given answers; stops where `isKnown` says that another run has reached the state. */
export type Scenario = (
  chooser: Chooser,
  isKnown: (state: string) => boolean,
) => Promise<{ readonly violations: readonly string[]; readonly trace: readonly string[] }>

export interface Explored {
  readonly states: number
  readonly runs: number
  /** Lines of the longest trace. */
  readonly depth: number
  /** Each kind of violation, with the trace of the first run that showed it. */
  readonly violations: ReadonlyMap<string, readonly string[]>
}

export interface Limits {
  readonly untilFound?: boolean
}

/**
 * Every sequence of answers: the scenario is run again from its start by the answers that led to a fork, and by 0, the plainest, from
 * there on. Those that differ least from the plain run come first, so that what is found first is short. A state that another run has left
 * behind is not gone on from: it says all that the next step depends on, so it has the same future.
 */
export async function explore(scenario: Scenario, { untilFound = false }: Limits = {}): Promise<Explored> {
  const seen = new Set<string>()
  const violations = new Map<string, readonly string[]>()
  const toRun: (readonly number[])[] = []
  let runs = 0
  let depth = 0
  for (let given: readonly number[] | undefined = []; given; given = nextOf(toRun, runs)) {
    const answers: number[] = []
    const pick = (options: number): number => {
      if (options < 2) return 0
      const answer = given[answers.length] ?? 0
      if (answers.length >= given.length) {
        for (let other = 1; other < options; other += 1) toRun.push([...answers, other])
      }
      answers.push(answer)
      return answer
    }
    const isKnown = (state: string): boolean => {
      if (answers.length < given.length) return false
      if (seen.has(state)) return true
      seen.add(state)
      return false
    }
    const ran = await scenario({ pick, oneIn: () => pick(2) === 1 }, isKnown)
    runs += 1
    depth = Math.max(depth, ran.trace.length)
    for (const violation of ran.violations) if (!violations.has(violation)) violations.set(violation, ran.trace)
    if (untilFound && violations.size > 0) break
  }
  return { states: seen.size, runs, depth, violations }
}

/** First in, first out, without moving what is behind. */
function nextOf(toRun: (readonly number[])[], runs: number): readonly number[] | undefined {
  const next = toRun[runs - 1]
  toRun[runs - 1] = []
  return next
}
