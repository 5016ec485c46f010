import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Area } from '../../proof/threats/clauses.ts'
import { textOf, threatLines } from '../../proof/threats/report.ts'
import { runThreats } from '../../proof/threats/run.ts'
import { AREAS } from '../../proof/threats/threats.ts'

const THREATS = AREAS.flatMap(({ threats }) => threats)
const CLAUSES = THREATS.flatMap(({ number, clauses }) => clauses.map((clause) => ({ number, clause })))

describe('the list of threats', () => {
  it('has every number once, and each area has its own in order', () => {
    const numbers = THREATS.map(({ number }) => number)
    expect(numbers.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 183 }, (_, at) => at + 1))
    for (const { threats } of AREAS) {
      const own = threats.map(({ number }) => number)
      expect(own).toEqual(own.toSorted((one, other) => one - other))
    }
  })

  it('gives each threat at least one clause, lettered in order, with words of its own', () => {
    for (const { number, clauses } of THREATS) {
      expect(clauses.length, `T${number}`).toBeGreaterThan(0)
      const letters = clauses.map((_, at) => `T${number}${String.fromCharCode('a'.charCodeAt(0) + at)}`)
      expect(clauses.map(({ id }) => id)).toEqual(letters)
      expect(new Set(clauses.map(({ says }) => says)).size, `T${number}`).toBe(clauses.length)
    }
  })

  it('closes a clause by a test that it names, by a clause that is, or says why it is open', () => {
    for (const { clause } of CLAUSES) {
      if ('open' in clause) expect(clause.open, clause.id).toMatch(/\w{3}/)
      else if ('as' in clause) {
        const other = CLAUSES.find(({ clause: { id } }) => id === clause.as)?.clause
        expect(other && 'tests' in other, clause.id).toBe(true)
      } else {
        expect(clause.tests.length, clause.id).toBeGreaterThan(0)
        expect(new Set(clause.tests).size, clause.id).toBe(clause.tests.length)
      }
    }
  })
})

/** Titles stand in test files, and in the contract that all stores share. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SOURCES = ['packages', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.includes('node_modules') && name !== join('verify', 'threats.test.ts'))
    .filter(
      (name) => name.endsWith('.test.ts') || (name.includes(join('testing', 'store-contract')) && name.endsWith('.ts')),
    )
    .map((name) => ({ name, text: readFileSync(join(ROOT, folder, name), 'utf8') })),
)

it('a piece of a title is in one file with the number of its threat, or in none, where a table makes it', () => {
  for (const { number, clause } of CLAUSES) {
    for (const piece of 'tests' in clause ? clause.tests : []) {
      const own = SOURCES.filter(({ text }) => text.includes(piece) && new RegExp(`\\bT${number}\\b`).test(text))
      const names = own.map(({ name }) => name)
      expect(names.length, `${clause.id} “${piece}”: ${names}`).toBeLessThan(2)
    }
  }
})

const AREA: Area = {
  name: 'an area',
  threats: [
    {
      number: 2,
      title: 'A second threat',
      clauses: [
        { id: 'T2a', says: 'as the first', as: 'T1a' },
        { id: 'T2b', says: 'as nothing', as: 'T9z' },
      ],
    },
    {
      number: 1,
      title: 'A threat',
      clauses: [
        { id: 'T1a', says: 'by one test', tests: ['is refused'] },
        { id: 'T1b', says: 'by two', tests: ['is refused', 'is told'] },
        { id: 'T1c', says: 'not yet', open: 'it is not written yet' },
        { id: 'T1d', says: 'by nothing', tests: [] },
      ],
    },
  ],
}

const verdicts = (...ran: Parameters<typeof threatLines>[0]) =>
  threatLines(ran, [AREA]).flatMap(({ clauses }) => clauses.map(({ id, verdict }) => `${id} ${verdict}`))

describe('a clause', () => {
  const refused = { titles: ['T1: is refused'], status: 'passed' } as const

  it('is closed by the tests whose titles it names, and by nothing else', () => {
    expect(verdicts(refused)).toEqual([
      'T1a closed',
      'T1b failed',
      'T1c open',
      'T1d failed',
      'T2a closed',
      'T2b failed',
    ])
    expect(verdicts({ titles: ['T1: is something else'], status: 'passed' })).toContain('T1a failed')
    expect(verdicts()).toContain('T1a failed')
  })

  it('is closed by a test of its threat only, whose number stands at the head of a title', () => {
    expect(verdicts({ titles: ['T3: is refused'], status: 'passed' })).toContain('T1a failed')
    expect(verdicts({ titles: ['is refused, says T1'], status: 'passed' })).toContain('T1a failed')
    expect(verdicts({ titles: ['T11: is refused'], status: 'passed' })).toContain('T1a failed')
    expect(verdicts({ titles: ['T3, T1: a group', 'is refused'], status: 'passed' })).toContain('T1a closed')
    expect(verdicts({ titles: ['T1a: is refused'], status: 'passed' })).toContain('T1a closed')
    expect(verdicts({ titles: ['T3: a table: T1: is refused'], status: 'passed' })).toContain('T1a closed')
    expect(verdicts({ titles: ['T3: says T1: is refused'], status: 'passed' })).toContain('T1a failed')
  })

  it.each(['failed', 'skipped'] as const)('fails where one of its tests has %s, however many passed', (status) => {
    const twice = verdicts(refused, { titles: ['T1: is refused again'], status })
    expect(twice).toContain('T1a failed')
    expect(twice).toContain('T2a failed')
  })
})

it('the report counts clauses and threats, lists what is open with its reason, and says what failed', () => {
  const told = { titles: ['T1: is told'], status: 'passed' } as const
  const lines = threatLines([{ titles: ['T1: is refused'], status: 'passed' }, told], [AREA])
  expect(lines.map(({ number, verdict }) => [number, verdict])).toEqual([
    [1, 'failed'],
    [2, 'failed'],
  ])
  const text = lines.map(textOf).join('\n')
  expect(text).toContain('T1c open: not yet (it is not written yet)')
  expect(text).toContain('T1d failed: by nothing (it names no test)')
  expect(text).toContain('T2b failed: as nothing (there is no clause T9z)')
  expect(text).not.toContain('T1b')

  const { clauses, openClauses, ...threats } = runThreats([])
  const open = CLAUSES.filter(({ clause }) => 'open' in clause).length
  expect(clauses).toEqual({ total: CLAUSES.length, closed: 0, open, failed: CLAUSES.length - open })
  expect(openClauses).toHaveLength(open)
  expect(threats.closed + threats.open + threats.failed).toBe(183)
})
