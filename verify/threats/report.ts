import { NOT_YET } from './not-yet.ts'
import { THREATS } from './threats.ts'

/** One test, as Vitest's JSON reporter tells of it. */
export interface Ran {
  /** The test's own, after those of the groups that it stands in. */
  readonly titles: readonly string[]
  readonly status: 'passed' | 'failed' | 'skipped'
}

export interface Line {
  readonly number: number
  readonly name: string
  readonly verdict: 'passed' | 'failed' | 'not yet' | 'without a test'
  readonly tests: number
  /** The part of the product that is still to be written; of a threat that has tests, that a part of it is. */
  readonly area: string | undefined
}

/** A line for each threat: none is ever silently absent. */
export function threatLines(tests: readonly Ran[]): readonly Line[] {
  const byNumber = new Map<number, Ran[]>()
  for (const test of tests) {
    for (const number of new Set(test.titles.flatMap(numbersIn)))
      byNumber.set(number, [...(byNumber.get(number) ?? []), test])
  }
  return THREATS.map(([number, name]) => {
    const own = byNumber.get(number) ?? []
    const area = Object.entries(NOT_YET).find(([, numbers]) => numbers.includes(number))?.[0]
    return { number, name, verdict: verdictOn(own, area), tests: own.length, area }
  })
}

function verdictOn(tests: readonly Ran[], area: string | undefined): Line['verdict'] {
  if (tests.some(({ status }) => status === 'failed')) return 'failed'
  if (tests.some(({ status }) => status === 'passed')) return 'passed'
  return area === undefined ? 'without a test' : 'not yet'
}

/** `T35: …`, `T35, T37: …`, `T5 and T32: …`: the numbers stand before the first colon. */
function numbersIn(title: string): readonly number[] {
  const [head = '', rest] = title.split(':')
  if (rest === undefined) return []
  return [...head.matchAll(/\bT(\d{1,3})\b/g)].map(([, digits]) => Number(digits))
}

export function textOf({ number, name, verdict, tests, area }: Line): string {
  const words = {
    passed: `passed (${tests} test${tests === 1 ? '' : 's'}${area === undefined ? '' : `; in part, not yet: ${area}`})`,
    failed: 'FAILED',
    'not yet': `not yet: ${area}`,
    'without a test': 'FAILED: no test carries its number',
  }
  return `${`T${number}`.padEnd(5)}${words[verdict].padEnd(24)} ${name}`
}
