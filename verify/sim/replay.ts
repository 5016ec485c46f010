import { seeded } from './random.ts'
import { run } from './scenario.ts'

const { violations, story } = await run(seeded(Number(process.argv[2] ?? '1')))
for (const line of story) console.log(line)
console.log(violations.length > 0 ? violations : 'nothing violated')
