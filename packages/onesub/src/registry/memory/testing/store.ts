import type { TestStore } from '../../testing/test-store.ts'
import { createMemoryRegistry, type MemoryOptions } from '../index.ts'

/** The rows end with the registry object, so that the store cannot be opened again. It has no pepper. */
export const memory: TestStore = {
  title: 'memory',
  features: ['event-feed', 'pruning'],
  races: { rounds: 200, workers: 32, changes: 3_000 },
  async start() {
    const open = async (options?: MemoryOptions) => createMemoryRegistry(options)
    return { create: async () => ({ open }), stop: async () => {} }
  },
}
