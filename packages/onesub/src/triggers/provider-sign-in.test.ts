import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../core/policy.ts'
import type { ProviderTrust } from '../core/provider-trust.ts'
import { parseEvent } from './event.ts'
import { inboundSignIn, missingAttributes, providerSignIn } from './provider-sign-in.ts'
import { triggerEvent } from './testing/events.ts'

const policy = parsePolicy({
  providers: { Okta: { kind: 'oidc', domains: ['example.com'] } },
})
const ADA = 'ada@example.com'

/** What InboundFederation sees: two documents, of which users may write the one that is not signed. */
function arrives(idToken: Record<string, unknown>, userInfo: Record<string, unknown> = {}) {
  const event = triggerEvent({ source: 'InboundFederation_ExternalProvider', userName: 'Okta_1' })
  const request = { providerName: 'Okta', attributes: { idToken, userInfo } }
  return inboundSignIn(parseEvent({ ...event, request }), policy)
}

describe('T153: two documents of one sign-in', () => {
  it('that agree prove what either says', () => {
    const says = { sub: '1', email: ADA, email_verified: true }
    expect(arrives(says)?.address).toMatchObject({ kind: 'proven' })
    expect(arrives(says, says)?.address).toMatchObject({ kind: 'proven' })
    expect(arrives({ sub: '1' }, says)?.address).toMatchObject({ kind: 'proven' })
    expect(arrives(says, { ...says, email: ADA.toUpperCase() })?.address).toMatchObject({ kind: 'proven' })
  })

  it.each([
    ['the flag in the ID token, the address in userInfo', { sub: '1', email_verified: true }, { email: ADA }],
    ['the address in the ID token, the flag in userInfo', { sub: '1', email: ADA }, { email_verified: true }],
    [
      'two addresses',
      { sub: '1', email: ADA, email_verified: true },
      { email: 'eve@example.com', email_verified: true },
    ],
    [
      'two addresses, of which the signed one is not verified',
      { sub: '1', email: 'eve@example.com', email_verified: false },
      { email: ADA, email_verified: true },
    ],
  ])('prove nothing by %s', (_, idToken, userInfo) => {
    expect(arrives(idToken, userInfo)?.address).toMatchObject({ kind: 'stated' })
  })

  it('the signed one goes first, for the address and for the subject', () => {
    const arrival = arrives({ sub: '1', email: 'eve@example.com' }, { sub: '2', email: ADA })
    expect(arrival).toMatchObject({ identity: { subject: '1' }, spelled: 'eve@example.com' })
    expect(arrives({ email: ADA }, { sub: '2' })).toMatchObject({ identity: { subject: '2' } })
  })
})

describe('T153: the domain that Google hosts', () => {
  const google = parsePolicy({ providers: { Google: { kind: 'google' } } })
  const rankOf = (idToken: Record<string, unknown>, userInfo: Record<string, unknown> = {}) => {
    const event = triggerEvent({ source: 'InboundFederation_ExternalProvider', userName: 'Google_1' })
    const request = { providerName: 'Google', attributes: { idToken, userInfo } }
    return inboundSignIn(parseEvent({ ...event, request }), google)?.address?.rank
  }

  it('counts in the document that has the address, and in no other', () => {
    const says = { email: ADA, email_verified: true }
    expect(rankOf({ sub: '1', ...says, hd: 'example.com' })).toBe(3)
    expect(rankOf({ sub: '1', hd: 'example.com' }, says)).toBe(2)
    expect(rankOf({ sub: '1', ...says }, { hd: 'example.com' })).toBe(2)
  })
})

it('where addresses are not unique, an address that a provider says is nobody’s key', () => {
  const names = parsePolicy({ unique: ['username'], providers: { Okta: { kind: 'oidc', domains: ['example.com'] } } })
  const attributes = { email: ADA, email_verified: 'true' }
  const event = parseEvent(triggerEvent({ source: 'PreSignUp_ExternalProvider', userName: 'Okta_1', attributes }))
  expect(providerSignIn(event, policy, 'this sign-in').address).toMatchObject({ kind: 'proven' })
  expect(providerSignIn(event, names, 'this sign-in').address).toBeUndefined()
})

