import { readFileSync } from 'node:fs'
import type { Mutant } from './report.ts'

/** A mutant that no test can or need notice, and why. Known by its text, since lines move. */
interface Listed {
  readonly file: string
  readonly mutator: string
  readonly original: string
  readonly replacement: string
  /** @default 1: how many places of the file read alike. */
  readonly times?: number
  readonly reason: string
}

const LIST = new URL('survivors.json', import.meta.url)

/** Parts the survivors into those that are listed and those that are new. An entry speaks for as many mutants as it says. */
export function compared(survivors: readonly Mutant[]): { listed: readonly Mutant[]; unlisted: readonly Mutant[] } {
  const list: readonly Listed[] = JSON.parse(readFileSync(LIST, 'utf8'))
  const left = new Map<string, number>()
  for (const entry of list) left.set(nameOf(entry), (left.get(nameOf(entry)) ?? 0) + (entry.times ?? 1))
  const listed: Mutant[] = []
  const unlisted: Mutant[] = []
  for (const survivor of survivors) {
    const places = left.get(nameOf(survivor)) ?? 0
    left.set(nameOf(survivor), places - 1)
    if (places > 0) listed.push(survivor)
    else unlisted.push(survivor)
  }
  return { listed, unlisted }
}

function nameOf({ file, mutator, original, replacement }: Omit<Listed, 'reason'>): string {
  return JSON.stringify([file, mutator, original, replacement])
}
