import type { Reporter, TestModule } from 'vitest/node'

/** Says which clients really ran, with the versions their suites name; a skipped client is never passed over in silence. */
export default class WhichClients implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap((module) =>
      [...module.children.suites()].map((suite) => {
        const states = [...suite.children.allTests()].map((test) => test.result().state)
        const outcome = ['failed', 'skipped', 'passed'].find((state) => states.some((seen) => seen === state))
        return `  ${(outcome ?? 'not run').padEnd(8)} ${suite.name}`
      }),
    )
    console.log(`\nclients:\n${lines.sort().join('\n')}`)
  }
}
