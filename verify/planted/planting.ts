import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BUGS, type PlantedBug } from './bugs.ts'

const SOURCES = fileURLToPath(new URL('../../packages/onesub/src/', import.meta.url))

/** The bug that this process was asked to carry; none in any other. */
export function plantedHere(): PlantedBug | undefined {
  const name = process.env.ONESUB_PLANT
  if (name === undefined) return undefined
  const bug = BUGS.find((known) => known.name === name)
  if (!bug) throw new Error(`There is no planted bug "${name}".`)
  return bug
}

/** A bug that has lost its place would stop every program that carries it, and that must not pass for being found. */
export function checkPlaces(): void {
  for (const bug of BUGS) withBug(bug, SOURCES + bug.file, readFileSync(SOURCES + bug.file, 'utf8'))
}

/** The source with the bug in it; undefined for a file that the bug is not in. */
export function withBug({ file, find, replace, name }: PlantedBug, path: string, source: string): string | undefined {
  if (path !== SOURCES + file) return undefined
  if (source.split(find).length !== 2) throw new Error(`"${name}" is not one place in ${file}: the source has changed.`)
  return source.replace(find, () => replace)
}
