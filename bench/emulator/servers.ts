import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'

const ROOT = resolve(import.meta.dirname, '../..')

/** A server as its own process, all of it: the measured one never shares a process with the one who measures. */
export interface Server {
  readonly name: string
  readonly endpoint: string
  /** From spawning the process to the first answered request. */
  readonly readyMs: number
  memoryMb(): number
  stop(): Promise<void>
}

type Command = (port: number) => { readonly file: string; readonly env?: Readonly<Record<string, string>> }

const COMMANDS = {
  emulator: () => ({ file: join(ROOT, 'packages/emulator/bin/onesub-emulator.js') }),
  'cognito-local': (port) => ({
    file: join(ROOT, 'node_modules/cognito-local/lib/bin/start.js'),
    env: { PORT: `${port}` },
  }),
  constant: () => ({ file: join(import.meta.dirname, 'constant-server.ts') }),
} as const satisfies Record<string, Command>

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export type ServerName = keyof typeof COMMANDS

export async function start(name: ServerName): Promise<Server> {
  const port = await freePort()
  const command: ReturnType<Command> = COMMANDS[name](port)
  const folder = mkdtempSync(join(tmpdir(), 'bench-emulator-'))
  const begun = performance.now()
  // The emulator is started as users start it, by its own first line, which names flags for Node.
  const [program, words] = name === 'emulator' ? [command.file, []] : [process.execPath, [command.file]]
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`
  const child = spawn(program, [...words, '--port', String(port)], {
    cwd: folder,
    env: { ...process.env, PATH, NODE_ENV: 'development', ...command.env },
    stdio: 'ignore',
  })
  running.add(child)
  const endpoint = `http://127.0.0.1:${port}`
  await answered(endpoint, child)
  const readyMs = performance.now() - begun
  return { name, endpoint, readyMs, memoryMb: () => residentMb(child.pid), stop: () => stopped(child, folder) }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Asks again and again, so that nobody is rewarded for announcing readiness early. */
async function answered(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 30_000
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode} before it was ready.`)
    // Knocking is cheap; whole requests, sent by the hundred, would take the starting server its processor.
    if (!(await listens(endpoint))) continue
    const answer = await fetch(endpoint, { method: 'POST', headers: HEADERS, body: '{"MaxResults":1}' }).catch(() => {})
    await answer?.text()
    if (answer?.ok) return
    await new Promise((later) => setTimeout(later, 4))
  }
  throw new Error('The server was not ready in 30 s.')
}

async function listens(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint)
  const socket = connect(Number(port), hostname)
  const opened = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  if (!opened) await new Promise((later) => setTimeout(later, 4))
  return opened
}

const HEADERS = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools',
}

function residentMb(pid: number | undefined): number {
  const kilobytes = /^VmRSS:\s+(?<kb>[0-9]+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.groups?.kb
  return Number(kilobytes) / 1_024
}

async function stopped(child: ChildProcess, folder: string): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  running.delete(child)
  rmSync(folder, { recursive: true })
}
