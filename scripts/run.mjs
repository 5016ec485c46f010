#!/usr/bin/env node
/**
 * Runs a task of this repository on a machine that has nothing but some Node and npm: installs what is missing,
 * builds what has changed, and hands over to the Node that the repository brings. Uses nothing but Node's own modules.
 *
 *   node scripts/run.mjs start [flags]     the records app on both kinds of pool; with --once the walk of `demo`
 *   node scripts/run.mjs demo [flags]      the walk through four doors, in the terminal
 *   node scripts/run.mjs test [files]      all tests, or those named
 *   node scripts/run.mjs clients           other people's clients against the emulator
 *   node scripts/run.mjs behaviour         the emulator's table of behaviours
 *   node scripts/run.mjs links             every way of linking, in every position of the emulator
 *   node scripts/run.mjs verify [flags]    the whole proof
 *   node scripts/run.mjs sim [--runs --seed] simulated runs of the triggers, with crashes and races
 *   node scripts/run.mjs replay <seed>     the story of one simulated run
 *   node scripts/run.mjs search            every schedule of two or three flows
 *   node scripts/run.mjs planted           whether deliberate bugs are found
 *   node scripts/run.mjs threats           a line for each threat
 *   node scripts/run.mjs stores            random commands to every store
 *   node scripts/run.mjs kills             PostgreSQL, killed over and over
 *   node scripts/run.mjs identifiers       every code point, a million addresses
 *   node scripts/run.mjs enumeration       whether a stranger can tell who is registered
 *   node scripts/run.mjs mutation          whether the tests notice changes of the sources (long)
 *   node scripts/run.mjs bench-emulator    the emulator beside its peers
 *   node scripts/run.mjs bench-bundle      size and start of a function, beside the AWS SDK
 *   node scripts/run.mjs bench-verify      tokens a second, beside other verifiers
 */
import { spawnSync } from 'node:child_process'
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

const TASKS = {
  start: (flags) =>
    flags.includes('--once') ? demo(flags) : builtRun(join('examples', 'records-app', 'start.ts'), flags),
  demo,
  behaviour: (flags) => run('node', [join('scripts', 'emulator-behaviour.ts'), ...flags]),
  clients(files) {
    const missing = CLIENTS_FROM_DEBIAN.filter(({ isThere }) => !isThere()).map(({ name }) => name)
    if (missing.length > 0 && !installFromDebian(missing)) {
      console.error(`SKIPPED, loudly: no ${missing.join(', ')} on this machine. Their clients will not run.`)
    }
    return run('vitest', ['run', '--config', join('test', 'clients', 'vitest.config.ts'), '--root', '.', ...files])
  },
  verify: (flags) => withJava(() => builtRun(join('verify', 'run.ts'), flags)),
  search: (flags) => run('node', [join('verify', 'search', 'run.ts'), ...flags]),
  threats: (flags) => withJava(() => run('node', [join('verify', 'threats', 'run.ts'), ...flags])),
  stores: (flags) => withJava(() => run('node', [join('verify', 'stores', 'equivalence.ts'), ...flags])),
  kills: (flags) => run('node', [join('verify', 'stores', 'kill.ts'), ...flags]),
  identifiers: (flags) => run('node', [join('verify', 'identifiers', 'run.ts'), ...flags]),
  enumeration: (flags) => builtRun(join('verify', 'enumeration', 'run.ts'), flags),
  mutation: (flags) => run('node', [join('verify', 'mutation', 'run.ts'), ...flags]),
  sim: (flags) => run('node', [join('verify', 'sim', 'run.ts'), ...flags]),
  replay: (seed) => run('node', [join('verify', 'sim', 'replay.ts'), ...seed]),
  planted: (flags) => run('node', [join('verify', 'planted', 'run.ts'), ...flags]),
  links: (flags) => builtRun(join('verify', 'links', 'run.ts'), flags),
  'bench-emulator': (flags) => builtRun(join('bench', 'emulator', 'run.ts'), flags),
  'bench-bundle': (flags) => builtRun(join('bench', 'bundle', 'run.ts'), flags),
  'bench-verify': (flags) => builtRun(join('bench', 'verify', 'run.ts'), flags),
  test: (files) => withJava(() => withPgBouncer(() => run('vitest', ['run', ...files]))),
}

const [task, ...rest] = process.argv.slice(2)
if (!Object.hasOwn(TASKS, task ?? '')) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(TASKS).join('|')} [flags]`)
  process.exit(2)
}
install()
process.exit(TASKS[task](rest))

function demo(flags) {
  mustRun('tsc', ['--build'])
  return run('node', [join('packages', 'cli', 'bin', 'onesub.js'), 'demo', ...flags])
}

function builtRun(script, flags) {
  mustRun('tsc', ['--build'])
  return run('node', [script, ...flags])
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
  const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` }
  const { status, error } = spawnSync(command, flags, { cwd: ROOT, env, stdio, shell: onWindows })
  if (error) console.error(error.message)
  return status ?? 1
}
