import { readFileSync } from 'node:fs'

/** A change of the sources that Stryker made, and what the tests said to it. */
export interface Mutant {
  /** From the root of the repository. */
  readonly file: string
  readonly line: number
  readonly mutator: string
  /** The text that stood there. */
  readonly original: string
  readonly replacement: string
  readonly fate: 'killed' | 'survived' | 'uncounted'
}

/** The part of Stryker's report that is read here (github.com/stryker-mutator/mutation-testing-elements, report schema). */
interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Reported[] }>>
}

interface Position {
  readonly line: number
  readonly column: number
}

interface Reported {
  readonly mutatorName: string
  readonly replacement?: string
  readonly location: { readonly start: Position; readonly end: Position }
  readonly status: string
}

const FATES: Readonly<Record<string, Mutant['fate']>> = {
  Killed: 'killed',
  // The tests did not end: a loop that goes on for ever would not have been released.
  Timeout: 'killed',
  Survived: 'survived',
  NoCoverage: 'survived',
}

export function mutantsIn(path: string): readonly Mutant[] {
  const report = JSON.parse(readFileSync(path, 'utf8')) as Report
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants.map(({ mutatorName, replacement = '', location, status }) => ({
      file,
      line: location.start.line,
      mutator: mutatorName,
      original: source.slice(offsetOf(source, location.start), offsetOf(source, location.end)),
      replacement,
      fate: FATES[status] ?? 'uncounted',
    })),
  )
}

/** Lines and columns count from 1. */
function offsetOf(source: string, { line, column }: Position): number {
  let start = 0
  for (let at = 1; at < line; at += 1) start = source.indexOf('\n', start) + 1
  return start + column - 1
}
