import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, totalmem, type } from 'node:os'
import { join } from 'node:path'

/** The same measurement on each Node, one after the other; a number alone says as much about the machine as about the program. */
const NODE_22 = '22.23.3'
const PEERS = ['aws-jwt-verify', 'fast-jwt', 'jose', 'jsonwebtoken', 'aws-cognito-express'] as const

interface Measured {
  readonly node: string
  readonly engines: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly seenBeforeTimesCryptoVerify: number
  readonly firstSightOfAwsJwtVerify: number
  readonly claimReadUs: number
  readonly keyFetches: number
}

const programs = [
  { asked: process.version, path: process.execPath },
  { asked: `v${NODE_22}`, path: bringNode22() },
]
const measured: Measured[] = []
const missing: string[] = []
for (const { asked, path } of programs) {
  const result = path === undefined ? undefined : measureOn(path)
  if (result) measured.push(result)
  else missing.push(asked)
}

const goals = {
  everyNodeMeasured: missing.length === 0,
  seenBeforeAtLeast25TimesCryptoVerify: measured.every((one) => one.seenBeforeTimesCryptoVerify >= 25),
  firstSightAtMost5PercentOverAwsJwtVerify: measured.every((one) => one.firstSightOfAwsJwtVerify <= 1.05),
  claimReadAtMost1Us: measured.every((one) => one.claimReadUs <= 1),
  oneKeyFetchFor10000FirstRequests: measured.every((one) => one.keyFetches === 1),
}
const report = {
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, memoryGb: round(totalmem() / 1024 ** 3), system: type() },
  compared: Object.fromEntries(PEERS.map((name) => [name, versionOf(name)])),
  method: {
    tokens: 'RS256 with 2048 bits, 3,000 different access tokens of 1.1 kB, each check gets a string made afresh',
    rates:
      'median of 11 rounds of 120 ms with all engines in every round, shuffled; ofCryptoVerify: median of the ratios in a round',
    percentiles: 'single calls, clocked one by one, of all rounds',
    firstSight:
      'median of 600 ratios, 25 calls each in turns with aws-jwt-verify (CognitoJwtVerifier.verify, keys at hand)',
    seenBefore: '900 tokens, in caches of the size that they have as they come',
    claimRead: 'median of 600 differences between createPersonVerifier and createIdentityVerifier',
    cryptoVerify: 'crypto.verify with a bare KeyObject and bytes made beforehand: no token is read, no claim checked',
  },
  nodes: measured,
  missing,
  goals,
}

if (process.argv.includes('--json')) console.log(JSON.stringify(report))
else for (const one of measured) printTable(one)
if (missing.length > 0) console.error(`NOT measured: Node ${missing.join(', ')} could not be had.`)
const missed = Object.entries(goals).filter(([, met]) => !met)
if (missed.length > 0) console.error(`missed: ${missed.map(([name]) => name).join(', ')}`)

/** npm brings it as a package, as it brings this repository's own. */
function bringNode22(): string | undefined {
  console.error(`bringing Node ${NODE_22} (npm exec --package=node@${NODE_22})`)
  const words = [
    'exec',
    '--yes',
    `--package=node@${NODE_22}`,
    '--',
    'node',
    '-p',
    'process.version+" "+process.execPath',
  ]
  const { stdout, status } = spawnSync('npm', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const [, path] = new RegExp(`^v${NODE_22.replaceAll('.', '\\.')} (.+)$`, 'm').exec(stdout ?? '') ?? []
  return status === 0 ? path : undefined
}

function measureOn(node: string): Measured | undefined {
  const words = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'measure.ts')]
  const { stdout, status } = spawnSync(node, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  return status === 0 ? JSON.parse(stdout) : undefined
}

function printTable(one: Measured): void {
  console.log(`\nNode ${one.node}`)
  console.table(one.engines)
  console.log(`a token seen before: ${one.seenBeforeTimesCryptoVerify} times crypto.verify`)
  console.log(`first sight: ${one.firstSightOfAwsJwtVerify} of the time of aws-jwt-verify alone`)
  console.log(`the claim read: ${one.claimReadUs} µs`)
  console.log(`keys fetched by 10,000 first requests at once: ${one.keyFetches}`)
}

function round(value: number): number {
  return Number(value.toFixed(1))
}

function versionOf(name: string): string {
  const text = readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')
  return JSON.parse(text).version
}
