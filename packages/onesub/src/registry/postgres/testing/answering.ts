import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** Waits until a new server accepts connections. Stops the server and rejects if it does not in time. */
export async function answering(name: string, url: string, server: ChildProcess, withinMs: number): Promise<void> {
  const giveUp = AbortSignal.timeout(withinMs)
  while (!giveUp.aborted) {
    if (server.exitCode !== null) throw new Error(`${name} ended at once, with code ${server.exitCode}.`)
    const client = new pg.Client({ connectionString: url })
    const connected = await client.connect().then(
      () => true,
      () => false,
    )
    if (connected) return client.end()
    await sleep(50)
  }
  server.kill('SIGKILL')
  throw new Error(`${name} did not answer in time.`)
}
