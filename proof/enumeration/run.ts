/**
 * Whether an attacker can find out that an address is registered, where policy is `enumeration-safe`: two pools that differ in nothing else, and the same
 * sign-ups in both, interleaved, over HTTP. `npm run -s proof -- enumeration [--json] [--pairs 4000] [--seed <word>]`. Exits with 1 where
 * one can. Statuses, headers, bodies and calls to the ports have to be equal; times pass one equivalence test (`equivalence.ts`), which a
 * busy machine may leave undecided, with its reason, and which has to find a deliberate delay of 5 %.
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { seededChoice } from '../../packages/onesub/src/core/identifiers/testing/seeded.ts'
import { openTestEnvironment } from '../../test/environment/test-pool.ts'
import { type Comparison, MARGIN } from './equivalence.ts'
import { type Measure, measure, type Observed, openCounted } from './pools.ts'

export interface EnumerationOptions {
  /** Of sign-ups, one in each pool, at the most. @default 4,000 */
  readonly mostPairs?: number
  readonly seed?: string
  /** A fault on purpose, as a share of the typical duration: a registered address takes this much longer. @default 0 */
  readonly delay?: number
}

export interface EnumerationResult {
  /** In each pool. */
  readonly signUps: number
  /** How many different ones there were in both pools together: one each, or an attacker can distinguish them. */
  readonly statuses: number
  readonly headers: number
  readonly bodies: number
  readonly portCalls: readonly string[]
  readonly times: Comparison
  /** The same, where a registered address takes 5 % longer. It has to differ, or the measure could find nothing. */
  readonly control: Comparison
  readonly failures: readonly string[]
  /** What this machine was too busy to decide. */
  readonly undecided: readonly string[]
  readonly seconds: number
}

const CONTROL_DELAY = 2 * MARGIN
/** Enough to know the typical duration, of which delays are a share. */
const FIRST_PAIRS = 200

export async function runEnumeration(options: EnumerationOptions = {}): Promise<EnumerationResult> {
  const { mostPairs = 4_000, seed = 'onesub', delay = 0 } = options
  const began = performance.now()
  const choose = seededChoice(seed)
  const environment = await openTestEnvironment()
  try {
    const pools = [await openCounted(environment), await openCounted(environment)] as const
    const { typical } = (await measure(environment, pools, { tag: 'first', choose, mostPairs: FIRST_PAIRS })).times
    const measured = await measure(environment, pools, { tag: 'times', choose, mostPairs, delayMs: delay * typical })
    const delayMs = CONTROL_DELAY * measured.times.typical
    const control = await measure(environment, pools, { tag: 'control', choose, mostPairs, delayMs })
    const seconds = Math.round((performance.now() - began) / 100) / 10
    return judged(measured, control.times, seconds)
  } finally {
    await environment.close()
  }
}

function judged({ observed, times }: Measure, control: Comparison, seconds: number): EnumerationResult {
  const different = <T>(of: (one: Observed) => T): readonly T[] => [...new Set(observed.map(of))]
  const statuses = different(({ seen }) => seen.status)
  const headers = different(({ seen }) => seen.headers).length
  const bodies = different(({ seen }) => seen.body).length
  const portCalls = different(({ calls }) => calls)
  const failures = [
    ...(statuses.some((status) => status !== 200) ? ['A sign-up was refused.'] : []),
    ...(statuses.length > 1 ? ['The status tells.'] : []),
    ...(headers > 1 ? ['The headers tell.'] : []),
    ...(bodies > 1 ? ['The body tells.'] : []),
    ...(portCalls.length > 1 ? ['The calls to the ports tell.'] : []),
    ...(times.verdict === 'differs' ? [`The time tells: ${told(times)}.`] : []),
    ...(control.verdict === 'same'
      ? ['A delay of 5 % for registered addresses was not found: the measure is blind.']
      : []),
  ]
  const undecided = [
    ...(times.verdict === 'undecided' ? [`Whether the time tells: ${told(times)}.`] : []),
    ...(control.verdict === 'undecided' ? [`Whether the measure finds a delay of 5 %: ${told(control)}.`] : []),
  ]
  const signUps = observed.length / 2
  return {
    signUps,
    statuses: statuses.length,
    headers,
    bodies,
    portCalls,
    times,
    control,
    failures,
    undecided,
    seconds,
  }
}

const perCent = (share: number) => `${(100 * share).toFixed(2)} %`

function told({ verdict, difference, halfWidth, noise, margin, typical, pairs }: Comparison): string {
  const measured = `${perCent(difference)} ± ${perCent(halfWidth)} of ${typical.toFixed(2)} ms in ${pairs} pairs`
  return `${verdict}, ${measured}, margin ${perCent(margin)}, noise ${perCent(noise)}`
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      pairs: { type: 'string', default: '4000' },
      delay: { type: 'string', default: '0' },
      seed: { type: 'string', default: 'onesub' },
    },
  })
  const given = { mostPairs: Number(values.pairs), delay: Number(values.delay), seed: values.seed }
  const result = await runEnumeration(given)
  if (values.json) console.log(JSON.stringify(result))
  else {
    console.log(`${result.signUps} sign-ups in each pool, ${result.seconds} s`)
    console.log(`statuses ${result.statuses}, headers ${result.headers}, bodies ${result.bodies}`)
    for (const calls of result.portCalls) console.log(`calls: ${calls}`)
    console.log(`times: ${told(result.times)}`)
    console.log(`with a delay of 5 % for registered addresses: ${told(result.control)}`)
    for (const line of [...result.failures, ...result.undecided]) console.log(line)
  }
  process.exitCode = result.failures.length === 0 ? 0 : 1
}
