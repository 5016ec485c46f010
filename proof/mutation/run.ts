/**
 * Whether the tests notice when the sources change: `npm run -s proof -- mutation [--json] [--only core|keys|verify|registry]`.
 * Stryker makes one small change after another, and the unit tests beside the code have to fail. Exits with 1 where fewer than nine of ten
 * changes are noticed, or where one is not noticed that `survivors.json` does not explain.
 */
import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { GROUPS, type GroupName, isGroup } from './groups.ts'
import { mutantsIn } from './report.ts'
import { type GroupResult, keep, scoreOf, totalOf } from './results.ts'
import { compared } from './survivors.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Of a hundred mutants, in each group. */
const FEWEST_KILLED = 90

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string' }, concurrency: { type: 'string', default: '1' } },
})

const began = performance.now()
const names = Object.keys(GROUPS)
  .filter(isGroup)
  .filter((name) => values.only === undefined || name === values.only)
if (names.length === 0) throw new Error(`There is no group "${values.only}".`)

const groups: GroupResult[] = []
for (const name of names) {
  await stryker(name)
  const group = resultOf(name)
  keep(group)
  groups.push(group)
}
const result = { groups, ...totalOf(groups), seconds: Math.round((performance.now() - began) / 1_000) }
if (values.json) console.log(JSON.stringify(result))
else console.log(`${result.killed} of ${result.total} mutants killed (${result.score} %), in ${result.seconds} s`)
process.exitCode = groups.every(({ score, survived, listed }) => score >= FEWEST_KILLED && survived === listed) ? 0 : 1

function stryker(group: GroupName): Promise<void> {
  const child = spawn(
    process.execPath,
    ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', 'proof/mutation/stryker.config.mjs'],
    {
      cwd: ROOT,
      env: { ...process.env, ONESUB_MUTATION_GROUP: group, ONESUB_MUTATION_CONCURRENCY: values.concurrency },
      // What it says goes to the standard error: the standard output is ours.
      stdio: ['ignore', 2, 2],
    },
  )
  return new Promise((resolve, reject) =>
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`Stryker ended with ${code}.`)))),
  )
}

function resultOf(name: GroupName): GroupResult {
  const mutants = mutantsIn(`${ROOT}/test-output/mutation/${name}/report.json`)
  const killed = mutants.filter(({ fate }) => fate === 'killed').length
  const { listed, unlisted } = compared(mutants.filter(({ fate }) => fate === 'survived'))
  const counts = { killed, survived: listed.length + unlisted.length }
  const group = { name, ...counts, listed: listed.length, score: scoreOf(counts) }
  console.error(
    `${name}: ${group.score} %, ${killed} killed, ${listed.length} survivors explained, ${unlisted.length} not`,
  )
  for (const { file, line, mutator, original, replacement } of unlisted) {
    console.error(`  ${file}:${line} ${mutator}\n    - ${original}\n    + ${replacement}`)
  }
  return group
}
