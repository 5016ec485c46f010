/**
 * The whole proof: `npm run -s proof -- [--json] [--write] [--only <part>] [--runs N] [--seed S]`. Exits with 1 where a part is not as it
 * must be. `--write` puts the result into docs/proof.md.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { IN_BACKGROUND, isPart, PARTS, type PartName, PHASES, type Timed } from './parts.ts'
import { writeProof } from './proof-page.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    write: { type: 'boolean' },
    only: { type: 'string', multiple: true, default: [] },
    runs: { type: 'string', default: '450000' },
    seed: { type: 'string', default: '1' },
  },
})
const sizes = { runs: Number(values.runs), seed: Number(values.seed) }
const only = values.only.map(checked)
const isWanted = (name: PartName) => only.length === 0 || only.includes(name)

const began = performance.now()
const parts: Timed[] = []
const background = isWanted(IN_BACKGROUND) ? played(IN_BACKGROUND) : undefined
for (const phase of PHASES) parts.push(...(await Promise.all(phase.filter(isWanted).map(played))))
if (background) parts.push(await background)
const whole = { commit: commit(), seconds: secondsSince(began), ok: parts.every(({ ok }) => ok) }
if (values.write) writeProof({ ...whole, ...sizes }, parts)
const byPart = Object.fromEntries(parts.map(({ name, counts, seconds, ok }) => [name, { ...counts, seconds, ok }]))
if (values.json) console.log(JSON.stringify({ ...whole, ...byPart }))
else console.log(whole.ok ? `All as it must be, in ${whole.seconds} s` : 'NOT as it must be')
process.exitCode = whole.ok ? 0 : 1

async function played(name: PartName): Promise<Timed> {
  console.error(`${name} …`)
  const start = performance.now()
  const part = await PARTS[name](sizes, (line) => console.error(line))
  const seconds = secondsSince(start)
  console.error(`${name} ${part.ok ? 'ok' : 'NOT OK'}, ${seconds} s: ${part.says}`)
  return { ...part, name, seconds }
}

function checked(name: string): PartName {
  if (isPart(name)) return name
  throw new Error(`There is no part "${name}". The parts are ${Object.keys(PARTS).join(', ')}.`)
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : ' and changes')
  } catch {
    return 'unknown'
  }
}

function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 100) / 10
}
