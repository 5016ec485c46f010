import type {
  Attachment,
  Change,
  OwnershipWrite,
  PersonWrite,
  Write,
} from '../../packages/onesub/src/core/changes/change.ts'
import { bare, change } from '../../packages/onesub/src/core/changes/change-parts.ts'
import type { DomainEvent } from '../../packages/onesub/src/core/events.ts'
import { among } from '../sim/random.ts'
import { type RowPlace, revisionOf } from './revisions.ts'
import { address, hostile, maybe, operationOf, type Scene, some } from './scene.ts'

// Changes that no flow of the product makes: any rows, any columns, any revision.

/** Near the largest values of the columns: a 32-bit integer that can still be incremented, and the largest safe integer. */
const LARGEST_EPOCH = 2 ** 30
const LARGEST_TIME = Number.MAX_SAFE_INTEGER

/** One to four rows. */
export async function rawChange(scene: Scene): Promise<Change | undefined> {
  const { chooser, cast } = scene
  const writes: Write[] = []
  for (const place of some(chooser, placesOf(scene), maybe(chooser, 2) ? 1 : 4)) {
    const expectedRevision = overSeen(scene, await revisionOf(scene.reference, place))
    writes.push({ ...bodyFor(scene, place), expectedRevision, events: toldWith(scene) })
  }
  return change(among(chooser, cast.persons), writes, { operation: operationOf(scene, 'raw') })
}

/** The same operation and rows, with other expected revisions. */
export async function misjudged(scene: Scene, before: Change): Promise<Change> {
  const astray = async (write: Write): Promise<Write> => ({
    ...write,
    expectedRevision: overSeen(scene, await revisionOf(scene.reference, write)),
  })
  const [first, ...rest] = before.writes
  return { ...before, writes: [await astray(first), ...(await Promise.all(rest.map(astray)))] }
}

function placesOf({ cast }: Scene): readonly RowPlace[] {
  return [
    ...cast.identifiers.map((identifier): RowPlace => ({ row: 'ownership', identifier })),
    ...cast.identities.map((identity): RowPlace => ({ row: 'identity', identity })),
    ...cast.persons.map((id): RowPlace => ({ row: 'person', id })),
  ]
}

/** Mostly the stored revision; else 0, an earlier one, or one that never existed. */
function overSeen({ chooser }: Scene, revision: number): number {
  const among100 = chooser.pick(100)
  if (among100 < 70) return revision
  if (among100 < 80) return 0
  if (among100 < 90) return Math.max(0, revision - 1 - chooser.pick(2))
  return revision + 1 + chooser.pick(3)
}

type Body<W extends Write = Write> = W extends Write ? Omit<W, 'expectedRevision' | 'events'> : never

function bodyFor(scene: Scene, place: RowPlace): Body {
  if (place.row === 'ownership') return { row: 'ownership', identifier: place.identifier, ownership: claimFor(scene) }
  if (place.row === 'person') return { row: 'person', id: place.id, person: personFor(scene) }
  return { row: 'identity', identity: bare(place.identity), attachment: attachmentFor(scene) }
}

function claimFor({ chooser, cast }: Scene): OwnershipWrite['ownership'] {
  return {
    person: among(chooser, cast.persons),
    rank: among(chooser, [0, 1, 2, 3, 4]),
    epoch: among(chooser, [1, 2, 3, LARGEST_EPOCH]),
    holder: maybe(chooser, 3) ? null : { pool: hostile(chooser), userName: hostile(chooser) },
    leaseUntil: among(chooser, [null, 0, 1_900_000, LARGEST_TIME]),
  }
}

function attachmentFor({ chooser, cast }: Scene): Attachment {
  const person = among(chooser, cast.persons)
  return maybe(chooser, 3) ? { status: 'waiting', wants: person } : { status: 'member', person }
}

function personFor(scene: Scene): PersonWrite['person'] {
  const { chooser, cast } = scene
  return {
    identities: some(chooser, cast.identities, 3, 0),
    version: chooser.pick(10),
    notBefore: among(chooser, [0, 5, LARGEST_TIME]),
    address: address(scene),
    mergedInto: maybe(chooser, 4) ? among(chooser, cast.persons) : null,
  }
}

function toldWith(scene: Scene): readonly DomainEvent[] {
  return Array.from({ length: scene.chooser.pick(3) }, () => eventFor(scene))
}

function eventFor({ chooser, cast }: Scene): DomainEvent {
  const person = among(chooser, cast.persons)
  const about = { person, version: chooser.pick(10), at: among(chooser, [0, 5, LARGEST_TIME]) }
  const provider = hostile(chooser)
  const from = among(chooser, cast.persons)
  return among<DomainEvent>(chooser, [
    { type: 'person.created', ...about, detail: {} },
    { type: 'identity.linked', ...about, detail: { provider } },
    { type: 'identity.unlinked', ...about, detail: { provider } },
    { type: 'identity.pending', ...about, detail: { provider } },
    { type: 'person.merged', ...about, detail: { into: from } },
    { type: 'identifier.proven', ...about, detail: { identifier: 'email' } },
    { type: 'recovery.completed', ...about, detail: {} },
    { type: 'identifier.reserved', ...about, detail: { identifier: 'username' } },
    {
      type: 'identifier.superseded',
      ...about,
      detail: { identifier: 'phone', from, formerUserName: among(chooser, [null, provider]) },
    },
  ])
}
