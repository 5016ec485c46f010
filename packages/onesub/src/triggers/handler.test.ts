import { describe, expect, it } from 'vitest'
import { OnesubError } from '../core/errors.ts'
import type { Time } from '../core/time.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import {
  adminCreates,
  confirms,
  googleArrives,
  googleConfirmed,
  POOL_ID,
  resets,
  signUp,
  subOf,
  triggerEvent,
} from './testing/events.ts'
import { outcome, poolUser, testPool } from './testing/pool.ts'
import { TRIGGER_SOURCES } from './trigger-sources.ts'

const ADA = 'ada@example.com'

describe('native sign-up', () => {
  it('one human who signs up under two names and spellings is refused the second time', async () => {
    const { handler, personOf } = testPool()
    await handler(signUp('Ada', 'Ada@Example.com'))
    await handler(confirms('Ada', 'Ada@Example.com'))
    expect(await outcome(handler(signUp('ada2', ADA)))).toBe('IDENTIFIER_TAKEN')
    expect(await personOf('Ada')).toBeDefined()
  })

  it('T86: the same sign-up, run three times, is one claim and one event', async () => {
    const { handler, events } = testPool()
    for (let run = 0; run < 3; run += 1) expect(await outcome(handler(signUp('ada', ADA)))).toBe('let in')
    expect((await events()).map(({ type }) => type)).toEqual(['identifier.reserved'])
  })

  it('T160: an unfinished sign-up keeps others out for the window, and no longer', async () => {
    const { handler, clock, personOf, events } = testPool()
    await handler(signUp('eve', ADA))
    expect(await outcome(handler(signUp('ada', ADA)))).toBe('SIGN_UP_UNFINISHED')
    clock.now += 10_000
    expect(await outcome(handler(signUp('ada', ADA)))).toBe('let in')
    await handler(confirms('ada', ADA))
    const [reserved] = await events()
    expect(await personOf('ada')).not.toBe(reserved?.person)
  })

  it('T160: a bot that takes each lapse keeps the owner out for one window in a quarter of an hour', async () => {
    const { handler, clock, personOf } = testPool()
    for (let second = 0; second < 14 * 60; second += 5) {
      await outcome(handler(signUp(`bot-${second}`, ADA)))
      clock.now += 5_000
    }
    expect(await outcome(handler(signUp('ada', ADA)))).toBe('let in')
    await handler(confirms('ada', ADA))
    expect(await personOf('ada')).toBeDefined()
  })

  it('T114: a sign-up that Cognito refused after our answer keeps nobody out for longer than the window', async () => {
    const { handler, clock, neverMade, personOf } = testPool()
    await handler(signUp('generated-1', ADA))
    neverMade.add('generated-1')
    clock.now += 9_999
    expect(await outcome(handler(signUp('generated-2', ADA)))).toBe('SIGN_UP_UNFINISHED')
    clock.now += 1
    expect(await outcome(handler(signUp('generated-3', ADA)))).toBe('let in')
    await handler(confirms('generated-3', ADA))
    expect(await personOf('generated-3')).toBeDefined()
  })

  it('T114: nor for longer where another identifier of the user is free', async () => {
    const { handler, clock, neverMade } = testPool({ policy: { unique: ['email', 'phone'] } })
    await handler(signUp('generated-1', ADA))
    neverMade.add('generated-1')
    clock.now += 61_000
    const comes = triggerEvent({ userName: 'generated-2', attributes: { email: ADA, phone_number: '+491511234567' } })
    expect(await outcome(handler(comes))).toBe('let in')
  })

  it('T166: a proven address is free again once its user is gone, and the next one is somebody else', async () => {
    const gone = new Set<string>()
    const { handler, clock, personOf } = testPool({
      userPool: { find: async ({ userName }) => (gone.has(userName) ? undefined : poolUser(userName, { email: ADA })) },
    })
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    clock.now += 3_600_000
    expect(await outcome(handler(signUp('ada2', ADA)))).toBe('IDENTIFIER_TAKEN')
    const before = await personOf('ada')
    gone.add('ada')
    expect(await outcome(handler(signUp('ada2', ADA)))).toBe('let in')
    await handler(confirms('ada2', ADA))
    expect(await personOf('ada2')).toBeDefined()
    expect(await personOf('ada2')).not.toBe(before)
  })

  it('T81: a squatter who never proves the address loses it to whoever does, and gets no part in that person', async () => {
    const { handler, personOf, events } = testPool({ policy: { existingAccount: 'enumeration-safe' } })
    await handler(signUp('eve', ADA))
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    await handler(confirms('eve', ADA, false))
    expect(await personOf('ada')).toBeDefined()
    expect(await personOf('eve')).not.toBe(await personOf('ada'))
    const superseded = (await events()).find(({ type }) => type === 'identifier.superseded')
    expect(superseded).toMatchObject({ detail: { formerUserName: 'eve' } })
    expect(await outcome(handler(adminCreates('eve2', ADA)))).toBe('IDENTIFIER_TAKEN')
  })

  it('T148: gives the event back with nothing changed but its response', async () => {
    const { handler } = testPool()
    const event = signUp('Ada', 'Ada@Example.com')
    const before = structuredClone(event)
    expect(await handler(event)).toEqual(before)
    expect(event).toEqual(before)
  })

  it.each(['autoConfirmUser', 'autoVerifyEmail', 'autoVerifyPhone'])(
    'T7: refuses a self sign-up for which another handler set %s',
    async (flag) => {
      const { handler, events } = testPool()
      // A handler in another language may have written a text.
      for (const set of [true, 'true']) {
        const event = triggerEvent({ attributes: { email: ADA }, response: { [flag]: set } })
        expect(await outcome(handler(event))).toBe('AUTO_VERIFY_FORBIDDEN')
      }
      expect(await events()).toEqual([])
    },
  )

  it('T16: refuses a user name that looks like a federated one', async () => {
    const { handler } = testPool()
    expect(await outcome(handler(signUp('Google_1234', ADA)))).toBe('USERNAME_RESERVED')
    expect(await outcome(handler(signUp('google_1234', ADA)))).toBe('USERNAME_RESERVED')
  })

  it('T50: people without an address are people of their own', async () => {
    const { handler, personOf } = testPool()
    for (const name of ['ada', 'bob']) {
      await handler(signUp(name))
      await handler(confirms(name, undefined))
    }
    expect(await personOf('ada')).toBeDefined()
    expect(await personOf('ada')).not.toBe(await personOf('bob'))
  })

  it.each(['"ada"@example.com', 'ada@localhost', 'ada@@example.com', 'ad\u0430@example.com', 'ada\u0000@example.com'])(
    'refuses an address that cannot be a key, without repeating it: %j',
    async (email) => {
      const { handler, reports } = testPool()
      const refusal = await handler(signUp('ada', email)).catch((error: Error) => error)
      expect(refusal).toMatchObject({ code: 'IDENTIFIER_INVALID' })
      expect(String(refusal)).not.toContain(email)
      expect(JSON.stringify(reports)).not.toContain(email)
    },
  )

  it('T21: what the client says beside the sign-up decides nothing', async () => {
    const { handler, personOf } = testPool()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    const event = signUp('eve', ADA)
    const request = {
      ...event.request,
      clientMetadata: { linkTo: String(await personOf('ada')), person: 'ada' },
      validationData: { admin: 'true' },
    }
    expect(await outcome(handler({ ...event, request }))).toBe('IDENTIFIER_TAKEN')
  })
})

