import type { Attachment, Change } from '../../core/changes/change.ts'
import { OnesubError } from '../../core/errors.ts'
import type { DomainEvent } from '../../core/events.ts'
import type { Rank } from '../../core/evidence.ts'
import type { Ownership } from '../../core/identifiers/ownership.ts'
import type { OpId } from '../../core/operation.ts'
import { type Identity, type KnownIdentity, type Person, type PersonId, parsePersonId } from '../../core/person.ts'
import type { CommitResult, Facts, FactsQuery } from '../../core/ports.ts'
import type { RowWrite, Table } from './encode.ts'
import type { RowKeys } from './keys.ts'

/** A row as a store returns it, with the column names of `encode.ts`, before it is checked. */
export type Row = Readonly<Record<string, unknown>>
export type FindRow = (table: Table, id: string) => Row | undefined

function ownershipIn(row: Row): Ownership {
  return {
    person: personIdIn(row.person),
    rank: rankIn(row.rank),
    epoch: numberIn(row.epoch),
    opId: textIn(row.op_id) as OpId,
    holder: row.holder == null ? null : parsed(row.holder),
    leaseUntil: row.lease_until == null ? null : numberIn(row.lease_until),
    revision: numberIn(row.revision),
  }
}

function attachmentIn(row: Row): Attachment {
  const person = personIdIn(row.person)
  return row.status === 'member' ? { status: 'member', person } : { status: 'waiting', wants: person }
}

export function personIn(row: Row, { unseal }: RowKeys): Person {
  return {
    id: personIdIn(row.id),
    identities: identitiesIn(row, unseal),
    version: numberIn(row.version),
    notBefore: numberIn(row.not_before),
    address: row.address == null ? null : unseal(textIn(row.address)),
    mergedInto: row.merged_into == null ? null : personIdIn(row.merged_into),
    revision: numberIn(row.revision),
  }
}

/** The address that a provider last stated (`said`) is stored sealed. It is missing where it cannot be read. */
function identitiesIn(row: Row, unseal: RowKeys['unseal']): readonly KnownIdentity[] {
  return parsed<readonly KnownIdentity[]>(row.identities).map(({ said, ...identity }) => {
    const word = said === undefined ? null : unseal(said)
    return word === null ? identity : { ...identity, said: word }
  })
}

export function eventIn({ type, person, version, at, detail }: Row): DomainEvent {
  return { type, person, version, at, detail: parsed(detail) } as DomainEvent
}

/** Undefined for an identity that is unknown or waits for proof. */
export function memberIn(row: Row | undefined): PersonId | undefined {
  const attachment = row && attachmentIn(row)
  return attachment?.status === 'member' ? attachment.person : undefined
}

/** By its current name, or by the name from before a rotation of peppers. */
export function identityRow(identity: Identity, names: RowKeys, find: FindRow): Row | undefined {
  return (
    find('identities', names.identity(identity)) ??
    (names.former && find('identities', names.former.identity(identity)))
  )
}

/** Every name that one of the rows may have. */
export function namesOf(
  { identity, identifiers }: FactsQuery,
  names: RowKeys,
): Record<'ownerships' | 'identities', readonly string[]> {
  const all = names.former ? [names, names.former] : [names]
  return {
    ownerships: all.flatMap((one) => identifiers.map(one.ownership)),
    identities: identity ? all.map((one) => one.identity(identity)) : [],
  }
}

export function factsIn({ identity, identifiers }: FactsQuery, names: RowKeys, find: FindRow): Facts {
  const row = identity && identityRow(identity, names, find)
  const attachment = row && attachmentIn(row)
  const member = attachment?.status === 'member' ? attachment.person : undefined
  const personOf = (id: PersonId): Person | undefined => {
    const row = find('persons', id)
    return row && personIn(row, names)
  }
  return {
    owner: member && personOf(member),
    waitsFor: attachment?.status === 'waiting' ? attachment.wants : undefined,
    identityRevision: row ? numberIn(row.revision) : 0,
    identifiers: identifiers.map((identifier) => {
      const row =
        find('ownerships', names.ownership(identifier)) ??
        (names.former && find('ownerships', names.former.ownership(identifier)))
      const ownership = row && ownershipIn(row)
      return { identifier, ownership, person: ownership && personOf(ownership.person) }
    }),
  }
}

/** The answer to a change that was not written. `stored`: the row that is there instead of each of the `rows`, in the same order. */
export function refusal(
  { opId, writes }: Change,
  rows: readonly RowWrite[],
  stored: readonly (Row | undefined)[],
): CommitResult {
  const [row] = stored
  // A user who starts again may repeat the name of an operation with other rows. Rows of two different changes are no success of this one.
  const isOwn = ({ columns: { revision } }: RowWrite, at: number): boolean => {
    const there = stored[at]
    return there?.op_id === opId && there.about === row?.about && there.revision === revision
  }
  if (row && rows.every(isOwn)) return { outcome: 'committed', person: personIdIn(row.about), replayed: true }
  const [only, another] = writes
  return { outcome: 'overtaken', winner: row && only.row === 'ownership' && !another ? ownershipIn(row) : undefined }
}

function parsed<T>(value: unknown): T {
  return JSON.parse(textIn(value)) as T
}

function personIdIn(value: unknown): PersonId {
  return parsePersonId(textIn(value)) ?? foreign()
}

function rankIn(value: unknown): Rank {
  const rank = numberIn(value)
  return rank >= 0 && rank <= 4 ? (rank as Rank) : foreign()
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : foreign()
}

function numberIn(value: unknown): number {
  return typeof value === 'number' ? value : foreign()
}

function foreign(): never {
  throw new OnesubError('REGISTRY_NOT_READY', { detail: 'The registry holds a row that this version cannot read.' })
}
