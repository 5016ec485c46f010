import type { Attachment, Change, Write } from '../../core/changes/change.ts'
import type { DomainEvent } from '../../core/events.ts'
import type { Ownership } from '../../core/identifiers/ownership.ts'
import type { OpId } from '../../core/operation.ts'
import { refuseUnknown } from '../../core/options.ts'
import type { Person, PersonId } from '../../core/person.ts'
import type { CommitResult, EventFeed, Registry } from '../../core/ports.ts'
import { checkLimits } from '../limits.ts'
import { admission, checkedPools, NO_METADATA } from '../metadata.ts'
import { type Prunable, pruneWith } from '../prune.ts'
import { PROVEN } from '../rows/encode.ts'
import { namesInClear } from '../rows/keys.ts'

interface Row<Body> {
  readonly body: Body
  /** The person of the change that wrote the row. */
  readonly person: PersonId
  readonly opId: OpId
  readonly revision: number
}

type OwnershipBody = Omit<Ownership, 'opId' | 'revision'>
type PersonBody = Omit<Person, 'id' | 'revision'>

export interface MemoryOptions {
  /** All user pools that share the registry, if several do. @default one pool, the first to use it */
  readonly sharedBy?: readonly string[]
}

const OPTIONS: Readonly<Record<keyof MemoryOptions, true>> = { sharedBy: true }

/**
 * A registry in the memory of this process, for tests. It is also the reference with which the other stores are compared.
 *
 * Throws `CONFIG_INVALID` for an option that does not exist.
 */
export function createMemoryRegistry(options: MemoryOptions = {}): Registry & EventFeed & Prunable {
  refuseUnknown(options, OPTIONS)
  const { sharedBy = [] } = options
  const ownerships = new Map<string, Row<OwnershipBody>>()
  const identities = new Map<string, Row<Attachment>>()
  const persons = new Map<string, Row<PersonBody>>()
  const outbox: DomainEvent[] = []
  let pruned = 0
  let metadata = NO_METADATA

  const rowUnder = (write: Write): Row<unknown> | undefined => {
    if (write.row === 'ownership') return ownerships.get(namesInClear.ownership(write.identifier))
    if (write.row === 'identity') return identities.get(namesInClear.identity(write.identity))
    return persons.get(write.id)
  }

  const put = (write: Write, { opId, person }: Change): void => {
    const stamp = { person, opId, revision: write.expectedRevision + 1 }
    if (write.row === 'ownership')
      ownerships.set(namesInClear.ownership(write.identifier), { body: write.ownership, ...stamp })
    else if (write.row === 'identity')
      identities.set(namesInClear.identity(write.identity), { body: write.attachment, ...stamp })
    else persons.set(write.id, { body: write.person, ...stamp })
    outbox.push(...write.events)
  }

  const personOf = (id: PersonId): Person | undefined => {
    const row = persons.get(id)
    return row && { id, ...row.body, revision: row.revision }
  }

  return {
    async facts({ identity, identifiers }) {
      const row = identity && identities.get(namesInClear.identity(identity))
      const attachment = row?.body
      return {
        owner: attachment?.status === 'member' ? personOf(attachment.person) : undefined,
        waitsFor: attachment?.status === 'waiting' ? attachment.wants : undefined,
        identityRevision: row?.revision ?? 0,
        identifiers: identifiers.map((identifier) => {
          const ownership = ownershipIn(ownerships.get(namesInClear.ownership(identifier)))
          return { identifier, ownership, person: ownership && personOf(ownership.person) }
        }),
      }
    },

    async commit(change): Promise<CommitResult> {
      checkLimits(change)
      const rows = change.writes.map(rowUnder)
      if (change.writes.every((write, at) => (rows[at]?.revision ?? 0) === write.expectedRevision)) {
        for (const write of change.writes) put(write, change)
        return { outcome: 'committed', person: change.person, replayed: false }
      }
      const own = rows.every((row) => row?.opId === change.opId) ? rows[0] : undefined
      // A user who starts again may repeat the name of an operation with other rows. Rows of two different changes are no success of this one.
      const isMixed = rows.some(
        (row, at) => row && (row.person !== own?.person || row.revision - 1 !== change.writes[at]?.expectedRevision),
      )
      if (own && !isMixed) return { outcome: 'committed', person: own.person, replayed: true }
      const [only, another] = change.writes
      const winner =
        only.row === 'ownership' && !another
          ? ownershipIn(ownerships.get(namesInClear.ownership(only.identifier)))
          : undefined
      return { outcome: 'overtaken', winner }
    },

    async resolve(identity) {
      const attachment = identities.get(namesInClear.identity(identity))?.body
      return attachment?.status === 'member' ? attachment.person : undefined
    },

    async person(id) {
      return personOf(id)
    },

    async told(after = 0, limit = 1_000) {
      const from = Math.max(after, pruned)
      const events = outbox.slice(from - pruned, from - pruned + limit)
      return events.map((event, at) => ({ position: from + at + 1, event }))
    },

    admit: admission(
      async (next) => {
        metadata = next(metadata) ?? metadata
      },
      metadata,
      checkedPools(sharedBy),
    ),

    prune: (options = {}) =>
      pruneWith(
        {
          async reservations(leaseBefore, most) {
            const ended = [...ownerships].filter(
              ([, { body }]) => body.rank < PROVEN && (body.leaseUntil ?? leaseBefore) < leaseBefore,
            )
            for (const [name] of ended.slice(0, most)) ownerships.delete(name)
            return Math.min(ended.length, most)
          },
          async events(upTo, most) {
            const gone = outbox.splice(0, Math.max(0, Math.min(upTo - pruned, most)))
            pruned += gone.length
            return gone.length
          },
        },
        options,
      ),
  }
}

function ownershipIn(row: Row<OwnershipBody> | undefined): Ownership | undefined {
  return row && { ...row.body, opId: row.opId, revision: row.revision }
}
