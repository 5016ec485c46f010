import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { plantedBug } from './proof/planted/vite-plugin.ts'

const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url))

// Tests run on the sources, not on dist: what fails is what you just wrote.
export default defineConfig({
  plugins: [plantedBug()],
  resolve: {
    alias: [
      { find: /^onesub$/, replacement: source('onesub/src/index.ts') },
      {
        find: /^onesub\/(account|aws|browser|registry|testing|triggers|user-pool|verify|vite)$/,
        replacement: `${source('onesub/src')}/$1/index.ts`,
      },
      { find: /^onesub\/triggers\/([\w-]+)$/, replacement: `${source('onesub/src/triggers/slots')}/$1.ts` },
      { find: /^onesub\/verify\/([\w-]+)$/, replacement: `${source('onesub/src/verify')}/$1.ts` },
      { find: /^onesub\/registry\/([\w-]+)$/, replacement: `${source('onesub/src/registry')}/$1/index.ts` },
      { find: /^onesub\/registry\/dynamodb\/sdk$/, replacement: source('onesub/src/registry/dynamodb/sdk.ts') },
      { find: /^@onesub\/emulator\/vitest$/, replacement: source('emulator/src/vitest.ts') },
      { find: /^@onesub\/emulator$/, replacement: source('emulator/src/index.ts') },
    ],
  },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './scripts/closing-line.ts'],
    // What is read with a bug planted in it must not be found again by a run without.
    fsModuleCache: process.env.ONESUB_PLANT === undefined,
    // Vitest leaves a processor to its user otherwise.
    maxWorkers: '100%',
    testTimeout: 60_000,
    // A page is waited for as long as its test may take, not for the one second that Vitest gives it.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 120_000,
  },
})
