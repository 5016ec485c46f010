/**
 * Servers are killed again and again while their connections write; afterwards every answer is compared with what the store holds:
 * `node proof/stores/kill.ts [--store <name>] [--kills <n>] [--seed <n>] [--json]`. Exits with 1 where something was lost, written twice, or read
 * as it was before.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { isStoreName, STORE_NAMES, STORES, type StoreName } from '../../test/stores/stores.ts'
import { type Chooser, seeded } from '../sim/random.ts'
import { Clients } from './clients.ts'
import { countIn } from './flags.ts'
import { type Anomaly, anomaliesIn, type History } from './history.ts'

export interface KillsResult {
  readonly store: StoreName
  readonly kills: number
  readonly connections: number
  readonly commits: {
    readonly committed: number
    readonly replayed: number
    readonly overtaken: number
    /** The server died before it had answered. */
    readonly unknown: number
    /** How many of those were written nevertheless. */
    readonly unknownButWritten: number
  }
  readonly reads: number
  readonly events: number
  /**
   * Positions that no event has. A sequence leaves some out after a crash (PostgreSQL documentation, "Sequence Manipulation Functions").
   */
  readonly positionsLeftOut: number
  readonly anomalies: readonly Anomaly[]
  /** As the store itself reports them. */
  readonly settings: Readonly<Record<string, string>>
  readonly seconds: number
}

export interface KillsOptions {
  /** @default postgres */
  readonly store?: StoreName
  /** @default 50 */
  readonly kills?: number
  /** Determines what the clients ask for. Their order depends on the machine. @default 1 */
  readonly seed?: number
  readonly onProgress?: (line: string) => void
}

/** The stores whose process can be killed. */
const KILLABLE = STORE_NAMES.filter((name) => STORES[name].startKillable)

/** How many answers there are at least between two kills. */
const ANSWERS_A_ROUND = 200
const LONGEST_PAUSE_MS = 200

/** Rejects where the store cannot be started, or cannot be killed. */
export async function runKills({
  store = 'postgres',
  kills = 50,
  seed = 1,
  onProgress = () => {},
}: KillsOptions = {}): Promise<KillsResult> {
  const began = performance.now()
  const killable = await STORES[store].startKillable?.()
  if (!killable) throw new Error(`${store} cannot be killed: --store is one of ${KILLABLE.join(', ')}.`)
  try {
    let up = Promise.resolve()
    const clients = new Clients(killable.registry, () => up)
    clients.contendFor(0)
    const running = clients.run(killable.connections, seed)
    const killing = async () => {
      const chooser = seeded(seed)
      for (let round = 1; round <= kills; round += 1) {
        await working(clients, chooser)
        up = killable.killAndStart()
        await up
        clients.contendFor(round)
        if (round % 10 === 0) onProgress(`${round} of ${kills} kills, ${clients.answered} commits answered`)
      }
      await working(clients, chooser)
    }
    await killing().finally(() => clients.end())
    await running
    return {
      ...summary(await clients.history()),
      store,
      connections: killable.connections,
      kills,
      settings: await killable.settings(),
      seconds: secondsSince(began),
    }
  } finally {
    await killable.remove()
  }
}

async function working(clients: Clients, chooser: Chooser): Promise<void> {
  const enough = clients.answered + ANSWERS_A_ROUND
  while (clients.answered < enough) await sleep(5)
  await sleep(chooser.pick(LONGEST_PAUSE_MS))
}

function summary(history: History): Omit<KillsResult, 'store' | 'connections' | 'kills' | 'settings' | 'seconds'> {
  const { attempts, reads, told } = history
  const written = new Set(told.map(({ person }) => person))
  const unknown = attempts.filter(({ answer }) => answer.kind === 'unknown')
  const committed = attempts.flatMap(({ answer }) => (answer.kind === 'committed' ? [answer.replayed] : []))
  return {
    commits: {
      committed: committed.filter((replayed) => !replayed).length,
      replayed: committed.filter((replayed) => replayed).length,
      overtaken: attempts.length - unknown.length - committed.length,
      unknown: unknown.length,
      unknownButWritten: unknown.filter(({ person }) => written.has(person)).length,
    },
    reads: reads.length,
    events: told.length,
    positionsLeftOut: (told.at(-1)?.position ?? 0) - told.length,
    anomalies: anomaliesIn(history),
  }
}

function byKind(anomalies: readonly Anomaly[]): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>()
  for (const { kind, at } of anomalies) places.set(kind, [...(places.get(kind) ?? []), at])
  return places
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      store: { type: 'string', default: 'postgres' },
      kills: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  })
  if (!isStoreName(values.store)) throw new Error(`--store is one of ${KILLABLE.join(', ')}.`)
  const onProgress = (line: string) => console.error(line)
  const result = await runKills({
    store: values.store,
    kills: countIn(values.kills, '--kills'),
    seed: countIn(values.seed, '--seed'),
    onProgress,
  })
  for (const [kind, places] of byKind(result.anomalies))
    console.error(`${kind}: ${places.length} times, first at ${places[0]}`)
  if (values.json) console.log(JSON.stringify(result))
  else {
    const { anomalies, ...rest } = result
    console.log(`${result.kills} kills, ${anomalies.length} anomalies`, rest)
  }
  process.exitCode = result.anomalies.length === 0 ? 0 : 1
}

if (import.meta.main) await main()
