import { fileURLToPath } from 'node:url'
import { createVitest, type Reporter } from 'vitest/node'
import type { PlantedBug } from './bug.ts'
import { sourceOf, withBug } from './planting.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface TestHunter {
  /** Whether a test of these files fails with the bug in the source. */
  finds(bug: PlantedBug, files: readonly string[]): Promise<boolean>
  close(): Promise<void>
}

/**
 * Vitest, started once for many bugs: what is read stays read, but for the file that a bug is in. A start for each bug took more than half of
 * the time of most hunts.
 */
export async function startTestHunter(): Promise<TestHunter> {
  let planted: PlantedBug | undefined
  const plugin = {
    name: 'planted-bug',
    enforce: 'pre' as const,
    transform: (code: string, id: string) => planted && withBug(planted, id.split('?')[0] ?? id, code),
  }
  let isFound = false
  const found = () => {
    isFound = true
    void vitest.cancelCurrentRun('test-failure')
  }
  // Vitest's own `bail` counts the failures of earlier runs too, and would end the next one before its first test.
  const reporter: Reporter = {
    onTestCaseResult(test) {
      if (test.result().state === 'failed') found()
    },
    // A set-up that fails, or a file that cannot be loaded.
    onTestSuiteResult(suite) {
      if (suite.errors().length > 0) found()
    },
    onTestModuleEnd(module) {
      if (module.errors().length > 0) found()
    },
  }
  const vitest = await createVitest(
    {
      root: ROOT,
      watch: false,
      maxWorkers: 1,
      reporters: [reporter],
      // What is read with a bug in it must not be found again by a run without.
      fsModuleCache: false,
    },
    { plugins: [plugin] },
  )
  return {
    finds: async (bug, files) => {
      const specifications = await vitest.globTestSpecifications([...files])
      if (specifications.length < files.length) throw new Error(`Not all of ${files.join(', ')} are test files.`)
      planted = bug
      isFound = false
      vitest.invalidateFile(sourceOf(bug))
      const { testModules } = await vitest.runTestSpecifications(specifications)
      planted = undefined
      vitest.invalidateFile(sourceOf(bug))
      if (testModules.length < files.length) throw new Error(`Not all of ${files.join(', ')} have run.`)
      return isFound
    },
    close: () => vitest.close(),
  }
}
