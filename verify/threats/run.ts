import { parseArgs } from 'node:util'
import { type Line, type Ran, textOf, threatLines } from './report.ts'
import { runTests } from './tests.ts'

/** What the tests that have just run say of each threat. */
export function verifyThreats(tests: readonly Ran[]) {
  const lines = threatLines(tests)
  const count = (...verdicts: Line['verdict'][]) => lines.filter(({ verdict }) => verdicts.includes(verdict)).length
  return {
    total: lines.length,
    passed: count('passed'),
    notYet: count('not yet'),
    failed: count('failed', 'without a test'),
    lines,
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' } } })
  console.error('Running the tests: some minutes …')
  const { isWhole, tests } = await runTests()
  const { lines, ...counts } = verifyThreats(tests)
  if (values.json) console.log(JSON.stringify({ ...counts, lines }))
  else {
    for (const line of lines) console.log(textOf(line))
    console.log(`${counts.passed} passed, ${counts.notYet} not yet, ${counts.failed} failed`)
  }
  process.exitCode = counts.failed === 0 && isWhole ? 0 : 1
}

if (import.meta.main) await main()
