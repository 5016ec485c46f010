import type { Change } from './changes/change.ts'
import type { DomainEvent } from './events.ts'
import type { Identifier } from './identifiers/index.ts'
import type { Holder, Ownership } from './identifiers/ownership.ts'
import type { LinkedIdentity } from './linked-identities.ts'
import type { Identity, KnownIdentity, Person, PersonId } from './person.ts'

/** What the registry knows now about one identity and some identifiers. Never read from a replica or an index: decisions rest on it. */
export interface Facts {
  /** The person whose identity it is. */
  readonly owner: Person | undefined
  /** The identity is known and waits for proof to be this person's, or was unlinked from this person: it belongs to nobody. */
  readonly waitsFor: PersonId | undefined
  /** Of the identity's own row; 0 where there is none. */
  readonly identityRevision: number
  /** In the order of the identifiers asked for. `person` is the owner, once one has been created. */
  readonly identifiers: readonly IdentifierFact[]
}

export interface IdentifierFact {
  readonly identifier: Identifier
  readonly ownership: Ownership | undefined
  readonly person: Person | undefined
  /** What a look into the pool has found, where a decision would rest on the ownership. */
  readonly finding?: Finding
}

/**
 * `abandoned`: the owner's users are gone, or do not show the identifier any more · `proven since`: somebody else has proven the identifier after the
 * arriving user had signed up · `of another`: reserved under the name of the arriving user, who was there before and is somebody else.
 */
export type Finding = 'abandoned' | 'proven since' | 'of another'

export interface FactsQuery {
  readonly identity: Identity | undefined
  readonly identifiers: readonly Identifier[]
}

export type CommitResult =
  /** `person` is the one in the row: an earlier run of the same operation may have minted another id than this one. */
  | { readonly outcome: 'committed'; readonly person: PersonId; readonly replayed: boolean }
  /**
   * Somebody was faster: nothing was written. Where the change was a single ownership, `winner` is the one that stands there,
   * brought along by the refusal; otherwise gather the facts again.
   */
  | { readonly outcome: 'overtaken'; readonly winner: Ownership | undefined }

/**
 * The store that knows who owns which identifier and identity. Demands on every adapter, checked by `testing/store-contract/`:
 *
 * - `commit` is all or nothing and decides by conditional writes alone; of simultaneous commits over the same revision exactly one wins.
 * - A refusal by rows that all carry the change's own `opId`, the revisions it would write, and one person is an earlier success
 *   (`replayed: true`).
 * - The event of each write is stored with it, atomically, and told by `told` in the order of the person's history.
 * - Reads are strongly consistent.
 */
export interface Registry {
  facts(query: FactsQuery): Promise<Facts>
  commit(change: Change): Promise<CommitResult>
  /** Undefined for an identity that is unknown or waits for proof. */
  resolve(identity: Identity): Promise<PersonId | undefined>
  person(id: PersonId): Promise<Person | undefined>
  /**
   * Called before the first use for a user pool. The first pool to come has the registry; another one is refused with `CONFIG_INVALID` unless the
   * registry was opened with both in `sharedBy`. Asks the store once in a process.
   */
  admit?(userPoolId: string): Promise<void>
}

/** Where an adapter keeps its events in a table of its own; DynamoDB tells them by its stream instead. */
export interface EventFeed {
  /** Events after a position, oldest first. Positions are opaque to callers and grow. */
  told(after?: number, limit?: number): Promise<readonly StoredEvent[]>
}

export interface StoredEvent {
  readonly position: number
  readonly event: DomainEvent
}

/** The pool's users, as far as a decision has effects there. Each call is safe to repeat. */
export interface UserPool {
  /**
   * Links an identity that has no profile yet to the primary user. `elsewhere`: a look has found it on another user; `full`: the primary user has as many
   * links as Cognito allows; `unfit`: Cognito refuses it for good, for a reason of its own. All found out by looking, never from the words
   * of an error. `gone`: there is no such user any more, though somebody else may have its name.
   */
  link(identity: Identity, primaryUser: KnownIdentity): Promise<'linked' | 'elsewhere' | 'full' | 'unfit' | 'gone'>
  /** Unlinks an identity from its primary user; no error where it is not linked. */
  unlink(identity: Identity, primaryUser: KnownIdentity): Promise<void>
  /** Read consistently: the user of that name, confirmed or not; undefined where there is none now. */
  find(user: Holder): Promise<PoolUserFound | undefined>
  /** Whether a user signs in to the pool by that address; false where addresses are no names there. */
  hasAddress(pool: string, address: Identifier<'email'>, spelled: string): Promise<boolean>
  /** Whether the pool's users choose their user names; false where Cognito makes them. */
  namesAreChosen(pool: string): Promise<boolean>
  /** Whether a user's former address or number stays until the code for the new one has come back. */
  keepsOriginal(pool: string, attribute: 'email' | 'phone_number'): Promise<boolean>
  /**
   * Makes a user whose password nobody knows, and which a reset opens. Undefined where the pool has somebody under that name or address;
   * `contested` where another run of ours is at it.
   */
  createPlaceholderUser(placeholder: PlaceholderUser): Promise<PoolUser | 'contested' | undefined>
  /** The placeholder user that an earlier run has made for this address; undefined where that run did not get so far. */
  findPlaceholderUser(user: Holder, address: Identifier<'email'>): Promise<PoolUser | undefined>
  /** Removes a provider's profile that nothing is linked to, and no other user: fine where there is none. */
  removeProfile(user: Holder): Promise<void>
  /** Removes a user of ours whose password nobody knows and that nothing is linked to any more. */
  removePlaceholderUser(user: Holder): Promise<void>
  /** Writes the proven address, and its mark with it, over what the pool shows. */
  restoreAddress(user: Holder, address: string): Promise<void>
  /** Takes the mark off the address that the user shows: no code for a new password goes there. */
  unverifyAddress(user: Holder, address: string): Promise<void>
  /** Replaces the password by one that nobody knows, and ends all sessions. */
  replacePassword(user: Holder): Promise<void>
  /** Ends all sessions; fine where there is no such user any more. */
  signOut(user: Holder): Promise<void>
}

/** A pool user as Cognito has it now. */
export interface PoolUserFound extends PoolUser {
  readonly status: string | undefined
  readonly email: string | undefined
  readonly emailVerified: boolean
  readonly phone: string | undefined
  readonly phoneVerified: boolean
  /** A second factor is set up. Passkeys and remembered devices are not shown. */
  readonly hasMfa: boolean
  /** Epoch milliseconds; 0 where Cognito does not say. */
  readonly created: number
  readonly links: readonly LinkedIdentity[]
  /** All that Cognito shows, by name. */
  readonly attributes: Readonly<Record<string, string>>
}

export interface PlaceholderUser {
  readonly pool: string
  /** The user name wherever the pool lets us choose it. */
  readonly person: PersonId
  /** The person's proven address, as the user spells it. */
  readonly address: string
  /** Further attributes, such as the one that names the tenant. */
  readonly attributes: Readonly<Record<string, string>>
  /** By which our own trigger knows the nested event; see `triggers/primary-user.ts`. */
  readonly marker: string
}

export interface PoolUser {
  readonly userName: string
  readonly sub: string
}

/** Epoch milliseconds. */
export type Clock = () => number
export type MintPersonId = () => PersonId
