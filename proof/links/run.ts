/**
 * Every way of linking: `npm run -s proof -- links [--json] [--only <part of a cell's name>]`. Exits with 1 where a cell fails, or where the
 * covering has a gap.
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { nameOf } from './coordinates.ts'
import { covering, gaps } from './covering.ts'
import type { CellResult } from './shard.ts'

/** As many as small machines have cores; each has an emulator of its own. */
const SHARDS = 2

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
})
const began = performance.now()
const all = covering()
const wanted = all.filter((cell) => nameOf(cell).includes(values.only)).length
const missing = gaps(all)
for (const gap of missing) console.error(`No cell has ${gap}`)

const results: CellResult[] = []
let told = 0
await Promise.all(Array.from({ length: SHARDS }, (_, shard) => runShard(shard)))
const failed = results.filter(({ faults }) => faults.length > 0)
for (const { name, faults } of failed) console.error(`\n${name}\n${faults.map((fault) => `  ${fault}`).join('\n')}`)

const summary = {
  cells: results.length,
  passed: results.length - failed.length,
  failed: failed.length,
  seconds: Math.round((performance.now() - began) / 100) / 10,
  byProvider: byProvider(),
}
if (values.json) console.log(JSON.stringify(summary))
else console.log(`${summary.passed} of ${summary.cells} cells as they must be, in ${summary.seconds} s`)
const isComplete = wanted > 0 && results.length === wanted && missing.length === 0
process.exitCode = isComplete && failed.length === 0 ? 0 : 1

function runShard(shard: number): Promise<void> {
  const worker = new Worker(new URL('shard.ts', import.meta.url), {
    workerData: { shard, shards: SHARDS, only: values.only },
  })
  return new Promise((resolve, reject) => {
    worker.on('message', (played: readonly CellResult[]) => note(played))
    worker.on('error', reject)
    worker.on('exit', () => resolve())
  })
}

function note(played: readonly CellResult[]): void {
  results.push(...played)
  if (results.length - told < 250) return
  told = results.length
  console.error(`${told} of ${wanted} cells`)
}

function byProvider(): Readonly<Record<string, { cells: number; failed: number }>> {
  const counts: Record<string, { cells: number; failed: number }> = {}
  for (const { provider, faults } of results) {
    const { cells, failed } = counts[provider] ?? { cells: 0, failed: 0 }
    counts[provider] = { cells: cells + 1, failed: failed + (faults.length > 0 ? 1 : 0) }
  }
  return counts
}
