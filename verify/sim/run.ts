import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { seeded } from './random.ts'
import { run } from './scenario.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean' },
    'until-found': { type: 'boolean' },
  },
})
const [runs, first] = [Number(values.runs), Number(values.seed)]
const began = performance.now()
let steps = 0
const found = new Map<string, number>()
for (let seed = first; seed < first + runs; seed += 1) {
  const result = await run(seeded(seed))
  steps += result.steps
  for (const violation of result.violations) if (!found.has(violation)) found.set(violation, seed)
  if (values['until-found'] && found.size > 0) break
}
const seconds = (performance.now() - began) / 1_000
console.log(JSON.stringify({ runs, steps, violations: [...found], seconds }))
process.exitCode = found.size === 0 ? 0 : 1
