import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { GROUPS, type GroupName } from './groups.ts'

export interface Counts {
  readonly killed: number
  readonly survived: number
}

export interface GroupResult extends Counts {
  readonly name: GroupName
  /** Of the survivors, those that `survivors.json` explains. */
  readonly listed: number
  /** Of a hundred mutants, those that were killed. */
  readonly score: number
}

export function scoreOf({ killed, survived }: Counts): number {
  return Math.round((1_000 * killed) / (killed + survived)) / 10
}

export function totalOf(groups: readonly Counts[]): { killed: number; total: number; score: number } {
  const killed = groups.reduce((sum, group) => sum + group.killed, 0)
  const survived = groups.reduce((sum, group) => sum + group.survived, 0)
  return { killed, total: killed + survived, score: scoreOf({ killed, survived }) }
}

interface Kept extends GroupResult {
  readonly commit: string
  /** Whether the sources were those of that commit. */
  readonly clean: boolean
  readonly date: string
}

const FILE = new URL('last-run.json', import.meta.url)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** For people: how each group fared when it last ran, and where. */
export function lastMutants(): string {
  const { groups } = kept()
  return groups
    .map(({ name, score, killed, survived, commit }) => {
      return `${name} ${score} % of ${killed + survived} (${commit.slice(0, 7)})`
    })
    .join(', ')
}

/** Each group's last result, with the commit it speaks of: a group may be run alone. */
export function keep(result: GroupResult): void {
  const commit = git('rev-parse', 'HEAD')
  const clean = git('status', '--porcelain', '--', 'packages/onesub/src') === ''
  const date = new Date().toISOString().slice(0, 10)
  const before = kept()
  const groups = Object.keys(GROUPS).flatMap((name): Kept[] => {
    if (name === result.name) return [{ ...result, commit, clean, date }]
    return before.groups.filter((group) => group.name === name)
  })
  writeFileSync(FILE, `${JSON.stringify({ groups, ...totalOf(groups) }, null, 2)}\n`)
}

function kept(): { readonly groups: readonly Kept[] } {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : { groups: [] }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
}
