import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../testing/free-port.ts'
import { answering } from './answering.ts'

export interface Pooler {
  readonly url: string
  stop(): Promise<void>
}

/** The user id of `nobody` on Debian. PgBouncer refuses to run as root. */
const NOBODY = 65_534
const STARTS_WITHIN_MS = 20_000

export const hasPgBouncer = spawnSync('pgbouncer', ['--version'], { env: withSbin() }).status === 0

/** Starts PgBouncer in transaction mode in front of the server at this URL: each transaction may get another connection. */
export async function startPgBouncer(serverUrl: string): Promise<Pooler> {
  const folder = mkdtempSync(join(tmpdir(), 'onesub-pgbouncer-'))
  const port = await freePort()
  writeFileSync(join(folder, 'pgbouncer.ini'), settings(new URL(serverUrl), port))
  const user = ownedByNobody(folder)
  const server = spawn('pgbouncer', [join(folder, 'pgbouncer.ini')], { env: withSbin(), stdio: 'ignore', ...user })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await answering('PgBouncer', url, server, STARTS_WITHIN_MS)
  return {
    url,
    async stop() {
      if (server.exitCode === null) {
        server.kill('SIGQUIT')
        await once(server, 'exit')
      }
      rmSync(folder, { recursive: true })
    },
  }
}

function settings({ hostname, port, username, password }: URL, listensOn: number): string {
  const secret = password === '' ? '' : ` password=${decodeURIComponent(password)}`
  return `[databases]
postgres = host=${hostname} port=${port} dbname=postgres user=${username}${secret}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listensOn}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
max_client_conn = 200
`
}

function ownedByNobody(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  chownSync(folder, NOBODY, NOBODY)
  chmodSync(join(folder, 'pgbouncer.ini'), 0o644)
  return { uid: NOBODY, gid: NOBODY }
}

/** Debian installs it in a folder that is only in root's PATH. */
function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` }
}