it.each([undefined, ''])('a confirmed user without a sub is nobody: %j', async (sub) => {
  const { handler, events } = testPool()
  const attributes = { email: ADA, email_verified: 'true', ...(sub !== undefined && { sub }) }
  const event = triggerEvent({ source: 'PostConfirmation_ConfirmSignUp', attributes })
  expect(await outcome(handler(event))).toBe('EVENT_MALFORMED')
  expect(await events()).toEqual([])
})

it('a user whom an administrator vouched for is the person who came by Google first, after the first sign-in', async () => {
  const { handler, registry, personOf } = testPool({
    policy: { trustAdminVerified: true, federatedSignUp: 'profile-only' },
  })
  await handler(adminCreates('ada', ADA, true))
  await handler(googleArrives())
  expect(await personOf('ada')).toBeUndefined()
  const attributes = { sub: subOf('ada'), email: ADA, email_verified: 'true' }
  await handler(triggerEvent({ source: 'TokenGeneration_NewPasswordChallenge', userName: 'ada', attributes }))
  const byGoogle = await registry.resolve({ pool: 'eu-west-1_Test1', provider: 'Google', subject: '1180' })
  expect(byGoogle).toBeDefined()
  expect(await personOf('ada')).toBe(byGoogle)
})

it.each([
  [
    'fifty attributes of 2,048 characters',
    { attributes: Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`custom:${at}`, 'é'.repeat(2_048)])) },
  ],
  [
    '1,100 groups of a SAML answer',
    { attributes: { 'custom:groups': `[${Array.from({ length: 1_100 }, (_, at) => `group-${at}`)}]` } },
  ],
])('T173: reads the largest events that Cognito sends: %s', async (_, { attributes }) => {
  for (const mode of ['enforce', 'observe'] as const) {
    const { handler } = testPool({ policy: { mode } })
    const comes = signUp('ada', ADA)
    expect(await outcome(handler({ ...comes, request: { userAttributes: { email: ADA, ...attributes } } }))).toBe(
      'let in',
    )
    const google = googleArrives({ email: 'bob@example.com' })
    const large = {
      ...google,
      request: { ...google.request, userAttributes: { ...google.request.userAttributes, ...attributes } },
    }
    expect(await outcome(handler(large))).toBe('let in')
  }
})

