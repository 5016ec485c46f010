import type { Change } from '../../core/change.ts'
import type { Registry } from '../../core/ports.ts'
import { claiming, freshKey, freshPerson, race } from './contract.ts'

interface Races {
  readonly racers: number
  readonly rounds: number
}

/** Races for one fresh key after another. What comes back are the rounds without exactly one winner whom all were told of. */
export async function raceForKeys(registry: Registry, { racers, rounds }: Races): Promise<readonly object[]> {
  const unfair: object[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { committed, personsSeen } = await race(registry, racers)
    const winners = new Set(personsSeen)
    if (committed !== 1 || winners.size !== 1) unfair.push({ round, committed, winners: winners.size })
  }
  return unfair
}

interface Crowd {
  readonly keys: number
  readonly workers: number
  readonly changes: number
}

/**
 * Everybody changes one to three of a few claims at once, in any order, over the revision last seen.
 * What comes back are the claims whose revision is not the number of changes that were said to be made, and how many those were.
 */
export async function crowd(registry: Registry, { keys, workers, changes }: Crowd) {
  const claims = Array.from({ length: keys }, () => ({ key: freshKey(), person: freshPerson(), made: 0 }))
  let left = changes
  let made = 0

  const change = async (name: string): Promise<void> => {
    const chosen = shuffled(claims).slice(0, 1 + Math.floor(Math.random() * 3))
    const [first, ...others] = chosen.map(({ key, person, made: over }) =>
      claiming(key, name, { expectedRevision: over, person, epoch: over + 1 }),
    )
    if (!first) return
    const writes: Change['writes'] = [first.writes[0], ...others.flatMap((other) => other.writes)]
    const { outcome } = await registry.commit({ ...first, writes })
    if (outcome !== 'committed') return
    made += 1
    for (const claim of chosen) claim.made += 1
  }

  const work = async (worker: number): Promise<void> => {
    while (left > 0) {
      left -= 1
      await change(`worker-${worker}-${left}`)
    }
  }

  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  const facts = await registry.facts({ identity: undefined, identifiers: claims.map(({ key }) => key) })
  const astray = claims.filter((claim, at) => (facts.identifiers[at]?.ownership?.revision ?? 0) !== claim.made)
  return { astray, made, rowsWritten: claims.reduce((sum, claim) => sum + claim.made, 0) }
}

function shuffled<T>(list: readonly T[]): readonly T[] {
  return list
    .map((entry) => ({ entry, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ entry }) => entry)
}
