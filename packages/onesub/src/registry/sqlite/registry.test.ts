import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { freshEmail, reserving } from '../../testing/store-contract/sample-changes.ts'
import { openSqliteRegistry } from './index.ts'

/** What another process does, in a thread: it begins to write, says so, and ends a moment later. */
const HOLDS_FOR_A_MOMENT = `
  const { DatabaseSync } = require('node:sqlite')
  const { parentPort, workerData } = require('node:worker_threads')
  const database = new DatabaseSync(workerData)
  database.exec('begin immediate')
  parentPort.postMessage('writing')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150)
  database.exec('rollback')
  database.close()
`

const folder = mkdtempSync(join(tmpdir(), 'onesub-sqlite-'))
const open = (file: string) => openSqliteRegistry({ path: join(folder, file), pepper: null })

describe('a SQLite registry', () => {
  it('is one registry for everybody who opens the same file', async () => {
    const [one, other] = [open('two.db'), open('two.db')]
    const key = freshEmail()
    const change = reserving(key, 'ada')
    await one.commit(change)
    expect(await other.commit(reserving(key, 'eve'))).toMatchObject({
      outcome: 'overtaken',
      winner: { person: change.person },
    })
    expect(await other.told()).toEqual(await one.told())
    one.close()
    other.close()
  })

  it('keeps what it was told when the file is closed and opened again', async () => {
    const before = open('again.db')
    const key = freshEmail()
    const change = reserving(key, 'ada')
    await before.commit(change)
    before.close()
    const after = open('again.db')
    const { identifiers } = await after.facts({ identity: undefined, identifiers: [key] })
    expect(identifiers[0]?.ownership?.person).toBe(change.person)
    after.close()
  })

  it('tells on from a position, in pieces, without a gap', async () => {
    const registry = open('pieces.db')
    for (const name of ['ada', 'bob', 'eve']) await registry.commit(reserving(freshEmail(), name))
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
    expect(() => open('newer.db')).toThrow(/made by a newer version of onesub/)
  })

  it('T170: tells a file that cannot be opened for good, without naming it', () => {
    expect(() => open('no-such-folder/registry.db')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    expect(() => open('no-such-folder/registry.db')).not.toThrow(/no-such-folder/)
  })

  it('T170: tells a file that is no database, and one that is somebody else’s, and changes neither', () => {
    const text = 'a diary, not a database'.repeat(100)
    writeFileSync(join(folder, 'diary.txt'), text)
    expect(() => open('diary.txt')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    expect(() => open('diary.txt')).toThrow(/is no SQLite database/)
    expect(readFileSync(join(folder, 'diary.txt'), 'utf8')).toBe(text)
    const other = new DatabaseSync(join(folder, 'other.db'))
    other.exec('create table films (id text)')
    expect(() => open('other.db')).toThrow(/is a database of something else/)
    expect(other.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'films' }])
    other.close()
  })

  it.each([undefined, '', 7])('T170: takes no file named %j', (path) => {
    const options: { path: string } = JSON.parse(JSON.stringify({ path }))
    expect(() => openSqliteRegistry({ ...options, pepper: null })).toThrow(/"path" must be the name of a file/)
  })

  it('T112: says what is missing where there are no options', () => {
    expect(() => Reflect.apply(openSqliteRegistry, undefined, [])).toThrow(/CONFIG_INVALID: "pepper" must be a string/)
  })

  it('lets readers go on while somebody writes: the file keeps a log of its own', () => {
    open('log.db').close()
    const file = new DatabaseSync(join(folder, 'log.db'))
    expect(file.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
    file.close()
  })

  it('can be reached no more once it is closed', async () => {
    const registry = open('closed.db')
    registry.close()
    await expect(registry.told()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
  })

  it('waits for the write of another one that is soon done', async () => {
    const registry = open('waits.db')
    const other = new Worker(HOLDS_FOR_A_MOMENT, { eval: true, workerData: join(folder, 'waits.db') })
    const ended = once(other, 'exit')
    await once(other, 'message')
    expect(await registry.commit(reserving(freshEmail(), 'ada'))).toMatchObject({ outcome: 'committed' })
    await ended
    registry.close()
  })

  describe('that is new, and that others open too', () => {
    const busy = Object.assign(new Error('database is locked'), { errcode: 5 })
    /** Refused so often, with this fault, to change the mode; everything else is asked of the real engine. */
    function refusing(times: number, fault: Error) {
      const exec = DatabaseSync.prototype.exec
      let tries = 0
      vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
      vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql: string) {
        if (!sql.includes('journal_mode')) return exec.call(this, sql)
        tries += 1
        if (tries <= times) throw fault
        return exec.call(this, sql)
      })
      return { tries: () => tries }
    }
    afterEach(() => vi.restoreAllMocks())

    it('is opened once they let it, within two seconds', () => {
      const { tries } = refusing(39, busy)
      open('contested.db').close()
      expect(tries()).toBe(40)
      expect(Atomics.wait).toHaveBeenCalledTimes(39)
      expect(Atomics.wait).toHaveBeenCalledWith(expect.anything(), 0, 0, 50)
    })

    it('asks to try again where they do not', () => {
      const { tries } = refusing(Number.POSITIVE_INFINITY, busy)
      expect(() => open('contested-on.db')).toThrow(expect.objectContaining({ code: 'TRY_AGAIN' }))
      expect(tries()).toBe(40)
    })

    it('does not ask twice where it is another fault', () => {
      const { tries } = refusing(1, Object.assign(new Error('disk I/O error'), { errcode: 10 }))
      expect(() => open('broken.db')).toThrow(expect.objectContaining({ code: 'REGISTRY_UNREACHABLE' }))
      expect(tries()).toBe(1)
    })
  })

  it('asks to try again, and has written nothing, when another process writes for too long', {
    timeout: 20_000,
  }, async () => {
    const registry = open('busy.db')
    const other = new DatabaseSync(join(folder, 'busy.db'))
    other.exec('begin immediate')
    const change = reserving(freshEmail(), 'ada')
    await expect(registry.commit(change)).rejects.toMatchObject({ code: 'TRY_AGAIN' })
    other.exec('rollback')
    expect(await registry.commit(change)).toMatchObject({ outcome: 'committed', replayed: false })
    other.close()
    registry.close()
  })
})

afterAll(() => rmSync(folder, { recursive: true }))
