import { expect, it } from 'vitest'
import { seeded } from '../../proof/sim/random.ts'
import { recording, replaying, shrunk } from '../../proof/sim/shrink.ts'

it('a failing sequence of answers is cut down to what makes it fail', async () => {
  const { chooser, answers } = recording(seeded(7))
  for (let turn = 0; turn < 200; turn += 1) chooser.pick(10)
  const fails = async (kept: readonly number[]) => kept.some((answer, at) => answer >= 5 && (kept[at + 1] ?? 0) >= 3)
  expect(await fails(answers)).toBe(true)
  expect(await shrunk(answers, fails)).toEqual([5, 3])
})

it('answers that were written down lead to the same again, and then to the plainest', () => {
  const ask = ({ pick, oneIn }: ReturnType<typeof seeded>) => [pick(9), oneIn(2), pick(4)]
  const { chooser, answers } = recording(seeded(3))
  const said = ask(chooser)
  const again = replaying(answers)
  expect(ask(again)).toEqual(said)
  expect(ask(again)).toEqual([0, false, 0])
})
