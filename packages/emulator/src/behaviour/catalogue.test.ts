import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { QUIRKS } from '../quirks/quirks.ts'
import { AREAS, BEHAVIOURS, CATALOGUE, hasPublicSource } from './catalogue.ts'

const CHECK = /^ {2}shows\('(?<id>[^']+)'.*?(?=^ {2}shows\(|^\}\)|$(?![\s\S]))/gmsu
const checks = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .flatMap((file) => [...readFileSync(`${import.meta.dirname}/${file}`, 'utf8').matchAll(CHECK)])
  .map(({ groups, 0: text }) => ({ id: groups?.id, text }))

interface Turned {
  readonly name: string
  readonly text: string
}

/** Positions of switches that none of these checks turns to; a default needs no turning. */
function unturned(turned: readonly Turned[]): readonly string[] {
  return Object.entries(QUIRKS).flatMap(([name, { positions, default: standard }]) => {
    const own = turned.filter((check) => check.name === name).map(({ text }) => text)
    const wanted = typeof positions === 'string' ? [name] : positions.filter((position) => position !== standard)
    const missing = wanted.filter((position) => !own.some((text) => new RegExp(`\\b${position}\\b`, 'u').test(text)))
    return own.length === 0 ? [name] : missing.map((position) => `${name}: ${position}`)
  })
}

const turned = BEHAVIOURS.flatMap(({ id, quirk }) =>
  quirk === undefined ? [] : checks.filter((check) => check.id === id).map(({ text }) => ({ name: quirk, text })),
)

describe('the behaviour table', () => {
  it('names a public source for every behaviour', () => {
    expect(BEHAVIOURS.filter((behaviour) => !hasPublicSource(behaviour))).toEqual([])
  })

  it('has exactly one check for every behaviour', () => {
    expect(checks.map(({ id }) => id).sort()).toEqual(BEHAVIOURS.map(({ id }) => id).sort())
  })

  it('uses no id twice', () => {
    expect(Object.keys(CATALOGUE)).toHaveLength(BEHAVIOURS.length)
  })

  it('says one sentence per behaviour, and names switches that exist', () => {
    expect(BEHAVIOURS.filter(({ says }) => !/^[A-Z\p{L}].*[.”…]$/u.test(says))).toEqual([])
    expect(BEHAVIOURS.filter(({ quirk }) => quirk !== undefined && !Object.hasOwn(QUIRKS, quirk))).toEqual([])
  })

  it('shows every switch in each of its positions', () => {
    expect(unturned(turned)).toEqual([])
  })

  it('would notice a switch without a behaviour, and a position without a check', () => {
    expect(unturned(turned.filter(({ name }) => name !== 'throttling'))).toEqual(['throttling'])
    const blind = turned.map(({ name, text }) => ({ name, text: text.replaceAll('phantomSub', '') }))
    expect(unturned(blind)).toEqual(['linkInPreSignUp: phantomSub'])
  })

  it('is no smaller than what we promise', () => {
    expect(BEHAVIOURS.length).toBeGreaterThanOrEqual(400)
    expect(Object.keys(AREAS).length).toBeGreaterThan(10)
  })

  it('would notice a behaviour without a source', () => {
    for (const source of ['', 'somebody said so', 'Developer Guide: quotas; and a feeling']) {
      expect(hasPublicSource({ says: '', source })).toBe(false)
    }
  })
})
