import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { StoreFeature } from '../../packages/onesub/src/testing/index.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const guide = read('docs/guide/testing.md')
const shown = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
const FILES = ['handler.test.ts', 'store.test.ts']

describe('the guide to testing', () => {
  it.each(FILES)('shows the very code that runs here: %s', (name) => {
    expect(shown).toContain(read(`test/integration/testing-guide/${name}`))
  })

  it('shows no other', () => {
    expect(shown).toHaveLength(FILES.length)
  })

  it('names every feature of a store', () => {
    const features: Readonly<Record<StoreFeature, true>> = {
      reopening: true,
      'event-feed': true,
      pruning: true,
      'late-commits': true,
      'call-count': true,
    }
    const named = [...guide.matchAll(/^\| `([a-z-]+)` \| (?:can|has)/gm)].map(([, name]) => name)
    expect(named).toEqual(Object.keys(features))
  })

  it('leads to files that are there', () => {
    for (const [, path = ''] of guide.matchAll(/\]\(([^)#]+\.md)[^)]*\)/g))
      expect(() => readFileSync(new URL(path, new URL('../../docs/guide/', import.meta.url))), path).not.toThrow()
  })
})
