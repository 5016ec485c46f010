import test from 'node:test'
import { createMemoryRegistry, type MemoryOptions } from '../../registry/memory/index.ts'
import { storeContract } from '../index.ts'

// The contract under Node's own test runner; `store-contract.test.ts` runs this file.

const create = async () => ({ open: async (options?: MemoryOptions) => createMemoryRegistry(options) })

for (const { name, run } of storeContract({ features: ['event-feed', 'pruning'], create })) test(name, run)
