import { describe, expect, it } from 'vitest'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { createFailingRegistry, type RegistryMethod } from './index.ts'
import { freshEmail, freshIdentity, freshPerson, reserving } from './store-contract/sample-changes.ts'

const CALLS: Readonly<Record<RegistryMethod, (registry: ReturnType<typeof failing>) => Promise<unknown>>> = {
  facts: (registry) => registry.facts({ identity: freshIdentity(), identifiers: [] }),
  commit: (registry) => registry.commit(reserving(freshEmail(), 'ada')),
  resolve: (registry) => registry.resolve(freshIdentity()),
  person: (registry) => registry.person(freshPerson()),
  admit: (registry) => registry.admit('eu-west-1_Aaaaaaaaa'),
}
const METHODS = Object.keys(CALLS).filter((name): name is RegistryMethod => name in CALLS)
const failing = () => createFailingRegistry(createMemoryRegistry())

describe('a registry that fails on demand', () => {
  it.each(METHODS)('fails at %s, so often as it was told, and at no other method', async (method) => {
    const registry = failing()
    registry.fail(method, { kind: 'throw', times: 2 })
    for (const name of METHODS) {
      const unreachable = { code: 'REGISTRY_UNREACHABLE', retry: true }
      for (let time = 0; time < 2 && name === method; time += 1)
        await expect(CALLS[name](registry)).rejects.toMatchObject(unreachable)
      await CALLS[name](registry)
    }
    expect(registry.calls.filter((name) => name === method)).toHaveLength(3)
  })

  it('fails until it recovers, with the error that it was given', async () => {
    const registry = failing()
    const error = new Error('connect ECONNREFUSED')
    registry.fail('person', { kind: 'throw', error })
    for (let time = 0; time < 5; time += 1) await expect(CALLS.person(registry)).rejects.toBe(error)
    registry.recover()
    expect(await CALLS.person(registry)).toBeUndefined()
  })

  it.each(['throw', 'lose-answer'] as const)(
    'asks the store before it loses an answer, and does not before it throws: %s',
    async (kind) => {
      const registry = failing()
      registry.fail('commit', { kind, times: 1 })
      const change = reserving(freshEmail(), 'ada')
      await expect(registry.commit(change)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
      expect(await registry.commit(change)).toMatchObject({ outcome: 'committed', replayed: kind === 'lose-answer' })
    },
  )

  it('hangs until it recovers, and asks the store only then', async () => {
    const registry = failing()
    registry.fail('commit', { kind: 'hang', times: 1 })
    const [email, slow] = [freshEmail(), [] as string[]]
    const late = registry.commit(reserving(email, 'ada')).then(({ outcome }) => slow.push(outcome))
    expect(await registry.commit(reserving(email, 'bob'))).toMatchObject({ outcome: 'committed' })
    await new Promise(setImmediate)
    expect(slow).toEqual([])
    registry.recover()
    await late
    expect(slow).toEqual(['overtaken'])
  })

  it.each([0, -1, 1.5, Number.NaN])('takes no %d for a number of calls', (times) => {
    expect(() => failing().fail('facts', { kind: 'hang', times })).toThrow(RangeError)
  })

  it('admits a pool where the registry behind it keeps none', async () => {
    const { admit: _, ...without } = createMemoryRegistry()
    await expect(createFailingRegistry(without).admit('eu-west-1_Aaaaaaaaa')).resolves.toBeUndefined()
  })
})
