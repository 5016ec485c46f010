import { hostilePersonas } from '@onesub/emulator'
import { SignJWT } from 'jose'
import { parsePolicy } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TRUST } from '../world/providers.ts'
import {
  type Arrival,
  type Desk,
  letIn,
  openDesk,
  openWorld,
  type PoolSettings,
  type Tokens,
  type World,
} from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const meet = (persona: Parameters<Desk['emulator']['setPersona']>[0]) => desk.emulator.setPersona(persona)
const VICTIM = 'ada@example.com'

/** Whatever became of somebody who came with her address: she is who she was, and he is not her. */
async function expectUntouched(world: World, victim: Tokens, other: Arrival): Promise<void> {
  const person = await world.personOf(victim)
  if (!('refused' in other)) expect(await personIn(world, other.tokens)).not.toBe(person)
  const again = await world.signIn(world.isByAddress ? VICTIM : 'ada')
  expect(await world.personOf(again)).toBe(person)
  expect(await world.subOf(again)).toBe(await world.subOf(victim))
  const { ways } = await world.account.signInMethods(again.accessToken)
  expect(ways.map(({ provider }) => provider)).toEqual(['Cognito'])
}

/** Undefined for a user who waits for proof. */
async function personIn(world: World, { accessToken }: Tokens) {
  try {
    return (await world.verify(accessToken)).person
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
      const world = await openWorld(desk, { inbound })
      const ceo = await world.register('ada', 'ada@corp.test')
      for (const provider of ['Okta', 'Corp']) {
        const tenant = letIn(await world.continueWith(provider, 'tenant'))
        expect(await world.personOf(tenant)).not.toBe(await world.personOf(ceo))
      }
      expect(await world.personOf(await world.signIn('ada'))).toBe(await world.personOf(ceo))
    },
  )

  it('T23: a provider that counts as vouching joins nobody either, and is nobody until there is proof under `ask`', async () => {
    meet({ id: 'tenant', sub: '00uT2', subject: '00uT2', email: 'ada@corp.test' })
    const providers = { ...TRUST, Okta: { ...TRUST.Okta, kind: 'oidc', raiseTo: 'E2' } } as const
    const world = await openWorld(desk, { inbound, policy: { providers } })
    const ceo = await world.register('ada', 'ada@corp.test')
    const tenant = letIn(await world.continueWith('Okta', 'tenant'))
    expect(await world.personOf(tenant)).not.toBe(await world.personOf(ceo))
    const asking = await openWorld(desk, { inbound, policy: { providers, existingAccount: 'ask' } })
    await asking.register('ada', 'ada@corp.test')
    const asked = await asking.continueWith('Okta', 'tenant')
    expect(await personIn(asking, letIn(asked))).toBeUndefined()
  })

  it('T24: who has bought a domain and made its mailboxes anew is another Google subject, and nobody until there is proof', async () => {
    const work = { email: 'ada@corp.test', email_verified: true, hd: 'corp.test' }
    meet({ ...work, id: 'g1', sub: '1001' })
    meet({ ...work, id: 'g2', sub: '1002' })
    const world = await openWorld(desk, { inbound })
    const ada = letIn(await world.continueWith('Google', 'g1'))
    const told = (await world.events()).length
    const buyer = await world.continueWith('Google', 'g2')
    expect(await personIn(world, letIn(buyer))).toBeUndefined()
    expect((await world.events()).slice(told).map(({ type }) => type)).toEqual(['identity.pending'])
    expect(await world.personOf(letIn(await world.continueWith('Google', 'g1')))).toBe(await world.personOf(ada))
  })

  it('T24: Google is no authority for an address elsewhere, nor for one below the domain that it hosts', async () => {
    meet({ id: 'none', sub: '1003', email: VICTIM, email_verified: true })
    meet({ id: 'other', sub: '1004', email: VICTIM, email_verified: true, hd: 'example.org' })
    meet({ id: 'above', sub: '1005', email: VICTIM, email_verified: true, hd: 'com' })
    const world = await openWorld(desk, { inbound })
    const ada = await world.register('ada', VICTIM)
    for (const id of ['none', 'other', 'above']) {
      await expectUntouched(world, ada, await world.continueWith('Google', id))
    }
  })

  it('T25: a subject that has changed is nobody’s until she proves the account, and then one account has both', async () => {
    const work = { email: VICTIM, email_verified: true, hd: 'example.com' }
    meet({ ...work, id: 'old', sub: '2001' })
    meet({ ...work, id: 'new', sub: '2002' })
    const world = await openWorld(desk, { inbound, policy: { existingAccount: 'enumeration-safe' } })
    const native = await world.register('ada', VICTIM)
    await world.continueWith('Google', 'old')
    const person = await world.personOf(native)
    const changed = letIn(await world.continueWith('Google', 'new'))
    expect(await world.personOf(changed)).not.toBe(person)
    const { accessToken } = native
    const offer = await world.account.offerLink({ accessToken, additionIdToken: changed.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await world.account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges })
    for (const id of ['new', 'old']) {
      expect(await world.personOf(letIn(await world.continueWith('Google', id)))).toBe(person)
    }
    expect((await world.events()).filter(({ type }) => type === 'person.merged')).toHaveLength(1)
  })

  it.each(['Facebook', 'LoginWithAmazon'])(
    'T26: %s sends no flag: it joins nobody, raised or not',
    async (provider) => {
      meet({ id: 'fb', sub: '3001', email: VICTIM, email_verified: true })
      const kind = provider === 'Facebook' ? 'facebook' : 'amazon'
      for (const raised of [{}, { raiseTo: 'E2' }] as const) {
        const world = await openWorld(desk, {
          inbound,
          policy: { providers: { ...TRUST, [provider]: { kind, ...raised } } },
        })
        const ada = await world.register('ada', VICTIM)
        await expectUntouched(world, ada, await world.continueWith(provider, 'fb'))
      }
    },
  )

  it('T27: a relay address is contact data: it is kept when Apple stops sending it, and joins nobody', async () => {
    const relay = 'x7@privaterelay.appleid.com'
    const apple = { sub: '000123.ab.0042', email_verified: true }
    meet({ ...apple, id: 'apple', changes: [{ email: relay, name: 'Ada' }, {}] })
    meet({ id: 'apple-2', sub: '000124.ab.0042', email: relay, email_verified: true })
    meet({ id: 'google', sub: '4001', email: relay, email_verified: true, hd: 'privaterelay.appleid.com' })
    const world = await openWorld(desk, { inbound })
    const native = await world.register('relay', relay)
    const first = letIn(await world.continueWith('SignInWithApple', 'apple'))
    const again = letIn(await world.continueWith('SignInWithApple', 'apple'))
    expect(await world.personOf(again)).toBe(await world.personOf(first))
    expect(JSON.stringify(await desk.cognito.getUser({ AccessToken: again.accessToken }))).toContain(relay)
    const others = [
      letIn(await world.continueWith('SignInWithApple', 'apple-2')),
      letIn(await world.continueWith('Google', 'google')),
    ]
    const persons = await Promise.all([native, first, ...others].map((tokens) => world.personOf(tokens)))
    expect(new Set(persons).size).toBe(4)
  })

  it('T28: a mailbox that many people read proves nobody, whoever is its authority', async () => {
    const support = 'support@example.com'
    meet({ id: 'agent', sub: '5001', subject: '5001', email: support, email_verified: true, hd: 'example.com' })
    const world = await openWorld(desk, { inbound })
    const owner = await world.register('support', support)
    for (const provider of ['Google', 'Okta', 'Corp']) {
      const agent = letIn(await world.continueWith(provider, 'agent'))
      expect(await world.personOf(agent)).not.toBe(await world.personOf(owner))
    }
  })

  it('T32: an enterprise provider proves addresses of its own domain, by the whole name and in any letters', async () => {
    const world = await openWorld(desk, { inbound })
    const foreign = ['ada@example.org', 'ada@sub.example.com', 'ada@example.com.evil.test', 'ada@notexample.com']
    for (const [at, email] of foreign.entries()) {
      const owner = await world.register(`owner-${at}`, email)
      meet({ id: `corp-${at}`, sub: `c${at}`, subject: `c${at}`, email })
      for (const provider of ['Okta', 'Corp']) {
        const asserted = letIn(await world.continueWith(provider, `corp-${at}`))
        expect(await world.personOf(asserted)).not.toBe(await world.personOf(owner))
      }
    }
    const ada = await world.register('ada', VICTIM)
    meet({ id: 'own', sub: 'c9', subject: 'c9', email_verified: true, email: 'ada@EXAMPLE.COM' })
    for (const provider of ['Okta', 'Corp']) {
      expect(await world.personOf(letIn(await world.continueWith(provider, 'own')))).toBe(await world.personOf(ada))
    }
  })

  it.each(['false', 'True', 'TRUE', 1, ['true'], ' true', 'yes', null, ''].map((flag) => ({ flag })))(
    'T33: the flag $flag is no word for an address',
    async ({ flag }) => {
      meet({ id: 'flag', sub: '6001', email: VICTIM, email_verified: flag, hd: 'example.com' })
      const world = await openWorld(desk, { inbound })
      const ada = await world.register('ada', VICTIM)
      await expectUntouched(world, ada, await world.continueWith('Google', 'flag'))
    },
  )

  it.each([true, 'true'])('T33: the flag %j is', async (flag) => {
    meet({ id: 'flag', sub: '6001', email: VICTIM, email_verified: flag, hd: 'example.com' })
    const world = await openWorld(desk, { inbound })
    const ada = await world.register('ada', VICTIM)
    expect(await world.personOf(letIn(await world.continueWith('Google', 'flag')))).toBe(await world.personOf(ada))
  })
})

