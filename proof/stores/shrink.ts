/**
 * A part of the list that still fails, and from which no element can be removed: delta debugging (Zeller and Hildebrandt,
 * "Simplifying and Isolating Failure-Inducing Input"), which removes smaller and smaller pieces.
 */
export async function shrunk<T>(
  list: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = list
  let size = Math.ceil(left.length / 2)
  while (size >= 1) {
    const before = left.length
    for (let at = 0; at < left.length; ) {
      const without = [...left.slice(0, at), ...left.slice(at + size)]
      if (await fails(without)) left = without
      else at += size
    }
    if (size > 1) size = Math.ceil(size / 2)
    else if (left.length === before) return left
  }
  return left
}
