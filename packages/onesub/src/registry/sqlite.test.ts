import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { openSqliteRegistry } from './sqlite.ts'
import { claiming, freshKey, registryContract } from './testing/contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'onesub-sqlite-'))
const open = (file: string) => openSqliteRegistry({ path: join(folder, file), pepper: null })

const shared = open('contract.db')
registryContract('SQLite', async () => ({
  registry: shared,
  heard: async () => (await shared.told(0, Number.MAX_SAFE_INTEGER)).map(({ event }) => event),
}))

describe('a SQLite registry', () => {
  it('is one registry for everybody who opens the same file', async () => {
    const [one, other] = [open('two.db'), open('two.db')]
    const key = freshKey()
    const change = claiming(key, 'ada')
    await one.commit(change)
    expect(await other.commit(claiming(key, 'eve'))).toMatchObject({
      outcome: 'overtaken',
      winner: { person: change.person },
    })
    expect(await other.told()).toEqual(await one.told())
    one.close()
    other.close()
  })

  it('keeps what it was told when the file is closed and opened again', async () => {
    const before = open('again.db')
    const key = freshKey()
    const change = claiming(key, 'ada')
    await before.commit(change)
    before.close()
    const after = open('again.db')
    const { claims } = await after.facts({ identity: undefined, keys: [key] })
    expect(claims[0]?.claim?.person).toBe(change.person)
    after.close()
  })

  it('tells on from a position, in pieces, without a gap', async () => {
    const registry = open('pieces.db')
    for (const name of ['ada', 'bob', 'eve']) await registry.commit(claiming(freshKey(), name))
    const all = await registry.told()
    const [first] = await registry.told(0, 1)
    expect([first, ...(await registry.told(first?.position))]).toEqual(all)
    expect(all).toHaveLength(3)
    registry.close()
  })

  it('does not touch a file that a newer version has made', () => {
    open('newer.db').close()
    const file = new DatabaseSync(join(folder, 'newer.db'))
    file.exec('pragma user_version = 99')
    file.close()
    expect(() => open('newer.db')).toThrow(expect.objectContaining({ code: 'REGISTRY_NOT_READY' }))
  })

  it('says that it cannot be reached when the file cannot be opened, without naming the file', () => {
    expect(() => open('no-such-folder/registry.db')).toThrow(expect.objectContaining({ code: 'REGISTRY_UNREACHABLE' }))
    expect(() => open('no-such-folder/registry.db')).not.toThrow(/no-such-folder/)
  })

  it('asks to try again, and has written nothing, when another process writes for too long', {
    timeout: 20_000,
  }, async () => {
    const registry = open('busy.db')
    const other = new DatabaseSync(join(folder, 'busy.db'))
    other.exec('begin immediate')
    const change = claiming(freshKey(), 'ada')
    await expect(registry.commit(change)).rejects.toMatchObject({ code: 'TRY_AGAIN' })
    other.exec('rollback')
    expect(await registry.commit(change)).toMatchObject({ outcome: 'committed', replayed: false })
    other.close()
    registry.close()
  })
})

afterAll(() => {
  shared.close()
  rmSync(folder, { recursive: true })
})
