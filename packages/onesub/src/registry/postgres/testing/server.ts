import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { freePort } from '../../testing/free-port.ts'
import { answering } from './answering.ts'
import { newPostgresFiles } from './files.ts'

export interface PostgresServer {
  readonly url: string
  stop(): Promise<void>
}

export interface ServerOptions {
  /** Without it the server is faster and loses data only when the machine itself fails. @default false */
  readonly fsync?: boolean
}

const STARTS_WITHIN_MS = 30_000
const FORGOTTEN_AFTER_MS = 5_000

/** Starts a PostgreSQL server on a free port; or uses the server of ONESUB_TEST_POSTGRES_URL, which is not stopped. */
export async function startPostgres({ fsync = false }: ServerOptions = {}): Promise<PostgresServer> {
  const given = process.env.ONESUB_TEST_POSTGRES_URL
  if (given) return { url: given, stop: async () => {} }
  const { folder, server: binary, data, user } = await newPostgresFiles()
  const port = await freePort()
  const server = spawn(binary, ['-D', data, ...settings(port, fsync)], { ...user, cwd: folder, stdio: 'ignore' })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await answering('PostgreSQL', url, server, STARTS_WITHIN_MS)
  return { url, stop: () => stopped(server, folder) }
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

async function stopped(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null) {
    // The server waits for connections that are being closed, and later ends those that were forgotten
    // (PostgreSQL documentation, "Shutting Down the Server": smart and fast shutdown).
    server.kill('SIGTERM')
    const insisting = setTimeout(() => server.kill('SIGINT'), FORGOTTEN_AFTER_MS)
    await once(server, 'exit')
    clearTimeout(insisting)
  }
  rmSync(folder, { recursive: true })
}
