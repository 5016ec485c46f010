import { RESERVATION_OUTLIVES_LEASE_MS } from './rows/encode.ts'

export interface PruneOptions {
  /** Epoch milliseconds. @default Date.now() */
  readonly now?: number
  /** The position up to which every reader has read the events. @default no event is deleted */
  readonly deliveredUpTo?: number
  /** The most rows that one statement deletes, so that no statement takes long. @default 1,000 */
  readonly batch?: number
}

export interface Pruned {
  readonly reservations: number
  readonly events: number
}

/** For stores that do not delete rows by themselves, as DynamoDB does. */
export interface Prunable {
  /** Deletes reservations that ended long ago, and events that all readers have. Safe to run at any time, and twice at once. */
  prune(options?: PruneOptions): Promise<Pruned>
}

/** Each method deletes at most `most` rows and returns how many it has deleted. */
export interface Pruner {
  reservations(leaseBefore: number, most: number): Promise<number>
  events(upTo: number, most: number): Promise<number>
}

const BATCH = 1_000

export async function pruneWith(
  { reservations, events }: Pruner,
  { now = Date.now(), deliveredUpTo, batch = BATCH }: PruneOptions,
): Promise<Pruned> {
  const leaseBefore = now - RESERVATION_OUTLIVES_LEASE_MS
  return {
    reservations: await inBatches(() => reservations(leaseBefore, batch), batch),
    events: deliveredUpTo === undefined ? 0 : await inBatches(() => events(deliveredUpTo, batch), batch),
  }
}

async function inBatches(deletes: () => Promise<number>, batch: number): Promise<number> {
  for (let deleted = 0; ; ) {
    const more = await deletes()
    deleted += more
    if (more < batch) return deleted
  }
}
