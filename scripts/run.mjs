#!/usr/bin/env node
/**
 * Runs a task of this repository on a machine that has nothing but some Node and npm: installs what is missing, builds what has changed, and
 * hands over to the Node that the repository brings. Uses nothing but Node's own modules. `node scripts/run.mjs` lists the tasks.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BIN = join(ROOT, 'node_modules', '.bin')
const onWindows = process.platform === 'win32'

const CLIENTS_FROM_DEBIAN = [
  { name: 'awscli', isThere: () => existsSync('/usr/bin/aws') },
  { name: 'python3-boto3', isThere: () => works('/usr/bin/python3', ['-c', 'import boto3']) },
  { name: 'chromium', isThere: () => existsSync('/usr/bin/chromium') },
]

/** The parts of the proof; docs/proof.md says what each shows. */
const PROOF = {
  behaviour: [
    'the table of what the emulator does, each entry asked over HTTP',
    (flags) => node('scripts/emulator-behaviour.ts', flags),
  ],
  links: ['each way of linking, in each position of the emulator', (flags) => builtNode('proof/links/run.ts', flags)],
  sim: [
    'simulated runs of the triggers, with crashes and races: --runs N --seed S',
    (flags) => node('proof/sim/run.ts', flags),
  ],
  search: ['each schedule of two or three account flows', (flags) => node('proof/search/run.ts', flags)],
  planted: ['whether deliberate bugs are found: --only <text>', (flags) => node('proof/planted/run.ts', flags)],
  threats: ['a line for each threat', (flags) => withJava(() => node('proof/threats/run.ts', flags))],
  stores: ['random commands to each store', (flags) => withJava(() => node('proof/stores/equivalence.ts', flags))],
  kills: ['PostgreSQL, killed again and again', (flags) => node('proof/stores/kill.ts', flags)],
  identifiers: ['each code point, and a million addresses', (flags) => node('proof/identifiers/run.ts', flags)],
  enumeration: [
    'whether a stranger can tell who is registered',
    (flags) => builtNode('proof/enumeration/run.ts', flags),
  ],
  mutation: [
    'whether the tests notice changes of the sources (hours): --only <group>',
    (flags) => node('proof/mutation/run.ts', flags),
  ],
}

/** The measurements, each beside a peer in the same run. */
const BENCH = {
  verify: ['tokens a second, beside other verifiers', (flags) => builtNode('bench/token-verification/run.ts', flags)],
  bundle: ['size and start of a function, beside the AWS SDK', (flags) => builtNode('bench/bundle/run.ts', flags)],
  emulator: ['the emulator, beside other ones', (flags) => builtNode('bench/emulator/run.ts', flags)],
}

const TASKS = {
  start: [
    'the records app on both kinds of pool; --once: what `demo` shows',
    (flags) => (flags.includes('--once') ? demo(flags) : serve('examples/records-app/start.ts', flags)),
  ],
  demo: ['one human signs up in four ways, in the terminal', demo],
  test: [
    'all tests, or the files that are named',
    (files) => withJava(() => withPgBouncer(() => run('vitest', ['run', ...files]))),
  ],
  'test:clients': ["other people's clients against the emulator", clients],
  proof: [
    'the whole proof, or the part that is named',
    (args) => partOf(PROOF, args, 'proof') ?? withJava(() => builtNode('proof/run.ts', args)),
  ],
  bench: ['the measurement that is named', (args) => partOf(BENCH, args, 'bench') ?? usageOf('bench', BENCH)],
  replay: ['the trace of one simulated run: <seed> [--shrink]', (seed) => node('proof/sim/replay.ts', seed)],
}

const [task = '', ...rest] = process.argv.slice(2)
if (!Object.hasOwn(TASKS, task)) process.exit(usageOf('', TASKS))
if (task === 'proof' || task === 'bench') refuseUnknownPart(task, rest[0])
install()
process.exit(await TASKS[task][1](rest))

/** Undefined where no part is named. */
function partOf(parts, [name = '', ...flags]) {
  return Object.hasOwn(parts, name) ? parts[name][1](flags) : undefined
}

/** Before anything is installed or built. */
function refuseUnknownPart(task, name) {
  const parts = task === 'proof' ? PROOF : BENCH
  const isWhole = task === 'proof' && (name === undefined || name.startsWith('-'))
  if (isWhole || Object.hasOwn(parts, name ?? '')) return
  process.exit(usageOf(task, parts))
}

