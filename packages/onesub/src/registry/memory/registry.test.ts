import { expect, it } from 'vitest'
import type { Change } from '../../core/change.ts'
import { person, personId } from '../../core/testing/samples.ts'
import { openDynamoDbRegistry } from '../dynamodb/index.ts'
import { openPostgresRegistry } from '../postgres/index.ts'
import { openSqliteRegistry } from '../sqlite/index.ts'
import { claiming, freshKey, registryContract } from '../testing/contract.ts'
import { storeOfOneProcessContract } from '../testing/store-contract.ts'
import { createMemoryRegistry } from './registry.ts'

registryContract('memory', async () => {
  const registry = createMemoryRegistry()
  return { registry, heard: async () => (await registry.told(0, Number.MAX_SAFE_INTEGER)).map(({ event }) => event) }
})

storeOfOneProcessContract('memory', async () => ({ open: async (options) => createMemoryRegistry(options) }))

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

it.each([
  ['memory', createMemoryRegistry],
  ['SQLite', openSqliteRegistry],
  ['PostgreSQL', openPostgresRegistry],
  ['DynamoDB', openDynamoDbRegistry],
])('T112: an option that does not exist is refused at opening, with the one that was meant: %s', async (_, open) => {
  const opened = async () => Reflect.apply(open, undefined, [{ sharedby: [] }])
  await expect(opened()).rejects.toThrow('CONFIG_INVALID: There is no option "sharedby". Did you mean "sharedBy"?')
})

it('the memory tells on from a position, in pieces, without a gap', async () => {
  const registry = createMemoryRegistry()
  for (const name of ['ada', 'bob', 'eve']) await registry.commit(claiming(freshKey(), name))
  const all = await registry.told()
  expect(all.map(({ position }) => position)).toEqual([1, 2, 3])
  expect(await registry.told(0, 1)).toEqual(all.slice(0, 1))
  expect(await registry.told(1)).toEqual(all.slice(1))
  expect(await registry.told(1, 1)).toEqual(all.slice(1, 2))
  expect(await registry.told(3)).toEqual([])
})

it('T92: the memory takes no row for its own success that has been written again since, by whatever name', async () => {
  const registry = createMemoryRegistry()
  const key = freshKey()
  const first = claiming(key, 'ada')
  await registry.commit(first)
  await registry.commit({ ...claiming(key, 'ada', { expectedRevision: 1, person: first.person }), opId: first.opId })
  expect(await registry.commit(first)).toMatchObject({ outcome: 'overtaken', winner: { revision: 2 } })
})

it('the memory tells of no winner where it was no claim that was overtaken', async () => {
  const registry = createMemoryRegistry()
  const { id, revision: _, ...columns } = person()
  const creating = (userName: string): Change => ({
    ...claiming(freshKey(), userName),
    person: personId(1),
    writes: [{ row: 'person', id, expectedRevision: 0, person: columns, events: [] }],
  })
  await registry.commit(creating('ada'))
  expect(await registry.commit(creating('eve'))).toEqual({ outcome: 'overtaken', winner: undefined })
})
