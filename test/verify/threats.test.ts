import { expect, it } from 'vitest'
import { threatLines } from '../../verify/threats/report.ts'
import { THREATS } from '../../verify/threats/threats.ts'

const lineOf = (number: number, lines: ReturnType<typeof threatLines>) => lines.find((line) => line.number === number)

it('there is a line for every threat, whether or not anything has run', () => {
  expect(threatLines([]).map(({ number }) => number)).toEqual(Array.from({ length: 149 }, (_, at) => at + 1))
  expect(THREATS).toHaveLength(149)
})

it('a threat is closed by a test that carries its number and by nothing else', () => {
  const lines = threatLines([
    { titles: ['T35: a group', 'of tests'], status: 'passed' },
    { titles: ['T36, T37: two at once'], status: 'passed' },
    { titles: ['speaks of T38 without a colon'], status: 'passed' },
    { titles: ['T39: one that fails'], status: 'failed' },
    { titles: ['T40: left out'], status: 'skipped' },
  ])
  expect([35, 36, 37, 38, 39, 40].map((number) => lineOf(number, lines)?.verdict)).toEqual([
    'passed',
    'passed',
    'passed',
    'without a test',
    'failed',
    'without a test',
  ])
})

it('what is not written yet is said to be so, and one failing test outweighs any that pass', () => {
  expect(lineOf(120, threatLines([]))).toMatchObject({ verdict: 'not yet', area: 'H merge' })
  const mixed = threatLines([
    { titles: ['T1: passes'], status: 'passed' },
    { titles: ['T1: fails'], status: 'failed' },
  ])
  expect(lineOf(1, mixed)?.verdict).toBe('failed')
})
