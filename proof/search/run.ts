import { parseArgs } from 'node:util'
import { answerJobs, inWorkers } from '../sim/workers.ts'
import { explore } from './explore.ts'
import { LEASE_VARIANTS, PLAN, type Search } from './plan.ts'
import { scenarioOf } from './scenarios.ts'

export interface Searched {
  readonly name: string
  readonly states: number
  readonly runs: number
  readonly seconds: number
  readonly violations: Readonly<Record<string, readonly string[]>>
  readonly isAsExpected: boolean
}

async function search(options: Search): Promise<Searched> {
  // Errors are part of the game here, and nobody reads where they were made.
  Error.stackTraceLimit = 0
  const began = performance.now()
  const { violations, states, runs } = await explore(scenarioOf(options), { untilFound: options.expects !== 'nothing' })
  const isAsExpected = violations.size > 0 === (options.expects === 'a violation')
  const seconds = Math.round((performance.now() - began) / 100) / 10
  return { name: nameOf(options), states, runs, seconds, violations: Object.fromEntries(violations), isAsExpected }
}

function nameOf({ flows, crashes, kinds, leaps, lease = 'kept', federatedSignUp }: Search): string {
  const ends = kinds?.join(' or ') ?? 'any'
  return `${flows.join(' × ')}; ${crashes} × ${ends}; ${leaps} × expiry; lease ${lease}; ${federatedSignUp}`
}

/** Every schedule of the plan, and the two ways of ending a lease that must be caught. */
export async function runSearch(onSearched: (searched: Searched) => void = () => {}) {
  const began = performance.now()
  const searched = await inWorkers<Search, Searched>(new URL(import.meta.url), [...PLAN, ...LEASE_VARIANTS], onSearched)
  const sum = (of: (one: Searched) => number) => searched.reduce((all, one) => all + of(one), 0)
  return {
    searches: searched.length,
    states: sum(({ states }) => states),
    runs: sum(({ runs }) => runs),
    unexpected: searched.filter(({ isAsExpected }) => !isAsExpected).map(({ name }) => name),
    leases: Object.fromEntries([
      ['kept', searched[0]?.isAsExpected === true ? 'passes' : 'fails'],
      ...LEASE_VARIANTS.map(({ lease }, at) => [
        lease,
        searched[PLAN.length + at]?.isAsExpected === true ? 'caught' : 'missed',
      ]),
    ]),
    seconds: Math.round((performance.now() - began) / 100) / 10,
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, traces: { type: 'boolean' } } })
  const result = await runSearch(({ name, states, runs, seconds, violations, isAsExpected }) => {
    const verdict = isAsExpected ? 'as expected' : 'NOT AS EXPECTED'
    console.error(`${verdict}: ${states} states, ${runs} runs, ${seconds} s: ${name}`)
    for (const [violation, trace] of Object.entries(violations)) {
      console.error(`  ${violation}`)
      if (values.traces || !isAsExpected) for (const line of trace) console.error(`    ${line}`)
    }
  })
  if (values.json) console.log(JSON.stringify(result))
  else console.log(`${result.searches} searches, ${result.states} states, ${result.seconds} s`)
  process.exitCode = result.unexpected.length > 0 ? 1 : 0
}

if (!answerJobs(search) && import.meta.main) await main()
