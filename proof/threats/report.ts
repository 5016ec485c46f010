import type { Clause } from './clauses.ts'
import { AREAS } from './threats.ts'

/** One test, as Vitest's JSON reporter tells of it. */
export interface Ran {
  /** The test's own, after those of the groups that it stands in. */
  readonly titles: readonly string[]
  readonly status: 'passed' | 'failed' | 'skipped'
}

export interface ClauseLine {
  readonly id: string
  readonly says: string
  readonly verdict: 'closed' | 'open' | 'failed'
  /** How many tests close it. */
  readonly tests: number
  /** Of an open clause the reason, of a failed one what is wrong. */
  readonly why: string | undefined
}

export interface Line {
  readonly number: number
  readonly name: string
  readonly area: string
  /** `closed` where every clause is; `failed` where one has. */
  readonly verdict: ClauseLine['verdict']
  readonly clauses: readonly ClauseLine[]
}

/** A line for each threat and each of its clauses, in the order of the numbers: none is ever silently absent. */
export function threatLines(tests: readonly Ran[], areas = AREAS): readonly Line[] {
  const byNumber = new Map<number, Ran[]>()
  for (const test of tests) {
    for (const number of new Set(test.titles.flatMap(numbersIn)))
      byNumber.set(number, [...(byNumber.get(number) ?? []), test])
  }
  const own = new Map<string, ClauseLine>()
  const threats = areas.flatMap(({ name, threats: these }) => these.map((threat) => ({ ...threat, area: name })))
  for (const { number, clauses } of threats)
    for (const clause of clauses) own.set(clause.id, clauseLine(clause, byNumber.get(number) ?? []))
  return threats
    .toSorted((one, other) => one.number - other.number)
    .map(({ number, title, area, clauses }): Line => {
      const lines = clauses.map((clause) => sharedLine(clause, own))
      return { number, name: title, area, verdict: verdictOn(lines), clauses: lines }
    })
}

function clauseLine(clause: Clause, carrying: readonly Ran[]): ClauseLine {
  const { id, says } = clause
  if ('open' in clause) return { id, says, verdict: 'open', tests: 0, why: clause.open }
  if ('as' in clause) return { id, says, verdict: 'failed', tests: 0, why: `there is no clause ${clause.as}` }
  const found = clause.tests.map((piece) => ({
    piece,
    tests: carrying.filter(({ titles }) => titles.some((title) => title.includes(piece))),
  }))
  const tests = new Set(found.flatMap((each) => each.tests)).size
  const why = faultOf(found)
  return { id, says, verdict: why === undefined ? 'closed' : 'failed', tests, why }
}

/** A clause is closed by the tests that it names: each piece of a title is there, and whatever has it in its title passed. */
function faultOf(found: readonly { readonly piece: string; readonly tests: readonly Ran[] }[]): string | undefined {
  if (found.length === 0) return 'it names no test'
  const missing = found.find(({ tests }) => tests.length === 0)
  if (missing) return `no test has “${missing.piece}” in its title`
  const bad = found.find(({ tests }) => tests.some(({ status }) => status !== 'passed'))
  return bad && `a test with “${bad.piece}” in its title failed or was skipped`
}

function sharedLine(clause: Clause, own: ReadonlyMap<string, ClauseLine>): ClauseLine {
  const line = own.get('as' in clause ? clause.as : clause.id)
  return { ...(line ?? clauseLine(clause, [])), id: clause.id, says: clause.says }
}

function verdictOn(clauses: readonly ClauseLine[]): Line['verdict'] {
  if (clauses.length === 0 || clauses.some(({ verdict }) => verdict === 'failed')) return 'failed'
  return clauses.some(({ verdict }) => verdict === 'open') ? 'open' : 'closed'
}

/** `T35: …`, `T35, T37: …`, `is refused: T171: …`: numbers stand before a colon, at the head of a title or of a row in its table. */
function numbersIn(title: string): readonly number[] {
  const heads = title.split(':').slice(0, -1)
  return heads
    .filter((head, at) => at === 0 || /^[\s,]*(T\d{1,3}[a-z]?[\s,]*)+$/.test(head))
    .flatMap((head) => [...head.matchAll(/\bT(\d{1,3})[a-z]?\b/g)].map(([, digits]) => Number(digits)))
}

export function textOf({ number, name, verdict, clauses }: Line): string {
  const closed = clauses.filter((clause) => clause.verdict === 'closed').length
  const head = `${`T${number}`.padEnd(5)}${verdict.padEnd(7)}${`${closed} of ${clauses.length}`.padEnd(9)}${name}`
  const rest = clauses
    .filter((clause) => clause.verdict !== 'closed')
    .map(({ id, says, verdict: own, why }) => `      ${id} ${own}: ${says} (${why})`)
  return [head, ...rest].join('\n')
}
