/**
 * Of calls that alternate between two kinds: whether each kind succeeded, in alphabetical order. `undefined` for a kind whose calls ended
 * differently.
 */
export function agreementsOf(outcomes: readonly PromiseSettledResult<unknown>[]): readonly (boolean | undefined)[] {
  const succeeded = outcomes.map(({ status }) => status === 'fulfilled')
  return [0, 1].map((kind) => agreed(succeeded.filter((_, at) => at % 2 === kind))).toSorted()
}

function agreed(all: readonly boolean[]): boolean | undefined {
  return all.every((one) => one === all[0]) ? all[0] : undefined
}
