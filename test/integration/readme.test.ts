import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const readme = read('README.md')

it('the README shows the very example that runs in CI', () => {
  const [shown] = /```ts\n([\s\S]*?)```/.exec(readme)?.slice(1) ?? []
  expect(shown).toBe(read('examples/lambda-dynamodb/handler.ts'))
  expect(
    shown
      ?.trim()
      .split('\n')
      .filter((line) => line.trim() !== '').length,
  ).toBeLessThanOrEqual(20)
})

it('every file that the README points to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path)
  expect(links.length).toBeGreaterThan(5)
  for (const path of links)
    expect(() => readFileSync(new URL(`../../${path}`, import.meta.url)), path).not.toThrow(/ENOENT/)
})

it('the package’s README names everything that can be imported; stores are listed in the guide to the registry', () => {
  const { exports } = JSON.parse(read('packages/onesub/package.json'))
  const named = [...read('packages/onesub/README.md').matchAll(/^\| `onesub(\/[\w/<>-]+)?` \|/gm)]
  const paths = named.map(([, path = '']) => `.${path}`)
  const wanted = Object.keys(exports)
    .filter((path) => path !== './package.json')
    .map((path) => path.replace(/^\.\/registry\/[\w-]+$/, './registry/<store>'))
  expect(paths.toSorted()).toEqual([...new Set(wanted)].toSorted())
})

it('every command that the README names exists', () => {
  const { scripts } = JSON.parse(read('package.json'))
  for (const [, name = ''] of readme.matchAll(/npm (?:run -s )?(start|test|demo)\b/g))
    expect(scripts).toHaveProperty(name)
})
