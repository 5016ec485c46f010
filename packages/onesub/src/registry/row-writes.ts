import type { Attachment, Change, ClaimWrite, PersonWrite, Write } from '../core/change.ts'
import type { DomainEvent } from '../core/events.ts'
import type { OpId } from '../core/operation.ts'
import type { PersonId } from '../core/person.ts'
import type { RowKeys } from './row-keys.ts'

export type Table = 'claims' | 'identities' | 'persons'

/** What every row tells of the change that wrote it. */
interface Stamp {
  /** The person whom that change was about. */
  readonly about: PersonId
  readonly op_id: OpId
  readonly revision: number
}

/** Lists, and names that others chose, are JSON text: it carries NUL and lone surrogates, which a text column refuses or alters. */
type Json = string

interface ClaimColumns {
  readonly person: PersonId
  readonly rank: number
  readonly epoch: number
  readonly holder: Json | null
  readonly lease_until: number | null
}

interface IdentityColumns {
  readonly standing: Attachment['standing']
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

/** One row under the column names that all stores share. Revision 1 expects that there is no such row yet. */
export type RowWrite = { readonly tells: readonly DomainEvent[] } & (
  | { readonly table: 'claims'; readonly columns: Columns<ClaimColumns> }
  | { readonly table: 'identities'; readonly columns: Columns<IdentityColumns> }
  | { readonly table: 'persons'; readonly columns: Columns<PersonColumns> }
)

/**
 * The rows of a change in the one order that all writers keep, so that two of them never wait for each other
 * (PostgreSQL documentation, "Explicit Locking": deadlocks).
 */
export function rowWrites(change: Change, names: RowKeys): readonly RowWrite[] {
  return change.writes.map((write) => rowWrite(write, change, names)).sort(byTableAndId)
}

function rowWrite(write: Write, { person, opId }: Change, names: RowKeys): RowWrite {
  const { tells } = write
  const stamp: Stamp = { about: person, op_id: opId, revision: write.over + 1 }
  if (write.row === 'claim') {
    return { table: 'claims', columns: { id: names.claim(write.key), ...claimColumns(write.claim), ...stamp }, tells }
  }
  if (write.row === 'identity') {
    const id = names.identity(write.identity)
    return { table: 'identities', columns: { id, ...identityColumns(write.attachment), ...stamp }, tells }
  }
  return { table: 'persons', columns: { id: write.id, ...personColumns(write.person, names), ...stamp }, tells }
}

function claimColumns({ person, rank, epoch, holder, leaseUntil }: ClaimWrite['claim']): ClaimColumns {
  return { person, rank, epoch, holder: holder && JSON.stringify(holder), lease_until: leaseUntil }
}

function personColumns(
  { identities, version, notBefore, address, mergedInto }: PersonWrite['person'],
  { seal }: RowKeys,
): PersonColumns {
  return {
    identities: JSON.stringify(identities),
    version,
    not_before: notBefore,
    address: seal(address),
    merged_into: mergedInto,
  }
}

function identityColumns(attachment: Attachment): IdentityColumns {
  const person = attachment.standing === 'member' ? attachment.person : attachment.wants
  return { standing: attachment.standing, person }
}

function byTableAndId(a: RowWrite, b: RowWrite): number {
  return compare(a.table, b.table) || compare(a.columns.id, b.columns.id)
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
