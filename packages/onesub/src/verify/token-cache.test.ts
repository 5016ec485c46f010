import { describe, expect, it } from 'vitest'
import { TokenCache } from './token-cache.ts'

const END = 's'.repeat(43)

function open(mostBytes = 1_000_000) {
  const clock = { now: 0 }
  return { clock, cache: new TokenCache<string>({ mostBytes, maxAgeMs: 60_000, clock: () => clock.now }) }
}

describe('a verified token', () => {
  it('is known again', () => {
    const { cache } = open()
    cache.put(`ada.${END}`, 'ada', 1_000_000)
    expect(cache.get(`ada.${END}`)).toBe('ada')
  })

  it('T73: is known by the whole of it, not by its end', () => {
    const { cache } = open()
    cache.put(`ada.${END}`, 'ada', 1_000_000)
    expect(cache.get(`eve.${END}`)).toBeUndefined()
    cache.put(`eve.${END}`, 'eve', 1_000_000)
    expect(cache.get(`ada.${END}`)).toBeUndefined()
    expect(cache.get(`eve.${END}`)).toBe('eve')
  })

  it('T66: is forgotten at its own end', () => {
    const { cache, clock } = open()
    cache.put(`ada.${END}`, 'ada', 5_000)
    clock.now = 4_999
    expect(cache.get(`ada.${END}`)).toBe('ada')
    clock.now = 5_000
    expect(cache.get(`ada.${END}`)).toBeUndefined()
  })

  it('T72: is checked again after a minute, whatever its own end', () => {
    const { cache, clock } = open()
    cache.put(`ada.${END}`, 'ada', 1_000_000)
    clock.now = 60_000
    expect(cache.get(`ada.${END}`)).toBeUndefined()
  })

  it('is counted once, however often it is put in, and not at all when another has taken its place', () => {
    const { cache } = open()
    cache.put(`ada.${END}`, 'ada', 1_000_000)
    const once = cache.bytes
    expect(once).toBe(4 * `ada.${END}`.length)
    cache.put(`ada.${END}`, 'ada', 1_000_000)
    cache.put(`eve.${END}`, 'eve', 1_000_000)
    expect(cache.bytes).toBe(once)
  })

  it('is kept where it fills the memory to the last byte', () => {
    const token = `ada.${END}`
    const { cache } = open(4 * token.length)
    cache.put(token, 'ada', 1_000_000)
    expect(cache.get(token)).toBe('ada')
  })

  it('has a place of its own by each of the five characters before its last', () => {
    const { cache } = open()
    const tokens = [0, 1, 2, 3, 4].map((at) => `ada.${'s'.repeat(37)}${[...'sssss'].toSpliced(at, 1, 'T').join('')}s`)
    for (const token of tokens) cache.put(token, token, 1_000_000)
    expect(tokens.map((token) => cache.get(token))).toEqual(tokens)
  })

  it('makes room for others: the memory has a bound', () => {
    const { cache } = open(10_000)
    for (let at = 0; at < 1_000; at += 1) {
      cache.put(`${at}.${String(at).padStart(43, 's')}`, String(at), 1_000_000)
      expect(cache.bytes).toBeLessThanOrEqual(10_000)
    }
    expect(cache.get(`0.${'0'.padStart(43, 's')}`)).toBeUndefined()
    expect(cache.get(`999.${'999'.padStart(43, 's')}`)).toBe('999')
  })
})
