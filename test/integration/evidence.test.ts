import { hostilePersonas } from '@onesub/emulator'
import { SignJWT } from 'jose'
import { parsePolicy } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TRUST } from '../environment/providers.ts'
import {
  openTestEnvironment,
  openTestPool,
  type PoolSettings,
  type SignInResult,
  type TestEnvironment,
  type TestPool,
  type Tokens,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const meet = (persona: Parameters<TestEnvironment['emulator']['setPersona']>[0]) =>
  environment.emulator.setPersona(persona)
const VICTIM = 'ada@example.com'

/** Whatever happened to another user with the victim's address: the victim keeps the person, and the other user does not get it. */
async function expectUntouched(pool: TestPool, victim: Tokens, other: SignInResult): Promise<void> {
  const person = await pool.personOf(victim)
  if (!('refused' in other)) expect(await personIn(pool, other.tokens)).not.toBe(person)
  const again = await pool.signIn(pool.isByAddress ? VICTIM : 'ada')
  expect(await pool.personOf(again)).toBe(person)
  expect(await pool.subOf(again)).toBe(await pool.subOf(victim))
  const { ways } = await pool.account.signInMethods(again.accessToken)
  expect(ways.map(({ provider }) => provider)).toEqual(['Cognito'])
}

/** Undefined for a user who waits for proof. */
async function personIn(pool: TestPool, { accessToken }: Tokens) {
  try {
    return (await pool.verify(accessToken)).person
  } catch (error) {
    expect(error).toMatchObject({ code: 'PERSON_UNKNOWN' })
    return undefined
  }
}

describe.each([false, true])('what a provider says of an address (InboundFederation: %s)', (inbound) => {
  it.each([undefined, false, '0', true])(
    'T23: of a domain that is not its own, with the flag %j, it joins nobody',
    async (flag) => {
      meet({
        id: 'tenant',
        sub: '00uT2',
        subject: '00uT2',
        email: 'ada@corp.test',
        ...(flag !== undefined && { email_verified: flag }),
      })
      const pool = await openTestPool(environment, { inbound })
      const ceo = await pool.register('ada', 'ada@corp.test')
      for (const provider of ['Okta', 'Corp']) {
        const tenant = tokensOf(await pool.continueWith(provider, 'tenant'))
        expect(await pool.personOf(tenant)).not.toBe(await pool.personOf(ceo))
      }
      expect(await pool.personOf(await pool.signIn('ada'))).toBe(await pool.personOf(ceo))
    },
  )

  it('T23: a provider that counts as vouching joins nobody either, and is nobody until there is proof under `ask`', async () => {
    meet({ id: 'tenant', sub: '00uT2', subject: '00uT2', email: 'ada@corp.test' })
    const providers = { ...TRUST, Okta: { ...TRUST.Okta, kind: 'oidc', raiseTo: 'E2' } } as const
    const pool = await openTestPool(environment, { inbound, policy: { providers } })
    const ceo = await pool.register('ada', 'ada@corp.test')
    const tenant = tokensOf(await pool.continueWith('Okta', 'tenant'))
    expect(await pool.personOf(tenant)).not.toBe(await pool.personOf(ceo))
    const asking = await openTestPool(environment, { inbound, policy: { providers, existingAccount: 'ask' } })
    await asking.register('ada', 'ada@corp.test')
    const asked = await asking.continueWith('Okta', 'tenant')
    expect(await personIn(asking, tokensOf(asked))).toBeUndefined()
  })

  it('T24: who has bought a domain and created its mailboxes again is another Google subject, and nobody until there is proof', async () => {
    const work = { email: 'ada@corp.test', email_verified: true, hd: 'corp.test' }
    meet({ ...work, id: 'g1', sub: '1001' })
    meet({ ...work, id: 'g2', sub: '1002' })
    const pool = await openTestPool(environment, { inbound })
    const ada = tokensOf(await pool.continueWith('Google', 'g1'))
    const told = (await pool.events()).length
    const buyer = await pool.continueWith('Google', 'g2')
    expect(await personIn(pool, tokensOf(buyer))).toBeUndefined()
    expect((await pool.events()).slice(told).map(({ type }) => type)).toEqual(['identity.pending'])
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'g1')))).toBe(await pool.personOf(ada))
  })

  it('T24: Google is no authority for an address elsewhere, nor for one below the domain that it hosts', async () => {
    meet({ id: 'none', sub: '1003', email: VICTIM, email_verified: true })
    meet({ id: 'other', sub: '1004', email: VICTIM, email_verified: true, hd: 'example.org' })
    meet({ id: 'above', sub: '1005', email: VICTIM, email_verified: true, hd: 'com' })
    const pool = await openTestPool(environment, { inbound })
    const ada = await pool.register('ada', VICTIM)
    for (const id of ['none', 'other', 'above']) {
      await expectUntouched(pool, ada, await pool.continueWith('Google', id))
    }
  })

  it('T25: a changed subject has no person until the user proves the account, and then one account has both', async () => {
    const work = { email: VICTIM, email_verified: true, hd: 'example.com' }
    meet({ ...work, id: 'old', sub: '2001' })
    meet({ ...work, id: 'new', sub: '2002' })
    const pool = await openTestPool(environment, { inbound, policy: { existingAccount: 'enumeration-safe' } })
    const native = await pool.register('ada', VICTIM)
    await pool.continueWith('Google', 'old')
    const person = await pool.personOf(native)
    const changed = tokensOf(await pool.continueWith('Google', 'new'))
    expect(await pool.personOf(changed)).not.toBe(person)
    const { accessToken } = native
    const offer = await pool.account.offerLink({ accessToken, additionIdToken: changed.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await pool.account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges })
    for (const id of ['new', 'old']) {
      expect(await pool.personOf(tokensOf(await pool.continueWith('Google', id)))).toBe(person)
    }
    expect((await pool.events()).filter(({ type }) => type === 'person.merged')).toHaveLength(1)
  })

  it.each(['Facebook', 'LoginWithAmazon'])(
    'T26: %s sends no flag: it joins nobody, raised or not',
    async (provider) => {
      meet({ id: 'fb', sub: '3001', email: VICTIM, email_verified: true })
      const kind = provider === 'Facebook' ? 'facebook' : 'amazon'
      for (const raised of [{}, { raiseTo: 'E2' }] as const) {
        const pool = await openTestPool(environment, {
          inbound,
          policy: { providers: { ...TRUST, [provider]: { kind, ...raised } } },
        })
        const ada = await pool.register('ada', VICTIM)
        await expectUntouched(pool, ada, await pool.continueWith(provider, 'fb'))
      }
    },
  )

  it('T27: a relay address is contact data: it is kept when Apple stops sending it, and joins nobody', async () => {
    const relay = 'x7@privaterelay.appleid.com'
    const apple = { sub: '000123.ab.0042', email_verified: true }
    meet({ ...apple, id: 'apple', changes: [{ email: relay, name: 'Ada' }, {}] })
    meet({ id: 'apple-2', sub: '000124.ab.0042', email: relay, email_verified: true })
    meet({ id: 'google', sub: '4001', email: relay, email_verified: true, hd: 'privaterelay.appleid.com' })
    const pool = await openTestPool(environment, { inbound })
    const native = await pool.register('relay', relay)
    const first = tokensOf(await pool.continueWith('SignInWithApple', 'apple'))
    const again = tokensOf(await pool.continueWith('SignInWithApple', 'apple'))
    expect(await pool.personOf(again)).toBe(await pool.personOf(first))
    expect(JSON.stringify(await environment.cognito.getUser({ AccessToken: again.accessToken }))).toContain(relay)
    const others = [
      tokensOf(await pool.continueWith('SignInWithApple', 'apple-2')),
      tokensOf(await pool.continueWith('Google', 'google')),
    ]
    const persons = await Promise.all([native, first, ...others].map((tokens) => pool.personOf(tokens)))
    expect(new Set(persons).size).toBe(4)
  })

  it('T28: a mailbox that many people read proves nobody, whoever is its authority', async () => {
    const support = 'support@example.com'
    meet({ id: 'agent', sub: '5001', subject: '5001', email: support, email_verified: true, hd: 'example.com' })
    const pool = await openTestPool(environment, { inbound })
    const owner = await pool.register('support', support)
    for (const provider of ['Google', 'Okta', 'Corp']) {
      const agent = tokensOf(await pool.continueWith(provider, 'agent'))
      expect(await pool.personOf(agent)).not.toBe(await pool.personOf(owner))
    }
  })

  it('T32: an enterprise provider proves addresses of its own domain, by the whole name and in any letters', async () => {
    const pool = await openTestPool(environment, { inbound })
    const foreign = ['ada@example.org', 'ada@sub.example.com', 'ada@example.com.evil.test', 'ada@notexample.com']
    for (const [at, email] of foreign.entries()) {
      const owner = await pool.register(`owner-${at}`, email)
      meet({ id: `corp-${at}`, sub: `c${at}`, subject: `c${at}`, email })
      for (const provider of ['Okta', 'Corp']) {
        const asserted = tokensOf(await pool.continueWith(provider, `corp-${at}`))
        expect(await pool.personOf(asserted)).not.toBe(await pool.personOf(owner))
      }
    }
    const ada = await pool.register('ada', VICTIM)
    meet({ id: 'own', sub: 'c9', subject: 'c9', email_verified: true, email: 'ada@EXAMPLE.COM' })
    for (const provider of ['Okta', 'Corp']) {
      expect(await pool.personOf(tokensOf(await pool.continueWith(provider, 'own')))).toBe(await pool.personOf(ada))
    }
  })

  it.each(['false', 'True', 'TRUE', 1, ['true'], ' true', 'yes', null, ''].map((flag) => ({ flag })))(
    'T33: the flag $flag is no word for an address',
    async ({ flag }) => {
      meet({ id: 'flag', sub: '6001', email: VICTIM, email_verified: flag, hd: 'example.com' })
      const pool = await openTestPool(environment, { inbound })
      const ada = await pool.register('ada', VICTIM)
      await expectUntouched(pool, ada, await pool.continueWith('Google', 'flag'))
    },
  )

  it.each([true, 'true'])('T33: the flag %j is', async (flag) => {
    meet({ id: 'flag', sub: '6001', email: VICTIM, email_verified: flag, hd: 'example.com' })
    const pool = await openTestPool(environment, { inbound })
    const ada = await pool.register('ada', VICTIM)
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'flag')))).toBe(await pool.personOf(ada))
  })
})

