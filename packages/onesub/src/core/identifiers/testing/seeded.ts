// For the tests: choices that are the same in every run, on every machine, whatever `Math.random` does.

export interface Choice {
  /** A whole number from 0 up to, and without, the limit. */
  below(limit: number): number
  of<T>(items: readonly T[]): T
}

/** xorshift32 (G. Marsaglia, "Xorshift RNGs", 2003), seeded with a word. */
export function seededChoice(seed: string): Choice {
  let state = [...seed].reduce((sum, character) => (Math.imul(sum, 31) + (character.codePointAt(0) ?? 0)) | 0, 1) || 1
  const below = (limit: number) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
  const of = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)]
    if (item === undefined) throw new RangeError('There is nothing to choose from.')
    return item
  }
  return { below, of }
}
