import { describe, expect, it } from 'vitest'
import { emailKey } from '../core/testing/samples.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import {
  adminCreates,
  confirms,
  googleArrives,
  googleConfirmed,
  signUp,
  subOf,
  triggerEvent,
} from './testing/events.ts'
import { outcome, poolUser, testPool } from './testing/pool.ts'

const ADA = 'ada@example.com'
const GROUPS = { groupsToOverride: ['editors'], iamRolesToOverride: [], preferredRole: null }

interface TokenOptions {
  readonly version?: '1' | '2' | '3'
  readonly source?: string
  readonly attributes?: Record<string, string>
  readonly response?: Record<string, unknown>
}

/** The event of the pre token generation trigger (developer guide, "Pre token generation Lambda trigger"). */
function tokenFor(
  userName: string,
  { version = '1', source = 'Authentication', attributes = {}, response }: TokenOptions = {},
) {
  const event = triggerEvent({
    source: `TokenGeneration_${source}`,
    userName,
    attributes: {
      sub: subOf(userName),
      'cognito:user_status': 'CONFIRMED',
      email: ADA,
      email_verified: 'true',
      ...attributes,
    },
    response: response ?? { claimsOverrideDetails: null, claimsAndScopeOverrideDetails: null },
  })
  return { ...event, version, request: { ...event.request, groupConfiguration: GROUPS } }
}

const down = () => Promise.reject(new Error('down'))

async function withAda() {
  const pool = testPool()
  await pool.handler(signUp('ada', ADA))
  await pool.handler(confirms('ada', ADA))
  return { ...pool, person: await pool.personOf('ada') }
}