it('T26: a policy that raises a provider to proof is refused at load', () => {
  const fromFile = JSON.parse('{"providers":{"Facebook":{"kind":"facebook","raiseTo":"E3"}}}')
  expect(() => parsePolicy(fromFile)).toThrow(/POLICY_INVALID/)
})

describe('a mailbox or a number that changes hands', () => {
  it('T29, T183: its next owner signs up and enters the code, and is somebody else; the former one still comes by Google', async () => {
    meet({ id: 'ada', sub: '7001', email: VICTIM, email_verified: true, hd: 'example.com' })
    const pool = await openTestPool(environment, { policy: { existingAccount: 'enumeration-safe' } })
    const ada = await pool.register('ada', VICTIM)
    await pool.continueWith('Google', 'ada')
    const successor = await pool.register('successor', VICTIM)
    const next = await pool.personOf(successor)
    expect(next).not.toBe(await pool.personOf(ada))
    expect((await pool.account.signInMethods(successor.accessToken)).ways).toHaveLength(1)
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(await pool.personOf(ada))
    expect(await pool.personOf(await pool.signIn('successor'))).toBe(next)
    // T183: who has lost the address is told.
    expect((await pool.events()).filter(({ type }) => type === 'identifier.superseded')).toMatchObject([
      { person: next, detail: { from: await pool.personOf(ada), formerUserName: 'ada' } },
    ])
  })

  it('T30: one number on two users joins them under no policy, also where a number belongs to one person only', async () => {
    const shared = { Name: 'phone_number', Value: '+12025550123' }
    for (const unique of [['email'], ['email', 'phone']] as const) {
      const pool = await openTestPool(environment, { policy: { existingAccount: 'enumeration-safe', unique } })
      const enter = async (name: string) => {
        await environment.cognito
          .adminCreateUser({
            UserPoolId: pool.userPoolId,
            Username: name,
            MessageAction: 'SUPPRESS',
            UserAttributes: [
              { Name: 'email', Value: `${name}@example.com` },
              shared,
              { Name: 'phone_number_verified', Value: 'true' },
            ],
          })
          .catch((error: Error) => expect(error.message).toContain('onesub/IDENTIFIER_TAKEN'))
        const isThere = pool.users().some(({ Username }) => Username === name)
        if (!isThere) return undefined
        const Password = 'Correct-Horse-9'
        await environment.cognito.adminSetUserPassword({
          UserPoolId: pool.userPoolId,
          Username: name,
          Password,
          Permanent: true,
        })
        return personIn(pool, await pool.signIn(name))
      }
      const former = await enter('former')
      expect(former).toBeDefined()
      expect(await enter('next')).not.toBe(former)
    }
  })

  it('T31: the buyer of a domain cannot present both the form’s and the Workspace account’s proof, where policy asks for both', async () => {
    const pool = await openTestPool(environment, { policy: { existingAccount: 'ask' } })
    const owner = await pool.register('ada', 'ada@own.test')
    meet({ id: 'buyer', sub: '8002', email: 'ada@own.test', email_verified: true, hd: 'own.test' })
    await expect(pool.signUp('buyer', 'ada@own.test')).rejects.toThrow(/onesub\/LINK_NEEDS_PROOF/)
    const buyer = await pool.continueWith('Google', 'buyer')
    expect(await personIn(pool, tokensOf(buyer))).toBeUndefined()
    expect(await pool.personOf(await pool.signIn('ada'))).toBe(await pool.personOf(owner))
  })
})

