import { fileURLToPath } from 'node:url'
import { createVitest } from 'vitest/node'
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
  const vitest = await createVitest(
    {
      root: ROOT,
      watch: false,
      bail: 1,
      maxWorkers: 1,
      reporters: [{}],
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
      vitest.invalidateFile(sourceOf(bug))
      const { testModules } = await vitest.runTestSpecifications(specifications)
      planted = undefined
      vitest.invalidateFile(sourceOf(bug))
      return testModules.some((module) => module.state() === 'failed')
    },
    close: () => vitest.close(),
  }
}
