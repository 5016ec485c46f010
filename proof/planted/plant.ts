import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { plantedHere, withBug } from './planting.ts'

/** `node --import ./proof/planted/plant.ts …` runs a program with the bug that ONESUB_PLANT names. */
const bug = plantedHere()
if (bug) {
  registerHooks({
    load(url, context, next) {
      const path = url.startsWith('file:') ? fileURLToPath(url) : ''
      const source = path.endsWith(bug.file) ? withBug(bug, path, readFileSync(path, 'utf8')) : undefined
      return source === undefined ? next(url, context) : { format: 'module-typescript', source, shortCircuit: true }
    },
  })
}
