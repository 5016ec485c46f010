import type { ProviderTrust } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { personBy } from '../environment/people.ts'
import { POOLS } from '../environment/pools.ts'
import { openIdConnect, TRUST } from '../environment/providers.ts'
import {
  openTestEnvironment,
  openTestPool,
  type TestEnvironment,
  type TestPool,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const ADA = 'ada@example.com'
const POLICIES = ['refuse', 'link', 'ask', 'enumeration-safe'] as const

const meet = (persona: { id: string; sub: string; [claim: string]: unknown }) =>
  environment.emulator.setPersona(persona)
const comes = (pool: TestPool, provider: string, persona: string) => pool.continueWith(provider, persona)

describe.each([false, true])('T150: an OIDC provider without its flag (InboundFederation: %s)', (inbound) => {
  const FLAGS = [false, 'false', 0, null, '', [true], 'True', undefined] as const

  it.each(FLAGS.map((flag) => ({ flag })))('is believed by nobody: $flag', async ({ flag }) => {
    meet({
      id: 'eve',
      sub: '00ueve',
      subject: '00ueve',
      email: ADA,
      ...(flag !== undefined && { email_verified: flag }),
    })
    meet({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
    // The attacker comes second, and first.
    const second = await openTestPool(environment, { inbound })
    const ada = await second.personOf(await second.register('ada', ADA))
    expect(await personBy(second, 'Okta', 'eve')).not.toBe(ada)
    expect(await second.personOf(await second.signIn('ada'))).toBe(ada)
    const first = await openTestPool(environment, { inbound })
    const eve = await personBy(first, 'Okta', 'eve')
    expect(eve).toBeDefined()
    expect(await personBy(first, 'Google', 'ada')).not.toBe(eve)
    await expect(first.signUp('another', ADA)).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
  })
})

it.each([false, true])(
  'T150: SAML proves nothing without the operator’s setting (InboundFederation: %s)',
  async (inbound) => {
    meet({ id: 'eve', sub: 'c66', subject: 'c66', email: ADA, email_verified: true })
    const { addresses: _managed, ...Corp } = TRUST.Corp ?? { kind: 'saml' }
    const pool = await openTestPool(environment, {
      inbound,
      policy: { providers: { ...TRUST, Corp: Corp as ProviderTrust } },
    })
    const ada = await pool.personOf(await pool.register('ada', ADA))
    expect(await personBy(pool, 'Corp', 'eve')).not.toBe(ada)
    const trusting = await openTestPool(environment, { inbound })
    const person = await trusting.personOf(await trusting.register('ada', ADA))
    expect(await personBy(trusting, 'Corp', 'eve')).toBe(person)
  },
)

describe('T152: a provider that the policy does not list', () => {
  const oidc = (name: string) => ({ [name]: openIdConnect() })
  const Okta: ProviderTrust = { kind: 'oidc', domains: ['example.com'] }
  it.each(['Okta_Partners', 'Okta-Partners', 'OktaPartners', 'okta_partners'])(
    'is not read as one that is listed: %s',
    async (name) => {
      const quirks = { providerNames: 'any' } as const
      meet({ id: 'eve', sub: 'eve1', email: ADA, email_verified: true })
      for (const inbound of [false, true]) {
        const pool = await openTestPool(environment, {
          inbound,
          quirks,
          providers: oidc(name),
          policy: { providers: { ...TRUST, Okta } },
        })
        const ada = await pool.personOf(await pool.register('ada', ADA))
        expect(await personBy(pool, name, 'eve')).not.toBe(ada)
        const owners = await pool.registry.resolve({
          pool: pool.userPoolId,
          provider: 'Okta',
          subject: 'Partners_eve1',
        })
        expect(owners).toBeUndefined()
      }
    },
  )
})

describe('T153: what InboundFederation sees', () => {
  const mapped = { Okta: openIdConnect({ email: 'corp_email', email_verified: 'email_verified' }) }
  const Okta: ProviderTrust = { kind: 'oidc', domains: ['example.com'], claims: { email: 'corp_email' } }

  it('is read by the claims that the pool maps, not by those that users can write', async () => {
    meet({ id: 'eve', sub: '00ueve', email: ADA, corp_email: 'eve@example.com', email_verified: true })
    const pool = await openTestPool(environment, {
      inbound: true,
      providers: mapped,
      policy: { providers: { ...TRUST, Okta } },
    })
    const ada = await pool.personOf(await pool.register('ada', ADA))
    expect(await personBy(pool, 'Okta', 'eve')).not.toBe(ada)
    meet({ id: 'ada-okta', sub: '00uada', email: 'eve@example.com', corp_email: ADA, email_verified: true })
    expect(await personBy(pool, 'Okta', 'ada-okta')).toBe(ada)
  })
})

describe('T154: a profile from before onesub', () => {
  it.each(POLICIES)('does not get the person that its user states (policy %s)', async (existingAccount) => {
    meet({ id: 'eve', sub: '66', email: 'eve@gmail.com', email_verified: true })
    const pool = await openTestPool(environment, {
      isLate: true,
      policy: { existingAccount, existingUsers: 'verified-by-code', flagsOnlyByCode: true },
    })
    const before = tokensOf(await comes(pool, 'Google', 'eve'))
    await pool.register('ada', ADA)
    pool.attach()
    const ada = await pool.personOf(await pool.signIn('ada'))
    const Username = String(pool.users().find(({ UserStatus }) => UserStatus === 'EXTERNAL_PROVIDER')?.Username)
    const UserAttributes = Object.entries({ email: ADA, 'custom:hd': 'example.com' }).map(([Name, Value]) => ({
      Name,
      Value,
    }))
    await environment.cognito.updateUserAttributes({ AccessToken: before.accessToken, UserAttributes })
    await environment.cognito.adminUpdateUserAttributes({
      UserPoolId: pool.userPoolId,
      Username,
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    })
    // A refresh shows what is stored; the next sign-in writes the provider's word over it.
    const refreshed = await pool.refresh(before.refreshToken)
    expect(await pool.personOf(refreshed)).not.toBe(ada)
    const eve = await personBy(pool, 'Google', 'eve')
    expect(eve).not.toBe(ada)
    expect(await pool.personOf(await pool.signIn('ada'))).toBe(ada)
  })
})

describe.each(POOLS)('T161: names that look like another’s, in a pool with %s', (_, settings) => {
  it('are refused where users choose them', async () => {
    const pool = await openTestPool(environment, { settings })
    if (pool.isByAddress) {
      // There Cognito makes the names, and they are UUIDs.
      await pool.register('ada', ADA)
      return
    }
    const isAlias = 'AliasAttributes' in settings
    for (const name of [
      ...(isAlias ? [] : ['Corp_ada@partner.test']),
      'corp_ada',
      'Google_1',
      'Okta_x',
      '0190e3a1-7b1c-7cc3-9c1f-0123456789ab',
    ])
      await expect(pool.signUp(name, ADA)).rejects.toThrow('onesub/USERNAME_RESERVED')
    await pool.register('ada', ADA)
  })
})

describe('T174: a link that Cognito refuses for good', () => {
  const positions = ['InvalidParameterException', 'OperationNotEnabledException'] as const

  it.each(positions)(
    'for a reason of its own (%s) is no lock-out: a profile, and the same person',
    async (linkRefusal) => {
      meet({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
      for (const inbound of [false, true]) {
        const pool = await openTestPool(environment, { inbound, quirks: { linkRefusal } })
        const ada = await pool.personOf(await pool.register('ada', ADA))
        expect(await personBy(pool, 'Google', 'ada')).toBe(ada)
        expect(await personBy(pool, 'Google', 'ada')).toBe(ada)
        expect(pool.reports.map(({ detail }) => detail)).toContain('Cognito refuses the link')
      }
    },
  )

  it.each(positions)('leaves no user of ours behind (%s)', async (linkRefusal) => {
    meet({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
    const pool = await openTestPool(environment, { quirks: { linkRefusal } })
    const ada = await personBy(pool, 'Google', 'ada')
    expect(ada).toBeDefined()
    expect(await personBy(pool, 'Google', 'ada')).toBe(ada)
    expect(pool.users().map(({ Username }) => Username)).toEqual(['Google_1180'])
  })
})

it('T175: a rename at the provider is followed, and the former address is free', async () => {
  meet({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
  const pool = await openTestPool(environment, { inbound: true })
  const ada = await pool.personOf(tokensOf(await comes(pool, 'Google', 'ada')))
  meet({ id: 'ada', sub: '1180', email: 'ada.king@example.com', email_verified: true, hd: 'example.com' })
  expect(await personBy(pool, 'Google', 'ada')).toBe(ada)
  expect(await personBy(pool, 'Google', 'ada')).toBe(ada)
  expect(JSON.stringify(pool.users())).toContain('ada.king@example.com')
  await expect(pool.signUp('eve', 'ada.king@example.com')).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
  // The former one goes to whoever proves it.
  const next = await pool.personOf(await pool.register('next', ADA))
  expect(next).not.toBe(ada)
})