describe('tokens', () => {
  it('T34: a provider’s own token opens nothing of ours, nor does an ID token where an access token is asked for', async () => {
    const pool = await openTestPool(environment)
    const ada = await pool.register('ada', VICTIM)
    const google = await new SignJWT({ email: VICTIM, email_verified: true })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('https://accounts.google.com')
      .setAudience(pool.clientId)
      .setSubject('9001')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a key that Google does not use'))
    const { account } = pool
    const refused = { code: 'TOKEN_INVALID' }
    await expect(pool.verify(google)).rejects.toMatchObject(refused)
    await expect(account.signInMethods(google)).rejects.toMatchObject(refused)
    await expect(account.startSeparatePerson(google)).rejects.toMatchObject(refused)
    await expect(account.offerLink({ accessToken: ada.accessToken, additionIdToken: google })).rejects.toMatchObject(
      refused,
    )
    await expect(account.offerLink({ accessToken: ada.idToken, additionIdToken: ada.idToken })).rejects.toMatchObject(
      refused,
    )
    await expect(
      account.offerLink({ accessToken: ada.accessToken, additionIdToken: ada.accessToken }),
    ).rejects.toMatchObject(refused)
  })
})

const KINDS: readonly (readonly [name: string, settings: PoolSettings])[] = [
  ['user names', {}],
  [
    'e-mail as alias, case-insensitive',
    { AliasAttributes: ['email'], UsernameConfiguration: { CaseSensitive: false } },
  ],
  ['e-mail as user name', { UsernameAttributes: ['email'] }],
]

describe.each(KINDS)('everything hostile that a provider may say, in a pool with %s', (_, settings) => {
  it.each(hostilePersonas(VICTIM).map(({ id }) => id))('T28: %s does not become the victim', async (id) => {
    for (const persona of hostilePersonas(VICTIM)) meet(persona)
    for (const inbound of [false, true]) {
      const pool = await openTestPool(environment, {
        inbound,
        settings,
      })
      const ada = await pool.register('ada', VICTIM)
      // The second time as well: what a provider says may change.
      for (const _visit of [1, 2]) await expectUntouched(pool, ada, await pool.continueWith('Google', id))
    }
  })
})
