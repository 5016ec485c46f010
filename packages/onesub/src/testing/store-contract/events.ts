import { randomUUID } from 'node:crypto'
import { equal, existing, isTrue, matches } from './assertions.ts'
import type { Demand, TestedRegistry } from './description.ts'
import { pagesOf } from './event-history.ts'
import { freshEmail, type OwnershipChange, reserving } from './sample-changes.ts'

const NOW = 1_800_000_000_000
const DAY_MS = 24 * 3_600_000

/** How events are read in pages, and how rows and events are deleted that nobody needs any more. */
export const EVENT_DEMANDS: readonly Demand[] = [
  {
    name: 'T165: reservations that ended long ago are deleted, in batches, and nothing else is',
    needs: ['pruning'],
    async run({ open }) {
      const registry = await open()
      const prune = pruneOf(registry)
      const ended = Array.from({ length: 7 }, (_, at) => ownedUntil(NOW - 30 * DAY_MS - 1 - at, at % 2 ? 0 : 2))
      const kept = [
        ownedUntil(NOW - 30 * DAY_MS, 0),
        ownedUntil(NOW - 48 * 3_600_000, 0),
        ownedUntil(NOW + DAY_MS, 0),
        ownedUntil(null, 3),
        ownedUntil(null, 2),
        ownedUntil(NOW - 100 * DAY_MS, 3),
      ]
      for (const change of [...ended, ...kept]) await registry.commit(change)
      equal(await prune({ now: NOW, batch: 2 }), { reservations: 7, events: 0 })
      equal(await prune({ now: NOW, batch: 2 }), { reservations: 0, events: 0 })
      const ownersOf = async (changes: readonly OwnershipChange[]) => {
        const asked = changes.map(({ writes }) => writes[0].identifier)
        const { identifiers } = await registry.facts({ identity: undefined, identifiers: asked })
        return identifiers.map(({ ownership }) => ownership?.person)
      }
      equal(
        await ownersOf(ended),
        ended.map(() => undefined),
      )
      equal(
        await ownersOf(kept),
        kept.map(({ person }) => person),
      )
    },
  },
  {
    name: 'T165: an identifier whose reservation was deleted is reserved as if for the first time, with another person id',
    needs: ['pruning'],
    async run({ open }) {
      const registry = await open()
      const change = ownedUntil(NOW - 31 * DAY_MS, 0)
      const [{ identifier }] = change.writes
      await registry.commit(change)
      await pruneOf(registry)({ now: NOW })
      const late = reserving(identifier, 'late', { expectedRevision: 1, person: change.person, epoch: 2 })
      equal(await registry.commit(late), { outcome: 'overtaken', winner: undefined })
      const next = reserving(identifier, 'bob')
      equal(await registry.commit(next), { outcome: 'committed', person: next.person, replayed: false })
    },
  },
  {
    name: 'T165: events that every reader has are deleted, in batches; the others keep their positions',
    needs: ['pruning', 'event-feed'],
    async run({ open }) {
      const registry = await open()
      const prune = pruneOf(registry)
      for (let at = 0; at < 7; at += 1) await registry.commit(reserving(freshEmail(), `user-${at}`))
      const all = await pagesOf(registry, 1_000)
      equal(all.length, 7)
      matches(await prune({ now: 0 }), { events: 0 })
      matches(await prune({ now: 0, deliveredUpTo: all[4]?.position ?? 0, batch: 2 }), { events: 5 })
      equal(await pagesOf(registry, 1_000), all.slice(5))
      const last = all[6]?.position ?? 0
      matches(await prune({ now: 0, deliveredUpTo: last }), { events: 2 })
      await registry.commit(reserving(freshEmail(), 'later'))
      const [later, ...others] = await pagesOf(registry, 1_000, last)
      isTrue((later?.position ?? 0) > last, 'A position is given a second time.')
      equal(others, [])
    },
  },
  {
    name: 'T165: reads many events in small pages, each event once, in the order of its person',
    needs: ['event-feed'],
    async run({ open }) {
      const registry = await open()
      const read = readerOf(registry)
      const email = freshEmail()
      const { person, ...first } = reserving(email, 'user-0')
      await registry.commit({ ...first, person })
      for (let revision = 1; revision < 23; revision += 1) {
        const next = { expectedRevision: revision, person, epoch: revision + 1 }
        await registry.commit(reserving(email, `user-${revision}`, next))
      }
      const all = await pagesOf(registry, 5)
      equal(
        all.map(({ event }) => event.version),
        Array.from({ length: 23 }, (_, at) => at + 1),
      )
      equal(await read(0, 23), all)
      // Events that were read before come in pages as well.
      equal(await read(0, 4), all.slice(0, 4))
      equal(await read(all[3]?.position, 1), all.slice(4, 5))
      equal(await read(all[22]?.position, 5), [])
    },
  },
  {
    name: 'T103, T165: misses no late commit when it reads many events in small pages, and reads each event once',
    needs: ['late-commits', 'event-feed'],
    async run({ open, openLate }) {
      const registry = await open()
      const read = readerOf(registry)
      const late = await existing(openLate, 'function "openLate" in the description')()
      const [first, second] = [reserving(freshEmail(), 'ada'), reserving(freshEmail(), 'bob')]
      const others = Array.from({ length: 10 }, (_, at) => reserving(freshEmail(), `user-${at}`))
      await late.registry.commit(first)
      for (const change of others.slice(0, 6)) await registry.commit(change)
      await late.registry.commit(second)
      for (const change of others.slice(6)) await registry.commit(change)

      const all = [...(await read(0, 3))]
      all.push(...(await read(all.at(-1)?.position, 3)))
      await late.end()
      for (let page = await read(all.at(-1)?.position, 3); page.length > 0; ) {
        isTrue(page.length <= 3, 'A page is larger than was asked for.')
        all.push(...page)
        page = await read(all.at(-1)?.position, 3)
      }
      equal(
        all.map(({ event }) => event.person).toSorted(),
        [first, second, ...others].map(({ person }) => person).toSorted(),
      )
      equal(
        all.map(({ position }) => position),
        all.map((_, at) => at + 1),
      )
      equal(await read(0, 50), all)
    },
  },
]

/** An ownership whose lease has this end. */
function ownedUntil(leaseUntil: number | null, rank: 0 | 2 | 3): OwnershipChange {
  const change = reserving(freshEmail(), `user-${randomUUID()}`)
  const [write] = change.writes
  return { ...change, writes: [{ ...write, ownership: { ...write.ownership, rank, leaseUntil } }] }
}

function pruneOf(registry: TestedRegistry) {
  return existing(registry.prune?.bind(registry), 'method "prune"')
}

function readerOf(registry: TestedRegistry) {
  return existing(registry.told?.bind(registry), 'method "told"')
}
