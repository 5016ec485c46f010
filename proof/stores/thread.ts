import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { type StoreResult, verifyStore } from './store-run.ts'

/** How far it has come, now and then; at the end, what it has found. */
export type FromThread = string | StoreResult

// One thread's share of `equivalence.ts`.
if (!isMainThread) {
  const say = (message: FromThread) => parentPort?.postMessage(message)
  say(await verifyStore(workerData, say))
}
