import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createMemoryRegistry, type MemoryOptions } from '../registry/memory/index.ts'
import { type StoreDescription, type StoreFeature, storeContract, type TestedRegistry } from './index.ts'

const FEATURES: readonly StoreFeature[] = ['event-feed', 'pruning']
const ALL: readonly StoreFeature[] = ['reopening', 'event-feed', 'pruning', 'late-commits', 'call-count']

/** The memory registry with something of its own in the place of a method. */
function memoryWith(
  fault: (right: ReturnType<typeof createMemoryRegistry>) => Partial<TestedRegistry>,
): StoreDescription {
  const open = async (options?: MemoryOptions) => {
    const right = createMemoryRegistry(options)
    return { ...right, ...fault(right) }
  }
  return { features: FEATURES, create: async () => ({ open }) }
}

async function failedCases(store: StoreDescription): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, run } of storeContract(store)) await run().catch(() => failed.push(name))
  return failed
}

describe('the contract of a store', () => {
  it('is kept by the memory registry', async () => {
    expect(await failedCases(memoryWith(() => ({})))).toEqual([])
  })

  it('runs under another test framework as it does here', async () => {
    const options = [
      '--experimental-strip-types',
      '--disable-warning=ExperimentalWarning',
      '--test-reporter=tap',
      '--test',
    ]
    const file = fileURLToPath(new URL('./testing/node-test.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [...options, file], {
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    })
    expect(stdout).toContain(`# pass ${storeContract(memoryWith(() => ({}))).length}`)
    expect(stdout).toContain('# fail 0')
  })

  it('has no two cases of one name', () => {
    const names = storeContract({ ...memoryWith(() => ({})), features: ALL }).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(ALL)('leaves cases out where the store lacks %s', (feature) => {
    const casesWith = (features: readonly StoreFeature[]) =>
      storeContract({ ...memoryWith(() => ({})), features }).length
    expect(casesWith(ALL.filter((one) => one !== feature))).toBeLessThan(casesWith(ALL))
  })

  it.each<[name: string, fault: Parameters<typeof memoryWith>[0]]>([
    [
      'writes over any revision',
      (right) => ({
        async commit(change) {
          const result = await right.commit(change)
          return result.outcome === 'committed'
            ? result
            : { outcome: 'committed', person: change.person, replayed: false }
        },
      }),
    ],
    [
      'takes its own earlier success for a new one',
      (right) => ({
        async commit(change) {
          const result = await right.commit(change)
          return result.outcome === 'committed' ? { ...result, person: change.person, replayed: false } : result
        },
      }),
    ],
    [
      'brings no winner',
      (right) => ({
        async commit(change) {
          const result = await right.commit(change)
          return result.outcome === 'overtaken' ? { outcome: 'overtaken', winner: undefined } : result
        },
      }),
    ],
    ['finds nobody', () => ({ resolve: async () => undefined })],
    ['gives no person back', () => ({ person: async () => undefined })],
    [
      'gives no revision of the identity',
      (right) => ({ facts: async (query) => ({ ...(await right.facts(query)), identityRevision: 0 }) }),
    ],
    [
      'reads events twice',
      (right) => ({
        async told(after, limit) {
          const page = await right.told(after, limit)
          return [...page.slice(0, 1), ...page]
        },
      }),
    ],
    ['reads pages of any size', (right) => ({ told: (after) => right.told(after) })],
    ['prunes nothing', () => ({ prune: async () => ({ reservations: 0, events: 0 }) })],
    ['admits each pool', () => ({ admit: async () => {} })],
    ['has no events', () => ({ told: async () => [] })],
  ])('finds a store that %s', async (_, fault) => {
    expect(await failedCases(memoryWith(fault))).not.toEqual([])
  })

  it('finds a store that lacks what its description promises', async () => {
    const { told: _told, prune: _prune, admit: _admit, ...rows } = createMemoryRegistry()
    const store: StoreDescription = { features: ALL, create: async () => ({ open: async () => rows }) }
    const failed = await failedCases(store)
    for (const start of ['T165', 'T103', 'T168', 'T164'])
      expect(failed.some((name) => name.startsWith(start))).toBe(true)
  })

  it('finds a store that takes any option', async () => {
    const store: StoreDescription = { features: [], create: async () => ({ open: async () => createMemoryRegistry() }) }
    expect((await failedCases(store)).map((name) => name.slice(0, 4))).toEqual(['T168', 'T168', 'T168', 'T168', 'T112'])
  })
})