describe('InboundFederation', () => {
  const answers = (providerName: string) => ({
    ...triggerEvent({ source: 'InboundFederation_ExternalProvider', userName: `${providerName}_1180` }),
    request: {
      providerName,
      attributes: { idToken: { sub: '1180', email: ADA, email_verified: true, hd: 'example.com' } },
    },
  })

  it('refuses a provider that is not configured, before Cognito has created a profile', async () => {
    const { handler, events } = testPool()
    expect(await outcome(handler(answers('Elsewhere')))).toBe('PROVIDER_UNKNOWN')
    expect(await events()).toEqual([])
  })

  it.each([{}, { sub: '' }, { sub: 1180 }])(
    'leaves to PreSignUp whom the answer does not name plainly: %j',
    async (named) => {
      const { handler, events, reports } = testPool({ userPool: { find: async () => undefined } })
      const request = {
        providerName: 'Google',
        attributes: { idToken: { ...named, email: ADA, email_verified: true } },
      }
      expect(await outcome(handler({ ...answers('Google'), request }))).toBe('let in')
      expect(reports).toMatchObject([{ outcome: 'passes' }])
      expect(reports).toHaveLength(1)
      expect(await events()).toEqual([])
    },
  )

  it('asks nothing of Cognito for a known identity: it was linked at its first sign-in', async () => {
    const { handler, links, neverMade } = testPool()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    neverMade.add('Google_1180')
    for (let signIn = 0; signIn < 3; signIn += 1) {
      expect(await outcome(handler(answers('Google')))).toBe('let in')
      expect(links).toHaveLength(1)
    }
  })

  it('knows the provider in whatever letters the pool names it', async () => {
    const { handler, registry, neverMade } = testPool()
    neverMade.add('Google_1180')
    expect(await outcome(handler(answers('google')))).toBe('let in')
    expect(await registry.resolve({ pool: 'eu-west-1_Test1', provider: 'Google', subject: '1180' })).toBeDefined()
  })
})

