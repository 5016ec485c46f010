import { memoryRegistry } from './memory.ts'
import { registryContract } from './testing/contract.ts'

registryContract('memory', async () => {
  const registry = memoryRegistry()
  return { registry, heard: async () => (await registry.told(0, Number.MAX_SAFE_INTEGER)).map(({ event }) => event) }
})
