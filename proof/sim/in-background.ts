import { spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { runSim } from './run.ts'

type SimResult = Awaited<ReturnType<typeof runSim>>

/** Nice enough to take only what others leave (setpriority(2)). */
const NICE = 10

/** The simulator in a process of its own, which takes what processor time the other parts do not need. */
export async function simInBackground({ runs, seed }: { runs: number; seed: number }): Promise<SimResult> {
  const program = fileURLToPath(new URL('run.ts', import.meta.url))
  const args = [program, '--json', '--runs', String(runs), '--seed', String(seed)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.pid !== undefined) setPriority(child.pid, NICE)
  const said: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text))
  await new Promise((resolve) => child.on('close', resolve))
  return JSON.parse(said.join(''))
}
