/** Where a run meets a fork in the road, it asks. Everything that happens in a run follows from the answers. */
export interface Chooser {
  /** A whole number from 0 to `options - 1`; 0 is the plainest answer. */
  pick(options: number): number
  /** Whether something rare happens here. */
  oneIn(times: number): boolean
}

/** Nothing rare, and always the first in line. */
export const PLAIN: Chooser = { pick: () => 0, oneIn: () => false }

/** sfc32 (PractRand), seeded by one number: the same run for the same seed, on every machine. */
export function seeded(seed: number): Chooser {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1]
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    return t >>> 0
  }
  for (let turn = 0; turn < 12; turn += 1) next()
  return { pick: (options) => next() % options, oneIn: (times) => next() % times === 0 }
}

export function among<T>(chooser: Chooser, options: readonly [T, ...T[]]): T {
  return options[chooser.pick(options.length)] ?? options[0]
}