describe('a token', () => {
  it('carries the person in the ID token where the event is V1, with the groups as they were', async () => {
    const { handler, person } = await withAda()
    expect((await handler(tokenFor('ada'))).response).toMatchObject({
      claimsOverrideDetails: {
        claimsToAddOrOverride: { person_id: person },
        claimsToSuppress: [],
        groupOverrideDetails: GROUPS,
      },
    })
  })

  it.each(['2', '3'] as const)('carries the person in both tokens where the event is V%s', async (version) => {
    const { handler, person } = await withAda()
    const named = { claimsToAddOrOverride: { person_id: person } }
    expect((await handler(tokenFor('ada', { version }))).response).toMatchObject({
      claimsAndScopeOverrideDetails: {
        idTokenGeneration: named,
        accessTokenGeneration: named,
        groupOverrideDetails: GROUPS,
      },
    })
  })

  it('T70: never carries what somebody else put under the claim, and keeps what others added beside it', async () => {
    const { handler, person } = await withAda()
    const response = {
      claimsOverrideDetails: {
        claimsToAddOrOverride: { person_id: 'eve', tenant: 'acme' },
        claimsToSuppress: ['person_id', 'phone_number'],
        groupOverrideDetails: { groupsToOverride: ['readers'] },
      },
    }
    expect((await handler(tokenFor('ada', { response }))).response).toEqual({
      claimsOverrideDetails: {
        claimsToAddOrOverride: { person_id: person, tenant: 'acme' },
        claimsToSuppress: ['phone_number'],
        groupOverrideDetails: { groupsToOverride: ['readers'] },
      },
    })
  })

  it.each([true, false])(
    'T70: keeps scopes and suppressions that another handler set, with a person and without: %s',
    async (isKnown) => {
      const { handler, person } = await withAda()
      if (!isKnown) await handler(confirms('eve', undefined))
      const part = {
        claimsToAddOrOverride: { tenant: 'acme' },
        claimsToSuppress: ['phone_number', 'person_id'],
        scopesToAdd: ['orders/read'],
        scopesToSuppress: ['aws.cognito.signin.user.admin'],
      }
      const response = { claimsAndScopeOverrideDetails: { idTokenGeneration: part, accessTokenGeneration: part } }
      const named = {
        ...part,
        claimsToAddOrOverride: { tenant: 'acme', person_id: person },
        claimsToSuppress: ['phone_number'],
      }
      const { handler: whileDown } = testPool({ registry: { ...createMemoryRegistry(), resolve: down, facts: down } })
      const answer = await (isKnown ? handler : whileDown)(tokenFor('ada', { version: '2', response }))
      const expected = isKnown ? named : part
      expect(answer.response).toMatchObject({
        claimsAndScopeOverrideDetails: { idTokenGeneration: expected, accessTokenGeneration: expected },
      })
    },
  )

  it.each(['1', '2'] as const)(
    'T163: names nobody by another handler’s word while the store is down (V%s)',
    async (version) => {
      const { handler } = testPool({ registry: { ...createMemoryRegistry(), resolve: down, facts: down } })
      const claimed = { claimsToAddOrOverride: { person_id: 'eve' } }
      const response = {
        claimsOverrideDetails: claimed,
        claimsAndScopeOverrideDetails: { idTokenGeneration: claimed, accessTokenGeneration: claimed },
      }
      const given = (await handler(tokenFor('ada', { version, response }))).response
      const { claimsOverrideDetails: first, claimsAndScopeOverrideDetails: later } = given as typeof response
      const details = version === '1' ? [first] : [later.idTokenGeneration, later.accessTokenGeneration]
      for (const one of details)
        expect(one).toEqual({
          claimsToAddOrOverride: {},
          claimsToSuppress: ['person_id'],
          ...(version === '1' && { groupOverrideDetails: GROUPS }),
        })
    },
  )

  it('of a user of the pool whom a prepared link has given the status of a profile is that user’s', async () => {
    const { handler, person } = await withAda()
    const identities = JSON.stringify([{ providerName: 'Google', userId: '1180', primary: false }])
    const attributes = { 'cognito:user_status': 'EXTERNAL_PROVIDER', identities }
    expect((await handler(tokenFor('ada', { attributes }))).response).toMatchObject({
      claimsOverrideDetails: { claimsToAddOrOverride: { person_id: person } },
    })
    // A first token, before which no trigger has seen the user.
    expect((await handler(tokenFor('olga', { attributes, source: 'HostedAuth' }))).response).toMatchObject({
      claimsOverrideDetails: { claimsToAddOrOverride: { person_id: expect.any(String) } },
    })
  })

  it('T175: a first address that its user has verified since is theirs, and the password with it: the code needs their session', async () => {
    const registry = createMemoryRegistry()
    const { handler } = testPool({ registry, policy: { flagsOnlyByCode: true } })
    await handler(confirms('ada', undefined))
    await handler(tokenFor('ada'))
    const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey(ADA)] })
    expect(identifiers[0]?.ownership).toMatchObject({ rank: 3, holder: { userName: 'ada', sub: subOf('ada') } })
    expect(identifiers[0]?.ownership?.holder?.contested).toBeUndefined()
  })

  it('T17: of a user who waits for proof names nobody, whatever stood there', async () => {
    const { handler } = testPool({ policy: { existingAccount: 'enumeration-safe' } })
    for (const name of ['ada', 'eve']) {
      await handler(signUp(name, ADA))
      await handler(confirms(name, ADA))
    }
    const response = { claimsOverrideDetails: { claimsToAddOrOverride: { person_id: 'ada' } } }
    expect((await handler(tokenFor('eve', { response }))).response).toMatchObject({
      claimsOverrideDetails: { claimsToAddOrOverride: {}, claimsToSuppress: ['person_id'] },
    })
  })

  it('costs one look-up for a person we know: of whose it is, and at a sign-in of what it shows', async () => {
    const registry = createMemoryRegistry()
    const reads: string[] = []
    const counted = {
      ...registry,
      resolve: async (identity: Parameters<typeof registry.resolve>[0]) => {
        reads.push('resolve')
        return registry.resolve(identity)
      },
      facts: async (query: Parameters<typeof registry.facts>[0]) => {
        reads.push('facts')
        return registry.facts(query)
      },
    }
    const { handler } = testPool({ registry: counted })
    await handler(confirms('ada', ADA))
    reads.length = 0
    await handler(tokenFor('ada', { source: 'RefreshTokens' }))
    expect(reads.splice(0)).toEqual(['resolve'])
    await handler(tokenFor('ada'))
    expect(reads).toEqual(['facts'])
  })

  it('can carry the person under another name, but not under one that Cognito keeps or a user can write', async () => {
    const { handler, personOf } = testPool({ personClaim: 'https://example.com/person' })
    await handler(confirms('ada', ADA))
    expect((await handler(tokenFor('ada'))).response).toMatchObject({
      claimsOverrideDetails: { claimsToAddOrOverride: { 'https://example.com/person': await personOf('ada') } },
    })
    for (const personClaim of ['sub', 'custom:uid', 'cognito:groups', '', 'a b']) {
      expect(() => testPool({ personClaim }), personClaim).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    }
  })

  it('of a machine is left alone', async () => {
    const { handler } = testPool()
    const event = { ...tokenFor('ClientCredentials', { source: 'ClientCredentials', version: '3' }) }
    expect(await handler(event)).toBe(event)
  })

  it('T112: is given out without the claim while the store is down: who is signed in stays so', async () => {
    const down = async () => {
      throw new TypeError('down')
    }
    const { handler, reports } = testPool({ registry: { ...createMemoryRegistry(), resolve: down, facts: down } })
    const response = { claimsOverrideDetails: { claimsToAddOrOverride: { person_id: 'ada', tenant: 'acme' } } }
    // T163: what another handler has put there is nobody's word but its own.
    expect((await handler(tokenFor('ada', { response }))).response).toMatchObject({
      claimsOverrideDetails: { claimsToAddOrOverride: { tenant: 'acme' }, claimsToSuppress: ['person_id'] },
    })
    expect(reports).toMatchObject([{ outcome: 'refused', code: 'TRY_AGAIN' }])
  })
})

