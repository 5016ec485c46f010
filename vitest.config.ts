import { defineConfig } from 'vitest/config'

// Tests run on the sources, not on dist: what fails is what you just wrote.
export default defineConfig({
  // The condition of the packages' exports that names the source of each entry point.
  ssr: { resolve: { conditions: ['@onesub/source', 'node', 'development|production'] } },
  resolve: { conditions: ['@onesub/source', 'node', 'development|production'] },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './scripts/closing-line.ts'],
    fsModuleCache: true,
    // Vitest leaves a processor to its user otherwise.
    maxWorkers: '100%',
    testTimeout: 60_000,
    // A page is waited for as long as its test may take, not for the one second that Vitest gives it.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 120_000,
  },
})