describe('T11: what a provider says of an address', () => {
  const RELAY = 'Xyz@privaterelay.appleid.com'
  const attributes = { email: RELAY, email_verified: 'true' }
  const signsUp = parseEvent(triggerEvent({ source: 'PreSignUp_ExternalProvider', userName: 'Okta_1', attributes }))

  it('is remembered as its word, also where it is nobody’s key', () => {
    const told = { identity: { said: RELAY.toLowerCase() }, address: undefined }
    expect(arrives({ sub: '1', email: RELAY, email_verified: true })).toMatchObject(told)
    expect(providerSignIn(signsUp, policy, 'this sign-in')).toMatchObject(told)
  })

  it('is kept as it came where it is no identifier; is not where there is none, where it was stored before, and where addresses are nobody’s keys', () => {
    const words = [
      arrives({ sub: '1' }),
      arrives({ sub: '1', email: 'nonsense' }),
      providerSignIn(signsUp, policy, 'the store'),
      providerSignIn(signsUp, parsePolicy({ ...policy, unique: ['username'] }), 'this sign-in'),
    ]
    expect(words.map((arrival) => arrival?.identity.said)).toEqual([undefined, 'nonsense', undefined, undefined])
  })
})

describe('T171: attributes that the policy counts on and the pool does not map', () => {
  const missing = (trust: ProviderTrust, attributes: Record<string, string>, source = 'PreSignUp_ExternalProvider') =>
    missingAttributes(
      parseEvent(triggerEvent({ source, userName: 'X_1', attributes })),
      parsePolicy({ providers: { X: trust } }),
    )
  const google = { kind: 'google', hostedDomainAttribute: 'custom:hd' } as const
  const okta = { kind: 'oidc', domains: ['example.com'] } as const

  it.each<[string, ProviderTrust, Record<string, string>, readonly string[]]>([
    ['of a consumer at Google, the flag', google, { email: 'ada@gmail.com' }, ['email_verified']],
    ['of a company at Google, both', google, { email: ADA }, ['email_verified', 'custom:hd']],
    ['the hosted domain alone', google, { email: ADA, email_verified: 'true' }, ['custom:hd']],
    ['the flag alone', google, { email: ADA, 'custom:hd': 'example.com' }, ['email_verified']],
    ['of Apple’s', { kind: 'apple' }, { email: ADA }, ['email_verified']],
    ['of an OpenID Connect provider', okta, { email: ADA }, ['email_verified']],
    ['of one without domains', { kind: 'oidc' }, { email: ADA }, ['email_verified']],
  ])('are told: %s', (_, trust, attributes, names) => {
    expect(missing(trust, attributes)).toEqual(names)
  })

  it.each<[string, ProviderTrust, Record<string, string>]>([
    ['the flag says no', okta, { email: ADA, email_verified: 'false' }],
    ['the flag says yes', okta, { email: ADA, email_verified: 'true' }],
    ['there is no address', okta, {}],
    ['there is an address that is none', okta, { email: 'ada' }],
    ['addresses are managed', { ...okta, addresses: 'managed' }, { email: ADA }],
    ['no flag is awaited', { kind: 'oidc', raiseTo: 'E2' }, { email: ADA }],
    ['nothing that it says counts', { kind: 'oidc', trust: 'none' }, { email: ADA }],
    ['the provider has no flag', { kind: 'facebook' }, { email: ADA }],
    ['the provider has none by SAML', { kind: 'saml', addresses: 'managed', domains: ['example.com'] }, { email: ADA }],
    ['the address is Apple’s relay', { kind: 'apple' }, { email: 'a@privaterelay.appleid.com' }],
  ])('are none where %s', (_, trust, attributes) => {
    expect(missing(trust, attributes)).toEqual([])
  })

  it('are told of first sign-ins alone: a stored profile’s attributes are not the provider’s word', () => {
    expect(missing(okta, { email: ADA }, 'PostConfirmation_ConfirmSignUp')).toEqual([])
  })
})
