/**
 * What a handler weighs and what its cold start takes, beside the same handler over the AWS SDK and beside the same requests without a
 * signature. Every process is fresh, every way is in every round, and ratios are taken within a round.
 *
 *   node bench/bundle/run.ts [--json] [--rounds <n>]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem, type } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  CLIENT_ID,
  confirms,
  googleArrives,
  POOL_ID,
  signUp,
} from '../../packages/onesub/src/triggers/testing/events.ts'
import { type Bundle, bundle } from './bundle.ts'
import { BARE, FLOOR, HANDLERS, type HandlerName } from './handlers.ts'
import { type ColdStart, coldStart, startStandIn } from './start.ts'

const ROOT = resolve(import.meta.dirname, '../..')
// Within the repository, so that what is not bundled is found in its node_modules.
const FOLDER = join(ROOT, 'node_modules/.cache/onesub-bench')
const BUDGET = { minified: 25_000, gzip: 10_000, ofBundledSdk: 0.3, ofFloor: 1.15, overFloorMs: 1 }
const HEAVIEST = 15

const { values: flags } = parseArgs({ options: { json: { type: 'boolean' }, rounds: { type: 'string' } } })
const ROUNDS = Number(flags.rounds ?? 15)

const WAYS = ['small', 'sdk', 'sdkUnbundled', 'floor'] as const
type Way = (typeof WAYS)[number]
type Of<T> = Readonly<Record<Way, T>>

interface Subject {
  readonly name: HandlerName
  readonly bundles: Of<Bundle>
  readonly env: Of<Readonly<Record<string, string>>>
  /** What it asks AWS for, in order, from loading to the answer. */
  readonly asks: readonly string[]
}

const say = (text: string) => process.stderr.write(`${text}\n`)

const standIn = await startStandIn()
const ENV = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SESSION_TOKEN: 'local',
  AWS_ENDPOINT_URL_DYNAMODB: standIn.endpoint,
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: standIn.endpoint,
  USER_POOL_ID: POOL_ID,
  CLIENT_ID,
  ONESUB_TABLE: 'onesub',
  ONESUB_PEPPER: 'sixteen characters',
  ISSUER: standIn.issuer,
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const EVENTS: Readonly<Record<HandlerName, { readonly small: object; readonly sdk?: object }>> = {
  'pre-sign-up, claims': { small: signUp('bob', 'bob@example.com') },
  'pre-sign-up, links': { small: googleArrives() },
  'every trigger': { small: signUp('eve', 'eve@example.com') },
  'pre-token-generation': {
    small: { ...confirms('ada', 'ada@example.com'), triggerSource: 'TokenGeneration_HostedAuth' },
  },
  authorizer: { small: bearer(standIn.tokens.withClaim), sdk: bearer(standIn.tokens.withoutClaim) },
}

say('bundling')
mkdirSync(FOLDER, { recursive: true })
const names = Object.keys(HANDLERS) as HandlerName[]
await furnish()
const bare = { bundle: await bundle(BARE), env: envFor('bare', {}) }
writeFileSync(bare.env.BUNDLE, bare.bundle.code)
const subjects: Subject[] = []
for (const name of names) subjects.push(await subjectOf(name))

say(`${ROUNDS} rounds of ${subjects.length} handlers in ${WAYS.length} ways`)
const bareRuns: ColdStart[] = []
const runs = new Map<Subject, Of<ColdStart[]>>(
  subjects.map((subject) => [subject, { small: [], sdk: [], sdkUnbundled: [], floor: [] }]),
)
for (let round = 0; round < ROUNDS; round += 1) {
  bareRuns.push(coldStart(bare.env))
  for (const [{ env }, of] of runs) {
    for (const way of [...WAYS.slice(round % WAYS.length), ...WAYS.slice(0, round % WAYS.length)]) {
      await standIn.control('restore')
      of[way].push(coldStart(env[way]))
    }
  }
}
standIn.stop()

const handlers = Object.fromEntries([...runs].map(([subject, of]) => [subject.name, figuresOf(subject, of)]))
const report = {
  machine: {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: type(),
  },
  node: process.version,
  versions: Object.fromEntries(
    ['aws4', 'rolldown', '@aws-sdk/client-dynamodb', '@aws-sdk/client-cognito-identity-provider'].map((name) => [
      name,
      versionOf(name),
    ]),
  ),
  method: {
    rounds: ROUNDS,
    process: 'fresh for each figure; init: import of the bundle; first: one call; medians',
    ratios: 'median of the ratios within each round',
    cpu: 'user and system time of all threads, for machines on which other work makes wall time waver',
    aws: 'a stand-in in its own process, plain HTTP on loopback: TLS is loaded, no handshake is made',
    authorizer:
      'beside it stands an authorizer that looks each person up through the SDK, as one must without the claim',
    modules: 'minified one by one, so that they add up to a little more than the bundle',
  },
  bare: { sumMs: rounded(median(bareRuns.map(sumOf))), rssMb: mb(median(bareRuns.map(rssOf))) },
  handlers,
}
const goals = Object.fromEntries(names.filter((name) => name !== 'pre-sign-up, links').flatMap((name) => goalsOf(name)))

if (flags.json) console.log(JSON.stringify({ ...report, goals }))
else printTable()
const missed = Object.keys(goals).filter((goal) => !goals[goal])
if (missed.length > 0) say(`missed: ${missed.join('; ')}`)

