import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frozen, membersOfText, membersOfValue } from './json.ts'

const repeats = (text: string) => membersOfText(text) !== membersOfValue(JSON.parse(text))

describe('T73: a JSON text that names a member twice', () => {
  it.each([
    '{"sub":"a","sub":"b"}',
    '{"sub":"a","\\u0073ub":"b"}',
    '{"sub":1,"iss":2,"sub":1}',
    '{"a":{"b":1,"b":1}}',
    '{"a":[{"b":1},{"b":1,"b":2}]}',
    '{"":1,"":2}',
    '{"a\\\\":1,"a\\\\":2}',
    '{"a\\"b":1,"a\\u0022b":2}',
    '{ "a" :\n1 ,\t"a"\r: 2 }',
    '{"é":1,"\\u00e9":2}',
  ])('is known: %s', (text) => expect(repeats(text)).toBe(true))

  it.each(['{"__proto__":{"admin":true}}', '{"a":{"constructor":{"prototype":{}}}}', '{"\\u005f_proto__":1}'])(
    'and so is one whose copy would change other objects: %s',
    (text) => expect(repeats(text)).toBe(true),
  )

  it.each(['{}', '[]', '{"a":"b:\\":\\\\","c":": \\"x\\":"}', '{"a":["a","a"],"b":{"a":1}}', '{"a":"\\\\"}'])(
    'is not every text: %s',
    (text) => expect(repeats(text)).toBe(false),
  )

  const harmless = fc
    .json({ stringUnit: 'binary', maxDepth: 4 })
    .filter((text) => !text.includes('__proto__') && !text.includes('constructor'))

  it('is none that a serializer has written, whatever the spaces', () => {
    fc.assert(
      fc.property(harmless, fc.constantFrom('', ' ', '\t', '\n  '), (text, space) => {
        expect(repeats(JSON.stringify(JSON.parse(text), null, space))).toBe(false)
      }),
    )
  })

  it('is none, whatever stands between its names and colons', () => {
    expect(repeats('{"a" :1,"b"\t:2,"c"\n:3,"d"\r:4,"e"\r\n \t:{"a" :5}}')).toBe(false)
  })

  it('is none, whatever quotes, backslashes and colons are in its names and values', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '\\', ':', ' ', 'a'), maxLength: 8 })
    fc.assert(
      fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text), fc.dictionary(text, text))), (value) => {
        expect(repeats(JSON.stringify(value))).toBe(false)
      }),
    )
  })

  it('is any to which a member is added under a name that is there, however it is escaped', () => {
    const escaped = (name: string) =>
      `"${[...Array(name.length).keys()].map((at) => `\\u${name.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), harmless, harmless, fc.boolean(), (name, one, other, spelt) => {
        fc.pre(name !== '__proto__' && name !== 'constructor')
        const again = spelt ? escaped(name) : JSON.stringify(name)
        expect(repeats(`{"x":[{${JSON.stringify(name)}:${one},${again}:${other}}]}`)).toBe(true)
      }),
    )
  })
})

it('T71: nothing in the claims can be changed by one request for the next', () => {
  const claims = frozen({ 'cognito:groups': ['customers'], address: { lines: ['1'] } })
  expect(() => Object.assign(claims['cognito:groups'], ['admin'])).toThrow(TypeError)
  expect(() => claims.address.lines.push('2')).toThrow(TypeError)
  expect(Object.isFrozen(frozen({ nothing: null, text: 'a' }))).toBe(true)
})
