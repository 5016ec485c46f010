import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { run } from '../proof/sim/play.ts'
import { type Answers, replaying } from '../proof/sim/shrink.ts'

const FOLDER = new URL('traces/', import.meta.url)

interface Trace {
  /** What it once showed. */
  readonly once: string
  readonly answers: Answers
}

it.each(readdirSync(FOLDER))('the simulated run that once failed stays whole: %s', async (name) => {
  const { answers }: Trace = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
  const { violations, steps } = await run(replaying(answers))
  expect(violations).toEqual([])
  expect(steps).toBeGreaterThan(0)
})
