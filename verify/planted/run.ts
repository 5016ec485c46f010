import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BUGS, type PlantedBug } from './bugs.ts'
import { checkPlaces } from './planting.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Most show in the first hundred. */
const MOST_RUNS = '20000'
const AT_ONCE = 2

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } })

interface Hunt {
  readonly name: string
  readonly found: boolean
  readonly seconds: number
}

async function hunt(bug: PlantedBug): Promise<Hunt> {
  const began = performance.now()
  const args =
    bug.by === 'sim'
      ? ['--import', './verify/planted/plant.ts', 'verify/sim/run.ts', '--until-found', '--runs', MOST_RUNS]
      : ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', ...bug.by]
  const code = await exitCode(args, bug.name)
  return { name: bug.name, found: code === FOUND, seconds: (performance.now() - began) / 1_000 }
}

/** A test that fails, or a violation. Any other code is a fault of the hunt and finds nothing. */
const FOUND = 1

function exitCode(args: readonly string[], bug: string): Promise<number | null> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ONESUB_PLANT: bug },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  return new Promise((resolve) => child.on('close', resolve))
}

checkPlaces()
const hunted: Hunt[] = []
const left = BUGS.filter(({ name }) => values.only === undefined || name.includes(values.only))
const total = left.length
async function hunter(): Promise<void> {
  for (let bug = left.shift(); bug; bug = left.shift()) {
    const result = await hunt(bug)
    hunted.push(result)
    console.error(
      `${result.found ? 'found   ' : 'NOT FOUND'} ${result.seconds.toFixed(1).padStart(6)} s  ${result.name}`,
    )
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, hunter))
const found = hunted.filter((one) => one.found).length
if (values.json) console.log(JSON.stringify({ total, found, hunted }))
else console.log(`${found} of ${total} planted bugs found`)
process.exitCode = found === total ? 0 : 1
