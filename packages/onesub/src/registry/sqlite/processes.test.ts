import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { openSqliteRegistry } from './registry.ts'

const PROCESSES = 4
const ADDRESSES = 300

const folder = mkdtempSync(join(tmpdir(), 'onesub-sqlite-race-'))
const racer = fileURLToPath(new URL('./testing/racer.ts', import.meta.url))
const run = promisify(execFile)

afterAll(() => rmSync(folder, { recursive: true }))

it('T85: lets one of four processes have each address, in a file that all of them have just made', async () => {
  const path = join(folder, 'race.db')
  const addresses = Array.from({ length: ADDRESSES }, (_, at) => `racer-${at}@example.com`)
  const racers = Array.from({ length: PROCESSES }, async (_, at): Promise<readonly (readonly [string, string])[]> => {
    const options = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
    const { stdout } = await run(process.execPath, [...options, racer, path, `process-${at}`, ...addresses])
    return JSON.parse(stdout)
  })
  const seen = await Promise.all(racers)
  for (const at of addresses.keys()) {
    const answers = seen.map((answered) => answered[at])
    expect(answers.filter((answer) => answer?.[0] === 'committed')).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer?.[1])).size).toBe(1)
  }
  const registry = openSqliteRegistry({ path, pepper: null })
  expect(await registry.told(0, Number.MAX_SAFE_INTEGER)).toHaveLength(ADDRESSES)
  registry.close()
})

it('opens a new file in eight processes at once', async () => {
  const path = join(folder, 'fresh.db')
  const options = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
  const opened = Array.from({ length: 8 }, () => run(process.execPath, [...options, racer, path, 'nobody']))
  expect((await Promise.all(opened)).map(({ stdout }) => stdout.trim())).toEqual(Array(8).fill('[]'))
})

it('T164: a new file that six processes open at once with two peppers takes one of them', async () => {
  const path = join(folder, 'peppers.db')
  const options = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
  const opens = (pepper: string) =>
    run(process.execPath, [...options, racer, path, 'nobody'], { env: { ...process.env, ONESUB_TEST_PEPPER: pepper } })
  const peppers = ['the pepper of some of them', 'the pepper of the others']
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, (_, at) => opens(peppers[at % 2] ?? '')))
  const [some, others] = [0, 1].map((kind) => outcomes.filter((_, at) => at % 2 === kind).map(({ status }) => status))
  expect([some, others].toSorted()).toEqual([Array(3).fill('fulfilled'), Array(3).fill('rejected')])
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(String(outcome.reason)).toContain('onesub/CONFIG_INVALID')
  }
})
