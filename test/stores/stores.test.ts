import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { STORE_NAMES } from './stores.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const REGISTRY = `${ROOT}packages/onesub/src/registry/`
const read = (path: string) => readFileSync(ROOT + path, 'utf8')

/** A folder of `registry/` with an entry point is a store. */
const folders = readdirSync(REGISTRY, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(`${REGISTRY}${entry.name}/index.ts`))
  .map(({ name }) => name)
  .toSorted()

describe('every store', () => {
  it('is in the table of stores', () => {
    expect(folders.length).toBeGreaterThan(3)
    expect(STORE_NAMES.toSorted(), 'test/stores/stores.ts').toEqual(folders)
  })

  it('can be imported, and nothing else can be imported as a store', () => {
    const { exports } = JSON.parse(read('packages/onesub/package.json'))
    const paths = Object.keys(exports).flatMap((path) => /^\.\/registry\/([\w-]+)$/.exec(path)?.[1] ?? [])
    expect(paths.toSorted(), 'exports of packages/onesub/package.json').toEqual(folders)
  })

  it.each(folders)('has its contract test and its entry: %s', (name) => {
    for (const file of ['registry.ts', 'contract.test.ts', 'testing/store.ts'])
      expect(existsSync(`${REGISTRY}${name}/${file}`), `registry/${name}/${file}`).toBe(true)
  })

  it.each(folders)('has a row in the guide: %s', (name) => {
    const row = new RegExp(`^\\| [^|]+ \\| \`onesub/registry/${name}\` \\|`, 'm')
    expect(row.test(read('docs/guide/registry.md')), 'the table in docs/guide/registry.md').toBe(true)
  })
})