function usageOf(task, entries) {
  const shown = Object.entries(entries).map(([name, [says]]) => `  ${name.padEnd(14)}${says}`)
  const command = task === '' ? 'npm run <task> --' : `npm run ${task} -- <part>`
  console.error([`usage: ${command} [flags]`, ...shown].join('\n'))
  return 2
}

function clients(files) {
  const missing = CLIENTS_FROM_DEBIAN.filter(({ isThere }) => !isThere()).map(({ name }) => name)
  if (missing.length > 0 && !installFromDebian(missing)) {
    console.error(`SKIPPED, loudly: no ${missing.join(', ')} on this machine. Their clients will not run.`)
  }
  return run('vitest', ['run', '--config', join('test', 'clients', 'vitest.config.ts'), '--root', '.', ...files])
}

function demo(flags) {
  mustRun('tsc', ['--build'])
  return run('node', [join('packages', 'cli', 'bin', 'onesub.js'), 'demo', ...flags])
}

function builtNode(script, flags) {
  mustRun('tsc', ['--build'])
  return node(script, flags)
}

/** What stays up until it is told to end: whoever stops this script stops it too. */
function serve(script, flags) {
  mustRun('tsc', ['--build'])
  const child = spawn('node', [join(...script.split('/')), ...flags], {
    cwd: ROOT,
    env: ownEnvironment(),
    stdio: 'inherit',
    shell: onWindows,
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.on('error', () => resolve(1))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

function node(script, flags) {
  return run('node', [join(...script.split('/')), ...flags])
}

/** npm writes a copy of the lockfile into node_modules; while it names what the lockfile names, nothing is missing. */
function install() {
  if (isInstalled()) return
  console.error('Installing what is missing (npm ci) …')
  mustRun('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}

function isInstalled() {
  const written = join(ROOT, 'node_modules', '.package-lock.json')
  if (!existsSync(written)) return false
  const versions = (path) =>
    Object.entries(JSON.parse(readFileSync(path, 'utf8')).packages)
      .filter(([name, { optional, link }]) => name.startsWith('node_modules/') && !optional && !link)
      .map(([name, { version }]) => `${name}@${version}`)
  const installed = new Set(versions(written))
  return versions(join(ROOT, 'package-lock.json')).every((name) => installed.has(name))
}

/** The official DynamoDB Local is a Java program; everything else that the tests need comes from npm. */
function withJava(task) {
  if (process.env.ONESUB_SKIP_DYNAMODB === '1' || works('java', ['-version'])) return task()
  if (installFromDebian(['default-jre-headless'])) return task()
  console.error(
    'The DynamoDB tests need Java 17 or later on the PATH (on Debian: sudo apt-get install default-jre-headless).',
  )
  console.error('To run all other tests without it, set ONESUB_SKIP_DYNAMODB=1.')
  process.exit(1)
}

/** Without it the suite says what it does without. */
function withPgBouncer(task) {
  const isThere = works('pgbouncer', ['--version']) || works('/usr/sbin/pgbouncer', ['--version'])
  if (!isThere && isDebianRoot()) {
    console.error('Installing pgbouncer (apt-get install) …')
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'pgbouncer'], ['ignore', 2, 2])
  }
  return task()
}

/** False where this is not Debian, or not root: the suite then says what it does without. */
function installFromDebian(packages) {
  if (!isDebianRoot()) return false
  console.error(`Installing ${packages.join(', ')} (apt-get install) …`)
  process.env.DEBIAN_FRONTEND = 'noninteractive'
  mustRun('apt-get', ['update', '-qq'])
  mustRun('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages])
  return true
}

function isDebianRoot() {
  return process.getuid?.() === 0 && works('apt-get', ['--version'])
}

function works(command, flags) {
  return spawnSync(command, flags, { stdio: 'ignore', shell: onWindows }).status === 0
}

function mustRun(command, flags) {
  const status = run(command, flags, ['ignore', 2, 2])
  if (status !== 0) process.exit(status)
}

/** Our own tools come first on the PATH, the Node among them. */
function run(command, flags, stdio = 'inherit') {
  const { status, error } = spawnSync(command, flags, { cwd: ROOT, env: ownEnvironment(), stdio, shell: onWindows })
  if (error) console.error(error.message)
  return status ?? 1
}

function ownEnvironment() {
  return { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` }
}
