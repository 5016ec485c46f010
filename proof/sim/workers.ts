import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

/**
 * Does every job in one of as many threads as there are processors, each of which stays, warm, for the next job. The program answers with
 * `answerJobs`. Results come in the order of the jobs.
 */
export async function inWorkers<Job, Result>(
  program: URL,
  jobs: readonly Job[],
  onResult: (result: Result) => void = () => {},
): Promise<readonly Result[]> {
  const results: Result[] = []
  const left = [...jobs.entries()]
  const work = async () => {
    const worker = new Worker(program)
    try {
      for (let next = left.shift(); next; next = left.shift()) {
        const [at, job] = next
        const result = await answerOf<Job, Result>(worker, job)
        results[at] = result
        onResult(result)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work))
  return results
}

async function answerOf<Job, Result>(worker: Worker, job: Job): Promise<Result> {
  const listening = new AbortController()
  const heard = (event: string) => once(worker, event, listening)
  worker.postMessage(job)
  try {
    const [result] = await Promise.race([heard('message'), heard('exit').then(endedEarly)])
    return result
  } finally {
    listening.abort()
  }
}

function endedEarly([code]: readonly unknown[]): never {
  throw new Error(`A worker ended with ${code} and without a result.`)
}

/** In a worker, does one job after the other as they come; false in the main thread. */
export function answerJobs<Job, Result>(work: (job: Job) => Promise<Result>): boolean {
  if (isMainThread) return false
  parentPort?.on('message', async (job: Job) => parentPort?.postMessage(await work(job)))
  return true
}
