import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { QUIRKS } from '../quirks.ts'
import { AREAS, BEHAVIOURS, CATALOGUE, hasPublicSource } from './catalogue.ts'

const checks = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .flatMap((file) => [...readFileSync(`${import.meta.dirname}/${file}`, 'utf8').matchAll(/^ {2}shows\('([^']+)'/gmu)])
  .map((match) => match[1])

describe('the behaviour table', () => {
  it('names a public source for every behaviour', () => {
    expect(BEHAVIOURS.filter((behaviour) => !hasPublicSource(behaviour))).toEqual([])
  })

  it('has exactly one check for every behaviour', () => {
    expect([...checks].sort()).toEqual(BEHAVIOURS.map(({ id }) => id).sort())
  })

  it('uses no id twice', () => {
    expect(Object.keys(CATALOGUE)).toHaveLength(BEHAVIOURS.length)
  })

  it('says one sentence per behaviour, and names switches that exist', () => {
    expect(BEHAVIOURS.filter(({ says }) => !/^[A-Z\p{L}].*[.”…]$/u.test(says))).toEqual([])
    expect(BEHAVIOURS.filter(({ quirk }) => quirk !== undefined && !Object.hasOwn(QUIRKS, quirk))).toEqual([])
  })

  it('is no smaller than what we promise', () => {
    expect(BEHAVIOURS.length).toBeGreaterThanOrEqual(150)
    expect(Object.keys(AREAS).length).toBeGreaterThan(10)
  })

  it('would notice a behaviour without a source', () => {
    for (const source of ['', 'somebody said so', 'Developer Guide: quotas; and a feeling']) {
      expect(hasPublicSource({ says: '', source })).toBe(false)
    }
  })
})
