import type { DomainEvent } from '../events.ts'
import type { Identifier } from '../identifiers/index.ts'
import type { Ownership } from '../identifiers/ownership.ts'
import type { OpId } from '../operation.ts'
import type { Identity, Person, PersonId } from '../person.ts'

/** An identity's row: its person, or that it is pending and has no person yet. */
export type Attachment =
  | { readonly status: 'member'; readonly person: PersonId }
  | { readonly status: 'waiting'; readonly wants: PersonId }

type Unrevised<Row> = Omit<Row, 'revision' | 'opId'>

/** `over`: the revision that the writer has seen, 0 for "there is no such row". Any other revision makes the whole change fail. */
interface Over {
  readonly expectedRevision: number
}

export interface OwnershipWrite extends Over {
  readonly row: 'ownership'
  readonly identifier: Identifier
  readonly ownership: Unrevised<Ownership>
  readonly events: readonly DomainEvent[]
}

export interface IdentityWrite extends Over {
  readonly row: 'identity'
  readonly identity: Identity
  readonly attachment: Attachment
  readonly events: readonly DomainEvent[]
}

export interface PersonWrite extends Over {
  readonly row: 'person'
  readonly id: PersonId
  readonly person: Omit<Person, 'id' | 'revision'>
  readonly events: readonly DomainEvent[]
}

/** `tells`: the event of the write, stored in or with the row itself. */
export type Write = OwnershipWrite | IdentityWrite | PersonWrite

/** All or nothing. A row is written at most once in a change. */
export interface Change {
  readonly opId: OpId
  /** The one whom the change is about, as far as its writer knows; whoever wrote an ownership first may have minted another id. */
  readonly person: PersonId
  readonly writes: readonly [Write, ...Write[]]
}
