import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { run } from './play.ts'
import { seeded } from './random.ts'
import { type Answers, recording, replaying, shrunk } from './shrink.ts'

/** The first violation that answers lead to. */
async function violation(answers: Answers): Promise<string | undefined> {
  return (await run(replaying(answers))).violations[0]
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { shrink: { type: 'boolean' }, trace: { type: 'string' } },
})
const { chooser, answers } = recording(seeded(Number(positionals[0] ?? '1')))
let kept: Answers = answers
if (values.trace) kept = JSON.parse(readFileSync(values.trace, 'utf8')).answers
else await run(chooser)
if (values.shrink) {
  const found = await violation(kept)
  if (found !== undefined) kept = await shrunk(kept, async (fewer) => (await violation(fewer)) === found)
}
const { violations, trace } = await run(replaying(kept))
for (const line of trace) console.log(line)
console.log(violations.length > 0 ? violations : 'nothing violated')
if (values.shrink && violations.length > 0)
  console.log(`A trace to keep in test/traces/:\n${JSON.stringify({ once: violations[0], answers: kept })}`)
process.exitCode = violations.length > 0 ? 1 : 0
