import { parseArgs } from 'node:util'
import { allOf, type Coverage, covering, hardlyMade, neverMet, rarest } from './coverage.ts'
import { run } from './play.ts'
import { seeded } from './random.ts'
import { answerJobs, inWorkers } from './workers.ts'

/** Seeds from `first` on, `count` of them. */
interface Share {
  readonly first: number
  readonly count: number
  readonly untilFound: boolean
}

interface Harvest {
  readonly runs: number
  readonly steps: number
  /** Of each kind of violation, the first seed that shows it. */
  readonly violations: ReadonlyMap<string, number>
  readonly coverage: Coverage
  readonly asked: Readonly<Record<string, number>>
}

async function harvest({ first, count, untilFound }: Share): Promise<Harvest> {
  // Errors are part of the game here, and nobody reads where they were made.
  Error.stackTraceLimit = 0
  const violations = new Map<string, number>()
  const watch = covering()
  let steps = 0
  let runs = 0
  const asked: Record<string, number> = { lives: 0 }
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await run(seeded(seed), watch)
    runs += 1
    steps += result.steps
    if (result.asked)
      for (const [what, times] of Object.entries({ lives: 1, ...result.asked }))
        asked[what] = (asked[what] ?? 0) + times
    for (const violation of result.violations) if (!violations.has(violation)) violations.set(violation, seed)
    if (untilFound && violations.size > 0) break
  }
  return { runs, steps, violations, coverage: watch.coverage(), asked }
}

function together(parts: readonly Harvest[]): Harvest {
  const violations = new Map<string, number>()
  for (const part of parts) {
    for (const [violation, seed] of part.violations) {
      violations.set(violation, Math.min(seed, violations.get(violation) ?? seed))
    }
  }
  const sum = (of: (part: Harvest) => number) => parts.reduce((all, part) => all + of(part), 0)
  const coverage = allOf(parts.map((part) => part.coverage))
  const asked: Record<string, number> = {}
  for (const part of parts)
    for (const [what, times] of Object.entries(part.asked)) asked[what] = (asked[what] ?? 0) + times
  return { runs: sum(({ runs }) => runs), steps: sum(({ steps }) => steps), violations, coverage, asked }
}

/** Enough for every pair to have been met. */
const RUNS_FOR_ALL_PAIRS = 300_000
const RUNS_A_SHARE = 5_000

export interface SimOptions {
  readonly runs: number
  readonly seed: number
  readonly untilFound?: boolean
  readonly onProgress?: (runs: number) => void
}

export async function runSim({ runs, seed, untilFound = false, onProgress = () => {} }: SimOptions) {
  const began = performance.now()
  const shares: Share[] = []
  for (let at = 0; at < runs; at += RUNS_A_SHARE) {
    shares.push({ first: seed + at, count: Math.min(RUNS_A_SHARE, runs - at), untilFound })
  }
  let done = 0
  const parts = untilFound
    ? [await harvest({ first: seed, count: runs, untilFound })]
    : await inWorkers<Share, Harvest>(new URL(import.meta.url), shares, (part) => {
        done += part.runs
        onProgress(done)
      })
  const { violations, coverage, ...counts } = together(parts)
  // A pair that was never met is a hole in the proof, once there were runs enough for all.
  const missing = runs >= RUNS_FOR_ALL_PAIRS ? neverMet(coverage) : []
  return {
    ...counts,
    firstSeed: seed,
    violations: violations.size,
    seeds: Object.fromEntries(violations),
    callsAndFates: coverage.fates.size,
    triggersAndStates: coverage.states.size,
    rarestPair: rarest(coverage),
    neverMet: missing,
    hardlyMade: hardlyMade(coverage),
    isHole: missing.length > 0,
    seconds: Math.round((performance.now() - began) / 100) / 10,
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      'until-found': { type: 'boolean', default: false },
    },
  })
  const result = await runSim({
    runs: Number(values.runs),
    seed: Number(values.seed),
    untilFound: values['until-found'],
    onProgress: (runs) => process.stderr.isTTY && process.stderr.write(`\r${runs} runs`),
  })
  if (values.json) console.log(JSON.stringify(result))
  else {
    const { runs, steps, seconds, callsAndFates, triggersAndStates, rarestPair } = result
    console.log(`${runs} runs, ${steps} steps, ${seconds} s`)
    console.log(
      `${callsAndFates} pairs of call and fate, ${triggersAndStates} of trigger and claim; rarest: ${rarestPair}`,
    )
    if (result.isHole) for (const pair of result.neverMet) console.log(`never met: ${pair}`)
    for (const [violation, seed] of Object.entries(result.seeds)) {
      console.log(`${violation} (npm run replay -- ${seed} --shrink)`)
    }
  }
  process.exitCode = result.violations === 0 && !result.isHole ? 0 : 1
}

if (!answerJobs(harvest) && import.meta.main) await main()