/** Ada has signed up and proven the address: each sign-up of a round finds that owner. */
async function furnish(): Promise<void> {
  const { code } = await bundle(HANDLERS['pre-sign-up, claims'].small)
  const env = envFor('furnishing', {})
  writeFileSync(env.BUNDLE, code)
  for (const event of [signUp('ada', 'ada@example.com'), confirms('ada', 'ada@example.com')])
    coldStart({ ...env, EVENT: JSON.stringify(event) })
  await standIn.control('keep')
}

async function subjectOf(name: HandlerName): Promise<Subject> {
  const { small, sdk } = HANDLERS[name]
  const bundles = {
    small: await bundle(small),
    sdk: await bundle(sdk),
    sdkUnbundled: await bundle(sdk, { external: /^@aws-sdk\// }),
    floor: await bundle(FLOOR),
  }
  const event = EVENTS[name]
  const forSdk = event.sdk ?? event.small
  const env = {
    small: envFor(`${name} small`, event.small),
    sdk: envFor(`${name} sdk`, forSdk),
    sdkUnbundled: envFor(`${name} sdk unbundled`, forSdk),
    floor: envFor(`${name} floor`, {}),
  }
  for (const way of WAYS) writeFileSync(env[way].BUNDLE, bundles[way].code)
  await standIn.control('restore')
  coldStart(env.small)
  const asked = await standIn.control('requests')
  const atCall = asked.map(({ target, contentType, body }) => ({
    url: standIn.endpoint,
    method: 'POST',
    headers: { 'x-amz-target': target, 'content-type': contentType },
    body,
  }))
  // The registry looks at its table once, when it is opened. The authorizer asks for the pool's keys alone.
  const keys = { url: `${standIn.issuer}/${POOL_ID}/.well-known/jwks.json`, method: 'GET' }
  const requests = name === 'authorizer' ? { atStart: [], atCall: [keys] } : { atStart: atCall.splice(0, 1), atCall }
  return {
    name,
    bundles,
    env: { ...env, floor: { ...env.floor, REQUESTS: JSON.stringify(requests) } },
    asks: name === 'authorizer' ? ['jwks.json'] : asked.map(({ target }) => target.replace(/^\w+\./, '')),
  }
}

function envFor(file: string, event: object) {
  return { ...ENV, BUNDLE: join(FOLDER, `${file.replaceAll(/\W+/g, '-')}.mjs`), EVENT: JSON.stringify(event) }
}

function figuresOf({ bundles, asks }: Subject, of: Of<readonly ColdStart[]>) {
  const figures = (way: Way) => {
    const typical = (figure: (run: ColdStart) => number) => median(of[way].map(figure))
    return {
      minified: bundles[way].minified,
      gzip: bundles[way].gzip,
      initMs: rounded(typical(({ initMs }) => initMs)),
      firstMs: rounded(typical(({ firstMs }) => firstMs)),
      sumMs: rounded(typical(sumOf)),
      cpuMs: rounded(typical(cpuOf)),
      rssOverBareMb: mb(typical(rssOf) - median(bareRuns.map(rssOf))),
    }
  }
  const ratio = (to: Way, figure: (run: ColdStart) => number) =>
    rounded(median(of.small.map((run, round) => figure(run) / figure(of[to][round] ?? run))))
  return {
    asks,
    small: figures('small'),
    sdk: figures('sdk'),
    sdkUnbundled: figures('sdkUnbundled'),
    floor: figures('floor'),
    ratios: {
      ofBundledSdk: ratio('sdk', sumOf),
      ofUnbundledSdk: ratio('sdkUnbundled', sumOf),
      ofFloor: ratio('floor', sumOf),
      cpuOfBundledSdk: ratio('sdk', cpuOf),
      cpuOfFloor: ratio('floor', cpuOf),
    },
    weighs: bundles.small.modules.slice(0, HEAVIEST),
  }
}

function goalsOf(name: HandlerName): readonly (readonly [string, boolean])[] {
  const figures = handlers[name]
  if (!figures) return []
  const { small, floor, ratios } = figures
  return [
    [`${name}: at most ${BUDGET.minified} bytes minified`, small.minified <= BUDGET.minified],
    [`${name}: at most ${BUDGET.gzip} bytes gzip`, small.gzip <= BUDGET.gzip],
    [`${name}: starts in ${BUDGET.ofBundledSdk} of the bundled SDK`, ratios.ofBundledSdk <= BUDGET.ofBundledSdk],
    [
      `${name}: starts in ${BUDGET.ofFloor} of the unsigned floor + ${BUDGET.overFloorMs} ms`,
      small.sumMs <= floor.sumMs * BUDGET.ofFloor + BUDGET.overFloorMs,
    ],
  ]
}

function printTable(): void {
  console.table(names.flatMap((name) => WAYS.map((way) => ({ handler: name, way, ...handlers[name]?.[way] }))))
  console.table(
    names.map((name) => ({ handler: name, ...handlers[name]?.ratios, asks: handlers[name]?.asks.join(', ') })),
  )
}

function sumOf({ initMs, firstMs }: ColdStart): number {
  return initMs + firstMs
}

function rssOf({ rssBytes }: ColdStart): number {
  return rssBytes
}

function cpuOf({ cpuMs }: ColdStart): number {
  return cpuMs
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}

function rounded(value: number): number {
  return Number(value.toFixed(2))
}

function mb(bytes: number): number {
  return Number((bytes / 1024 ** 2).toFixed(1))
}

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version
}
