import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { seeded } from './random.ts'
import { run } from './scenario.ts'
import { FATES } from './scheduler.ts'

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
  /** How often each call to the outside met each fate. */
  readonly met: ReadonlyMap<string, number>
}

async function harvest({ first, count, untilFound }: Share): Promise<Harvest> {
  const violations = new Map<string, number>()
  const met = new Map<string, number>()
  let steps = 0
  let runs = 0
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await run(seeded(seed), {
      onStep: (label, fate) => met.set(`${label} | ${fate}`, (met.get(`${label} | ${fate}`) ?? 0) + 1),
    })
    runs += 1
    steps += result.steps
    for (const violation of result.violations) if (!violations.has(violation)) violations.set(violation, seed)
    if (untilFound && violations.size > 0) break
  }
  return { runs, steps, violations, met }
}

function inWorker(share: Share): Promise<Harvest> {
  const worker = new Worker(new URL(import.meta.url), { workerData: share })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

function together(parts: readonly Harvest[]): Harvest {
  const violations = new Map<string, number>()
  const met = new Map<string, number>()
  for (const part of parts) {
    for (const [violation, seed] of part.violations) {
      violations.set(violation, Math.min(seed, violations.get(violation) ?? seed))
    }
    for (const [pair, times] of part.met) met.set(pair, (met.get(pair) ?? 0) + times)
  }
  const sum = (of: (part: Harvest) => number) => parts.reduce((all, part) => all + of(part), 0)
  return { runs: sum(({ runs }) => runs), steps: sum(({ steps }) => steps), violations, met }
}

/** A call that never met one of the fates was not tried in all the ways in which it can go wrong. */
function neverMet(met: ReadonlyMap<string, number>): readonly string[] {
  const labels = new Set([...met.keys()].map((pair) => pair.split(' | ')[0] ?? ''))
  return [...labels].flatMap((label) => FATES.map((fate) => `${label} | ${fate}`).filter((pair) => !met.has(pair)))
}

/** Enough for every call to have met every fate. */
const RUNS_FOR_ALL_PAIRS = 100_000

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      'until-found': { type: 'boolean', default: false },
    },
  })
  const [runs, first, untilFound] = [Number(values.runs), Number(values.seed), values['until-found']]
  const began = performance.now()
  const workers = untilFound ? 1 : Math.max(1, Math.min(availableParallelism(), Math.floor(runs / 1_000)))
  const each = Math.ceil(runs / workers)
  const shares = Array.from({ length: workers }, (_, at) => ({
    first: first + at * each,
    count: Math.min(each, runs - at * each),
    untilFound,
  }))
  const all = together(await Promise.all(workers === 1 ? shares.map(harvest) : shares.map(inWorker)))
  const seconds = Math.round((performance.now() - began) / 100) / 10
  const missing = neverMet(all.met)
  const violations = Object.fromEntries(all.violations)
  if (values.json) {
    const pairs = { met: all.met.size, missing }
    console.log(JSON.stringify({ runs: all.runs, steps: all.steps, firstSeed: first, violations, pairs, seconds }))
  } else {
    console.log(`${all.runs} runs, ${all.steps} steps, ${seconds} s; ${all.met.size} pairs of call and fate met`)
    for (const pair of missing) console.log(`never met: ${pair}`)
    for (const [violation, seed] of all.violations) console.log(`${violation} (npm run replay -- ${seed})`)
  }
  const isHole = missing.length > 0 && runs >= RUNS_FOR_ALL_PAIRS
  process.exitCode = all.violations.size === 0 && !isHole ? 0 : 1
}

if (isMainThread) await main()
else parentPort?.postMessage(await harvest(workerData))
