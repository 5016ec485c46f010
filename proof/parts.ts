import { runEnumeration } from './enumeration/run.ts'
import { runIdentifiers } from './identifiers/run.ts'
import { runPlanted } from './planted/run.ts'
import { runSearch } from './search/run.ts'
import { simInBackground } from './sim/in-background.ts'
import { runStores } from './stores/equivalence.ts'
import { runKills } from './stores/kill.ts'
import { runThreats } from './threats/run.ts'
import { runTests } from './threats/tests.ts'

/** What a part found, and whether it is as it must be. */
export interface Part {
  readonly ok: boolean
  /** For people: what was done, in a few words and numbers. */
  readonly says: string
  readonly counts: object
}

export interface Sizes {
  readonly runs: number
  readonly seed: number
}

export interface Timed extends Part {
  readonly name: PartName
  readonly seconds: number
}

export type Tell = (line: string) => void

export const PARTS = {
  enumeration: async () => {
    const { failures, ...counts } = await runEnumeration()
    const { verdict, difference, halfWidth } = counts.times
    const times = `${verdict}, ${(100 * difference).toFixed(1)} ± ${(100 * halfWidth).toFixed(1)} %`
    const says = `2 × ${counts.signUps} sign-ups: ${counts.bodies} body, ${counts.portCalls.length} list of calls, times ${times}`
    return { ok: failures.length === 0, says, counts: { ...counts, failures } }
  },

  threats: async () => {
    const { tests, ...ran } = await runTests()
    const { lines, ...counts } = runThreats(tests)
    const { closed, open, failed } = counts.clauses
    const says = `${closed} clauses of ${counts.total} threats closed, ${open} open, ${failed} failed; ${ran.passed} tests passed, ${ran.failed} failed`
    const failing = lines.flatMap((line) => line.clauses).filter(({ verdict }) => verdict === 'failed')
    const failures = failing.map(({ id, why }) => `${id}: ${why}`)
    return { ok: ran.isWhole && counts.failed === 0, says, counts: { ...counts, failures, tests: ran } }
  },

  sim: async ({ runs, seed }) => {
    const counts = await simInBackground({ runs, seed })
    const says = `${counts.runs} runs (${counts.asked.lives} lives: ${counts.asked.sightings} sightings, ${counts.asked.mailboxes} mailboxes tried) from seed ${seed}, ${counts.steps} steps, ${counts.violations} violations; ${counts.callsAndFates} pairs of call and fate, ${counts.triggersAndStates} of trigger and claim, the rarest ${counts.rarestPair} ×`
    return { ok: counts.violations === 0 && !counts.isHole, says, counts }
  },

  search: async (_, record) => {
    const counts = await runSearch(({ name, states }) => record(`  ${states} states: ${name}`))
    const says = `${counts.searches} searches, ${counts.states} states, ${counts.runs} runs; lease ${leasesIn(counts.leases)}`
    return { ok: counts.unexpected.length === 0, says, counts }
  },

  planted: async (_, record) => {
    const counts = await runPlanted({
      onHunted: ({ found, seconds, name }) => record(`  ${found ? 'found' : 'NOT FOUND'} in ${seconds} s: ${name}`),
    })
    return { ok: counts.found === counts.total, says: `${counts.found} of ${counts.total} found`, counts }
  },

  stores: async (_, record) => {
    const counts = await runStores({ commands: 'whole proof', onProgress: (line) => record(`  ${line}`) })
    const each = counts.stores.map(({ store, commands }) => `${store} ${commands}`).join(', ')
    return { ok: counts.differences === 0, says: `${each} commands, ${counts.differences} differences`, counts }
  },

  kills: async () => {
    const counts = await runKills()
    const { committed, unknown } = counts.commits
    const says = `${counts.kills} × kill -9 under ${counts.connections} connections: ${committed} acknowledged, ${unknown} unknown, ${counts.reads} reads, ${counts.anomalies.length} anomalies`
    return { ok: counts.anomalies.length === 0, says, counts }
  },

  identifiers: async () => {
    const counts = await runIdentifiers()
    const { codePoints, positions, grammar, vectors, failures } = counts
    const says = `${codePoints} code points × ${positions.length}, ${grammar} addresses, ${vectors} vectors, ${failures.length} failures`
    return { ok: failures.length === 0, says, counts }
  },
} as const satisfies Record<string, (sizes: Sizes, record: Tell) => Promise<Part>>

/** Takes longest, and begins first: it has what processor time the others leave. */
export const IN_BACKGROUND: PartName = 'sim'

/** One after the other; those of one line at once, since each of them waits for something most of the time. */
export const PHASES: readonly (readonly PartName[])[] = [
  ['enumeration', 'identifiers'],
  ['kills', 'stores'],
  ['threats'],
  ['search'],
  ['planted'],
]

export type PartName = keyof typeof PARTS

export function isPart(name: string): name is PartName {
  return Object.hasOwn(PARTS, name)
}

function leasesIn(leases: Readonly<Record<string, string>>): string {
  return Object.entries(leases)
    .map(([lease, verdict]) => `${lease}: ${verdict}`)
    .join(', ')
}
