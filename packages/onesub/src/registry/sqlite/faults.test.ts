import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OnesubError } from '../../core/errors.ts'
import { isBusy, withOnesubErrors } from './faults.ts'
import { inTransaction } from './transaction.ts'

const failing = (error: unknown) => () => {
  throw error
}
const withCode = (errcode: unknown) => Object.assign(new Error('database is locked: /srv/registry.db'), { errcode })

describe('a fault of SQLite', () => {
  // The numbers of sqlite.org, "Result and Error Codes": BUSY, LOCKED, BUSY_RECOVERY, BUSY_SNAPSHOT, LOCKED_SHAREDCACHE.
  it.each([5, 6, 261, 517, 262])('is to be tried again where another one is writing: code %i', (errcode) => {
    expect(isBusy(withCode(errcode))).toBe(true)
    expect(() => withOnesubErrors(failing(withCode(errcode)))).toThrow(expect.objectContaining({ code: 'TRY_AGAIN' }))
  })

  // PERM, READONLY, CORRUPT, CANTOPEN, NOTADB, and an extended one: READONLY_DIRECTORY.
  it.each([3, 8, 11, 14, 26, 1_544])(
    'T170: is a mistake of the set-up where no other try helps: code %i',
    (errcode) => {
      expect(isBusy(withCode(errcode))).toBe(false)
      expect(() => withOnesubErrors(failing(withCode(errcode)))).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID', retry: false, detail: expect.stringContaining('"path"') }),
      )
    },
  )

  // ERROR, FULL, IOERR, and what is none of SQLite's.
  it.each([1, 13, 10, 1_280 + 1, '5', undefined])('is left to the operator otherwise: code %j', (errcode) => {
    expect(isBusy(withCode(errcode))).toBe(false)
    expect(() => withOnesubErrors(failing(withCode(errcode)))).toThrow(
      expect.objectContaining({ code: 'REGISTRY_UNREACHABLE' }),
    )
  })

  it.each([null, undefined, 'busy', { errcode: 5 }, new Error('busy')])(
    'is no other thing that is thrown: %j',
    (error) => expect(isBusy(error)).toBe(false),
  )

  it('is told in our words, without the file’s name, and keeps its own for the log', () => {
    const cause = withCode(14)
    expect(() => withOnesubErrors(failing(cause))).toThrow(expect.objectContaining({ cause }))
    expect(() => withOnesubErrors(failing(cause))).not.toThrow(/registry\.db/)
  })

  it('stays what it is where it is ours', () => {
    const ours = new OnesubError('REGISTRY_NOT_READY')
    expect(() => withOnesubErrors(failing(ours))).toThrow(ours)
  })

  it('is none where there is an answer', () => expect(withOnesubErrors(() => 'answer')).toBe('answer'))
})

describe('a transaction', () => {
  let folder: string
  let database: DatabaseSync
  const rows = () => database.prepare('select x from t').all()

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'onesub-transaction-'))
    database = new DatabaseSync(join(folder, 't.db'))
    database.exec('create table t (x integer)')
  })
  afterEach(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })

  it.each([
    [true, 1],
    [false, 0],
  ])('keeps what was written only where it is told to: %s', (keep, count) => {
    const answer = inTransaction(database, () => {
      database.exec('insert into t values (1)')
      return keep
    })
    expect(answer).toBe(keep)
    expect(rows()).toHaveLength(count)
    // It has ended: another one can begin.
    expect(inTransaction(database, () => true)).toBe(true)
  })

  it('keeps nothing where something is thrown, which is thrown on', () => {
    const fault = new Error('full')
    const run = () =>
      inTransaction(database, () => {
        database.exec('insert into t values (1)')
        throw fault
      })
    expect(run).toThrow(fault)
    expect(rows()).toEqual([])
    expect(inTransaction(database, () => true)).toBe(true)
  })

  it('throws the first fault where SQLite has taken everything back by itself', () => {
    const fault = new Error('full')
    const run = () =>
      inTransaction(database, () => {
        database.exec('rollback')
        throw fault
      })
    expect(run).toThrow(fault)
  })

  it('has the file to itself from its beginning, before anything is written', () => {
    const other = new DatabaseSync(join(folder, 't.db'))
    inTransaction(database, () => {
      expect(() => other.exec('begin immediate')).toThrow(expect.objectContaining({ errcode: 5 }))
      return true
    })
    other.close()
  })
})
