import { expect, it } from 'vitest'
import { run } from '../proof/sim/play.ts'
import { seeded } from '../proof/sim/random.ts'

// `npm run proof -- sim` runs as many as you like; `npm run replay -- <seed>` prints the trace of one.
it('T86, T87, T88, T92, T97: nothing is violated in a thousand simulated runs (I1, I2, I3, I5, I6, I9)', async () => {
  const violations: string[] = []
  for (let seed = 1; seed <= 1_000; seed += 1) {
    for (const violation of (await run(seeded(seed))).violations) violations.push(`seed ${seed}: ${violation}`)
  }
  expect(violations).toEqual([])
})
