import { describe, expect, it } from 'vitest'
import { createMemoryRegistry } from '../../packages/onesub/src/registry/memory/index.ts'
import { placeIn, type Store } from '../../proof/stores/compare.ts'
import { runStores } from '../../proof/stores/equivalence.ts'
import { play } from '../../proof/stores/round.ts'
import { COMPARED } from '../../proof/stores/store-run.ts'
import { STORES } from '../stores/stores.ts'

// `node proof/stores/equivalence.ts` gives as many commands as you like.
describe('a thousand random commands', () => {
  const names = COMPARED.filter((name) => STORES[name].skipped === undefined)
  for (const name of COMPARED.filter((name) => !names.includes(name)))
    console.warn(`${STORES[name].skipped}: ${STORES[name].title} is NOT compared with the reference in this run.`)

  it.each(names)('are answered by %s as by the reference', async (store) => {
    const { stores, commands, differences } = await runStores({ stores: [store], commands: 1_000 })
    expect(stores.flatMap((one) => one.differences)).toEqual([])
    expect({ commands, differences }).toEqual({ commands: 1_000, differences: 0 })
    const kinds = stores.flatMap(({ answers }) => Object.keys(answers))
    for (const kind of ['committed', 'replayed', 'overtaken', 'overtaken by a winner']) {
      expect(kinds).toContain(`commit: ${kind}`)
    }
  })
})

describe('a store that answers otherwise', () => {
  const differenceIn = async (faulty: (honest: ReturnType<typeof createMemoryRegistry>) => Partial<Store>) => {
    const honest = createMemoryRegistry()
    const place = placeIn({ ...honest, ...faulty(honest) })
    const { difference } = await play({ seed: 1, commands: 300, commits: 60, place, keepsAddresses: true })
    return difference?.shortest?.map(({ call }) => call)
  }

  it('is found by the one command that shows it', async () => {
    const shortest = await differenceIn((honest) => ({
      facts: async (query) => ({ ...(await honest.facts(query)), identityRevision: 7 }),
    }))
    expect(shortest).toEqual(['facts'])
  })

  it('is found where it writes over any revision, by few commands out of three hundred', async () => {
    const shortest = await differenceIn((honest) => ({
      commit: async (change) => {
        const result = await honest.commit(change)
        return result.outcome === 'committed'
          ? result
          : { outcome: 'committed', person: change.person, replayed: false }
      },
    }))
    expect(shortest?.at(-1)).toBe('commit')
    expect(shortest?.length).toBeLessThan(4)
  })

  it('is found where it delivers an event twice', async () => {
    const shortest = await differenceIn((honest) => ({
      told: async (after, limit) => {
        const page = await honest.told(after, limit)
        return [...page.slice(0, 1), ...page]
      },
    }))
    expect(shortest?.at(-1)).toBe('told')
  })
})