describe('Google', () => {
  it('joins the person who proved the same address, and is linked to that person’s user', async () => {
    const { handler, links, personOf, registry } = testPool()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    expect(await outcome(handler(googleArrives()))).toBe('let in')
    expect(links).toMatchObject([
      { identity: { provider: 'Google', subject: '1180' }, primaryUser: { userName: 'ada', native: true } },
    ])
    expect(await registry.resolve({ pool: 'eu-west-1_Test1', provider: 'Google', subject: '1180' })).toBe(
      await personOf('ada'),
    )
  })

  it('T88: links again when Cognito asks again, since the first link may not have landed', async () => {
    const { handler, links, events } = testPool()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    await handler(googleArrives())
    await handler(googleArrives())
    expect(links).toHaveLength(2)
    expect(links[0]).toEqual(links[1])
    expect((await events()).filter(({ type }) => type === 'identity.linked')).toHaveLength(2)
  })

  it('with five links, as many as Cognito makes, Cognito is not asked for a sixth, and the person stays the same', async () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F'].map((letter) => `Okta${letter}`)
    const okta = { kind: 'oidc', domains: ['example.com'] } as const
    const providers = Object.fromEntries(names.map((name) => [name, okta]))
    const { handler, links, personOf, registry } = testPool({ policy: { providers } })
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    for (const name of names) {
      const arrives = {
        source: 'PreSignUp_ExternalProvider',
        userName: `${name.toLowerCase()}_1`,
        attributes: { email: ADA, email_verified: 'true' },
      }
      expect(await outcome(handler(triggerEvent(arrives)))).toBe('let in')
    }
    expect(links.map(({ identity }) => identity.provider)).toEqual(names.slice(0, 5))
    const sixth = { pool: 'eu-west-1_Test1', provider: 'OktaF', subject: '1' }
    expect(await registry.resolve(sixth)).toBe(await personOf('ada'))
  })

  it('T1: takes the address from a squatter, who is not linked to and gains nothing', async () => {
    const { handler, links, placeholders, personOf, registry } = testPool()
    await handler(signUp('eve', ADA))
    await handler(googleArrives())
    await handler(googleConfirmed())
    expect(links.map(({ primaryUser }) => primaryUser.userName)).toEqual([placeholders[0]?.person])
    await handler(confirms('eve', ADA))
    expect(await personOf('eve')).toBeUndefined()
    const google = await registry.resolve({ pool: 'eu-west-1_Test1', provider: 'Google', subject: '1180' })
    expect(google).toBeDefined()
    expect(await personOf('Google_1180')).toBe(google)
  })

  it('T24: another Google account with the same address has no person until it has proven more', async () => {
    const { handler, personOf } = testPool()
    await handler(googleArrives())
    await handler(googleConfirmed())
    expect(await outcome(handler(googleArrives({ subject: '2290' })))).toBe('let in')
    await handler(googleConfirmed({ subject: '2290' }))
    expect(await personOf('Google_2290')).toBeUndefined()
  })

  it.each(['false', '', 'True', '1', ' true'])(
    'T33: counts an address as unverified when the flag is %j',
    async (verified) => {
      const { handler, links } = testPool()
      await handler(signUp('ada', ADA))
      await handler(confirms('ada', ADA))
      await handler(googleArrives({ verified }))
      expect(links.map(({ primaryUser }) => primaryUser.userName)).not.toContain('ada')
    },
  )

  it('T24: does not vouch for a domain that it does not host', async () => {
    const { handler, links } = testPool()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    await handler(googleArrives({ hd: '' }))
    await handler(googleArrives({ hd: 'example.org', subject: '2' }))
    expect(links.map(({ primaryUser }) => primaryUser.userName)).not.toContain('ada')
  })

  it('first, then a native sign-up with that person’s address: refused with a code that says what to offer', async () => {
    const { handler } = testPool({ policy: { existingAccount: 'ask' } })
    await handler(googleArrives())
    await handler(googleConfirmed())
    expect(await outcome(handler(signUp('ada', ADA)))).toBe('LINK_NEEDS_PROOF')
  })

  it('T149: is refused when Cognito links the identity to somebody else', async () => {
    const { handler } = testPool({ userPool: { link: async () => 'elsewhere' } })
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    expect(await outcome(handler(googleArrives()))).toBe('LINK_CONFLICT')
  })

  it('T174: whose profile could not be linked is the same person in the registry', async () => {
    const { handler, links, personOf } = testPool()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    await handler(googleConfirmed())
    expect(links).toEqual([])
    expect(await personOf('Google_1180')).toBe(await personOf('ada'))
  })

  it('T146: gets a user of the pool with an address that is proven, and with no other', async () => {
    const proven = testPool()
    await proven.handler(googleArrives())
    expect(proven.placeholders).toMatchObject([{ address: 'ada@example.com' }])
    const vouchedFor = testPool()
    await vouchedFor.handler(googleArrives({ hd: '' }))
    expect(vouchedFor.placeholders).toEqual([])
    const said = testPool()
    await said.handler(googleArrives({ verified: 'false' }))
    expect(said.placeholders).toEqual([])
  })

  it('T88: links nothing to a profile that Cognito never came to make', async () => {
    const gone = { find: async () => undefined, createPlaceholderUser: async () => undefined }
    const providers = {
      Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' },
      Okta: { kind: 'oidc', domains: ['example.com'] },
    } as const
    const { handler, links, registry } = testPool({ userPool: gone, policy: { providers } })
    await handler({ ...googleArrives(), userName: 'Okta_7' })
    expect(await outcome(handler(googleArrives()))).toBe('let in')
    const personOf = (provider: string, subject: string) =>
      registry.resolve({ pool: 'eu-west-1_Test1', provider, subject })
    expect(await personOf('Google', '1180')).toBe(await personOf('Okta', '7'))
    expect(links).toEqual([])
  })

  it('T171: tells once in a process which attributes the pool does not map, whoever comes', async () => {
    const { handler, reports } = testPool()
    const arrives = async (subject: string, more: Record<string, string>) => {
      const event = googleArrives({ subject, email: `${subject}@example.com` })
      const {
        email_verified: _,
        'custom:hd': __,
        ...attributes
      } = event.request.userAttributes as Record<string, string>
      await handler({ ...event, request: { ...event.request, userAttributes: { ...attributes, ...more } } })
      return reports.at(-1)?.detail
    }
    expect(await arrives('1', { 'custom:hd': 'example.com' })).toBe('not among the attributes: email_verified')
    expect(await arrives('2', {})).toBe('not among the attributes: custom:hd')
    expect(await arrives('3', {})).toBeUndefined()
  })

  it('a provider that is not configured lets nobody in', async () => {
    const { handler } = testPool()
    const event = { ...googleArrives(), userName: 'Okta_1' }
    expect(await outcome(handler(event))).toBe('PROVIDER_UNKNOWN')
  })
})

