/**
 * Whether a stranger can tell that an address is registered, where policy is `quiet`: two worlds that differ in nothing else, and the same
 * sign-ups in both, interleaved, over HTTP. `npm run -s verify:enumeration -- [--json] [--signUps 2000] [--seed <word>]`. Exits with 1 where
 * one can. Times are taken on whatever machine this is: they fail only if three measures in a row tell the worlds apart.
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { seededChoice } from '../../packages/onesub/src/core/keys/testing/seeded.ts'
import { openDesk } from '../../test/world/world.ts'
import { kolmogorovSmirnov, median } from './kolmogorov-smirnov.ts'
import { type Measure, measure, type Observed, openCounted, type Through } from './worlds.ts'

export interface EnumerationOptions {
  /** In each world. @default 2000 */
  readonly signUps?: number
  readonly seed?: string
}

export interface EnumerationResult {
  /** In each world. */
  readonly signUps: number
  /** How many different ones there were in both worlds together: one each, or there is something to tell by. */
  readonly statuses: number
  readonly headers: number
  readonly bodies: number
  readonly portCalls: readonly string[]
  /** Of each measure; there is another one only after one that tells. */
  readonly times: readonly Times[]
  /** The same, where a held address costs one read more. It has to tell, or the measure could find nothing. */
  readonly control: Times
  readonly failures: readonly string[]
  readonly seconds: number
}

export interface Times {
  /** Kolmogorov and Smirnov: how likely a gap of this width is where there is no difference. */
  readonly p: number
  readonly distance: number
  /** Registered minus free, in milliseconds. */
  readonly medianDifference: number
}

const MEASURES = 3
const TELLS_BELOW = 0.01
const CONTROL_SIGN_UPS = 250

export async function verifyEnumeration(options: EnumerationOptions = {}): Promise<EnumerationResult> {
  const { signUps = 2_000, seed = 'onesub' } = options
  const began = performance.now()
  const choose = seededChoice(seed)
  const desk = await openDesk()
  try {
    const pair = [await openCounted(desk), await openCounted(desk)] as const
    const measures: Measure[] = []
    let tells = true
    for (let at = 1; tells && at <= MEASURES; at += 1) {
      const one = await measure(desk, pair, { tag: `m${at}`, signUps, choose })
      measures.push(one)
      tells = timesOf(one).p <= TELLS_BELOW
    }
    const leaking = [await openCounted(desk, readsOnceMore), await openCounted(desk, readsOnceMore)] as const
    const control = await measure(desk, leaking, { tag: 'control', signUps: CONTROL_SIGN_UPS, choose })
    const seconds = Math.round((performance.now() - began) / 100) / 10
    return judged(signUps, measures, timesOf(control), seconds)
  } finally {
    await desk.close()
  }
}

function judged(signUps: number, measures: readonly Measure[], control: Times, seconds: number): EnumerationResult {
  const all = measures.flatMap(({ registered, free }) => [...registered, ...free])
  const different = <T>(of: (one: Observed) => T): readonly T[] => [...new Set(all.map(of))]
  const statuses = different(({ seen }) => seen.status)
  const headers = different(({ seen }) => seen.headers).length
  const bodies = different(({ seen }) => seen.body).length
  const portCalls = different(({ calls }) => calls)
  const times = measures.map(timesOf)
  const failures = [
    ...(statuses.some((status) => status !== 200) ? ['A sign-up was refused.'] : []),
    ...(statuses.length > 1 ? ['The status tells.'] : []),
    ...(headers > 1 ? ['The headers tell.'] : []),
    ...(bodies > 1 ? ['The body tells.'] : []),
    ...(portCalls.length > 1 ? ['The calls to the ports tell.'] : []),
    ...(times.every(({ p }) => p <= TELLS_BELOW) ? [`The times tell, in each of ${times.length} measures.`] : []),
    ...(control.p > TELLS_BELOW ? ['One read more for a held address was not found: the measure is blind.'] : []),
  ]
  return { signUps, statuses: statuses.length, headers, bodies, portCalls, times, control, failures, seconds }
}

function timesOf({ registered, free }: Measure): Times {
  const [one, other] = [registered, free].map((all) => all.map(({ milliseconds }) => milliseconds))
  const { p, distance } = kolmogorovSmirnov(one ?? [], other ?? [])
  return { p, distance, medianDifference: median(one ?? []) - median(other ?? []) }
}

/** What onesub must not do: look once more where the write was refused. */
const readsOnceMore: Through['registry'] = (registry) => ({
  ...registry,
  async commit(change) {
    const result = await registry.commit(change)
    if (result.outcome === 'overtaken') await registry.person(change.person)
    return result
  },
})

function told({ p, distance, medianDifference }: Times): string {
  return `p = ${p.toFixed(4)}, D = ${distance.toFixed(4)}, medians ${medianDifference.toFixed(3)} ms apart`
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      signUps: { type: 'string', default: '2000' },
      seed: { type: 'string', default: 'onesub' },
    },
  })
  const result = await verifyEnumeration({ signUps: Number(values.signUps), seed: values.seed })
  if (values.json) console.log(JSON.stringify(result))
  else {
    console.log(`${result.signUps} sign-ups in each world, ${result.seconds} s`)
    console.log(`statuses ${result.statuses}, headers ${result.headers}, bodies ${result.bodies}`)
    for (const calls of result.portCalls) console.log(`calls: ${calls}`)
    for (const times of result.times) console.log(`times: ${told(times)}`)
    console.log(`with one read more for a held address: ${told(result.control)}`)
    for (const failure of result.failures) console.log(failure)
  }
  process.exitCode = result.failures.length === 0 ? 0 : 1
}
