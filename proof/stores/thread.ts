import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { type StoreResult, verifyStore } from './store-run.ts'

/** Lines of progress, then the result. */
export type FromThread = string | StoreResult

// The share of one thread in a run of `equivalence.ts`.
if (!isMainThread) {
  const say = (message: FromThread) => parentPort?.postMessage(message)
  say(await verifyStore(workerData, say))
}