describe('an administrator', () => {
  it('T160: creates a user whose unproven address keeps nobody out', async () => {
    const { handler } = testPool()
    expect(await outcome(handler(adminCreates('ada', ADA, true)))).toBe('let in')
    expect(await outcome(handler(signUp('eve', ADA)))).toBe('let in')
  })

  it('is told that a key is taken, even where strangers are told nothing', async () => {
    const { handler } = testPool({ policy: { existingAccount: 'enumeration-safe' } })
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    expect(await outcome(handler(adminCreates('ada2', ADA)))).toBe('IDENTIFIER_TAKEN')
  })

  it('T156: proves an address by word only where policy says so', async () => {
    const owned = async (trustAdminVerified: boolean) => {
      const { handler } = testPool({ policy: { trustAdminVerified, federatedSignUp: 'profile-only' } })
      await handler(adminCreates('ada', ADA, true))
      return outcome(handler(adminCreates('ada2', ADA)))
    }
    expect(await owned(false)).toBe('let in')
    expect(await owned(true)).toBe('IDENTIFIER_TAKEN')
  })
})

describe('confirmation', () => {
  it('T105: a password reset creates nobody, ends older tokens, and is told once', async () => {
    const { handler, clock, registry, personOf, events } = testPool()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    clock.now += 60_000
    await handler(resets('ada', ADA))
    clock.now += 500
    await handler(resets('ada', ADA))
    const person = await personOf('ada')
    expect(person && (await registry.person(person))?.notBefore).toBe(clock.now)
    const told = (await events()).filter((event) => event.person === person && event.type !== 'identifier.reserved')
    expect(told.map(({ type, version }) => `${version} ${type}`)).toEqual([
      '1 person.created',
      '2 identity.linked',
      '3 identifier.proven',
      '4 recovery.completed',
    ])
  })

  it('T17: a user who proves an address that another has proven is nobody until there is more proof', async () => {
    const { handler, personOf, events } = testPool({ policy: { existingAccount: 'enumeration-safe' } })
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    await handler(signUp('eve', ADA))
    await handler(confirms('eve', ADA))
    expect(await personOf('eve')).toBeUndefined()
    expect((await events()).at(-1)).toMatchObject({ type: 'identity.pending', person: await personOf('ada') })
  })

  it('T160: of a user who waits is no error when it is told again, and a recovery of its own ends the wait', async () => {
    const { handler, clock, personOf } = testPool({ policy: { existingAccount: 'enumeration-safe' } })
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    await handler(signUp('eve', ADA))
    await handler(confirms('eve', ADA))
    clock.now += 60_000
    expect(await outcome(handler(confirms('eve', ADA)))).toBe('let in')
    expect(await personOf('eve')).toBeUndefined()
    expect(await outcome(handler(resets('eve', ADA)))).toBe('let in')
    expect(await personOf('eve')).toBeDefined()
    expect(await personOf('eve')).not.toBe(await personOf('ada'))
  })

  it('T86: told twice, it creates one person', async () => {
    const { handler, events } = testPool()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    await handler(confirms('ada', ADA))
    expect((await events()).filter(({ type }) => type === 'person.created')).toHaveLength(1)
  })

  it('of a user whose sign-up we have not seen creates the person', async () => {
    const { handler, personOf } = testPool()
    await handler(confirms('ada', ADA))
    expect(await personOf('ada')).toBeDefined()
  })
})

