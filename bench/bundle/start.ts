import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface StandIn {
  readonly endpoint: string
  readonly issuer: string
  readonly tokens: { readonly withClaim: string; readonly withoutClaim: string }
  /** `keep` what is written as what each round begins with, `restore` it, or list the `requests` since then. */
  control(word: 'keep' | 'restore' | 'requests'): Promise<readonly StandInRequest[]>
  stop(): void
}

interface StandInRequest {
  readonly target: string
  readonly contentType: string
  readonly body: string
}

export async function startStandIn(): Promise<StandIn> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'stand-in.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const [line] = await once(createInterface(child.stdout), 'line')
  const said = JSON.parse(line)
  return {
    ...said,
    control: async (word) => (await fetch(`${said.endpoint}/${word}`, { method: 'POST' })).json(),
    stop: () => child.kill('SIGKILL'),
  }
}

/** What one cold start took, and what the handler answered. */
export interface ColdStart {
  readonly initMs: number
  readonly firstMs: number
  /** Of all threads, from before the import to after the answer. */
  readonly cpuMs: number
  readonly rssBytes: number
  readonly answer: unknown
}

// As plain JavaScript on the command line: a file would be one more module in what is measured.
const MEASURE = `
const before = process.cpuUsage()
const begun = performance.now()
const { handler } = await import(process.env.BUNDLE)
const ready = performance.now()
const answer = await handler(JSON.parse(process.env.EVENT), { getRemainingTimeInMillis: () => 5000 })
const answered = performance.now()
const { user, system } = process.cpuUsage(before)
const times = { initMs: ready - begun, firstMs: answered - ready, cpuMs: (user + system) / 1000 }
const measured = { ...times, rssBytes: process.memoryUsage.rss(), answer }
process.stdout.write('\\n' + JSON.stringify(measured) + '\\n', () => process.exit(0))
`

/** Loads a bundle and calls it once, in a process of its own. */
export function coldStart(env: Readonly<Record<string, string>>): ColdStart {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', MEASURE], {
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`A handler failed: ${stderr}${stdout}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}
