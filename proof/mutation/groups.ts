const ROOM = 'packages/onesub/src'

interface Group {
  /** What is changed on purpose; a `!` takes files out. Patterns of Stryker, from the root of the repository. */
  readonly mutate: readonly string[]
  /** The tests that have to notice: those beside the code, and no others. */
  readonly tests: readonly string[]
}

export const GROUPS = {
  core: {
    // The hints are prose for docs/errors.md: no program reads them.
    mutate: [`${ROOM}/core/*.ts`, `!${ROOM}/core/*.test.ts`, `!${ROOM}/core/error-hints.ts`],
    tests: [`${ROOM}/core/*.test.ts`],
  },
  keys: {
    // The table is generated, and compared byte for byte with what its generator writes.
    mutate: [
      `${ROOM}/core/identifiers/*.ts`,
      `!${ROOM}/core/identifiers/*.test.ts`,
      `!${ROOM}/core/identifiers/idna-table.ts`,
    ],
    tests: [`${ROOM}/core/identifiers/*.test.ts`],
  },
  verify: {
    mutate: [`${ROOM}/verify/*.ts`, `!${ROOM}/verify/*.test.ts`],
    tests: [`${ROOM}/verify/*.test.ts`],
  },
  registry: {
    mutate: [`${ROOM}/registry/{,rows/,memory/,sqlite/}*.ts`, `!${ROOM}/registry/**/*.test.ts`],
    // Tests that start other processes cannot see what is changed in this one.
    tests: [`${ROOM}/registry/{,rows/,memory/,sqlite/}!(processes).test.ts`],
  },
} as const satisfies Record<string, Group>

export type GroupName = keyof typeof GROUPS

export function isGroup(name: string): name is GroupName {
  return Object.hasOwn(GROUPS, name)
}
