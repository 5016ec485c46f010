import { describe, expect, it } from 'vitest'
import { type Policy, parsePolicy } from './policy.ts'

describe('a policy', () => {
  it('has a default for everything', () => {
    expect(parsePolicy()).toEqual({
      existingAccount: 'link',
      mode: 'enforce',
      unique: ['email'],
      providers: {},
      federatedSignUp: 'native-user',
      leaseMs: 10_000,
      signUpProof: 'code',
      uniqueWithin: null,
      trustAdminVerified: false,
      existingUsers: 'unknown',
      flagsOnlyByCode: false,
      invitations: 'unknown',
      recovery: 'unknown',
      passwordBeforeProof: 'contested',
      unseenUsers: 'ignore',
    })
  })

  it('takes every documented value', () => {
    const given = {
      existingAccount: ['refuse', 'link', 'ask', 'enumeration-safe'],
      mode: ['dry-run', 'observe', 'enforce'],
      federatedSignUp: ['native-user', 'profile-only'],
    } as const
    for (const more of [
      { existingUsers: 'verified-by-code' },
      { invitations: 'generated' },
      { recovery: 'email' },
      { passwordBeforeProof: 'always' },
      { passwordBeforeProof: 'keep' },
      { unseenUsers: 'look' },
      { flagsOnlyByCode: true },
      { leaseMs: 1_000 },
      { leaseMs: 60_000 },
    ] as const)
      expect(parsePolicy(more)).toMatchObject(more)
    for (const existingAccount of given.existingAccount)
      expect(parsePolicy({ existingAccount })).toMatchObject({ existingAccount })
    for (const mode of given.mode) expect(parsePolicy({ mode })).toMatchObject({ mode })
    for (const federatedSignUp of given.federatedSignUp)
      expect(parsePolicy({ federatedSignUp })).toMatchObject({ federatedSignUp })
    expect(parsePolicy({ unique: ['email', 'phone', 'username'] }).unique).toEqual(['email', 'phone', 'username'])
    for (const kind of ['google', 'apple', 'facebook', 'amazon', 'oidc', 'saml'] as const) {
      expect(parsePolicy({ providers: { X: { kind } } }).providers).toEqual({ X: { kind } })
    }
  })

  it('takes no identifier twice', () => expect(parsePolicy({ unique: ['email', 'email'] }).unique).toEqual(['email']))

  it('cannot be changed afterwards', () => expect(Object.isFrozen(parsePolicy())).toBe(true))

  it.each([
    [
      'an unknown policy',
      { existingAccount: 'merge' },
      /"existingAccount" must be one of refuse, link, ask, enumeration-safe/,
    ],
    ['an unknown mode', { mode: 'on' }, /"mode" must be one of dry-run, observe, enforce/],
    ['an unknown setting', { strict: true }, /no setting "strict"\.$/],
    [
      'a setting without its end',
      { existingAccounts: 'link' },
      /no setting "existingAccounts"\. Did you mean "existingAccount"\?$/,
    ],
    ['null for a word', { existingAccount: null }, /"existingAccount" must be one of/],
    ['null for the keys', { unique: null }, /"unique" is not a list/],
    ['an unknown key', { unique: ['email', 'name'] }, /"unique" must be one of email, phone, username/],
    ['keys that are no list', { unique: 'email' }, /"unique" is not a list/],
    ['a lease without an end', { leaseMs: Number.POSITIVE_INFINITY }, /"leaseMs" is not a number from 1000 to 60000/],
    ['a lease without length', { leaseMs: 0 }, /"leaseMs" is not a number from 1000 to 60000/],
    ['T171: a lease too short to collapse clicks', { leaseMs: 999 }, /"leaseMs" is not a number from 1000 to 60000/],
    [
      'T171: a lease that would keep the owner out',
      { leaseMs: 60_001 },
      /"leaseMs" is not a number from 1000 to 60000/,
    ],
    ['T171: a lease that is no number', { leaseMs: Number.NaN }, /"leaseMs" is not a number from 1000 to 60000/],
    [
      'an unknown worth of existing users',
      { existingUsers: true },
      /"existingUsers" must be one of unknown, verified-by-code/,
    ],
    ['an unknown kind of invitation', { invitations: 'mailed' }, /"invitations" must be one of/],
    ['an unknown recovery', { recovery: 'phone' }, /"recovery" must be one of/],
    ['an unknown fate of passwords', { passwordBeforeProof: 'never' }, /"passwordBeforeProof" must be one of/],
    ['an unknown look', { unseenUsers: 'yes' }, /"unseenUsers" must be one of/],
    ['a mark that is a word', { flagsOnlyByCode: 'yes' }, /"flagsOnlyByCode" is not true or false/],
    [
      'T171: a misspelt setting of a provider',
      { providers: { X: { kind: 'oidc', domain: 'a.test' } } },
      /there is no setting "domain"/,
    ],
    ['a lease that is a text', { leaseMs: '60000' }, /"leaseMs" is not a number from 1000 to 60000/],
    [
      'an unknown value for a sign-up by a provider',
      { federatedSignUp: 'user' },
      /"federatedSignUp" must be one of native-user, profile-only/,
    ],
    ['a word that is a list', { mode: ['enforce'] }, /"mode" must be one of dry-run, observe, enforce/],
    ['providers that are a list', { providers: [{ kind: 'google' }] }, /"providers" is not an object/],
    ['providers that are nothing', { providers: null }, /"providers" is not an object/],
    ['providers that are a text', { providers: 'Google' }, /"providers" is not an object/],
    ['a flag that is a word', { trustAdminVerified: 'no' }, /"trustAdminVerified" is not true or false/],
    ['an unknown kind of provider', { providers: { X: { kind: 'okta' } } }, /"providers.X.kind" must be one of/],
    ['a provider without settings', { providers: { X: null } }, /"providers.X.kind" must be one of/],
    [
      'T26: a provider raised too far',
      { providers: { F: { kind: 'facebook', raiseTo: 'E3' } } },
      /"raiseTo" can only be "E2"/,
    ],
    [
      'providers that a pool could fold into one',
      { providers: { Acme: { kind: 'oidc' }, ACME: { kind: 'oidc' } } },
      /differ only by case/,
    ],
    [
      'T14: providers that can name the same user',
      { providers: { Acme: { kind: 'oidc' }, Acme_Evil: { kind: 'oidc' } } },
      /subjectAttribute/,
    ],
    [
      'T14: such providers whose letters differ, since a pool may fold them',
      { providers: { acme_Evil: { kind: 'oidc' }, ACME: { kind: 'oidc' } } },
      /Give "acme_Evil" a subjectAttribute/,
    ],
  ])('is refused at start: %s', (_, given, message) => {
    // A configuration may come from a file, where the compiler has not looked.
    const fromFile: Partial<Policy> = JSON.parse(JSON.stringify(given))
    if ('leaseMs' in given) Object.assign(fromFile, { leaseMs: given.leaseMs })
    expect(() => parsePolicy(fromFile)).toThrow(message)
    expect(() => parsePolicy(fromFile)).toThrow(expect.objectContaining({ code: 'POLICY_INVALID' }))
  })

  it('T14: takes overlapping providers whose subjects are in an attribute', () => {
    const providers = { Acme: { kind: 'oidc' }, Acme_Evil: { kind: 'oidc', subjectAttribute: 'custom:sub' } } as const
    expect(parsePolicy({ providers }).providers).toEqual(providers)
  })

  it('T14: takes providers that only begin alike', () => {
    const providers = { Acme: { kind: 'oidc' }, Acme2: { kind: 'oidc' } } as const
    expect(parsePolicy({ providers }).providers).toEqual(providers)
  })
})
