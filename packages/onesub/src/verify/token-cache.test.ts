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

  it('T72: is looked at anew after a minute, whatever its own end', () => {
    const { cache, clock } = open()
    cache.put(`ada.${END}`, 'ada', 1_000_000)
    clock.now = 60_000
    expect(cache.get(`ada.${END}`)).toBeUndefined()
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
