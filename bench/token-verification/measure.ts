import { performance } from 'node:perf_hooks'
import { createPersonVerifier } from 'onesub/verify'
import { type Engine, type EngineName, makeEngines } from './engines.ts'
import { CLIENT_ID, makeKeys, POOL_ID, serveKeys } from './tokens.ts'

/** All engines in every round, shuffled: what else the machine does meanwhile meets them alike. Writes its measurements to stdout. */
const TOKENS = 3_000
const ROUNDS = 11
const ROUND_MS = 120
const BATCH = 25
const FIRST_REQUESTS = 10_000
const PAIRS = 600
const WARM_UP_PAIRS = 60

const keys = makeKeys()
const jwks = await serveKeys(keys)
const { engines, length } = await makeEngines(keys, jwks.endpoint, TOKENS)
const all = Object.entries(engines) as [EngineName, Engine][]
const next = new Map<EngineName, number>()

console.error(`Node ${process.version}: ${all.length} engines, ${ROUNDS} rounds`)
const rates = record(() => [] as number[])
const latencies = record(() => [] as number[])
for (const [name, engine] of all) await perSecond(name, engine)
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, engine] of shuffled(all)) {
    rates[name].push(await perSecond(name, engine))
    await clockEach(name, engine, latencies[name])
  }
}

// A few calls at a time in turns: what the machine does in a tenth of a second is more than these differ by.
console.error(`Node ${process.version}: first sight in pairs, ${PAIRS} of ${BATCH}`)
const pairs = ['aws-jwt-verify', 'onesub identity', 'onesub person by claim'] as const
const micros = record(() => [] as number[])
for (let pair = 0; pair < WARM_UP_PAIRS + PAIRS; pair += 1) {
  for (const name of shuffled(pairs)) {
    const took = await batch(name, engines[name])
    if (pair >= WARM_UP_PAIRS) micros[name].push((took * 1_000) / BATCH)
  }
}
const ofPairs = (of: EngineName, to: EngineName, figure: (of: number, to: number) => number) =>
  median(micros[of].map((value, at) => figure(value, micros[to][at] ?? Number.NaN)))

console.error(`Node ${process.version}: ${FIRST_REQUESTS} first requests at once`)
const first = createPersonVerifier({
  pools: [{ userPoolId: POOL_ID, clientIds: [CLIENT_ID] }],
  registry: null,
  dangerouslyTrustEmulator: jwks.endpoint,
})
const tokens = Array.from({ length: 500 }, () => keys.token(`${jwks.endpoint}/${POOL_ID}`))
const before = jwks.served.fetches
await Promise.all(Array.from({ length: FIRST_REQUESTS }, (_, at) => first(tokens[at % tokens.length] ?? '')))
const keyFetches = jwks.served.fetches - before
jwks.close()

const ratio = (of: EngineName, to: EngineName) =>
  median(rates[of].map((rate, round) => rate / (rates[to][round] ?? Number.NaN)))
console.log(
  JSON.stringify({
    node: process.version,
    tokenBytes: length,
    engines: Object.fromEntries(
      all.map(([name]) => [
        name,
        {
          perSecond: Math.round(median(rates[name])),
          p50Us: round(percentile(latencies[name], 0.5), 2),
          p99Us: round(percentile(latencies[name], 0.99), 2),
          ofCryptoVerify: round(ratio(name, 'crypto.verify'), 3),
        },
      ]),
    ),
    seenBeforeTimesCryptoVerify: round(ratio('onesub person, seen before', 'crypto.verify'), 1),
    firstSightOfAwsJwtVerify: round(
      ofPairs('onesub person by claim', 'aws-jwt-verify', (of, to) => of / to),
      3,
    ),
    claimReadUs: round(
      ofPairs('onesub person by claim', 'onesub identity', (of, to) => of - to),
      2,
    ),
    firstRequests: FIRST_REQUESTS,
    keyFetches,
  }),
)

/** By the median of short batches, which other work on the machine rarely interrupts. */
async function perSecond(name: EngineName, engine: Engine): Promise<number> {
  const end = performance.now() + ROUND_MS
  const batches: number[] = []
  while (performance.now() < end) batches.push(await batch(name, engine))
  return (BATCH * 1_000) / median(batches)
}

/** Milliseconds. Synchronous engines are not made to wait for a promise. */
async function batch(name: EngineName, engine: Engine): Promise<number> {
  const at = next.get(name) ?? 0
  next.set(name, at + BATCH)
  const begun = performance.now()
  for (let call = 0; call < BATCH; call += 1) {
    const answer = engine(at + call)
    if (answer instanceof Promise) await answer
  }
  return performance.now() - begun
}

/** Microseconds of single calls, the clock's own reading (some 0.05 µs) among them. */
async function clockEach(name: EngineName, engine: Engine, into: number[]): Promise<void> {
  const at = next.get(name) ?? 0
  const end = performance.now() + ROUND_MS / 4
  let call = 0
  for (; performance.now() < end; call += 1) {
    const begun = performance.now()
    const answer = engine(at + call)
    if (answer instanceof Promise) await answer
    into.push((performance.now() - begun) * 1_000)
  }
  next.set(name, at + call)
}

function record<Value>(make: () => Value): Record<EngineName, Value> {
  return Object.fromEntries(all.map(([name]) => [name, make()])) as Record<EngineName, Value>
}

function shuffled<Value>(values: readonly Value[]): readonly Value[] {
  return values
    .map((value) => ({ value, order: Math.random() }))
    .sort((one, other) => one.order - other.order)
    .map(({ value }) => value)
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
