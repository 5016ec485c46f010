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
import { address, hostile, maybe, operationOf, type Scenario, some } from './scenario.ts'

// Changes that no flow of the product makes: any rows, any columns, any revision.

/** Near the largest values of the columns: a 32-bit integer that can still be incremented, and the largest safe integer. */
const LARGEST_EPOCH = 2 ** 30
const LARGEST_TIME = Number.MAX_SAFE_INTEGER

/** One to four rows. */
export async function rawChange(scenario: Scenario): Promise<Change | undefined> {
  const { chooser, actors } = scenario
  const writes: Write[] = []
  for (const place of some(chooser, placesOf(scenario), maybe(chooser, 2) ? 1 : 4)) {
    const expectedRevision = overSeen(scenario, await revisionOf(scenario.reference, place))
    writes.push({ ...bodyFor(scenario, place), expectedRevision, events: toldWith(scenario) })
  }
  return change(among(chooser, actors.persons), writes, { operation: operationOf(scenario, 'raw') })
}

/** The same operation and rows, with other expected revisions. */
export async function misjudged(scenario: Scenario, before: Change): Promise<Change> {
  const astray = async (write: Write): Promise<Write> => ({
    ...write,
    expectedRevision: overSeen(scenario, await revisionOf(scenario.reference, write)),
  })
  const [first, ...rest] = before.writes
  return { ...before, writes: [await astray(first), ...(await Promise.all(rest.map(astray)))] }
}

function placesOf({ actors }: Scenario): readonly RowPlace[] {
  return [
    ...actors.identifiers.map((identifier): RowPlace => ({ row: 'ownership', identifier })),
    ...actors.identities.map((identity): RowPlace => ({ row: 'identity', identity })),
    ...actors.persons.map((id): RowPlace => ({ row: 'person', id })),
  ]
}

/** Mostly the stored revision; else 0, an earlier one, or one that never existed. */
function overSeen({ chooser }: Scenario, revision: number): number {
  const among100 = chooser.pick(100)
  if (among100 < 70) return revision
  if (among100 < 80) return 0
  if (among100 < 90) return Math.max(0, revision - 1 - chooser.pick(2))
  return revision + 1 + chooser.pick(3)
}

type Body<W extends Write = Write> = W extends Write ? Omit<W, 'expectedRevision' | 'events'> : never

function bodyFor(scenario: Scenario, place: RowPlace): Body {
  if (place.row === 'ownership')
    return { row: 'ownership', identifier: place.identifier, ownership: claimFor(scenario) }
  if (place.row === 'person') return { row: 'person', id: place.id, person: personFor(scenario) }
  return { row: 'identity', identity: bare(place.identity), attachment: attachmentFor(scenario) }
}

function claimFor({ chooser, actors }: Scenario): OwnershipWrite['ownership'] {
  return {
    person: among(chooser, actors.persons),
    rank: among(chooser, [0, 1, 2, 3, 4]),
    epoch: among(chooser, [1, 2, 3, LARGEST_EPOCH]),
    holder: maybe(chooser, 3) ? null : { pool: hostile(chooser), userName: hostile(chooser) },
    leaseUntil: among(chooser, [null, 0, 1_900_000, LARGEST_TIME]),
  }
}

function attachmentFor({ chooser, actors }: Scenario): Attachment {
  const person = among(chooser, actors.persons)
  return maybe(chooser, 3) ? { status: 'waiting', wants: person } : { status: 'member', person }
}

function personFor(scenario: Scenario): PersonWrite['person'] {
  const { chooser, actors } = scenario
  return {
    identities: some(chooser, actors.identities, 3, 0),
    version: chooser.pick(10),
    notBefore: among(chooser, [0, 5, LARGEST_TIME]),
    address: address(scenario),
    mergedInto: maybe(chooser, 4) ? among(chooser, actors.persons) : null,
  }
}

function toldWith(scenario: Scenario): readonly DomainEvent[] {
  return Array.from({ length: scenario.chooser.pick(3) }, () => eventFor(scenario))
}

function eventFor({ chooser, actors }: Scenario): DomainEvent {
  const person = among(chooser, actors.persons)
  const about = { person, version: chooser.pick(10), at: among(chooser, [0, 5, LARGEST_TIME]) }
  const provider = hostile(chooser)
  const from = among(chooser, actors.persons)
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
