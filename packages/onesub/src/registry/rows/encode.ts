import type { Attachment, Change, OwnershipWrite, PersonWrite, Write } from '../../core/change.ts'
import type { DomainEvent } from '../../core/events.ts'
import type { OpId } from '../../core/operation.ts'
import type { PersonId } from '../../core/person.ts'
import { checkLimits } from '../limits.ts'
import type { RowKeys } from './keys.ts'

/** From this rank on a key is proven. */
export const PROVEN = 3
/**
 * How long a reservation outlives its lease: far longer than any function may still be at work that has read it, and than a code lives; for a month
 * it also tells that a user whose confirmation never reached us has signed up through our trigger.
 */
export const RESERVATION_OUTLIVES_LEASE_MS = 30 * 24 * 3_600_000

export type Table = 'ownerships' | 'identities' | 'persons'

/** What every row tells of the change that wrote it. */
interface Stamp {
  /** The person whom that change was about. */
  readonly about: PersonId
  readonly op_id: OpId
  readonly revision: number
}

/** Lists, and names that others chose, are JSON text: it carries NUL and lone surrogates, which a text column refuses or alters. */
type Json = string

interface OwnershipColumns {
  readonly person: PersonId
  readonly rank: number
  readonly epoch: number
  readonly holder: Json | null
  readonly lease_until: number | null
}

interface IdentityColumns {
  readonly status: Attachment['status']
  readonly person: PersonId
}

interface PersonColumns {
  readonly identities: Json
  readonly version: number
  readonly not_before: number
  readonly address: string | null
  readonly merged_into: PersonId | null
}

type Columns<Body> = { readonly id: string } & Body & Stamp

/**
 * One row under the column names that all stores share. Revision 1 expects that there is no such row yet.
 * `formerId`: during a rotation of peppers, the name under which the row may stand already; it is then written there.
 */
export type RowWrite = { readonly events: readonly DomainEvent[]; readonly formerId?: string } & (
  | { readonly table: 'ownerships'; readonly columns: Columns<OwnershipColumns> }
  | { readonly table: 'identities'; readonly columns: Columns<IdentityColumns> }
  | { readonly table: 'persons'; readonly columns: Columns<PersonColumns> }
)

/**
 * The rows of a change in the one order that all writers keep, so that two of them never wait for each other
 * (PostgreSQL documentation, "Explicit Locking": deadlocks).
 */
export function rowWrites(change: Change, names: RowKeys): readonly RowWrite[] {
  checkLimits(change)
  return change.writes.map((write) => rowWrite(write, change, names)).sort(byTableAndId)
}

function rowWrite(write: Write, { person, opId }: Change, names: RowKeys): RowWrite {
  const { events } = write
  const stamp: Stamp = { about: person, op_id: opId, revision: write.expectedRevision + 1 }
  if (write.row === 'claim') {
    const columns = { id: names.ownership(write.identifier), ...ownershipColumns(write.ownership), ...stamp }
    return {
      table: 'ownerships',
      columns,
      events,
      ...(names.former && { formerId: names.former.ownership(write.identifier) }),
    }
  }
  if (write.row === 'identity') {
    const columns = { id: names.identity(write.identity), ...identityColumns(write.attachment), ...stamp }
    return {
      table: 'identities',
      columns,
      events,
      ...(names.former && { formerId: names.former.identity(write.identity) }),
    }
  }
  return { table: 'persons', columns: { id: write.id, ...personColumns(write.person, names), ...stamp }, events }
}

function ownershipColumns({ person, rank, epoch, holder, leaseUntil }: OwnershipWrite['ownership']): OwnershipColumns {
  return { person, rank, epoch, holder: holder && JSON.stringify(holder), lease_until: leaseUntil }
}

function personColumns(
  { identities, version, notBefore, address, mergedInto }: PersonWrite['person'],
  { seal }: RowKeys,
): PersonColumns {
  return {
    identities: JSON.stringify(identities.map(({ said, ...identity }) => ({ ...identity, ...sealedWord(said, seal) }))),
    version,
    not_before: notBefore,
    address: seal(address),
    merged_into: mergedInto,
  }
}

/** What a provider last said is an address too. Without a pepper none is kept. */
function sealedWord(said: string | undefined, seal: RowKeys['seal']): { readonly said?: string } {
  const sealed = said === undefined ? null : seal(said)
  return sealed === null ? {} : { said: sealed }
}

function identityColumns(attachment: Attachment): IdentityColumns {
  const person = attachment.status === 'member' ? attachment.person : attachment.wants
  return { status: attachment.status, person }
}

function byTableAndId(a: RowWrite, b: RowWrite): number {
  return compare(a.table, b.table) || compare(orderOf(a), orderOf(b))
}

/** The same whichever of two peppers is the current one, since both kinds of process write during a rotation. */
function orderOf({ columns: { id }, formerId = id }: RowWrite): string {
  return formerId < id ? formerId : id
}

/** A row that only keeps simultaneous sign-ups apart: nobody has proven what it reserves. It ends a while after its lease. */
export function isReservation({ table, columns }: RowWrite): boolean {
  return table === 'ownerships' && columns.lease_until !== null && columns.rank < PROVEN
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
