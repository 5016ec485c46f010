import type { EventFeed, Registry } from '../../core/ports.ts'
import type { EmptyStore, StoreFeature } from '../../testing/index.ts'

/** A store as the suites of this repository use it. `test/stores/stores.ts` lists all of them. */
export interface TestStore {
  /** The store's name in the titles of tests. */
  readonly title: string
  readonly features: readonly StoreFeature[]
  /** Why the store is left out of this run. @default it is not */
  readonly skipped?: string | undefined
  /** How much the store is asked by `test/stores/races.test.ts`. */
  readonly races: RaceSizes
  /** How the store is compared with the memory registry. @default it is not: it is the memory registry */
  readonly comparison?: ComparisonSizes
  /** How many calls to the store each flow makes. @default they are not counted */
  readonly roundTrips?: Readonly<Record<Flow, number>>
  /** Starts what the store needs: a server, a folder, nothing. Rejects where that is missing. */
  start(): Promise<RunningStore>
  /** Starts a store whose process can be killed. @default the store is left out of `npm run proof -- kills` */
  startKillable?(): Promise<KillableStore>
}

/** What a user does, with one unique e-mail address. */
export type Flow =
  | 'signUp'
  | 'refusedSignUp'
  | 'confirmation'
  | 'signIn'
  | 'firstToken'
  | 'laterToken'
  /** Of a provider's identity, by its proven address. */
  | 'link'

export interface RaceSizes {
  /** Of 64 simultaneous sign-ups each. */
  readonly rounds: number
  /** How many calls are at work at once over the same 50 ownerships. */
  readonly workers: number
  /** How many changes they make. */
  readonly changes: number
}

export interface ComparisonSizes {
  /** Random commands in a run of `npm run proof -- stores`. */
  readonly commands: number
  /** Random commands in a run of the whole proof. */
  readonly commandsInWholeProof: number
  /** How many new stores are filled at the same time. 1 where a call holds the thread. */
  readonly lanes: number
  /** Of a hundred commands; the others read. */
  readonly commitsOfHundred: number
  /** More than one where the store works in the thread that asks it. @default 1 */
  readonly threads?: number
  /** One in so many lanes reads its events, where reading them is expensive. @default 1, which is every lane */
  readonly lanesForOneWithEvents?: number
}

export interface RunningStore {
  /** Makes a new, empty store. `events: false` where nobody will read its events. */
  create(options?: { readonly events?: boolean }): Promise<OwnStore>
  /** Ends the server, and removes everything that was created. */
  stop(): Promise<void>
}

export interface OwnStore extends EmptyStore {
  /** Removes this store. @default it is left to `stop` */
  remove?(): Promise<void>
}

/** A store that is killed while clients are at work. */
export interface KillableStore {
  /** How many calls it answers at the same time. */
  readonly connections: number
  readonly registry: Registry & EventFeed
  /** Kills all processes of the store at once and starts it again. Resolves when it answers again. */
  killAndStart(): Promise<void>
  /** The settings on which durability depends, as the store itself reports them. */
  settings(): Promise<Readonly<Record<string, string>>>
  remove(): Promise<void>
}
