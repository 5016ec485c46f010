import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const SOURCES = fileURLToPath(new URL('../../packages/onesub/src', import.meta.url))
const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ts$/.test(name) && !/\.test\.ts$|testing\//.test(name))
  .map((name) => ({ name, code: withoutComments(readFileSync(join(SOURCES, name), 'utf8')) }))

it('T51: nothing that ships lists users or writes a filter: whose an address is, the registry says', () => {
  expect(files.length).toBeGreaterThan(80)
  expect(files.filter(({ code }) => /ListUsers|listUsers|\bFilter\b/.test(code)).map(({ name }) => name)).toEqual([])
})

it('T130: nothing that ships reads what holds secrets: clients, providers', () => {
  const asks = /Describe(?:UserPoolClient|IdentityProvider)|describe(?:UserPoolClient|IdentityProvider)/
  expect(files.filter(({ code }) => asks.test(code)).map(({ name }) => name)).toEqual([])
})

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}