it('T26: a policy that raises a provider to proof is refused at load', () => {
  const fromFile = JSON.parse('{"providers":{"Facebook":{"kind":"facebook","raiseTo":"E3"}}}')
  expect(() => parsePolicy(fromFile)).toThrow(/POLICY_INVALID/)
})

describe('a mailbox or a number that changes hands', () => {
  it('T29, T183: its next owner signs up and enters the code, and is somebody else; the former one still comes by Google', async () => {
    meet({ id: 'ada', sub: '7001', email: VICTIM, email_verified: true, hd: 'example.com' })
    const world = await openWorld(desk, { policy: { existingAccount: 'enumeration-safe' } })
    const ada = await world.register('ada', VICTIM)
    await world.continueWith('Google', 'ada')
    const successor = await world.register('successor', VICTIM)
    const next = await world.personOf(successor)
    expect(next).not.toBe(await world.personOf(ada))
    expect((await world.account.signInMethods(successor.accessToken)).ways).toHaveLength(1)
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(await world.personOf(ada))
    expect(await world.personOf(await world.signIn('successor'))).toBe(next)
    // T183: who has lost the address is told.
    expect((await world.events()).filter(({ type }) => type === 'identifier.superseded')).toMatchObject([
      { person: next, detail: { from: await world.personOf(ada), formerUserName: 'ada' } },
    ])
  })

  it('T30: one number on two users joins them under no policy, also where a number belongs to one person only', async () => {
    const shared = { Name: 'phone_number', Value: '+12025550123' }
    for (const unique of [['email'], ['email', 'phone']] as const) {
      const world = await openWorld(desk, { policy: { existingAccount: 'enumeration-safe', unique } })
      const enter = async (name: string) => {
        await desk.cognito
          .adminCreateUser({
            UserPoolId: world.userPoolId,
            Username: name,
            MessageAction: 'SUPPRESS',
            UserAttributes: [
              { Name: 'email', Value: `${name}@example.com` },
              shared,
              { Name: 'phone_number_verified', Value: 'true' },
            ],
          })
          .catch((error: Error) => expect(error.message).toContain('onesub/IDENTIFIER_TAKEN'))
        const isThere = world.users().some(({ Username }) => Username === name)
        if (!isThere) return undefined
        const Password = 'Correct-Horse-9'
        await desk.cognito.adminSetUserPassword({
          UserPoolId: world.userPoolId,
          Username: name,
          Password,
          Permanent: true,
        })
        return personIn(world, await world.signIn(name))
      }
      const former = await enter('former')
      expect(former).toBeDefined()
      expect(await enter('next')).not.toBe(former)
    }
  })

  it('T31: who has bought her domain shows neither form nor Workspace account what it takes, where policy asks for both', async () => {
    const world = await openWorld(desk, { policy: { existingAccount: 'ask' } })
    const owner = await world.register('ada', 'ada@own.test')
    meet({ id: 'buyer', sub: '8002', email: 'ada@own.test', email_verified: true, hd: 'own.test' })
    await expect(world.signUp('buyer', 'ada@own.test')).rejects.toThrow(/onesub\/LINK_NEEDS_PROOF/)
    const buyer = await world.continueWith('Google', 'buyer')
    expect(await personIn(world, letIn(buyer))).toBeUndefined()
    expect(await world.personOf(await world.signIn('ada'))).toBe(await world.personOf(owner))
  })
})

describe('tokens', () => {
  it('T34: a provider’s own token opens nothing of ours, nor does an ID token where an access token is asked for', async () => {
    const world = await openWorld(desk)
    const ada = await world.register('ada', VICTIM)
    const google = await new SignJWT({ email: VICTIM, email_verified: true })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('https://accounts.google.com')
      .setAudience(world.clientId)
      .setSubject('9001')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a key that Google does not use'))
    const { account } = world
    const refused = { code: 'TOKEN_INVALID' }
    await expect(world.verify(google)).rejects.toMatchObject(refused)
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
  it.each(hostilePersonas(VICTIM).map(({ id }) => id))('T28: %s is not her', async (id) => {
    for (const persona of hostilePersonas(VICTIM)) meet(persona)
    for (const inbound of [false, true]) {
      const world = await openWorld(desk, {
        inbound,
        settings,
      })
      const ada = await world.register('ada', VICTIM)
      // The second time as well: what a provider says may change.
      for (const _visit of [1, 2]) await expectUntouched(world, ada, await world.continueWith('Google', id))
    }
  })
})
