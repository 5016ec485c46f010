import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { NORMALISER_VERSION } from './identifier.ts'
import { goldenDigest, goldenVectors, HOW_MANY } from './testing/golden-vectors.ts'
import { isFault } from './testing/outcome.ts'

const golden: { version: number; sha256: string; every40th: [string, string, string][] } = JSON.parse(
  readFileSync(new URL('testing/golden.json', import.meta.url), 'utf8'),
)

describe('T48: Ten thousand spellings', () => {
  const vectors = goldenVectors()

  it('give what they gave when this version of the normaliser was made', () => {
    const readable = vectors
      .filter((_, index) => index % 40 === 0)
      .map(({ kind, input, output }) => [kind, input, output])
    expect(readable).toEqual(golden.every40th)
    expect(goldenDigest(vectors)).toBe(golden.sha256)
    expect(NORMALISER_VERSION).toBe(golden.version)
  })

  it('are a fair mixture of identifiers and refusals', () => {
    const keys = vectors.filter(({ output }) => !isFault(output))
    expect(vectors).toHaveLength(HOW_MANY)
    expect(keys.length).toBeGreaterThan(HOW_MANY * 0.2)
    expect(keys.length).toBeLessThan(HOW_MANY * 0.8)
  })

  it.each(['tr_TR.UTF-8', 'lt_LT.UTF-8'])('T36: give the same under the locale %s', (locale) => {
    const script = fileURLToPath(new URL('testing/print-golden-digest.ts', import.meta.url))
    const env = { ...process.env, LC_ALL: locale, LANG: locale, LANGUAGE: locale }
    const [seen, digest] = execFileSync(process.execPath, [script], { env, encoding: 'utf8' }).trim().split(' ')
    expect(seen).toBe(locale.slice(0, 5).replace('_', '-'))
    expect(digest).toBe(golden.sha256)
  })
})

describe('T36: The sources of the normaliser', () => {
  const HERE = new URL('.', import.meta.url)
  const files = readdirSync(HERE).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))

  it('are all looked at', () => {
    expect(files.length).toBeGreaterThan(10)
  })

  it.each(files)('T37: %s asks no locale, no case mapping and no character class of the runtime', (file) => {
    const source = withoutComments(readFileSync(new URL(file, HERE), 'utf8'))
    expect(source).not.toMatch(/toLocale|toLowerCase|toUpperCase|localeCompare|Intl\.|\\w|\\p\{|NFK/)
    expect(source).not.toMatch(/\/[dgmsuvy]*i[dgmsuvy]*[.,)\s]/)
  })

  function withoutComments(source: string): string {
    return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^ *\/\/.*$/gm, '')
  }
})
