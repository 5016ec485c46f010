import type { Change } from '../../core/changes/change.ts'
import type { Registry } from '../../core/ports.ts'
import { freshEmail, freshPerson, reserving } from './sample-changes.ts'

/** One race of simultaneous sign-ups for one new address: how many had it, and which person each was answered. */
export async function race(registry: Registry, racers: number) {
  const identifier = freshEmail()
  const changes = Array.from({ length: racers }, (_, at) => reserving(identifier, `racer-${at}`))
  const results = await Promise.all(changes.map((change) => registry.commit(change)))
  return {
    committed: results.filter(({ outcome }) => outcome === 'committed').length,
    personsSeen: results.map((result) => (result.outcome === 'committed' ? result.person : result.winner?.person)),
    personsMinted: changes.map(({ person }) => person),
  }
}

interface Races {
  readonly racers: number
  readonly rounds: number
}

/** One race after another. Returns the rounds that did not have exactly one winner whom every other racer was answered. */
export async function unfairRaces(registry: Registry, { racers, rounds }: Races): Promise<readonly object[]> {
  const unfair: object[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { committed, personsSeen } = await race(registry, racers)
    const winners = new Set(personsSeen)
    if (committed !== 1 || winners.size !== 1) unfair.push({ round, committed, winners: winners.size })
  }
  return unfair
}

interface Contention {
  readonly identifiers: number
  readonly workers: number
  readonly changes: number
}

/**
 * All workers change one to three of a few ownerships at once, in any order, over the revision that was last seen. Returns the ownerships
 * whose revision is not the number of changes that were answered as committed, and how many rows those changes wrote.
 */
export async function contend(registry: Registry, { identifiers, workers, changes }: Contention) {
  const rows = Array.from({ length: identifiers }, () => ({ identifier: freshEmail(), person: freshPerson(), made: 0 }))
  let left = changes
  let made = 0

  const change = async (name: string): Promise<void> => {
    const chosen = shuffled(rows).slice(0, 1 + Math.floor(Math.random() * 3))
    const [first, ...others] = chosen.map(({ identifier, person, made: expectedRevision }) =>
      reserving(identifier, name, { expectedRevision, person, epoch: expectedRevision + 1 }),
    )
    if (!first) return
    const writes: Change['writes'] = [first.writes[0], ...others.flatMap((other) => other.writes)]
    const { outcome } = await registry.commit({ ...first, writes })
    if (outcome !== 'committed') return
    made += 1
    for (const row of chosen) row.made += 1
  }

  const work = async (worker: number): Promise<void> => {
    while (left > 0) {
      left -= 1
      await change(`worker-${worker}-${left}`)
    }
  }

  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  const facts = await registry.facts({ identity: undefined, identifiers: rows.map(({ identifier }) => identifier) })
  const wrong = rows.filter((row, at) => (facts.identifiers[at]?.ownership?.revision ?? 0) !== row.made)
  return { wrong, made, rowsWritten: rows.reduce((sum, row) => sum + row.made, 0) }
}

function shuffled<T>(list: readonly T[]): readonly T[] {
  return list
    .map((entry) => ({ entry, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ entry }) => entry)
}
