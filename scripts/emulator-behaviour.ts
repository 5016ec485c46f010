import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BEHAVIOURS, hasPublicSource } from '../packages/emulator/src/behaviour/catalogue.ts'

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}

/** Runs every check of the behaviour table; with `--json`, one object on standard output, counted from this run. */
const folder = await mkdtemp(join(tmpdir(), 'emulator-behaviour-'))
const file = join(folder, 'report.json')
await runChecks(file)
const passing = passedIds(await reportIn(file))
await rm(folder, { recursive: true })

const failed = BEHAVIOURS.filter(({ id }) => !passing.has(id))
const counts = {
  entries: BEHAVIOURS.length,
  withSource: BEHAVIOURS.filter(hasPublicSource).length,
  passed: BEHAVIOURS.length - failed.length,
  failed: failed.length,
}
if (process.argv.includes('--json')) console.log(JSON.stringify(counts))
else console.log(`${counts.entries} behaviours, ${counts.withSource} with source, ${counts.passed} passed`)
for (const { id, says } of failed) console.error(`failed or not run: [${id}] ${says}`)
if (failed.length > 0 || counts.withSource < counts.entries) process.exitCode = 1

function runChecks(output: string): Promise<void> {
  const arguments_ = ['run', 'packages/emulator/src/behaviour', '--reporter=json', `--outputFile=${output}`]
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...arguments_], {
    // What Vitest prints must not mix with the one object on standard output.
    stdio: ['ignore', 2, 'inherit'],
  })
  return new Promise((done, fail) => child.on('error', fail).on('close', () => done()))
}

async function reportIn(path: string): Promise<Report> {
  const text = await readFile(path, 'utf8').catch(() => '{"testResults":[]}')
  return JSON.parse(text)
}

/** An id whose check ran more than once passes only if all its runs did. */
function passedIds({ testResults }: Report): ReadonlySet<string> {
  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  const named = results.map(({ title, status }) => ({ id: /^\[(?<id>[\w-]+)\]/u.exec(title)?.groups?.id, status }))
  const failing = new Set(named.filter(({ status }) => status !== 'passed').map(({ id }) => id))
  return new Set(named.flatMap(({ id }) => (id === undefined || failing.has(id) ? [] : [id])))
}
