/** A whole number from 1 on. A run of nothing, or of what is no number, would find nothing and look like success. */
export function countIn(text: string, flag: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new Error(`${flag} is a whole number from 1 on.`)
}
