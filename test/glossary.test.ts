import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Words that had a private meaning in this project, each with the word that is used instead. The meanings are in docs/glossary.md. */
const RETIRED: Readonly<Record<string, string>> = {
  'she|her|hers|herself': '"the user", "they", or the name of the example',
  'ways? in': 'sign-in method',
  'shells?': 'placeholder user',
  'anchors?': 'primary user',
  'absorb|absorbs|absorbed|absorbing': 'merge',
  standing: 'identifier status, person status or link state',
  anew: '"again"; for a person, "starts a separate person"',
  'doors?': 'sign-in method, listener',
  'desks?': 'test environment, "your own machine"',
  'mend|mends|mended|mending': 'fix, repair',
  'auditors?': 'invariant checker',
  'prophecy|prophecies': 'expected outcomes',
  'preempt|preempts|preempted|preempting': 'supersede',
  'homecoming|settlement': 'update, change',
  entrance: 'entry point',
  journeys: 'integration tests',
  peace: 'liveness phase',
  ledgers: 'committed rows',
  'story|stories': 'trace',
}

/** Where a word stays, by file: a name that is stored or sent, or a local name that its next change will replace. */
const STAYS: Readonly<Record<string, RegExp>> = {
  // The key of ClientMetadata that a running function may have sent already.
  'packages/onesub/src/core/names.ts': /'onesub-anchor'/,
  'packages/onesub/src/core/person.test.ts': /'onesub-anchor'/,
  'packages/onesub/src/user-pool/adapter.test.ts': /'onesub-anchor'/,
  'packages/onesub/src/core/decisions/federation.ts': /\bpreempting\(/,
  'packages/onesub/src/triggers/phases.ts': /\bmended\(/,
}

const FOLDERS = ['docs', 'packages/cli/src', 'packages/emulator/src', 'packages/onesub/src']

it('no retired word is used in the sources and the documentation', () => {
  expect([...FOLDERS.flatMap(filesIn), join(ROOT, 'README.md')].flatMap(retiredWordsIn)).toEqual([])
})

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** One line for each retired word: where it is, and what to write instead. */
function retiredWordsIn(path: string): readonly string[] {
  const file = relative(ROOT, path)
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      STAYS[file]?.test(line)
        ? []
        : Object.entries(RETIRED).flatMap(([words, instead]) => {
            const found = new RegExp(`\\b(?:${words})\\b`, 'i').exec(line)
            return found ? [`${file}:${index + 1}: "${found[0]}", write ${instead}`] : []
          }),
    )
}
