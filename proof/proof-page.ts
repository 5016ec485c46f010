import { readFileSync, writeFileSync } from 'node:fs'
import { lastMutants } from './mutation/results.ts'
import type { Timed } from './parts.ts'

const PAGE = new URL('../docs/proof.md', import.meta.url)
const BEGIN = '<!-- the last run: written by `npm run proof -- --write` -->'
const END = '<!-- end of the last run -->'

export interface Whole {
  readonly commit: string
  readonly seconds: number
  readonly seed: number
}

/** Puts a table of what has just run into the page, between its marks. */
export function writeProof({ commit, seconds, seed }: Whole, parts: readonly Timed[]): void {
  const page = readFileSync(PAGE, 'utf8')
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (before < 0 || after < before) throw new Error('docs/proof.md has lost the marks of its table.')
  const rows = parts.map(
    ({ name, says, ok, seconds: own }) => `| ${name} | ${ok ? '' : '**not ok:** '}${says} | ${own} |`,
  )
  rows.push(`| mutants, run by themselves | killed: ${lastMutants()} | |`)
  const table = ['| part | what ran | seconds |', '| --- | --- | --- |', ...rows].join('\n')
  const day = new Date().toISOString().slice(0, 10)
  const head = `Commit ${commit}, ${day}, Node ${process.versions.node}, first seed ${seed}, ${seconds} s in all.`
  writeFileSync(PAGE, `${page.slice(0, before)}${BEGIN}\n${head}\n\n${table}\n${page.slice(after)}`)
}
