import { plantedHere, withBug } from './planting.ts'

/** The same for test files: nothing at all unless ONESUB_PLANT names a bug. */
export function plantedBug() {
  const bug = plantedHere()
  return {
    name: 'planted-bug',
    enforce: 'pre' as const,
    transform(code: string, id: string) {
      return bug && withBug(bug, id.split('?')[0] ?? id, code)
    },
  }
}
