/**
 * PostgreSQL is killed again and again while 32 connections claim keys; afterwards what every client was told is held against what is there:
 * `node proof/stores/kill.ts [--kills <n>] [--seed <n>] [--json]`. Exits with 1 where something was lost, doubled, or seen going back.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { migratePostgres, openPostgresRegistry } from '../../packages/onesub/src/registry/postgres/index.ts'
import { type PostgresCluster, postgresCluster } from '../../packages/onesub/src/registry/postgres/testing/cluster.ts'
import { type SlowLine, slowLine } from '../../packages/onesub/src/registry/postgres/testing/slow-line.ts'
import { type Chooser, seeded } from '../sim/random.ts'
import { Clients } from './clients.ts'
import { countIn } from './flags.ts'
import { type Anomaly, anomaliesIn, type History } from './history.ts'

export interface KillsResult {
  readonly kills: number
  readonly connections: number
  readonly commits: {
    readonly committed: number
    readonly replayed: number
    readonly overtaken: number
    /** The server died before it had answered. */
    readonly unknown: number
    /** How many of those had been written all the same. */
    readonly unknownButWritten: number
  }
  readonly reads: number
  readonly events: number
  /** Positions that no event has. A sequence leaves some out after a crash (PostgreSQL documentation, "Sequence Manipulation Functions"). */
  readonly positionsLeftOut: number
  readonly anomalies: readonly Anomaly[]
  /** As the server says them. */
  readonly settings: Readonly<Record<string, string>>
  readonly seconds: number
}

export interface KillsOptions {
  /** @default 50 */
  readonly kills?: number
  /** What the clients want; who comes first is the machine's. @default 1 */
  readonly seed?: number
  readonly onProgress?: (line: string) => void
}

const CONNECTIONS = 32
/** Long enough that answers are on their way when the server dies: those changes are there, and nobody knows. */
const ANSWERS_TAKE_MS = 3
/** Between two kills, at least. */
const ANSWERS_A_ROUND = 200
const LONGEST_PAUSE_MS = 200

export async function runKills({
  kills = 50,
  seed = 1,
  onProgress = () => {},
}: KillsOptions = {}): Promise<KillsResult> {
  const began = performance.now()
  const cluster = await postgresCluster()
  const line = await slowLine(cluster.port, ANSWERS_TAKE_MS)
  const pool = new pg.Pool({ host: '127.0.0.1', port: line.port, user: 'postgres', max: CONNECTIONS })
  // Of connections that wait in the pool: the next query opens another.
  pool.on('error', () => {})
  try {
    await cluster.start()
    await migratePostgres(pool)
    const registry = await openPostgresRegistry({ client: pool, pepper: null })
    let up = Promise.resolve()
    const clients = new Clients(registry, () => up)
    clients.contendFor(0)
    const running = clients.run(CONNECTIONS, seed)
    const killing = async () => {
      const chooser = seeded(seed)
      for (let round = 1; round <= kills; round += 1) {
        await working(clients, chooser)
        up = killed(cluster, line)
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
      kills,
      settings: await settingsOf(pool),
      seconds: secondsSince(began),
    }
  } finally {
    await pool.end()
    await line.close()
    await cluster.remove()
  }
}

async function working(clients: Clients, chooser: Chooser): Promise<void> {
  const enough = clients.answered + ANSWERS_A_ROUND
  while (clients.answered < enough) await sleep(5)
  await sleep(chooser.pick(LONGEST_PAUSE_MS))
}

async function killed(cluster: PostgresCluster, line: SlowLine): Promise<void> {
  await cluster.kill(() => line.cut())
  await cluster.start()
}

function summary(history: History): Omit<KillsResult, 'kills' | 'settings' | 'seconds'> {
  const { attempts, reads, told } = history
  const written = new Set(told.map(({ person }) => person))
  const unknown = attempts.filter(({ answer }) => answer.kind === 'unknown')
  const committed = attempts.flatMap(({ answer }) => (answer.kind === 'committed' ? [answer.replayed] : []))
  return {
    connections: CONNECTIONS,
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

async function settingsOf(pool: pg.Pool): Promise<Readonly<Record<string, string>>> {
  const names = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes']
  const { rows } = await pool.query('select name, setting from pg_settings where name = any($1)', [names])
  return Object.fromEntries(rows.map(({ name, setting }) => [String(name), String(setting)]))
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
      kills: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  })
  const onProgress = (line: string) => console.error(line)
  const result = await runKills({
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
