import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from '../../testing/free-port.ts'
import { newPostgresFiles } from './files.ts'

/** A PostgreSQL server with its own files that can be killed and started again. */
export interface PostgresCluster {
  readonly port: number
  /** Sends SIGKILL to all of its processes at once, so that none of them shuts down in order. Calls `atOnce` at that moment. */
  kill(atOnce: () => void): Promise<void>
  /** Resolves when the server has recovered and answers. */
  start(): Promise<void>
  /** Shuts the server down and removes its files. */
  remove(): Promise<void>
}

const STARTS_WITHIN_MS = 60_000

/** The defaults of PostgreSQL for durability: nothing is turned off. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 80,
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
}

export async function postgresCluster(): Promise<PostgresCluster> {
  const { folder, server: binary, data, user } = await newPostgresFiles()
  const port = await freePort()
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let server: ChildProcess | undefined

  return {
    port,
    async kill(atOnce) {
      if (server) await killAll(server, atOnce)
      server = undefined
    },
    async start() {
      // It exits at once while a process of the former server still holds the shared memory.
      const giveUp = AbortSignal.timeout(STARTS_WITHIN_MS)
      do {
        giveUp.throwIfAborted()
        server = spawn(binary, ['-D', data, ...settings], { ...user, cwd: folder, stdio: 'ignore' })
      } while (!(await answers(port, server, giveUp)))
    },
    async remove() {
      // In order: a killed server leaves its shared memory to the next one, and there will be none.
      if (server) await ended(server)
      rmSync(folder, { recursive: true })
    },
  }
}

/** A fast shutdown (PostgreSQL documentation, "Shutting Down the Server"). */
async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill('SIGINT')
  await gone
}

/** Each child of the server has its own process group. A signal to the server's group would leave the children to finish their work. */
async function killAll(server: ChildProcess, atOnce: () => void): Promise<void> {
  const { pid } = server
  if (pid === undefined) return
  // A stopped server cannot start a child that would not be in the list.
  process.kill(pid, 'SIGSTOP')
  const children = await childrenOf(pid)
  for (const child of children) process.kill(child, 'SIGKILL')
  const gone = once(server, 'exit')
  process.kill(pid, 'SIGKILL')
  atOnce()
  await gone
}

/** Asynchronous, so that clients continue and the server is killed while it works. */
async function childrenOf(parent: number): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='])
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  return processes.flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []))
}

/** False if the server exits instead. */
async function answers(port: number, server: ChildProcess, giveUp: AbortSignal): Promise<boolean> {
  while (server.exitCode === null) {
    giveUp.throwIfAborted()
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres' })
    const isThere = await client.connect().then(
      () => true,
      () => false,
    )
    if (isThere) {
      await client.end()
      return true
    }
    await sleep(10)
  }
  return false
}
