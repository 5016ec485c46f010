import type { Change } from '../core/changes/change.ts'
import { OnesubError } from '../core/errors.ts'

// DynamoDB API Reference, "TransactWriteItems": 100 items and 4 MB; Developer Guide, "Quotas": 400 KB for an item, its names included.
export const MOST_ROWS = 100
const LARGEST_ROW_BYTES = 400 * 1_024 - 4_096
const LARGEST_CHANGE_BYTES = 4 * 1_048_576 - 65_536

/** Every store has the limits of DynamoDB, so that each person fits into any store to which people are moved later. Throws `CHANGE_TOO_LARGE`. */
export function checkLimits({ writes }: Change): void {
  if (writes.length > MOST_ROWS) throw tooLarge(`has more than ${MOST_ROWS} rows`)
  const sizes = writes.map((write) => Buffer.byteLength(JSON.stringify(write)))
  if (sizes.some((size) => size > LARGEST_ROW_BYTES)) throw tooLarge('has a row of nearly 400 KB')
  if (sizes.reduce((sum, size) => sum + size, 0) > LARGEST_CHANGE_BYTES) throw tooLarge('has nearly 4 MB')
}

export function tooLarge(what: string): OnesubError {
  return new OnesubError('CHANGE_TOO_LARGE', { detail: `The change ${what}, and was not written.` })
}
