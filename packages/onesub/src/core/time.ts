/** Clock and timer in one port, so that tests and the simulator decide what time it is. */
export interface Time {
  /** Epoch milliseconds. */
  now(): number
  /** Calls back after so many milliseconds, unless the returned function is called first. */
  after(ms: number, callBack: () => void): () => void
}

/** By the machine's own clock. */
export function afterMs(ms: number, callBack: () => void): () => void {
  const timer = setTimeout(callBack, ms)
  return () => clearTimeout(timer)
}

/** What the work comes to, or what `late` gives or throws after so many milliseconds. Late work goes on: nothing can stop it. */
export function withTimeout<Result>(
  ms: number,
  work: Promise<Result>,
  late: () => Result,
  after: Time['after'] = afterMs,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const cancel = after(ms, () => {
      try {
        resolve(late())
      } catch (error) {
        reject(error)
      }
    })
    work.then(resolve, reject).finally(cancel)
  })
}
