import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { PlantedBug } from './bug.ts'
import { BUGS } from './bugs.ts'
import { checkPlaces } from './planting.ts'
import { startTestHunter, type TestHunter } from './test-hunter.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Most show in the first hundred; what takes several steps in one order, later. */
const MOST_RUNS = '150000'

export interface Hunt {
  readonly name: string
  readonly found: boolean
  /** The simulator, or the test files that were run. */
  readonly by: PlantedBug['by']
  /** The first run of the simulator that shows it, and what it shows. */
  readonly seeds?: Readonly<Record<string, number>>
  readonly seconds: number
}

/**
 * Every planted bug, one after the other, hunted by whom it is given to. `simulated`: by the simulator instead, for whoever wants to know
 * which of the bugs that tests find it sees as well.
 */
export async function runPlanted({ only = '', simulated = false, onHunted = (_: Hunt) => {} } = {}) {
  checkPlaces()
  if (simulated) await refuseFaultySource()
  const began = performance.now()
  const hunted: Hunt[] = []
  const left = BUGS.filter(({ name }) => name.includes(only))
  const hunter = async () => {
    const tests = await startTestHunter()
    for (let bug = left.shift(); bug; bug = left.shift()) {
      const result = await hunt(simulated ? { ...bug, by: 'sim' } : bug, tests)
      hunted.push(result)
      onHunted(result)
    }
    await tests.close()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, hunter))
  const found = hunted.filter((one) => one.found).length
  return { total: hunted.length, found, hunted, seconds: secondsSince(began) }
}

/** Where the source as it is fails already, every hunt would end at once and show nothing. */
async function refuseFaultySource(): Promise<void> {
  const { code } = await program(['proof/sim/run.ts', '--runs', '3000', '--json'], '')
  if (code !== 0) throw new Error('The simulator finds a fault without any planted bug: fix that first.')
}

async function hunt(bug: PlantedBug, tests: TestHunter): Promise<Hunt> {
  const began = performance.now()
  const { name, by } = bug
  const outcome = by === 'sim' ? await bySimulator(name) : { found: await tests.finds(bug, by) }
  return { name, by, ...outcome, seconds: secondsSince(began) }
}

type Outcome = Pick<Hunt, 'found' | 'seeds'>

/** A program that breaks ends with the same code, and says nothing. */
async function bySimulator(bug: string): Promise<Outcome> {
  const args = [...PLANTED, 'proof/sim/run.ts', '--until-found', '--runs', MOST_RUNS, '--json']
  const { code, said } = await program(args, bug)
  const { seeds = {} }: { seeds?: Hunt['seeds'] } = said.startsWith('{') ? JSON.parse(said) : {}
  return { found: code === FOUND && Object.keys(seeds).length > 0, seeds }
}

const PLANTED = ['--import', './proof/planted/plant.ts']

/** A test that fails, or a violation. Any other code is a fault of the hunt and finds nothing. */
const FOUND = 1

function program(
  args: readonly string[],
  bug: string,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ONESUB_PLANT: bug },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })))
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      only: { type: 'string', default: '' },
      simulated: { type: 'boolean', default: false },
    },
  })
  const result = await runPlanted({
    only: values.only,
    simulated: values.simulated,
    onHunted: ({ found, seconds, name }) =>
      console.error(`${found ? 'found   ' : 'NOT FOUND'} ${seconds.toFixed(1).padStart(6)} s  ${name}`),
  })
  if (values.json) console.log(JSON.stringify(result))
  else console.log(`${result.found} of ${result.total} planted bugs found`)
  process.exitCode = result.found === result.total ? 0 : 1
}

if (import.meta.main) await main()