it.each(['enforce', 'observe', 'dry-run'] as const)(
  'T163: while the store is down no other handler’s word for the person stays in a token (%s)',
  async (mode) => {
    const down = async () => {
      throw new TypeError('down')
    }
    const { handler } = testPool({
      registry: { ...createMemoryRegistry(), resolve: down, facts: down },
      policy: { mode },
    })
    const response = { claimsOverrideDetails: { claimsToAddOrOverride: { person_id: 'ada' } } }
    expect((await handler(tokenFor('ada', { response }))).response).toMatchObject({
      claimsOverrideDetails: { claimsToSuppress: ['person_id'] },
    })
  },
)

it('T182: a mark counts as no code while Cognito cannot be asked how the pool sets marks', async () => {
  const registry = createMemoryRegistry()
  const before = testPool({ registry })
  await before.handler(signUp('ada', ADA))
  await before.handler(confirms('ada', ADA))
  const { handler } = testPool({
    registry,
    policy: { flagsOnlyByCode: true },
    userPool: { keepsOriginal: () => Promise.reject(new Error('throttled')) },
  })
  await handler(tokenFor('ada', { attributes: { email: 'new@example.com' } }))
  const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey('new@example.com')] })
  expect(identifiers[0]?.ownership).toBeUndefined()
})

