/**
 * Sends the same random commands to the memory registry and to a store, and compares every answer:
 * `node proof/stores/equivalence.ts [--store <name>|all] [--commands <n>] [--seed <n>] [--json]`.
 * Exits with 1 if an answer differs.
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { StoreName } from '../../test/stores/stores.ts'
import { countIn } from './flags.ts'
import type { Difference } from './round.ts'
import {
  COMMANDS_A_ROUND,
  COMPARED,
  comparisonOf,
  counted,
  type Order,
  type StoreResult,
  sum,
  verifyStore,
} from './store-run.ts'
import type { FromThread } from './thread.ts'

export interface StoresResult {
  readonly commands: number
  readonly differences: number
  readonly seed: number
  readonly seconds: number
  readonly stores: readonly TimedResult[]
}

export interface TimedResult extends StoreResult {
  /** With the start and the end of its server. */
  readonly seconds: number
}

export interface StoresOptions {
  /** @default all */
  readonly stores?: readonly StoreName[]
  /** How many commands each store gets; fewer in a run of the whole proof. @default the numbers in the store's entry of `test/stores/stores.ts` */
  readonly commands?: number | 'whole proof'
  /** The seed of the first round. The next rounds have the next numbers. @default 1 */
  readonly seed?: number
  readonly onProgress?: (line: string) => void
}

/** For fewer commands a thread is not worth its start. */
const COMMANDS_FOR_A_THREAD = 20_000

/** Rejects where a store cannot be started, so that no store is left out silently. */
export async function runStores(options: StoresOptions = {}): Promise<StoresResult> {
  const { stores = COMPARED, commands, seed = 1, onProgress = () => {} } = options
  const began = performance.now()
  const results: TimedResult[] = []
  for (const store of stores) {
    const began = performance.now()
    const order = { store, commands: commandsFor(store, commands), seed }
    results.push({ ...(await inThreads(order, onProgress)), seconds: secondsSince(began) })
  }
  return {
    commands: sum(results.map(({ commands }) => commands)),
    differences: sum(results.map(({ differences, eventsWrong }) => differences.length + eventsWrong)),
    seed,
    seconds: secondsSince(began),
    stores: results,
  }
}

function commandsFor(store: StoreName, wanted: StoresOptions['commands']): number {
  if (typeof wanted === 'number') return wanted
  const { commands, commandsInWholeProof } = comparisonOf(store)
  return wanted === 'whole proof' ? commandsInWholeProof : commands
}

async function inThreads(order: Order, onProgress: (line: string) => void): Promise<StoreResult> {
  const threads = Math.min(comparisonOf(order.store).threads ?? 1, Math.floor(order.commands / COMMANDS_FOR_A_THREAD))
  if (threads < 2) return verifyStore(order, onProgress)
  const rounds = Math.ceil(order.commands / threads / COMMANDS_A_ROUND)
  const shares = Array.from({ length: threads }, (_, at) => {
    const given = at * rounds * COMMANDS_A_ROUND
    const commands = Math.min(rounds * COMMANDS_A_ROUND, order.commands - given)
    return { ...order, commands, seed: order.seed + at * rounds }
  })
  return together(await Promise.all(shares.map((share) => inThread(share, onProgress))))
}

function inThread(share: Order, onProgress: (line: string) => void): Promise<StoreResult> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: share })
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromThread) => {
      if (typeof message === 'string') onProgress(message)
      else resolve(message)
    })
    worker.once('error', reject)
  })
}

function together(parts: readonly StoreResult[]): StoreResult {
  const [first] = parts
  if (!first) throw new Error('There is no thread.')
  const total = (of: (part: StoreResult) => number) => sum(parts.map(of))
  return {
    store: first.store,
    commands: total(({ commands }) => commands),
    rounds: total(({ rounds }) => rounds),
    answers: counted(parts.map(({ answers }) => answers)),
    differences: parts.flatMap(({ differences }) => differences),
    eventsRead: total(({ eventsRead }) => eventsRead),
    eventsWrong: total(({ eventsWrong }) => eventsWrong),
  }
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10
}

function describe({ seed, at, expected, actual, command, shortest }: Difference): string {
  const lines = shortest ?? [command]
  return [
    `seed ${seed}, command ${at}: not as the reference says. ${shortest ? 'The shortest way there:' : 'Not so a second time.'}`,
    ...lines.map((line) => `  ${JSON.stringify(line, readable)}`),
    `expected ${JSON.stringify(expected, readable)}`,
    `actual   ${JSON.stringify(actual, readable)}`,
  ].join('\n')
}

const LONGEST_SHOWN = 80

function readable(_name: string, value: unknown): unknown {
  const isLong = typeof value === 'string' && value.length > LONGEST_SHOWN
  return isLong ? `${value.slice(0, 10)}… (${value.length} characters)` : value
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      store: { type: 'string', default: 'all' },
      commands: { type: 'string' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  })
  const stores = COMPARED.filter((name) => values.store === 'all' || values.store === name)
  if (stores.length === 0) throw new Error(`--store is one of ${COMPARED.join(', ')}, all.`)
  const result = await runStores({
    stores,
    ...(values.commands !== undefined && { commands: countIn(values.commands, '--commands') }),
    seed: countIn(values.seed, '--seed'),
    onProgress: (line) => console.error(line),
  })
  for (const { store, differences } of result.stores) {
    for (const difference of differences) console.error(`${store}: ${describe(difference)}`)
  }
  if (values.json) console.log(JSON.stringify(result))
  else
    for (const { store, commands, rounds, answers, differences, eventsWrong, seconds } of result.stores) {
      console.log(
        `${store}: ${commands} commands in ${rounds} rounds, ${differences.length} differences, ${eventsWrong} events wrong, ${seconds} s`,
      )
      console.log(
        Object.entries(answers)
          .map(([kind, times]) => `  ${kind} ${times}`)
          .join('\n'),
      )
    }
  process.exitCode = result.differences === 0 ? 0 : 1
}

if (import.meta.main) await main()
