import type { Human, ProviderAccount } from './flows.ts'

export const PROVIDERS = {
  Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' },
  Okta: { kind: 'oidc', domains: ['example.com'] },
  Work: { kind: 'oidc', domains: ['second.example'] },
  Facebook: { kind: 'facebook' },
} as const

/** Eve knows Ada's address, and nothing else. */
export function humans(): readonly [Human, Human] {
  const google = (subject: string, email: string): ProviderAccount => ({
    provider: 'Google',
    subject,
    attributes: { email, email_verified: 'true', 'custom:hd': 'example.com' },
    raw: { idToken: { sub: subject, email, email_verified: true, hd: 'example.com' } },
    proves: true,
  })
  const facebook = (subject: string): ProviderAccount => ({
    provider: 'Facebook',
    subject,
    attributes: { email: 'ada@example.com' },
    raw: { userInfo: { id: subject, email: 'ada@example.com' } },
    proves: false,
  })
  const ada: Human = {
    name: 'ada',
    address: 'ada@example.com',
    addresses: ['ada@example.com', 'ada@second.example'],
    accounts: [
      google('1', 'ada@example.com'),
      {
        provider: 'Okta',
        subject: '00a1',
        attributes: { email: 'ada@example.com', email_verified: 'true' },
        raw: { idToken: { sub: '00a1', email: 'ada@example.com', email_verified: true } },
        proves: true,
      },
      facebook('1'),
      // Of the second mailbox: a separate person, until the human links it.
      {
        provider: 'Work',
        subject: '1',
        attributes: { email: 'ada@second.example', email_verified: 'true' },
        raw: { idToken: { sub: '1', email: 'ada@second.example', email_verified: true } },
        proves: true,
      },
    ],
    used: new Set(),
    refused: new Set(),
    tokens: new Map(),
  }
  const eve: Human = {
    name: 'eve',
    address: 'eve@example.com',
    addresses: ['eve@example.com'],
    accounts: [
      google('2', 'eve@example.com'),
      // Facebook does not vouch: Eve has written Ada's address there.
      facebook('2'),
      {
        provider: 'Google',
        subject: '3',
        attributes: { email: 'ada@example.com', email_verified: 'false', 'custom:hd': 'example.com' },
        raw: { idToken: { sub: '3', email: 'ada@example.com', email_verified: 'false', hd: 'example.com' } },
        proves: false,
      },
      // A provider that the policy does not list, where users write what they like; its users are named like Okta's.
      {
        provider: 'Okta_West',
        subject: '1',
        attributes: { email: 'ada@example.com', email_verified: 'true' },
        raw: { idToken: { sub: '1', email: 'ada@example.com', email_verified: true } },
        proves: false,
      },
    ],
    used: new Set(),
    refused: new Set(),
    tokens: new Map(),
  }
  return [ada, eve]
}
