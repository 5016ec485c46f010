import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evidenceOfProvider, faultIn, type ProviderSays, type ProviderTrust } from './provider-trust.ts'
import { emailKey } from './testing/samples.ts'

const google: ProviderTrust = { kind: 'google', hostedDomainAttribute: 'custom:hd' }
const apple: ProviderTrust = { kind: 'apple' }
const facebook: ProviderTrust = { kind: 'facebook' }
const corp: ProviderTrust = { kind: 'saml', domains: ['a.test'], addresses: 'managed' }
const okta: ProviderTrust = { kind: 'oidc', domains: ['a.test'] }
const entra: ProviderTrust = { ...okta, addresses: 'managed' }

const says = (email: string, of: Partial<ProviderSays> = {}): ProviderSays => ({
  email: emailKey(email),
  verified: 'true',
  hostedDomain: undefined,
  ...of,
})

const rank = (trust: ProviderTrust, said: ProviderSays) => evidenceOfProvider(trust, said)?.rank

const table: [says: string, trust: ProviderTrust, said: ProviderSays, rank: number | undefined][] = [
  ['Google is the authority for gmail.com', google, says('ada@gmail.com'), 3],
  [
    'T24: Google is the authority for a domain that it hosts',
    google,
    says('ada@corp.test', { hostedDomain: 'corp.test' }),
    3,
  ],
  ['a hosted domain is the same in any letters', google, says('ada@corp.test', { hostedDomain: 'CORP.test' }), 3],
  ['T24: Google only vouches for a domain that it does not host', google, says('ada@corp.test'), 2],
  ['T24: another hosted domain proves nothing', google, says('ada@corp.test', { hostedDomain: 'evil.test' }), 2],
  [
    'T24: a hosted domain above the address’s own proves nothing',
    google,
    says('ada@sub.corp.test', { hostedDomain: 'corp.test' }),
    2,
  ],
  ['Google without its flag says nothing', google, says('ada@gmail.com', { verified: 'false' }), 1],
  [
    'Google vouches for googlemail.com, which it has given to others in some countries',
    google,
    says('ada@googlemail.com'),
    2,
  ],
  ['a flag that is a boolean is a yes too', google, says('ada@gmail.com', { verified: true }), 3],
  ['a hosted domain that is none proves nothing', google, says('ada@corp.test', { hostedDomain: 'corp' }), 2],
  ['Apple is the authority for its own mail', apple, says('ada@icloud.com'), 3],
  ['Apple is the authority for its older mail', apple, says('ada@me.com'), 3],
  ['Apple is the authority for its oldest mail', apple, says('ada@mac.com'), 3],
  ['Apple without its flag says nothing', apple, says('ada@icloud.com', { verified: 'false' }), 1],
  ['Apple vouches for other mail', apple, says('ada@corp.test'), 2],
  ['T27: a relay address is contact data only', apple, says('x1@privaterelay.appleid.com'), undefined],
  ['T26: Facebook says nothing of what it verified', facebook, says('ada@corp.test'), 1],
  ['T26: a project may count Facebook as vouching', { ...facebook, raiseTo: 'E2' }, says('ada@corp.test'), 2],
  [
    'T32: an enterprise provider is the authority for the domain it proved',
    corp,
    says('x@a.test', { verified: undefined }),
    3,
  ],
  [
    'T24: Google is no authority for a domain below the one that it hosts',
    google,
    says('x@sub.corp.test', { hostedDomain: 'corp.test' }),
    2,
  ],
  ['T32: that domain is the same in any letters', corp, says('x@A.TEST'), 3],
  ['T32: it is no authority for another tenant', corp, says('x@b.test'), 1],
  ['T32: nor for a domain below its own', corp, says('x@sub.a.test'), 1],
  ['T32: nor for one that only begins like it', corp, says('x@a.test.evil'), 1],
  [
    'T150: a SAML provider whose addresses nobody manages proves nothing',
    { kind: 'saml', domains: ['a.test'] },
    says('x@a.test', { verified: undefined }),
    1,
  ],
  ['T150: also with a flag', { kind: 'saml', domains: ['a.test'] }, says('x@a.test'), 1],
  ['T150: an OIDC provider needs its flag', okta, says('x@a.test', { verified: undefined }), 1],
  ['T150: an OIDC provider with its flag proves addresses of its own domain', okta, says('x@a.test'), 3],
  ['T150: and vouches for others', okta, says('x@b.test'), 2],
  ['T150: one whose addresses are managed needs none', entra, says('x@a.test', { verified: undefined }), 3],
  ['T150: one whose addresses are managed proves no others', entra, says('x@b.test', { verified: undefined }), 1],
  ['a provider that counts for nothing', { kind: 'oidc', trust: 'none' }, says('x@a.test'), 1],
  ['T26: Amazon says nothing of what it verified', { kind: 'amazon' }, says('ada@corp.test'), 1],
  ['T26: a project may count Amazon as vouching', { kind: 'amazon', raiseTo: 'E2' }, says('ada@corp.test'), 2],
  [
    'T5: an unknown OIDC provider without a flag says nothing',
    { kind: 'oidc' },
    says('x@b.test', { verified: undefined }),
    1,
  ],
  [
    'T32: a project may count an enterprise provider as vouching',
    { ...corp, raiseTo: 'E2' },
    says('x@b.test', { verified: undefined }),
    2,
  ],
  ['T32: an OIDC provider may have a domain as well', { kind: 'oidc', domains: ['a.test'] }, says('x@a.test'), 3],
  ['T32: each of several domains counts', { ...corp, domains: ['b.test', 'a.test'] }, says('x@a.test'), 3],
  ['a role mailbox is vouched for as others are', apple, says('support@corp.test'), 2],
  ['T28: a role mailbox is not raised by being one', facebook, says('support@corp.test'), 1],
  ['T28: a role mailbox is nobody in particular', google, says('support@corp.test', { hostedDomain: 'corp.test' }), 2],
]