describe('observe', () => {
  it('T147: claims, refuses nobody, joins nobody, and reports what it would have done', async () => {
    const { handler, reports, links, personOf } = testPool({ policy: { mode: 'observe' } })
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    expect(await outcome(handler(signUp('ada2', ADA)))).toBe('let in')
    await handler(confirms('ada2', ADA))
    await handler(googleArrives())
    expect(links).toEqual([])
    expect(await personOf('ada2')).not.toBe(await personOf('ada'))
    expect(reports.flatMap(({ would }) => would ?? [])).toEqual(['IDENTIFIER_TAKEN', 'pending', 'link-identity'])
  })

  it('lets sign-ups through while the store is down', async () => {
    const { handler, reports } = testPool({ policy: { mode: 'observe' }, registry: brokenRegistry() })
    expect(await outcome(handler(signUp('ada', ADA)))).toBe('let in')
    expect(reports).toMatchObject([{ outcome: 'passes', would: 'TRY_AGAIN', detail: 'TypeError' }])
  })

  it.each([
    ['an unknown trigger source', { triggerSource: 'PreSignUp_Telepathy' }, 'EVENT_UNKNOWN_SOURCE'],
    ['another client', { callerContext: { clientId: 'stranger' } }, 'EVENT_FOREIGN'],
    ['another Region', { region: 'us-east-1' }, 'EVENT_FOREIGN'],
    ['no user name', { userName: '' }, 'EVENT_MALFORMED'],
    ['no request', { request: null }, 'EVENT_MALFORMED'],
  ])('T176: gives %s back as it came, and says what it would have done', async (_, change, would) => {
    for (const mode of ['observe', 'dry-run'] as const) {
      const { handler, reports } = testPool({ policy: { mode } })
      const event = { ...signUp('ada', ADA), ...change }
      expect(await handler(event)).toBe(event)
      // What could be read is named; what could not is not guessed.
      const source = would === 'EVENT_FOREIGN' ? 'PreSignUp_SignUp' : 'unknown'
      expect(reports).toMatchObject([{ source, mode, outcome: 'passes', would }])
    }
  })
})

describe('dry-run', () => {
  it('T167: writes nothing at all, and reports as observe does', async () => {
    const asked: string[] = []
    const { handler, events, reports, personOf } = testPool({
      policy: { mode: 'dry-run' },
      userPool: Object.fromEntries(
        [
          'link',
          'unlink',
          'createPlaceholderUser',
          'findPlaceholderUser',
          'removeProfile',
          'removePlaceholderUser',
          'restoreAddress',
          'replacePassword',
          'signOut',
        ].map((call) => [call, async () => void asked.push(call)]),
      ),
    })
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    await handler(adminCreates('bob', ADA))
    await handler(googleArrives())
    await handler(googleConfirmed())
    await handler(resets('ada', ADA))
    expect(await events()).toEqual([])
    expect(await personOf('ada')).toBeUndefined()
    expect(asked).toEqual([])
    expect(reports.map(({ mode }) => mode)).toEqual(reports.map(() => 'dry-run'))
  })
})

