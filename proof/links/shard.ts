import { parentPort, workerData } from 'node:worker_threads'
import { openTestEnvironment } from '../../test/environment/test-pool.ts'
import { playPool } from './cell.ts'
import { nameOf } from './coordinates.ts'
import { byPool, covering } from './covering.ts'

/** What a thread reports of one cell. */
export interface CellResult {
  readonly provider: string
  readonly name: string
  readonly faults: readonly string[]
}

const { shard, shards, only }: { shard: number; shards: number; only: string } = workerData
const pools = byPool(covering().filter((cell) => nameOf(cell).includes(only)))
const environment = await openTestEnvironment()
try {
  for (const [at, cells] of pools.entries()) {
    if (at % shards !== shard) continue
    const played = await playPool(environment, cells[0], cells)
    const results: readonly CellResult[] = played.map(({ cell, faults }) => ({
      provider: cell.provider,
      name: nameOf(cell),
      faults,
    }))
    parentPort?.postMessage(results)
  }
} finally {
  await environment.close()
}
