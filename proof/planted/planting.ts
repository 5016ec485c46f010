import { existsSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { PlantedBug } from './bug.ts'
import { BUGS } from './bugs.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const SOURCES = `${ROOT}packages/onesub/src/`

/** The bug that this process was asked to carry; none in any other. */
export function plantedHere(): PlantedBug | undefined {
  const name = process.env.ONESUB_PLANT
  if (name === undefined) return undefined
  const bug = BUGS.find((known) => known.name === name)
  if (!bug) throw new Error(`There is no planted bug "${name}".`)
  return bug
}

/**
 * A bug that has lost its place, is no program, or is left to tests that are not there, would stop every program that carries it, and that must
 * not pass for being found.
 */
export function checkPlaces(): void {
  const names = new Set<string>()
  for (const bug of BUGS) {
    if (names.has(bug.name)) throw new Error(`Two bugs are called "${bug.name}".`)
    names.add(bug.name)
    stripTypeScriptTypes(withBug(bug, sourceOf(bug), readFileSync(sourceOf(bug), 'utf8')) ?? '')
    const missing = bug.by === 'sim' ? undefined : bug.by.find((file) => !existsSync(ROOT + file))
    if (missing !== undefined) throw new Error(`"${bug.name}" is left to ${missing}, which is not there.`)
  }
}

/** Where the bug is planted. */
export function sourceOf({ file }: PlantedBug): string {
  return SOURCES + file
}

/** The source with the bug in it; undefined for a file that the bug is not in. */
export function withBug(bug: PlantedBug, path: string, source: string): string | undefined {
  const { file, find, replace, name } = bug
  if (path !== sourceOf(bug)) return undefined
  if (source.split(find).length !== 2) throw new Error(`"${name}" is not one place in ${file}: the source has changed.`)
  return source.replace(find, () => replace)
}
