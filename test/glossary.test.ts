import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Words that had a private meaning in this project, each with the standard term that is used instead (docs/glossary.md). */
const RETIRED: Readonly<Record<string, string>> = {
  '(?:she|her|hers|herself)': 'the user, they, or a name',
  'ways? in': 'sign-in method',
  'shells?': 'placeholder user',
  '(?:anchors?|anchored)': 'primary user',
  'absorb(?:s|ed|ing)?': 'merge',
  anew: 'again; for a person: starts a separate person',
  '(?:homecoming|settlement|preempt(?:s|ed)?)': 'existing person, create person, supersedes',
  standing: 'identifier status, person status, link state',
  deliberation: 'decide and commit',
  '(?:desk|doors?)': 'context, listeners, sign-in',
  'mend(?:s|ed|ing)?': 'fix',
  '(?:auditor|prophecy|ledger|peace)': 'invariant checker, expected outcomes, committed rows, liveness phase',
  '(?:story|stories)': 'trace',
  journeys: 'integration tests',
  '(?:KEY_TAKEN|ANCHOR_FIXED|WAY_IN_LAST)': 'IDENTIFIER_TAKEN, LINK_IS_PRIMARY_USER, LAST_SIGN_IN_METHOD',
  '(?:knownKey|socialFirst)': 'existingAccount, federatedSignUp',
  '(?:key|claim)\\.(?:claimed|proven|released|lost)': 'identifier.reserved, .proven, .released, .superseded',
}

const FILES = globSync(['packages/*/src/**/*.{ts,tsx}', 'docs/**/*.md', 'README.md'])

it('reads every folder that it names', () => {
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

it.each(Object.entries(RETIRED))('no page and no source uses %s, but %s', (word) => {
  const retired = new RegExp(`\\b${word}\\b`, 'i')
  const found = FILES.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, at) => (retired.test(line) ? [`${file}:${at + 1} ${line.trim().slice(0, 120)}`] : [])),
  )
  expect(found).toEqual([])
})
