import { describe, expect, it } from 'vitest'
import { has, isRecord, notARegistry, refuseUnknown, unknownName } from './options.ts'

describe('a name that is none', () => {
  const known = ['userPoolId', 'clientIds', 'regions', 'userPool', 'policy.existingAccount', 'policy.mode']

  it('is not found among names that are', () => {
    expect(unknownName({}, known)).toBeUndefined()
    expect(unknownName({ userPoolId: 1, regions: 2 }, known)).toBeUndefined()
  })

  it.each([
    ['clientId', 'clientIds'],
    ['client', 'clientIds'],
    ['CLIENTIDS', 'clientIds'],
    ['regoins', 'regions'],
    ['userpoolid', 'userPoolId'],
    ['existingAccounts', 'policy.existingAccount'],
    ['mode', 'policy.mode'],
  ])('%s is followed by the name that was meant, %s', (name, meant) => {
    expect(unknownName({ regions: 1, [name]: 1 }, known)).toBe(`"${name}". Did you mean "${meant}"?`)
  })

  it.each(['table', '__proto__', 'constructor', 'x'.repeat(10_000)])('%s is like no other', (name) => {
    expect(unknownName(Object.fromEntries([[name, 1]]), known)).toBe(`"${name}".`)
  })
})

it('an option that does not exist is refused, by its own name', () => {
  expect(() => refuseUnknown({ a: 1 }, { a: true, b: true })).not.toThrow()
  expect(() => refuseUnknown({ c: undefined }, { a: true })).toThrow('CONFIG_INVALID: There is no option "c".')
})

it('a record is neither null, a list, nor a function', () => {
  expect([{}, Object.create(null), { a: 1 }].every(isRecord)).toBe(true)
  expect([null, undefined, [], 'a', 1, () => {}].some(isRecord)).toBe(false)
})

it('a port has all of its calls, its own or its class’s', () => {
  class Port {
    ask() {}
  }
  expect(has(new Port(), 'ask')).toBe(true)
  expect(has(new Port(), 'ask', 'tell')).toBe(false)
  for (const nothing of [null, undefined, 'ask', { ask: true }]) expect(has(nothing, 'ask')).toBe(false)
})

it.each([
  [Promise.resolve(), /"registry" is a promise: /],
  [Object.assign(() => {}, { commit: 1 }), /"registry" is a function: /],
  [undefined, /"registry" is none: /],
])('what is no registry is told with the way out', (given, message) => {
  expect(notARegistry(given)).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) })
  expect(notARegistry(given).message).toMatch(/createLazyRegistry\(/)
})
