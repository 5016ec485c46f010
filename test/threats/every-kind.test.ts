import type { ProviderTrust } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { personBy } from '../environment/people.ts'
import { POOLS } from '../environment/pools.ts'
import { PROVIDERS, TRUST } from '../environment/providers.ts'
import { openTestEnvironment, openTestPool, type TestEnvironment, tokensOf } from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const POLICIES = ['refuse', 'link', 'ask', 'enumeration-safe'] as const
const SITUATIONS = POOLS.flatMap(([pool, settings]) =>
  POLICIES.flatMap((existingAccount) =>
    [false, true].map((inbound) => ({
      name: `${pool}, ${existingAccount}, InboundFederation ${inbound}`,
      pool,
      settings,
      existingAccount,
      inbound,
    })),
  ),
)

interface Says {
  readonly provider: string
  readonly domain: string
  readonly claims: Readonly<Record<string, unknown>>
}

const says = (provider: string, domain: string, claims: Says['claims'] = {}): Says => ({ provider, domain, claims })

/** What providers of each kind say that is less than proof of an address. */
const BELOW_PROOF: readonly Says[] = [
  says('Google', 'example.com', { email_verified: false, hd: 'example.com' }),
  says('Google', 'example.com', { hd: 'example.com' }),
  says('Google', 'example.com', { email_verified: true }),
  says('Google', 'example.com', { email_verified: true, hd: 'example.org' }),
  says('Google', 'sub.example.com', { email_verified: true, hd: 'example.com' }),
  says('SignInWithApple', 'example.com', { email_verified: true }),
  says('SignInWithApple', 'icloud.com', { email_verified: 'false' }),
  says('SignInWithApple', 'privaterelay.appleid.com', { email_verified: true }),
  says('Facebook', 'example.com', { email_verified: true }),
  says('LoginWithAmazon', 'example.com', { email_verified: true }),
  says('Okta', 'example.com'),
  says('Okta', 'example.com', { email_verified: 'True' }),
  says('Okta', 'example.org', { email_verified: true }),
  says('Okta', 'sub.example.com', { email_verified: true }),
  says('Corp', 'example.org', { email_verified: true }),
  says('Corp', 'sub.example.com', { email_verified: true }),
  says('Corp', 'example.com.evil.test', { email_verified: true }),
  says('Partner', 'example.com', { email_verified: true }),
  says('Suppliers', 'example.com', { email_verified: true }),
]

const PROOF: readonly Says[] = [
  says('Google', 'example.com', { email_verified: true, hd: 'example.com' }),
  says('Google', 'gmail.com', { email_verified: true }),
  says('SignInWithApple', 'icloud.com', { email_verified: 'true' }),
  says('Okta', 'example.com', { email_verified: true }),
  says('Corp', 'EXAMPLE.COM'),
]

/** Its directory is not said to be managed; and one that is said to prove nothing. */
const BESIDE: Readonly<Record<string, ProviderTrust>> = {
  Partner: { kind: 'saml', domains: ['example.com'], subjectAttribute: 'custom:subject' },
  Suppliers: { kind: 'oidc', trust: 'none', subjectAttribute: 'custom:subject' },
}

let subjects = 0

/** A persona that has this for an address; its id. */
function meet({ domain, claims }: Says, name: string): string {
  subjects += 1
  const id = `p${subjects}`
  const sub = `9${subjects}`
  environment.emulator.setPersona({ id, sub, subject: sub, email: `${name}@${domain}`, ...claims })
  return id
}

describe.each(SITUATIONS)('$name', ({ settings, existingAccount, inbound }) => {
  const open = () => {
    const { Corp, Okta } = PROVIDERS(environment.emulator.endpoint)
    if (!Corp || !Okta) throw new Error('no providers')
    const policy = { existingAccount, providers: { ...TRUST, ...BESIDE } }
    return openTestPool(environment, { settings, inbound, policy, providers: { Partner: Corp, Suppliers: Okta } })
  }

  it('T5, T23, T24, T26, T27, T32, T33, T150: what is less than proof, coming second, never gets the owner’s person', async () => {
    const pool = await open()
    for (const [at, row] of BELOW_PROOF.entries()) {
      const address = `n${at}@${row.domain}`
      const owner = await pool.personOf(await pool.register(`n${at}`, address))
      const told = JSON.stringify(row)
      const persona = meet(row, `n${at}`)
      for (const _visit of [1, 2]) expect(await personBy(pool, row.provider, persona), told).not.toBe(owner)
      const again = await pool.signIn(pool.isByAddress ? address : `n${at}`)
      expect(await pool.personOf(again), told).toBe(owner)
      const { ways } = await pool.account.signInMethods(again.accessToken)
      expect(ways.map(({ provider }) => provider)).toEqual(['Cognito'])
    }
  })

  it('T5, T23, T24, T26, T27, T32, T33, T150: what is less than proof, coming first, keeps the owner neither out nor company', async () => {
    const pool = await open()
    for (const [at, row] of BELOW_PROOF.entries()) {
      const told = JSON.stringify(row)
      const persona = meet(row, `n${at}`)
      const early = await personBy(pool, row.provider, persona)
      expect(early, told).toBeDefined()
      const owner = await pool.personOf(await pool.register(`n${at}`, `n${at}@${row.domain}`))
      expect(owner, told).not.toBe(early)
      expect(await personBy(pool, row.provider, persona), told).not.toBe(owner)
    }
  })

  it('T24, T27, T32: proof by the authority is never somebody else’s, and one person under the policy that links', async () => {
    const pool = await open()
    for (const [at, row] of PROOF.entries()) {
      const told = JSON.stringify(row)
      const address = `n${at}@${row.domain}`
      const native = await pool.personOf(await pool.register(`n${at}`, address))
      const stranger = await pool.personOf(await pool.register(`other${at}`, `other${at}@${row.domain}`))
      const persona = meet(row, `n${at}`)
      const came = await personBy(pool, row.provider, persona)
      expect(came, told).not.toBe(stranger)
      if (existingAccount === 'link') expect(came, told).toBe(native)
      // Nobody is locked out by it: the native user keeps the person.
      expect(await pool.personOf(await pool.signIn(pool.isByAddress ? address : `n${at}`)), told).toBe(native)
    }
  })

  it('T24, T27, T32: proof by the authority, coming first, is a person of its own at once, and keeps it', async () => {
    const pool = await open()
    for (const [at, row] of PROOF.entries()) {
      const told = JSON.stringify(row)
      const persona = meet(row, `n${at}`)
      const person = await personBy(pool, row.provider, persona)
      expect(person, told).toBeDefined()
      await pool.signUp(`late${at}`, `n${at}@${row.domain}`).catch(() => undefined)
      expect(await personBy(pool, row.provider, persona), told).toBe(person)
      expect(tokensOf(await pool.continueWith(row.provider, persona))).toBeDefined()
    }
  })
})
