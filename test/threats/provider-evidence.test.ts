import type { ProviderTrust } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { personBy } from '../world/people.ts'
import { POOLS } from '../world/pools.ts'
import { openIdConnect, TRUST } from '../world/providers.ts'
import { type Desk, letIn, openDesk, openWorld, type World } from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const ADA = 'ada@example.com'
const POLICIES = ['refuse', 'link', 'ask', 'enumeration-safe'] as const

const meet = (persona: { id: string; sub: string; [claim: string]: unknown }) => desk.emulator.setPersona(persona)
const comes = (world: World, provider: string, persona: string) => world.continueWith(provider, persona)

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
    const second = await openWorld(desk, { inbound })
    const ada = await second.personOf(await second.register('ada', ADA))
    expect(await personBy(second, 'Okta', 'eve')).not.toBe(ada)
    expect(await second.personOf(await second.signIn('ada'))).toBe(ada)
    const first = await openWorld(desk, { inbound })
    const eve = await personBy(first, 'Okta', 'eve')
    expect(eve).toBeDefined()
    expect(await personBy(first, 'Google', 'ada')).not.toBe(eve)
    await expect(first.signUp('another', ADA)).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
  })
})

it.each([false, true])(
  'T150: SAML proves nothing without the operator’s word (InboundFederation: %s)',
  async (inbound) => {
    meet({ id: 'eve', sub: 'c66', subject: 'c66', email: ADA, email_verified: true })
    const { addresses: _managed, ...Corp } = TRUST.Corp ?? { kind: 'saml' }
    const world = await openWorld(desk, { inbound, policy: { providers: { ...TRUST, Corp: Corp as ProviderTrust } } })
    const ada = await world.personOf(await world.register('ada', ADA))
    expect(await personBy(world, 'Corp', 'eve')).not.toBe(ada)
    const trusting = await openWorld(desk, { inbound })
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
        const world = await openWorld(desk, {
          inbound,
          quirks,
          providers: oidc(name),
          policy: { providers: { ...TRUST, Okta } },
        })
        const ada = await world.personOf(await world.register('ada', ADA))
        expect(await personBy(world, name, 'eve')).not.toBe(ada)
        const owners = await world.registry.resolve({
          pool: world.userPoolId,
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
    const world = await openWorld(desk, { inbound: true, providers: mapped, policy: { providers: { ...TRUST, Okta } } })
    const ada = await world.personOf(await world.register('ada', ADA))
    expect(await personBy(world, 'Okta', 'eve')).not.toBe(ada)
    meet({ id: 'ada-okta', sub: '00uada', email: 'eve@example.com', corp_email: ADA, email_verified: true })
    expect(await personBy(world, 'Okta', 'ada-okta')).toBe(ada)
  })
})

describe('T154: a profile from before onesub', () => {
  it.each(POLICIES)('is not adopted as who its user says to be (policy %s)', async (existingAccount) => {
    meet({ id: 'eve', sub: '66', email: 'eve@gmail.com', email_verified: true })
    const world = await openWorld(desk, {
      isLate: true,
      policy: { existingAccount, existingUsers: 'verified-by-code', flagsOnlyByCode: true },
    })
    const before = letIn(await comes(world, 'Google', 'eve'))
    await world.register('ada', ADA)
    world.attach()
    const ada = await world.personOf(await world.signIn('ada'))
    const Username = String(world.users().find(({ UserStatus }) => UserStatus === 'EXTERNAL_PROVIDER')?.Username)
    const UserAttributes = Object.entries({ email: ADA, 'custom:hd': 'example.com' }).map(([Name, Value]) => ({
      Name,
      Value,
    }))
    await desk.cognito.updateUserAttributes({ AccessToken: before.accessToken, UserAttributes })
    await desk.cognito.adminUpdateUserAttributes({
      UserPoolId: world.userPoolId,
      Username,
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    })
    // A refresh shows what is stored; the next sign-in writes the provider's word over it.
    const refreshed = await world.refresh(before.refreshToken)
    expect(await world.personOf(refreshed)).not.toBe(ada)
    const eve = await personBy(world, 'Google', 'eve')
    expect(eve).not.toBe(ada)
    expect(await world.personOf(await world.signIn('ada'))).toBe(ada)
  })
})

describe.each(POOLS)('T161: names that look like another’s, in a pool with %s', (_, settings) => {
  it('are refused where users choose them', async () => {
    const world = await openWorld(desk, { settings })
    if (world.isByAddress) {
      // There Cognito makes the names, and they are UUIDs.
      await world.register('ada', ADA)
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
      await expect(world.signUp(name, ADA)).rejects.toThrow('onesub/USERNAME_RESERVED')
    await world.register('ada', ADA)
  })
})

describe('T174: a link that Cognito refuses for good', () => {
  const positions = ['InvalidParameterException', 'OperationNotEnabledException'] as const

  it.each(positions)(
    'for a reason of its own (%s) is no lock-out: a profile, and the same person',
    async (linkRefusal) => {
      meet({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
      for (const inbound of [false, true]) {
        const world = await openWorld(desk, { inbound, quirks: { linkRefusal } })
        const ada = await world.personOf(await world.register('ada', ADA))
        expect(await personBy(world, 'Google', 'ada')).toBe(ada)
        expect(await personBy(world, 'Google', 'ada')).toBe(ada)
        expect(world.reports.map(({ detail }) => detail)).toContain('Cognito refuses the link')
      }
    },
  )

  it.each(positions)('leaves no user of ours behind (%s)', async (linkRefusal) => {
    meet({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
    const world = await openWorld(desk, { quirks: { linkRefusal } })
    const ada = await personBy(world, 'Google', 'ada')
    expect(ada).toBeDefined()
    expect(await personBy(world, 'Google', 'ada')).toBe(ada)
    expect(world.users().map(({ Username }) => Username)).toEqual(['Google_1180'])
  })
})

it('T175: a rename at the provider is followed, and the former address is nobody’s', async () => {
  meet({ id: 'ada', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
  const world = await openWorld(desk, { inbound: true })
  const ada = await world.personOf(letIn(await comes(world, 'Google', 'ada')))
  meet({ id: 'ada', sub: '1180', email: 'ada.king@example.com', email_verified: true, hd: 'example.com' })
  expect(await personBy(world, 'Google', 'ada')).toBe(ada)
  expect(await personBy(world, 'Google', 'ada')).toBe(ada)
  expect(JSON.stringify(world.users())).toContain('ada.king@example.com')
  await expect(world.signUp('eve', 'ada.king@example.com')).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
  // The former one goes to whoever proves it.
  const next = await world.personOf(await world.register('next', ADA))
  expect(next).not.toBe(ada)
})
