import { invalidParameter } from '../shared/faults.ts'
import { constraint } from '../shared/input.ts'

const MOST_PER_PAGE = 60

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | undefined
}

export function pageOf<T>(all: readonly T[], limit = MOST_PER_PAGE, token?: string): Page<T> {
  if (limit < 1 || limit > MOST_PER_PAGE)
    throw constraint('MaxResults', `Member must be between 1 and ${MOST_PER_PAGE}`)
  const start = token === undefined ? 0 : placeIn(token)
  const end = start + limit
  return { items: all.slice(start, end), next: end < all.length ? tokenFor(end) : undefined }
}

const tokenFor = (clientInPool: number) => Buffer.from(String(clientInPool)).toString('base64url')

function placeIn(token: string): number {
  const clientInPool = Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isSafeInteger(clientInPool) || clientInPool < 0) throw invalidParameter('Invalid pagination token given.')
  return clientInPool
}
