import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Words that this project used for itself, with the standard term that is said instead (docs/glossary.md). */
const RETIRED: Readonly<Record<string, string>> = {
  '(?:she|her|hers|herself)': 'the user, they, or a name',
  'ways? in': 'sign-in method',
  'shells?': 'placeholder user',
  '(?:anchors?|anchored)': 'primary user',
  'absorb(?:s|ed|ing)?': 'merge',
  'begins? anew': 'starts a separate person, becomes a new person',
  '(?:homecoming|settlement|preempts?)': 'existing person, create person, supersedes',
  deliberation: 'decide and commit',
  '(?:desk|doors?)': 'context, listeners, sign-in',
  'mend(?:s|ed|ing)?': 'fix',
  '(?:auditor|prophecy|ledger)': 'invariant checker, expected outcomes, committed rows',
  '(?:KEY_TAKEN|ANCHOR_FIXED|WAY_IN_LAST)': 'IDENTIFIER_TAKEN, LINK_IS_PRIMARY_USER, LAST_SIGN_IN_METHOD',
  '(?:knownKey|socialFirst)': 'existingAccount, federatedSignUp',
  '(?:key|claim)\\.(?:claimed|proven|released|lost)': 'identifier.reserved, .proven, .released, .superseded',
}

const FILES = globSync(['packages/*/src/**/*.{ts,tsx}', 'docs/**/*.md', 'README.md'])

it('looks into every folder that it speaks of', () => {
  for (const beginning of [
    'packages/onesub/',
    'packages/emulator/',
    'packages/cli/',
    'docs/guide/',
    'docs/decisions/',
    'README',
  ])
    expect(FILES.filter((file) => file.startsWith(beginning)).length, beginning).toBeGreaterThan(0)
})

it.each(Object.entries(RETIRED))('no page and no source says %s: it says %s', (word) => {
  const retired = new RegExp(`\\b${word}\\b`, 'i')
  const found = FILES.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, at) => (retired.test(line) ? [`${file}:${at + 1} ${line.trim().slice(0, 120)}`] : [])),
  )
  expect(found).toEqual([])
})
