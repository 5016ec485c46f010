/** The digits of the table: five bits each, the lowest first; the sixth bit says that more follow. */
export const RUN_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
export const FIVE_BITS = 32

export function readNumbers(text: string): number[] {
  const numbers: number[] = []
  let number = 0
  let weight = 1
  for (const character of text) {
    const digit = RUN_DIGITS.indexOf(character)
    number += (digit % FIVE_BITS) * weight
    weight *= FIVE_BITS
    if (digit >= FIVE_BITS) continue
    numbers.push(number)
    number = 0
    weight = 1
  }
  return numbers
}

/** The index of the last entry of a rising list that is not above the value; −1 if all are. */
export function lastAtMost(rising: readonly number[], value: number): number {
  let low = 0
  let high = rising.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rising[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
