import { GROUPS, isGroup } from './groups.ts'

// `run.ts` runs one group after the other; by hand: ONESUB_MUTATION_GROUP=core npx stryker run proof/mutation/stryker.config.mjs
const group = process.env.ONESUB_MUTATION_GROUP ?? ''
if (!isGroup(group)) throw new Error('ONESUB_MUTATION_GROUP names no group of mutants.')
const output = `test-output/mutation/${group}`

/** @type {import('@stryker-mutator/core').PartialStrykerOptions} */
export default {
  mutate: [...GROUPS[group].mutate],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'proof/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  // Constants and regular expressions decide here as much as code does.
  ignoreStatic: false,
  warnings: { slow: false },
  // Vitest takes types off without checking them, and Stryker would look for an API that TypeScript 7 has not.
  disableTypeChecks: false,
  tsconfigFile: 'tsconfig.none.json',
  ignorePatterns: [
    '/.*',
    '/bench',
    '/docs',
    '/examples',
    '/packages/*/dist',
    '/test',
    '/test-output',
    '/proof/{links,sim}',
  ],
  tempDirName: `${output}/sandbox`,
  cleanTempDir: 'always',
  concurrency: Number(process.env.ONESUB_MUTATION_CONCURRENCY ?? 1),
  // A mutant that makes a loop endless is found by this; many of a second or two would be found by it alone.
  timeoutMS: 4_000,
  timeoutFactor: 2,
  reporters: ['json', 'html', 'progress-append-only'],
  jsonReporter: { fileName: `${output}/report.json` },
  htmlReporter: { fileName: `${output}/report.html` },
  allowConsoleColors: false,
}
