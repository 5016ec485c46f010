import { parseArgs } from 'node:util'
import { type Line, type Ran, textOf, threatLines } from './report.ts'
import { runTests } from './tests.ts'

/** What the tests that have just run say of each threat, clause by clause. */
export function runThreats(tests: readonly Ran[]) {
  const lines = threatLines(tests)
  const clauses = lines.flatMap((line) => line.clauses)
  return {
    total: lines.length,
    ...countOf(lines),
    clauses: { total: clauses.length, ...countOf(clauses) },
    openClauses: clauses.filter(({ verdict }) => verdict === 'open').map(({ id, says, why }) => ({ id, says, why })),
    lines,
  }
}

function countOf(these: readonly Pick<Line, 'verdict'>[]) {
  const count = (wanted: Line['verdict']) => these.filter(({ verdict }) => verdict === wanted).length
  return { closed: count('closed'), open: count('open'), failed: count('failed') }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' } } })
  console.error('Running the tests: some minutes …')
  const { isWhole, tests } = await runTests()
  const result = runThreats(tests)
  if (values.json) console.log(JSON.stringify(result))
  else {
    for (const line of result.lines) console.log(textOf(line))
    const { closed, open, failed } = result.clauses
    console.log(`clauses: ${closed} closed, ${open} open, ${failed} failed`)
  }
  process.exitCode = result.failed === 0 && isWhole ? 0 : 1
}

if (import.meta.main) await main()
