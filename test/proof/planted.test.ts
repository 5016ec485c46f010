import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PlantedBug, room } from '../../proof/planted/bug.ts'
import { BUGS } from '../../proof/planted/bugs.ts'
import { startTestHunter, type TestHunter } from '../../proof/planted/test-hunter.ts'

let hunter: TestHunter
beforeAll(async () => {
  hunter = await startTestHunter()
})
afterAll(() => hunter.close())

const [one, other] = [room('core/decisions/repair'), room('core/decisions/unlink')]
const ofRoom = (files: readonly string[]): PlantedBug => {
  const bug = BUGS.find(({ by }) => by !== 'sim' && by.join() === files.join())
  if (!bug) throw new Error(`No planted bug is left to ${files.join()}.`)
  return bug
}
/** A change that changes nothing: whoever finds it finds everything. */
const without = (bug: PlantedBug): PlantedBug => ({ ...bug, replace: bug.find })

it('finds what a test finds, and nothing where nothing is planted, whatever was found before', async () => {
  expect(await hunter.finds(ofRoom(one), one)).toBe(true)
  expect(await hunter.finds(without(ofRoom(other)), other)).toBe(false)
  expect(await hunter.finds(ofRoom(other), other)).toBe(true)
  expect(await hunter.finds(without(ofRoom(one)), one)).toBe(false)
})

it('refuses a name that is no test file', async () => {
  await expect(hunter.finds(ofRoom(one), ['test/none.test.ts'])).rejects.toThrow(/Not all of .* are test files/)
})
