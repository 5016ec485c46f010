import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** Runs a program once for each job, in as many threads as there are processors. Results come in the order of the jobs. */
export async function inWorkers<Job, Result>(
  program: URL,
  jobs: readonly Job[],
  onResult: (result: Result) => void = () => {},
): Promise<readonly Result[]> {
  const results: Result[] = []
  const left = [...jobs.entries()]
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [at, job] = next
      const result = await inWorker<Job, Result>(program, job)
      results[at] = result
      onResult(result)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return results
}

function inWorker<Job, Result>(program: URL, workerData: Job): Promise<Result> {
  const worker = new Worker(program, { workerData })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`A worker ended with ${code} and without a result.`)))
  })
}
