import type { Attachment, Change, OwnershipWrite, PersonWrite, Write } from '../../core/changes/change.ts'
import type { DomainEvent } from '../../core/events.ts'
import type { OpId } from '../../core/operation.ts'
import type { PersonId } from '../../core/person.ts'
import { checkLimits } from '../limits.ts'
import type { RowKeys } from './keys.ts'

/** An ownership with this rank or a higher one is proven. */
export const PROVEN = 3
/**
 * How long a reservation is kept after its lease: much longer than a function that has read it can still run, and longer than a code is valid. For a
 * month it also shows that a user whose confirmation never arrived has signed up through our trigger.
 */
export const RESERVATION_OUTLIVES_LEASE_MS = 30 * 24 * 3_600_000

export type Table = 'ownerships' | 'identities' | 'persons'

/** What every row records about the change that wrote it. */
interface Stamp {
  /** The person whom that change was about. */
  readonly about: PersonId
  readonly op_id: OpId
  readonly revision: number
}

/** Lists, and names from outside, are stored as JSON text: a text column refuses or changes NUL and lone surrogates, JSON escapes them. */
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
 * One row, with the column names that all stores use. Revision 1 expects that there is no such row yet.
 * `formerId`: during a rotation of peppers, the name that the row may already have; it then keeps that name.
 */
export type RowWrite = { readonly events: readonly DomainEvent[]; readonly formerId?: string } & (
  | { readonly table: 'ownerships'; readonly columns: Columns<OwnershipColumns> }
  | { readonly table: 'identities'; readonly columns: Columns<IdentityColumns> }
  | { readonly table: 'persons'; readonly columns: Columns<PersonColumns> }
)

/**
 * The rows of a change, in the order in which all writers write them, so that two writers never wait for each other
 * (PostgreSQL documentation, "Explicit Locking": deadlocks).
 */
export function rowWrites(change: Change, names: RowKeys): readonly RowWrite[] {
  checkLimits(change)
  return change.writes.map((write) => rowWrite(write, change, names)).sort(byTableAndId)
}

function rowWrite(write: Write, { person, opId }: Change, names: RowKeys): RowWrite {
  const { events } = write
  const stamp: Stamp = { about: person, op_id: opId, revision: write.expectedRevision + 1 }
  if (write.row === 'ownership') {
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

/** The address that a provider last stated. Without a pepper no address is stored. */
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

/** The same with either pepper as the current one, since processes with both settings write during a rotation. */
function orderOf({ columns: { id }, formerId = id }: RowWrite): string {
  return formerId < id ? formerId : id
}

/** An ownership that nobody has proven: it only prevents a second sign-up at the same time. It is deleted some time after its lease. */
export function isReservation({ table, columns }: RowWrite): boolean {
  return table === 'ownerships' && columns.lease_until !== null && columns.rank < PROVEN
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
