import type { TestStore } from '../../testing/test-store.ts'
import { createMemoryRegistry, type MemoryOptions } from '../index.ts'

/** It ends with its registry object, so that it cannot be opened again, and has no pepper. */
export const memory: TestStore = {
  title: 'memory',
  features: ['event-feed', 'pruning'],
  races: { rounds: 200, workers: 32, changes: 3_000 },
  async start() {
    const open = async (options?: MemoryOptions) => createMemoryRegistry(options)
    return { create: async () => ({ open }), stop: async () => {} }
  },
}
