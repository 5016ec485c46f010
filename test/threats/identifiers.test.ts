import { describe, expect, it } from 'vitest'
import { bareDomain, email, isFault } from '../../packages/onesub/src/core/identifiers/testing/outcome.ts'
import { checkGrammar } from '../../proof/identifiers/grammar.ts'
import { checkVectors } from '../../proof/identifiers/vectors.ts'

describe('T42: A domain that is no name', () => {
  const FORMS = [
    ['a root dot', 'gmail.com.'],
    ['an empty first label', '.gmail.com'],
    ['an empty label', 'gmail..com'],
    ['an IPv4 literal', '[127.0.0.1]'],
    ['an IPv6 literal', '[IPv6:::1]'],
    ['a short number', '127.1'],
    ['an address without brackets', '127.0.0.1'],
    ['a hexadecimal number', '0x7f.1'],
    ['one number', '2130706433'],
    ['one label', 'localhost'],
    ['a numeric last label', 'example.123'],
    ['a last label with a digit', 'example.t3st'],
    ['a label of 64 octets', `${'a'.repeat(64)}.test`],
    ['a name of 254 octets', `${`${'a'.repeat(49)}.`.repeat(4)}${'b'.repeat(49)}.test`],
  ] as const

  it.each(FORMS)('%s gives no identifier', (_, name) => {
    expect(bareDomain(name)).toBe('EMAIL_DOMAIN')
    // The longest is too long for an address before it is looked at as a domain.
    expect(['EMAIL_DOMAIN', 'IDENTIFIER_TOO_LONG']).toContain(email(`x@${name}`))
  })

  it.each(['gmail.com', `${'a'.repeat(63)}.test`, `${`${'a'.repeat(49)}.`.repeat(4)}${'b'.repeat(48)}.test`])(
    'a name within the limits does: %s',
    (name) => {
      expect(bareDomain(name)).toBe(name)
    },
  )
})

// `npm run proof -- identifiers` takes a million of them, and every code point.
it('T39, T43: 20,000 addresses of the grammar have the identifier that a second implementation of our grammar gives, or none', () => {
  const { results, failures } = checkGrammar(20_000, 'threats')
  expect(failures).toEqual([])
  const keys = results.filter((result) => !isFault(result))
  expect(keys.length).toBeGreaterThan(5_000)
  expect(keys.length).toBeLessThan(15_000)
})

it('T35, T38, T41, T49: the vectors that other software was led astray by come out as they should', () => {
  expect(checkVectors().failures).toEqual([])
})
