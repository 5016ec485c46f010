import { expect, it } from 'vitest'
import { memoryRegistry } from './memory.ts'
import { claiming, freshKey, registryContract } from './testing/contract.ts'

registryContract('memory', async () => {
  const registry = memoryRegistry()
  return { registry, heard: async () => (await registry.told(0, Number.MAX_SAFE_INTEGER)).map(({ event }) => event) }
})

it('the memory tells on from a position, in pieces, without a gap', async () => {
  const registry = memoryRegistry()
  for (const name of ['ada', 'bob', 'eve']) await registry.commit(claiming(freshKey(), name))
  const all = await registry.told()
  expect(all.map(({ position }) => position)).toEqual([1, 2, 3])
  expect(await registry.told(0, 1)).toEqual(all.slice(0, 1))
  expect(await registry.told(1)).toEqual(all.slice(1))
  expect(await registry.told(1, 1)).toEqual(all.slice(1, 2))
  expect(await registry.told(3)).toEqual([])
})
