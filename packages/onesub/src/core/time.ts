/** Clock and timer in one port, so that tests and the simulator decide what time it is. */
export interface Time {
  /** Epoch milliseconds. */
  now(): number
  /** Calls back after so many milliseconds, unless the returned function is called first. */
  after(ms: number, callBack: () => void): () => void
}
