import { statSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import everyday from '../../vitest.config.ts'
import { fewerRounds } from './fewer-rounds.ts'
import { GROUPS, isGroup } from './groups.ts'

const group = process.env.ONESUB_MUTATION_GROUP ?? ''
if (!isGroup(group)) throw new Error('ONESUB_MUTATION_GROUP names no group of mutants.')

/** They load other people's frameworks and tables, or wait for timers. */
const SLOW = /(?:domain|idna-table|key-set|nest|frameworks)\.test\.ts$/

/** The first test that fails is the last one that runs, so the small files come first. */
class QuickOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const cost = ({ moduleId }: TestSpecification) => statSync(moduleId).size + (SLOW.test(moduleId) ? 1_000_000 : 0)
    return files.toSorted((a, b) => cost(a) - cost(b))
  }
}

/** The unit tests beside one group, made small: each mutant runs those that reach it. */
export default defineConfig({
  ...everyday,
  plugins: [fewerRounds()],
  test: {
    include: [...GROUPS[group].tests],
    setupFiles: ['proof/mutation/setup.ts'],
    // That a test fails is all there is to know: to show where lists of thousands differ takes longer than all tests.
    reporters: [{}],
    diff: { maxDepth: 1, truncateThreshold: 1 },
    // A file with mutants in it looks the same on disk whichever of them is active, and each run writes it again.
    fsModuleCache: false,
    // One worker for all files: it is started again for each mutant, so that no mutant stays active.
    isolate: false,
    sequence: { sequencer: QuickOnesFirst },
    testTimeout: 5_000,
    hookTimeout: 5_000,
  },
})