describe('a first token', () => {
  it('T104, T156: adopts a user whom an administrator made; the flag that came along proves nothing', async () => {
    const { handler, personOf, events } = testPool()
    await handler(adminCreates('ada', ADA, true))
    await handler(tokenFor('ada', { source: 'NewPasswordChallenge' }))
    expect(await personOf('ada')).toBeDefined()
    const told = (await events()).map(({ type }) => type)
    expect(told.filter((type) => type === 'person.created')).toHaveLength(1)
    expect(told).not.toContain('identifier.proven')
    expect(await outcome(handler(signUp('eve', ADA)))).toBe('let in')
  })

  it('T156: also where the operator vouches for users from before us, whom no trigger has seen', async () => {
    const userPool = {
      find: async ({ userName }: { userName: string }) => poolUser(userName, { email: `${userName}@example.com` }),
    }
    const { handler } = testPool({ policy: { existingUsers: 'verified-by-code' }, userPool })
    await handler(adminCreates('eve', ADA, true))
    await handler(tokenFor('eve'))
    expect(await outcome(handler(adminCreates('ada', ADA)))).toBe('let in')
    await handler(tokenFor('old', { attributes: { email: 'old@example.com' } }))
    expect(await outcome(handler(adminCreates('old2', 'old@example.com')))).toBe('IDENTIFIER_TAKEN')
  })

  it.each([
    ['the invited address, at the challenge', {}, { source: 'NewPasswordChallenge' }, 'IDENTIFIER_TAKEN'],
    ['the invited address, at another sign-in', {}, { source: 'Authentication' }, 'let in'],
    [
      'the invited address of a user with a phone number',
      {},
      { source: 'NewPasswordChallenge', attributes: { phone_number: '+491511234567' } },
      'let in',
    ],
    [
      'another address, given at the challenge',
      { email: 'eve@example.org' },
      { source: 'NewPasswordChallenge' },
      'let in',
    ],
    [
      'the invited address, where nothing is said of invitations',
      { invitations: 'unknown' },
      { source: 'NewPasswordChallenge' },
      'let in',
    ],
  ] as const)(
    'T182: an invitation proves %s: %s',
    async (_, {
      email = ADA,
      invitations = 'generated',
    }: { email?: string; invitations?: 'generated' | 'unknown' }, token, then) => {
      const { handler } = testPool({ policy: { invitations } })
      await handler(adminCreates('ada', email))
      await handler(tokenFor('ada', token))
      expect(await outcome(handler(adminCreates('ada2', ADA)))).toBe(then)
    },
  )

  it('T104: registers a user from before onesub, once, however many tokens that user gets', async () => {
    const { handler, personOf, events } = testPool()
    await Promise.all([1, 2, 3].map(() => handler(tokenFor('ada', { source: 'HostedAuth' }))))
    expect(await personOf('ada')).toBeDefined()
    expect((await events()).filter(({ type }) => type === 'person.created')).toHaveLength(1)
  })

  it('adopts a federated profile from before us by its identity, and joins it to nobody', async () => {
    const { handler, personOf, registry, links } = testPool()
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    const profile = googleConfirmed()
    await handler({ ...profile, triggerSource: 'TokenGeneration_HostedAuth' })
    const google = await personOf('Google_1180')
    expect(google).toBeDefined()
    expect(google).not.toBe(await personOf('ada'))
    expect(await registry.resolve({ pool: 'eu-west-1_Test1', provider: 'Google', subject: '1180' })).toBe(google)
    expect(links).toEqual([])
  })

  it('T12: takes no proof from the stored flag of a linked user, whose address a provider may have written', async () => {
    const { handler, personOf } = testPool({ policy: { existingUsers: 'verified-by-code', flagsOnlyByCode: true } })
    await handler(tokenFor('eve', { attributes: { identities: '[{"providerName":"Facebook","userId":"7"}]' } }))
    await handler(signUp('ada', ADA))
    await handler(confirms('ada', ADA))
    expect(await personOf('ada')).toBeDefined()
    expect(await personOf('eve')).not.toBe(await personOf('ada'))
    expect(await outcome(handler(adminCreates('ada2', ADA)))).toBe('IDENTIFIER_TAKEN')
  })

  it('of a profile that PreSignUp and PostConfirmation have seen adds nothing', async () => {
    const { handler, events } = testPool()
    await handler(googleArrives())
    await handler(googleConfirmed())
    const before = (await events()).length
    await handler({ ...googleConfirmed(), triggerSource: 'TokenGeneration_HostedAuth' })
    expect(await events()).toHaveLength(before)
  })
})