describe('the evidence of a provider’s address', () => {
  it.each(table)('%s', (_, trust, said, expected) => expect(rank(trust, said)).toBe(expected))

  // Words that mail systems and companies give to mailboxes of several readers (RFC 2142 has the older ones).
  it.each([
    'abuse',
    'admin',
    'administrator',
    'billing',
    'contact',
    'help',
    'hostmaster',
    'info',
    'mail',
    'marketing',
    'no-reply',
    'noreply',
    'office',
    'postmaster',
    'root',
    'sales',
    'security',
    'service',
    'support',
    'team',
    'webmaster',
  ])('T28: %s@ is nobody in particular, even at the domain’s own provider', (word) => {
    expect(rank(okta, says(`${word}@a.test`))).toBe(2)
    expect(rank(okta, says(`${word}.smith@a.test`))).toBe(3)
  })

  it('T27: a relay address is contact data, from any provider', () => {
    for (const trust of [apple, google, okta, { ...facebook, raiseTo: 'E2' }] as const)
      expect(evidenceOfProvider(trust, says('x1y2@privaterelay.appleid.com'))).toBeUndefined()
  })

  it('is proven or stated, with its identifier', () => {
    const gmail = says('ada@gmail.com')
    expect(evidenceOfProvider(google, gmail)).toEqual({ kind: 'proven', identifier: gmail.email, rank: 3 })
    expect(evidenceOfProvider(facebook, gmail)).toEqual({ kind: 'stated', identifier: gmail.email, rank: 1 })
  })

  it.each([false, 'false', 0, null, '', [true], 'True', 'TRUE', 1, {}, 'yes'])(
    'T150: the flag %j is a no, whatever the policy',
    (verified) => {
      for (const trust of [okta, entra, corp, { ...okta, raiseTo: 'E2' }, { ...corp, raiseTo: 'E2' }] as const)
        expect(rank(trust, says('x@a.test', { verified }))).toBe(1)
    },
  )

  it('T33: only true and "true" are a yes, among all values that JSON can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (verified) => {
        const isYes = verified === true || verified === 'true'
        expect((rank(google, says('ada@gmail.com', { verified })) ?? 0) >= 2).toBe(isYes)
      }),
    )
  })
})

describe('a trust setting', () => {
  it.each([
    ['E3 for Facebook', { ...facebook, raiseTo: 'E3' }, /"raiseTo" can only be "E2"/],
    ['domains for Google', { ...google, domains: ['a.test'] }, /"domains" is for oidc and saml/],
    [
      'a hosted domain for SAML',
      { ...corp, hostedDomainAttribute: 'custom:hd' },
      /"hostedDomainAttribute" is for google/,
    ],
    [
      'T171: a public mail domain',
      { ...okta, domains: ['a.test', 'Gmail.com'] },
      /"Gmail.com" is a public mail domain/,
    ],
    ['T171: a misspelt setting', { ...okta, verifed: true }, /there is no setting "verifed"\.$/],
    ['T171: a setting without its end', { kind: 'oidc', domain: ['a.test'] }, /"domain"\. Did you mean "domains"\?$/],
    ['T171: null for the claims', { ...okta, claims: null }, /"claims" is not an object of claim names/],
    ['T171: a list for the claims', { ...okta, claims: ['email'] }, /"claims" is not an object of claim names/],
    ['T171: a claim without a name', { ...okta, claims: { email: '' } }, /"claims" is not an object of claim names/],
    [
      'T171: null for a claim',
      { ...okta, claims: { emailVerified: null } },
      /"claims" is not an object of claim names/,
    ],
    ['T171: null for the domains', { ...okta, domains: null }, /"domains" is not a list/],
    ['T171: null for the hosted domain', { ...google, hostedDomainAttribute: null }, /must be an attribute of its own/],
    ['T171: null for the trust', { ...okta, trust: null }, /"trust" can only be "none"/],
    ['T171: a misspelt claim', { ...okta, claims: { mail: 'x' } }, /there is no setting "mail"/],
    [
      'T171: a standard attribute for the hosted domain',
      { ...google, hostedDomainAttribute: 'email' },
      /must be an attribute of its own/,
    ],
    [
      'T171: a standard attribute for the subject',
      { ...okta, subjectAttribute: 'email' },
      /must be an attribute of its own/,
    ],
    ['T171: managed addresses of no domain', { kind: 'saml', addresses: 'managed' }, /needs the "domains"/],
    ['T171: managed addresses at Google', { ...google, addresses: 'managed' }, /"addresses" is for oidc and saml/],
    ['T171: another kind of addresses', { ...okta, addresses: 'verified' }, /can only be "managed"/],
    ['T171: no trust, and yet some', { ...okta, trust: 'none' }, /nothing else can count/],
    ['T171: another trust', { kind: 'oidc', trust: 'some' }, /can only be "none"/],
    ['T171: domains that are no list', { ...okta, domains: 'a.test' }, /"domains" is not a list/],
    ['a domain that is none', { ...corp, domains: ['a.test', 'a'] }, /^"a" is not a mail domain/],
  ])('T26: is refused at load: %s', (_, trust, why) => {
    // A configuration may come from a file, where the compiler has not looked.
    const fromFile: ProviderTrust = JSON.parse(JSON.stringify(trust))
    expect(faultIn(fromFile)).toMatch(why)
  })

  it.each([google, apple, facebook, { ...facebook, raiseTo: 'E2' as const }, corp, { ...corp, kind: 'oidc' as const }])(
    'is taken: $kind',
    (trust) => expect(faultIn(trust)).toBeUndefined(),
  )
})
