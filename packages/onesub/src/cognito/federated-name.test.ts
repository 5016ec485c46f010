import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProviderTrust } from '../core/provider-trust.ts'
import { parseFederatedName } from './federated-name.ts'

const oidc: ProviderTrust = { kind: 'oidc' }
const read = (userName: string, providers: Record<string, ProviderTrust>, attributes: Record<string, string> = {}) => {
  const name = parseFederatedName(userName, providers, new Map(Object.entries(attributes)))
  return name && [name.provider, name.subject, name.exact]
}

describe('a federated user name', () => {
  it.each([
    ['Corp_x', ['Corp', 'x', true]],
    ['Corp_EU_x', ['Corp_EU', 'x', true]],
    ['Corp_a_b', ['Corp', 'a_b', true]],
    ['Corp_', ['Corp', '', true]],
    ['Corp', undefined],
    ['Corpx_1', undefined],
    ['_x', undefined],
  ])('T14: %s', (userName, expected) => expect(read(userName, { Corp: oidc, Corp_EU: oidc })).toEqual(expected))

  it('T14: any subject comes back whole, for any provider that no other one overlaps', () => {
    const providerName = fc.stringMatching(/^[A-Z][a-z0-9]{0,12}(_[A-Z]{1,3})?$/)
    fc.assert(
      fc.property(
        fc.uniqueArray(providerName, { minLength: 1, maxLength: 6 }),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        (names, subject) => {
          fc.pre(
            !names.some((a) => names.some((b) => a !== b && `${a}_`.toLowerCase().startsWith(`${b}_`.toLowerCase()))),
          )
          const providers = Object.fromEntries(names.map((name) => [name, oidc]))
          for (const name of names) expect(read(`${name}_${subject}`, providers)).toEqual([name, subject, true])
        },
      ),
    )
  })

  it('is given its provider’s case back where the pool has folded it', () => {
    expect(read('signinwithapple_001.ab.2', { SignInWithApple: { kind: 'apple' } })).toEqual([
      'SignInWithApple',
      '001.ab.2',
      true,
    ])
  })

  it('is uncertain where folding may have taken capitals from the subject', () => {
    expect(read('linkedin_mdrhj2asx8', { LinkedIn: oidc })).toEqual(['LinkedIn', 'mdrhj2asx8', false])
    expect(read('linkedin_12345', { LinkedIn: oidc })).toEqual(['LinkedIn', '12345', true])
    expect(read('corp_abc', { corp: oidc })).toEqual(['corp', 'abc', false])
    expect(read('corp_aBc', { corp: oidc })).toEqual(['corp', 'aBc', true])
  })

  it('has its subject from an attribute where one is named, and only if the two agree', () => {
    const providers = { LinkedIn: { ...oidc, subjectAttribute: 'custom:sub' } }
    expect(read('linkedin_mdrhj2asx8', providers, { 'custom:sub': 'MDRHj2Asx8' })).toEqual([
      'LinkedIn',
      'MDRHj2Asx8',
      true,
    ])
    expect(read('linkedin_mdrhj2asx8', providers, { 'custom:sub': 'somebody-else' })).toBeUndefined()
    expect(read('linkedin_mdrhj2asx8', providers)).toBeUndefined()
  })

  it('T14: a subject cannot choose its provider where attributes tell them apart', () => {
    const providers = {
      Acme: { ...oidc, subjectAttribute: 'custom:sub' },
      Acme_Evil: { ...oidc, subjectAttribute: 'custom:sub' },
    }
    expect(read('Acme_Evil_1', providers, { 'custom:sub': '1' })).toEqual(['Acme_Evil', '1', true])
    expect(read('Acme_Evil_1', providers, { 'custom:sub': 'Evil_1' })).toEqual(['Acme', 'Evil_1', true])
  })
})
