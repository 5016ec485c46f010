import type { DomainEvent } from '../../core/events.ts'
import type { EventFeed, Registry } from '../../core/ports.ts'
import type { Prunable } from '../../registry/prune.ts'
import type { Pepper } from '../../registry/rows/keys.ts'

/**
 * What a store can do beside keeping rows. A case of the contract that needs a feature is left out where the store does not have it.
 *
 * - `reopening`: rows outlive the registry object. The store can be opened again, and by several processes at once, with the options
 *   `pepper` and `sharedBy`.
 * - `event-feed`: the registry has `told`.
 * - `pruning`: the registry has `prune`.
 * - `late-commits`: a commit may become visible after a later one, since other clients have transactions. Needs `openLate`.
 * - `call-count`: the calls to the store can be counted. Needs `calls`.
 */
export type StoreFeature = 'reopening' | 'event-feed' | 'pruning' | 'late-commits' | 'call-count'

/** A store that is put to the contract. */
export interface StoreDescription {
  readonly features: readonly StoreFeature[]
  /** Makes a new, empty store. Called once for all cases about rows, and once for each other case. */
  create(): Promise<EmptyStore>
}

/** A new, empty store. */
export interface EmptyStore {
  /** Opens the store; with the feature `reopening` it may be called several times. Rejects with `CONFIG_INVALID` for wrong options. */
  open(options?: StoreOptions): Promise<TestedRegistry>
  /**
   * All events that were committed so far, in any order.
   * @default what the registry that was opened first reads by `told`
   */
  events?(): Promise<readonly DomainEvent[]>
  /** How many calls the store was asked since it was made. */
  calls?(): number
  /** Opens a registry whose commits are visible to nobody else before `end` is called. */
  openLate?(): Promise<LateRegistry>
}

export interface StoreOptions {
  /** @default null */
  readonly pepper?: Pepper
  /** @default none */
  readonly sharedBy?: readonly string[]
}

export type TestedRegistry = Registry & Partial<EventFeed & Prunable>

export interface LateRegistry {
  readonly registry: TestedRegistry
  end(): Promise<void>
}

/** One demand of the contract. */
export interface ContractCase {
  /** What the store must do. No two cases have the same name. */
  readonly name: string
  /** Resolves when the store does it. Rejects with an `AssertionError` of Node when it does not, or with what the store has thrown. */
  run(): Promise<void>
}

/** A case, and the features without which it makes no sense. */
export interface Demand {
  readonly name: string
  readonly needs?: readonly StoreFeature[]
  run(store: EmptyStore): Promise<void>
}
