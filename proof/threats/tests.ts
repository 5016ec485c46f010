import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Ran } from './report.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const RESULTS = join(ROOT, 'test-output', 'proof', 'tests.json')

/** Vitest's JSON reporter, as far as it is read here. */
interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

export interface TestsRan {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** False where Vitest stopped before the end, or a file could not be loaded. */
  readonly isWhole: boolean
  readonly tests: readonly Ran[]
}

/** The product's own tests, and of its tools those that answer a threat. */
export async function runTests(): Promise<TestsRan> {
  const files = [
    'packages/onesub/',
    'test/',
    ...(await filesWithThreats(join(ROOT, 'packages', 'emulator', 'src'))),
    ...(await filesWithThreats(join(ROOT, 'packages', 'cli'))),
  ]
  // What the other parts do at full size.
  const elsewhere = ['test/proof/equivalence.test.ts', 'test/proof/search.test.ts'].map((file) => `--exclude=${file}`)
  // `npm test` gives each file its own process; here a worker keeps its modules, which needs a third less time.
  const args = ['run', '--no-isolate', ...elsewhere, '--reporter=json', `--outputFile=${RESULTS}`, ...files]
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const { testResults } = JSON.parse(readFileSync(RESULTS, 'utf8')) as Report
  const tests = testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(
      ({ ancestorTitles, title, status }): Ran => ({ titles: [...ancestorTitles, title], status: statusOf(status) }),
    ),
  )
  const count = (wanted: Ran['status']) => tests.filter(({ status }) => status === wanted).length
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), isWhole: code === 0, tests }
}

function statusOf(status: string): Ran['status'] {
  if (status === 'passed') return 'passed'
  return status === 'failed' ? 'failed' : 'skipped'
}

async function filesWithThreats(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.test.ts'))
  const texts = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), text: await readFile(join(folder, name), 'utf8') })),
  )
  return texts.filter(({ text }) => /\bT\d{1,3}\b[^'`"\n]*:/.test(text)).map(({ path }) => path.slice(ROOT.length))
}
