import { expect, it } from 'vitest'
import type { Change, Write } from '../../core/changes/change.ts'
import { person, personId } from '../../core/testing/samples.ts'
import { freshEmail, reserving } from '../../testing/store-contract/sample-changes.ts'
import { createMemoryRegistry } from './registry.ts'

it('T168: the memory is one pool’s, or of those that are named together', async () => {
  const alone = createMemoryRegistry()
  await alone.admit?.('eu-west-1_Aaaaaaaaa')
  await expect(alone.admit?.('eu-west-1_Bbbbbbbbb')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  await alone.admit?.('eu-west-1_Aaaaaaaaa')
  const sharedBy = ['eu-west-1_Aaaaaaaaa', 'eu-west-1_Bbbbbbbbb']
  const shared = createMemoryRegistry({ sharedBy })
  for (const pool of sharedBy) await shared.admit?.(pool)
  await expect(shared.admit?.('eu-west-1_Ccccccccc')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

it('the memory registry returns events from a position, in pages, without a gap', async () => {
  const registry = createMemoryRegistry()
  for (const name of ['ada', 'bob', 'eve']) await registry.commit(reserving(freshEmail(), name))
  const all = await registry.told()
  expect(all.map(({ position }) => position)).toEqual([1, 2, 3])
  expect(await registry.told(0, 1)).toEqual(all.slice(0, 1))
  expect(await registry.told(1)).toEqual(all.slice(1))
  expect(await registry.told(1, 1)).toEqual(all.slice(1, 2))
  expect(await registry.told(3)).toEqual([])
})

it('T92: the memory takes no row for its own success that has been written again since, by whatever name', async () => {
  const registry = createMemoryRegistry()
  const key = freshEmail()
  const first = reserving(key, 'ada')
  await registry.commit(first)
  await registry.commit({ ...reserving(key, 'ada', { expectedRevision: 1, person: first.person }), opId: first.opId })
  expect(await registry.commit(first)).toMatchObject({ outcome: 'overtaken', winner: { revision: 2 } })
})

it('the memory registry returns no winner where the overtaken row is no ownership', async () => {
  const registry = createMemoryRegistry()
  const { id, revision: _, ...columns } = person()
  const creating = (userName: string): Change => ({
    ...reserving(freshEmail(), userName),
    person: personId(1),
    writes: [{ row: 'person', id, expectedRevision: 0, person: columns, events: [] }],
  })
  await registry.commit(creating('ada'))
  expect(await registry.commit(creating('eve'))).toEqual({ outcome: 'overtaken', winner: undefined })
})

it('T172: a change is as large as DynamoDB takes it, counted in bytes and not in letters', async () => {
  const registry = createMemoryRegistry()
  const rowOf = (last: number, letter: string, letters: number): Write => {
    const { id, revision: expectedRevision, ...columns } = person(last, [])
    return {
      row: 'person',
      id,
      expectedRevision: expectedRevision - 1,
      person: { ...columns, address: letter.repeat(letters) },
      events: [],
    }
  }
  const changeOf = (writes: readonly [Write, ...Write[]]): Change => ({ ...reserving(freshEmail(), 'ada'), writes })
  const tooLarge = { code: 'CHANGE_TOO_LARGE' }
  await expect(registry.commit(changeOf([rowOf(1, 'ж', 250_000)]))).rejects.toMatchObject(tooLarge)
  const rows = (most: number) => Array.from({ length: most }, (_, at) => rowOf(at + 2, 'x', 390_000))
  await expect(registry.commit(changeOf([rowOf(1, 'x', 390_000), ...rows(10)]))).rejects.toMatchObject(tooLarge)
  const written = await registry.commit(changeOf([rowOf(1, 'x', 390_000), ...rows(9)]))
  expect(written).toMatchObject({ outcome: 'committed' })
})
