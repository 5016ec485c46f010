import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventFeed } from '../../packages/onesub/src/core/ports.ts'
import type { OwnStore, RunningStore } from '../../packages/onesub/src/registry/testing/test-store.ts'
import { contend, unfairRaces } from '../../packages/onesub/src/testing/store-contract/races.ts'
import { STORE_NAMES, STORES } from './stores.ts'

describe.each(STORE_NAMES)('races: %s', (name) => {
  const { title, races, skipped, start } = STORES[name]
  if (skipped !== undefined) console.warn(`${skipped}: races on ${title} are NOT checked in this run.`)

  describe.skipIf(skipped !== undefined)(title, () => {
    let running: RunningStore
    let own: OwnStore

    beforeAll(async () => {
      running = await start()
      own = await running.create()
    })
    afterAll(() => running?.stop())

    it(`T85: gives each identifier to exactly one of 64 simultaneous sign-ups, ${races.rounds} times over`, {
      timeout: 120_000,
    }, async () => {
      expect(await unfairRaces(await own.open(), { racers: 64, rounds: races.rounds })).toEqual([])
    })

    it(`T94, T98: keeps 50 contested ownerships right under ${races.workers} writers at once, and records each event once`, async () => {
      const store = await running.create()
      const registry = await store.open()
      const feed = registry.told && { told: registry.told.bind(registry) }
      const readers = feed ? [following(feed), following(feed)] : []
      const { workers, changes } = races
      const { wrong, made, rowsWritten } = await contend(registry, { identifiers: 50, workers, changes })
      expect(wrong).toEqual([])
      expect(made).toBeGreaterThan(Math.min(100, changes / 8))
      for (const reader of readers) {
        const positions = await reader.stop()
        expect(positions).toHaveLength(rowsWritten)
        expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b))
      }
      if (store.events) expect(await store.events()).toHaveLength(rowsWritten)
    })
  })
})

/** Reads the events page by page while others write. */
function following(feed: EventFeed) {
  const positions: number[] = []
  let ended = false
  const readPage = async (): Promise<number> => {
    const events = await feed.told(positions.at(-1), 100)
    positions.push(...events.map(({ position }) => position))
    return events.length
  }
  const follow = async (): Promise<void> => {
    while (!ended) {
      await readPage()
      // A store that answers without waiting would leave no turn to the writers.
      await new Promise(setImmediate)
    }
    while ((await readPage()) > 0);
  }
  const done = follow()
  return {
    stop: async () => {
      ended = true
      await done
      return positions
    },
  }
}
