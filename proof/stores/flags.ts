/** A whole number from 1 on. Throws for anything else: a run of zero commands would find nothing and look like a success. */
export function countIn(text: string, flag: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new Error(`${flag} is a whole number from 1 on.`)
}
