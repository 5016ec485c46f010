import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { lastSignInMethod, rememberSignInMethod } from './index.ts'

let kept: Map<string, string>
beforeEach(() => {
  kept = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  })
})
afterEach(() => vi.unstubAllGlobals())

it('is the provider that was remembered, by its exact name, if it is offered', () => {
  expect(lastSignInMethod(['Google'])).toBeUndefined()
  rememberSignInMethod('Google')
  expect(lastSignInMethod(['Corp', 'Google'])).toBe('Google')
  for (const offered of [[], ['google'], ['GOOGLE'], ['Google2'], ['']])
    expect(lastSignInMethod(offered)).toBeUndefined()
})

it('costs nothing where the browser keeps nothing', () => {
  vi.stubGlobal('localStorage', undefined)
  expect(() => rememberSignInMethod('Google')).not.toThrow()
  expect(lastSignInMethod(['Google'])).toBeUndefined()
})
