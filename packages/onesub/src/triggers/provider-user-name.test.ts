import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProviderTrust } from '../core/provider-trust.ts'
import { federatedName, looksFederated, parseFederatedName } from './provider-user-name.ts'

const oidc: ProviderTrust = { kind: 'oidc' }
const read = (userName: string, providers: Record<string, ProviderTrust>, attributes: Record<string, string> = {}) => {
  const name = parseFederatedName(userName, providers, new Map(Object.entries(attributes)))
  return name && [name.provider, name.subject, name.certain]
}

describe('a federated user name', () => {
  it.each([
    ['Corp_x', ['Corp', 'x', true]],
    ['Corp_EU_x', ['Corp_EU', 'x', false]],
    ['Corp_a_b', ['Corp', 'a_b', false]],
    ['Corp_', ['Corp', '', false]],
    ['Corp', undefined],
    ['Corpx_1', undefined],
    ['_x', undefined],
  ])('T14, T152: %s', (userName, expected) => expect(read(userName, { Corp: oidc, Corp_EU: oidc })).toEqual(expected))

  it('T152: is uncertain for every provider whose name is longer than a listed one, whatever stands between', () => {
    const between = fc.constantFrom('_', '-', '.', ' ', ':')
    fc.assert(
      fc.property(
        between,
        fc.stringMatching(/^[A-Za-z]{1,8}$/),
        fc.stringMatching(/^[a-z0-9]{1,8}$/),
        (gap, more, subject) => {
          const found = read(`Okta${gap}${more}_${subject}`, { Okta: oidc })
          expect(found?.[2] ?? false).toBe(false)
          const folded = read(`okta${gap}${more}_${subject}`, { Okta: oidc })
          expect(folded?.[2] ?? false).toBe(false)
        },
      ),
    )
  })

  it('T14: any plain subject comes back whole, for any provider that no other one overlaps', () => {
    const providerName = fc.stringMatching(/^[A-Z][a-z0-9]{0,12}$/)
    fc.assert(
      fc.property(
        fc.uniqueArray(providerName, { minLength: 1, maxLength: 6 }),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        (names, subject) => {
          fc.pre(!subject.includes('_'))
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

  it.each([
    // Digits, or hexadecimal in lower case with dots: folding changes nothing.
    ['google', '1180', true],
    ['facebook', '10157', true],
    ['apple', '001234.abcdef0123456789.1234', true],
    // Any letters: what stands there may have been others.
    ['amazon', 'amzn1.account.ae3x', false],
    ['oidc', 'mdrhj2asx8', false],
    ['saml', 'ada.lovelace', false],
  ] as const)('T14: a subject of kind %s in a name that may be folded: %s is certain: %s', (kind, subject, certain) => {
    expect(read(`one_${subject}`, { One: { kind } })).toEqual(['One', subject, certain])
    expect(read(`One_${subject}`, { one: { kind } })?.[2]).toBe(certain)
    // A capital shows that the pool keeps case.
    expect(read(`One_${subject}`, { One: { kind } })).toEqual(['One', subject, true])
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

  it('T152: is certain for nobody where two listed providers can have given it, whatever the attributes say', () => {
    const providers = {
      Acme: { ...oidc, subjectAttribute: 'custom:sub' },
      Acme_Evil: { ...oidc, subjectAttribute: 'custom:sub' },
    }
    expect(read('Acme_Evil_1', providers, { 'custom:sub': '1' })).toEqual(['Acme_Evil', '1', false])
    expect(read('Acme_Evil_1', providers, { 'custom:sub': 'Evil_1' })).toEqual(['Acme', 'Evil_1', false])
  })
})

describe('a profile whose provider stands in identities', () => {
  const listed = { Okta: oidc, Corp: oidc }
  const identities = (...list: object[]) => new Map([['identities', JSON.stringify(list)]])
  const entry = (providerName: string, userId: string, primary: unknown = true) => ({ providerName, userId, primary })

  it('T152: is that provider’s, with the subject as it stands there', () => {
    expect(federatedName('corp_abc_d', listed, identities(entry('Corp', 'aBc_D')))).toMatchObject({
      provider: 'Corp',
      subject: 'aBc_D',
      certain: true,
    })
  })

  it('T152: is nobody’s where that provider is not listed, however its name begins', () => {
    expect(federatedName('Okta_Partners_eve1', listed, identities(entry('Okta_Partners', 'eve1')))).toBeUndefined()
  })

  it.each(['constructor', '__proto__', 'toString'])(
    'T55: is nobody’s by a name that only the prototype has: %s',
    (name) => {
      expect(federatedName(`${name}_x`, listed, identities(entry(name, 'x')))).toBeUndefined()
    },
  )

  it('T152: is refused where the name says otherwise', () => {
    const disagrees = () => federatedName('Okta_ada', listed, identities(entry('Corp', 'ada')))
    expect(disagrees).toThrow(expect.objectContaining({ code: 'PROVIDER_UNKNOWN' }))
    expect(() => federatedName('Okta_ada', listed, identities(entry('Okta', 'eve')))).toThrow('onesub/PROVIDER_UNKNOWN')
  })

  it('is read from the name where the list has no entry of its own, or there is none', () => {
    for (const attributes of [identities(), identities(entry('Corp', 'x', false)), new Map<string, string>()]) {
      expect(federatedName('Okta_ada', listed, attributes)).toMatchObject({ provider: 'Okta', subject: 'ada' })
    }
  })
})

it('T161: a name looks federated by its beginning alone, in any letters, for every listed provider', () => {
  const listed = { Corp: { ...oidc, subjectAttribute: 'custom:sub' }, Google: { kind: 'google' as const } }
  for (const name of ['Corp_ada', 'corp_', 'CORP_x_y', 'google_1']) expect(looksFederated(name, listed)).toBe(true)
  for (const name of ['Corp', 'Corpx_1', 'ada_Corp_1', '']) expect(looksFederated(name, listed)).toBe(false)
})
