import type { Reporter, TestModule } from 'vitest/node'

/** The last line of a test run, for whoever reads logs by machine: `tests: 812 passed, 0 failed, 3 skipped`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1
    }
    // A file that could not be loaded, or whose set-up failed, is a failure though none of its tests is.
    const broken = modules.filter(
      (module) => module.state() === 'failed' && ![...module.children.allTests('failed')].length,
    ).length
    console.log(`\ntests: ${counts.passed} passed, ${counts.failed + broken} failed, ${counts.skipped} skipped`)
  }
}
