import { afterEach, beforeEach } from 'vitest'

/** Tests that look at the text of the sources, which mutants change, or that no mutant may wait for. */
const LEFT_OUT: readonly RegExp[] = [
  /^T37: .* asks no locale, no case mapping and no character class of the runtime$/,
  /^T36: give the same under the locale /,
  /^is byte for byte what its generator writes$/,
  /^T53: is another one for every other identity$/,
  /^asks to try again, and has written nothing, when another process writes for too long$/,
]

beforeEach(({ task, skip }) => {
  if (LEFT_OUT.some((title) => title.test(task.name))) skip()
})

// Loading the other test files takes longer than running them: once one test has failed, nothing can change the mutant's fate.
const worker: typeof globalThis & { hasFailed?: boolean } = globalThis
if (worker.hasFailed) throw new Error('A test of another file has failed.')
afterEach(({ task }) => {
  if (task.result?.state === 'fail') worker.hasFailed = true
})