describe('the handler', () => {
  it.each(Object.entries(TRIGGER_SOURCES).filter(([, moment]) => moment === 'passes'))(
    'gives %s back untouched',
    async (source) => {
      const { handler, events } = testPool()
      const event = triggerEvent({ source, attributes: { email: ADA } })
      expect(await handler(event)).toBe(event)
      expect(await events()).toEqual([])
    },
  )

  it.each([
    ['an unknown trigger source', { triggerSource: 'PreSignUp_Telepathy' }, 'EVENT_UNKNOWN_SOURCE'],
    ['a source that only the prototype has', { triggerSource: 'constructor' }, 'EVENT_UNKNOWN_SOURCE'],
    ['another pool', { userPoolId: 'eu-west-1_Other' }, 'EVENT_FOREIGN'],
    ['another region', { region: 'us-east-1' }, 'EVENT_FOREIGN'],
    ['another client', { callerContext: { clientId: 'stranger' } }, 'EVENT_FOREIGN'],
    ['another version', { version: '9' }, 'EVENT_MALFORMED'],
    ['no user name', { userName: '' }, 'EVENT_MALFORMED'],
    [
      'attributes that are no strings',
      { request: { userAttributes: { email: { toString: 'x' } } } },
      'EVENT_MALFORMED',
    ],
    ['no request', { request: null }, 'EVENT_MALFORMED'],
  ])('T22: refuses %s before it asks the store anything, and counts it', async (_, change, code) => {
    const { handler, reports } = testPool({ registry: brokenRegistry() })
    expect(await outcome(handler({ ...signUp('ada', ADA), ...change }))).toBe(code)
    const source = code === 'EVENT_FOREIGN' ? 'PreSignUp_SignUp' : 'unknown'
    expect(reports).toMatchObject([{ source, outcome: 'refused', code }])
  })

  it.each([
    'PreSignUp_ExternalProvider',
    'PostConfirmation_ConfirmSignUp',
    'PostAuthentication_Authentication',
    'InboundFederation_ExternalProvider',
    'TokenGeneration_HostedAuth',
    'TokenGeneration_RefreshTokens',
  ])('T22: refuses the event of another client at each trigger, and names nobody in its tokens: %s', async (source) => {
    const { handler } = testPool({ registry: brokenRegistry() })
    const attributes = { sub: subOf('ada'), email: ADA }
    expect(await outcome(handler(triggerEvent({ source, attributes, client: 'stranger' })))).toBe('EVENT_FOREIGN')
  })

  it.each([
    ['pool', { userPoolId: 'eu-west-1_Other' }, 'another pool than eu-west-1_Test1'],
    ['Region', { region: 'us-east-1' }, 'a Region that is none of eu-west-1'],
    ['client', { callerContext: { clientId: 'stranger' } }, 'a client that is none of 7webclient'],
  ])('tells the operator which %s is another one, and the stranger nothing', async (_, change, detail) => {
    const { handler, reports } = testPool()
    const refused = handler({ ...signUp('ada', ADA), ...change })
    await expect(refused).rejects.toMatchObject({ message: 'onesub/EVENT_FOREIGN: This request cannot be handled' })
    expect(reports).toMatchObject([{ code: 'EVENT_FOREIGN', detail }])
  })

  it('T109: tells whoever signs up nothing of what is wrong with the set-up, and the operator all', async () => {
    const wrong = new OnesubError('CONFIG_INVALID', { detail: '"pepper" must be longer.' })
    const { handler, reports } = testPool({ registry: brokenRegistry(wrong) })
    await expect(handler(signUp('ada', ADA))).rejects.toMatchObject({
      message: 'onesub/CONFIG_INVALID: The service is not set up correctly',
      detail: undefined,
    })
    expect(reports).toMatchObject([{ code: 'CONFIG_INVALID', detail: '"pepper" must be longer.' }])
  })

  it.each([undefined, null, 7, 'event', [], [[]]])('refuses what is no event at all: %j', async (event) => {
    const { handler } = testPool()
    expect(await outcome(handler(event))).toBe('EVENT_MALFORMED')
  })

  it('T56, T173: is not interested in what it does not read, however deep or large that is', async () => {
    const { handler } = testPool()
    let deep: unknown = 'x'
    for (let level = 0; level < 50_000; level += 1) deep = { deep }
    expect(await outcome(handler({ ...signUp('ada', ADA), deep }))).toBe('let in')
  })

  it('T168: asks the registry whether it is this pool’s, before anything else and not for what passes', async () => {
    const asked: string[] = []
    const admit = async (pool: string) => {
      asked.push(pool)
      throw new OnesubError('CONFIG_INVALID', { detail: 'another pool' })
    }
    const { handler } = testPool({ registry: { ...brokenRegistry(), admit } })
    expect(await outcome(handler(triggerEvent({ source: 'CustomMessage_SignUp' })))).toBe('let in')
    expect(asked).toEqual([])
    expect(await outcome(handler(signUp('ada', ADA)))).toBe('CONFIG_INVALID')
    expect(asked).toEqual([POOL_ID])
  })

  it('T161: asks Cognito once whether names are chosen, and again only where it did not answer', async () => {
    let [asked, answers] = [0, false]
    const namesAreChosen = async () => {
      asked += 1
      if (!answers) throw new Error('throttled')
      return true
    }
    const { handler } = testPool({ userPool: { namesAreChosen } })
    const comes = (last: number) =>
      outcome(handler(signUp(`00000000-0000-4000-8000-00000000000${last}`, `user-${last}@example.com`)))
    // Whether the name is free to choose is not known now: another try may be let in.
    expect(await comes(1)).toBe('TRY_AGAIN')
    answers = true
    expect([await comes(2), await comes(3), await comes(4)]).toEqual(Array(3).fill('USERNAME_RESERVED'))
    expect(asked).toBe(2)
  })

  it.each(['userName', 'triggerSource', 'userPoolId', 'version'])(
    'T55: a prototype lends the event nothing: %s',
    async (name) => {
      const { handler } = testPool()
      const { [name as 'userName']: lent, ...rest } = signUp('ada', ADA)
      const event: object = Object.assign(Object.create({ [name]: lent }), rest)
      expect(await outcome(handler(event))).toBe('EVENT_MALFORMED')
    },
  )

  it('T55: a parsed __proto__ lends the event nothing', async () => {
    const { handler } = testPool()
    const event: unknown = JSON.parse(
      JSON.stringify(signUp('eve', ADA)).replace('"validationData":null', '"__proto__":{"userAttributes":{}}'),
    )
    expect(await outcome(handler(event))).toBe('let in')
    expect(Object.getPrototypeOf({})).not.toHaveProperty('userAttributes')
  })

  it('T112: refuses, to be tried again, when the store fails, and tells nobody its words', async () => {
    const { handler, reports } = testPool({ registry: brokenRegistry(new TypeError('ada@example.com is locked')) })
    const refusal = await handler(signUp('ada', ADA)).catch((error: Error) => error)
    expect(refusal).toMatchObject({ code: 'TRY_AGAIN', retry: true })
    expect(String(refusal)).not.toContain('locked')
    expect(JSON.stringify(reports)).not.toContain('locked')
  })

  it('T86: stops before the next effect once its time is spent', async () => {
    const clock = { now: 0 }
    const registry = createMemoryRegistry()
    const slow = {
      ...registry,
      async facts(query: Parameters<typeof registry.facts>[0]) {
        clock.now += 4_100
        return registry.facts(query)
      },
    }
    const { handler, events } = testPool({ registry: slow, time: { now: () => clock.now, after: () => () => {} } })
    expect(await outcome(handler(googleArrives()))).toBe('TRY_AGAIN')
    expect(await events()).toEqual([])
  })

  it('T86: answers while a call hangs, and leaves Lambda half a second', async () => {
    const timers: { ms: number; callBack: () => void }[] = []
    const time: Time = {
      now: () => 0,
      after(ms, callBack) {
        timers.push({ ms, callBack })
        return () => {}
      },
    }
    const { admit: _asked, ...registry } = createMemoryRegistry()
    const { handler } = testPool({ registry: { ...registry, commit: () => new Promise(() => {}) }, time })
    const answer = outcome(handler(signUp('ada', ADA), { getRemainingTimeInMillis: () => 3_000 }))
    await expect.poll(() => timers.length).toBe(1)
    // Half of it for the first try, and what is left for the second (T162).
    expect(timers[0]?.ms).toBe(1_250)
    timers[0]?.callBack()
    await expect.poll(() => timers.length).toBe(2)
    expect(timers[1]?.ms).toBe(2_500)
    timers[1]?.callBack()
    expect(await answer).toBe('TRY_AGAIN')
  })
})

function brokenRegistry(fault: Error = new TypeError('down')) {
  const fail = async () => {
    throw fault
  }
  return { facts: fail, commit: fail, resolve: fail, person: fail }
}

describe('what the browser says of a contested sign-up', () => {
  it.each([
    ['true', ['ada']],
    ['false', []],
    ['', []],
    [undefined, []],
  ])('T157: %j replaces the passwords of %j', async (contested, expected) => {
    const replaced: string[] = []
    const { handler } = testPool({
      userPool: { replacePassword: async ({ userName }) => void replaced.push(userName) },
    })
    await handler(signUp('ada', ADA))
    const event = confirms('ada', ADA)
    const clientMetadata = contested === undefined ? {} : { 'onesub-contested': contested }
    await handler({ ...event, request: { ...event.request, clientMetadata } })
    expect(replaced).toEqual(expected)
  })
})

describe('T161: a person’s id as a user name', () => {
  const ID = '00000000-0000-4000-8000-00000000abcd'

  it.each([ID, ID.toUpperCase()])('is not for anybody to choose: %s', async (name) => {
    const { handler } = testPool({ userPool: { namesAreChosen: async () => true } })
    expect(await outcome(handler(signUp(name, ADA)))).toBe('USERNAME_RESERVED')
  })
})
