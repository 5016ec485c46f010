export interface PlantedBug {
  readonly name: string
  /** Below `packages/onesub/src`. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** Who has to find it: the simulator, or the test files named here. */
  readonly by: 'sim' | readonly string[]
}

/** The test files beside the sources, by their names there. */
export function room(...files: readonly string[]): readonly string[] {
  return files.map((file) => `packages/onesub/src/${file}.test.ts`)
}

export function threats(...files: readonly string[]): readonly string[] {
  return files.map((file) => `test/threats/${file}.test.ts`)
}

export function integration(...files: readonly string[]): readonly string[] {
  return files.map((file) => `test/integration/${file}.test.ts`)
}
