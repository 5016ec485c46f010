import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it, vi } from 'vitest'
import { createCognitoHttpsClient } from '../aws/index.ts'
import type { KnownIdentity } from '../core/person.ts'
import { emailKey, personId } from '../core/testing/samples.ts'
import { createUserPoolAdapter } from './adapter.ts'
import type { CognitoApi } from './operations.ts'

const POOL = 'eu-west-1_Test1'
const google = { pool: POOL, provider: 'Google', subject: '1180' }
const ada: KnownIdentity = { pool: POOL, provider: 'Cognito', subject: 'sub-ada', userName: 'ada', native: true }
const facebookFirst: KnownIdentity = {
  pool: POOL,
  provider: 'Facebook',
  subject: '77',
  userName: 'Facebook_77',
  native: false,
}

const failing =
  (name: string, message = '') =>
  async () => {
    throw Object.assign(new Error(message), { name })
  }
const unused: CognitoApi = {
  adminLinkProviderForUser: failing('unused'),
  adminDisableProviderForUser: failing('unused'),
  adminGetUser: failing('unused'),
  adminCreateUser: failing('unused'),
  adminSetUserPassword: failing('unused'),
  adminUpdateUserAttributes: failing('unused'),
  adminDeleteUser: failing('unused'),
  adminUserGlobalSignOut: failing('unused'),
  describeUserPool: failing('unused'),
}
const holding =
  (identities: object[], sub = ada.subject) =>
  async () => ({
    UserAttributes: [
      { Name: 'sub', Value: sub },
      { Name: 'identities', Value: JSON.stringify(identities) },
    ],
  })

it.each([
  ['no client', undefined, 'adminGetUser'],
  ['null', null, 'adminGetUser'],
  ['the SDK’s bare client', { send: async () => {} }, 'adminGetUser'],
  ['a client that cannot end sessions', { ...unused, adminUserGlobalSignOut: undefined }, 'adminUserGlobalSignOut'],
])('T112: is refused at start with the way out: %s', (_, client, call) => {
  const open = () => Reflect.apply(createUserPoolAdapter, undefined, [client])
  expect(open).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  expect(open).toThrow(
    new RegExp(`a client that has "${call}": createCognitoHttpsClient\\(\\) .* new CognitoIdentityProvider`),
  )
})

it('T112: takes both clients', () => {
  vi.stubEnv('AWS_REGION', 'eu-west-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local')
  for (const client of [createCognitoHttpsClient(), new CognitoIdentityProvider()])
    expect(createUserPoolAdapter(client).find).toBeTypeOf('function')
  vi.unstubAllEnvs()
})

it('T181: an address is put back with its mark, and the mark never goes alone', async () => {
  const asked: unknown[] = []
  const adminUpdateUserAttributes = async (input: unknown) => asked.push(input)
  await createUserPoolAdapter({ ...unused, adminUpdateUserAttributes }).restoreAddress(
    { pool: POOL, userName: 'ada' },
    'Ada@Example.com',
  )
  const UserAttributes = [
    { Name: 'email', Value: 'Ada@Example.com' },
    { Name: 'email_verified', Value: 'true' },
  ]
  expect(asked).toEqual([{ UserPoolId: POOL, Username: 'ada', UserAttributes }])
})

describe('looking for a user', () => {
  const looking = (adminGetUser: CognitoApi['adminGetUser']) =>
    createUserPoolAdapter({ ...unused, adminGetUser }).find({ pool: POOL, userName: 'ada' })

  it('finds it, or says that there is none', async () => {
    expect(await looking(holding([]))).toEqual({
      userName: 'ada',
      sub: 'sub-ada',
      status: undefined,
      email: undefined,
      emailVerified: false,
      phone: undefined,
      phoneVerified: false,
      hasMfa: false,
      created: 0,
      links: [],
      attributes: { sub: 'sub-ada', identities: '[]' },
    })
    expect(await looking(failing('UserNotFoundException'))).toBeUndefined()
  })

  it('reads when it was made, as the SDK and as the wire say it, and what it shows', async () => {
    const UserAttributes = [
      { Name: 'email', Value: 'Ada@Example.com' },
      { Name: 'email_verified', Value: 'true' },
    ]
    for (const UserCreateDate of [1_700_000_000.5, new Date(1_700_000_000_500)]) {
      expect(await looking(async () => ({ UserCreateDate, UserAttributes }))).toMatchObject({
        created: 1_700_000_000_500,
        email: 'Ada@Example.com',
        emailVerified: true,
      })
    }
    const unmarked = async () => ({ UserAttributes: [{ Name: 'email_verified', Value: 'True' }] })
    expect(await looking(unmarked)).toMatchObject({ emailVerified: false })
  })

  it('T157: takes a number for verified by its mark alone: a typed one recovers nobody', async () => {
    const numbered = async (flag: string) =>
      looking(async () => ({
        UserAttributes: [
          { Name: 'phone_number', Value: '+4915112345678' },
          { Name: 'phone_number_verified', Value: flag },
        ],
      }))
    expect(await numbered('false')).toMatchObject({ phone: '+4915112345678', phoneVerified: false })
    expect(await numbered('true')).toMatchObject({ phoneVerified: true })
  })

  it('gives the user’s own name where it was found by an alias', async () => {
    expect(await looking(async () => ({ Username: 'sub-ada' }))).toMatchObject({ userName: 'sub-ada' })
  })

  it('T167: finds who signs in by an address, as it is spelled, and nobody who only has it for a name', async () => {
    const has = (email?: string, flag = 'true', UserStatus = 'CONFIRMED') => {
      const marked = { Name: 'email_verified', Value: flag }
      const UserAttributes = email === undefined ? [marked] : [{ Name: 'email', Value: email }, marked]
      const adminGetUser: CognitoApi['adminGetUser'] = async ({ Username }) =>
        Username === 'Ada@Example.com' ? { UserStatus, UserAttributes } : failing('UserNotFoundException')()
      return (spelled: string) =>
        createUserPoolAdapter({ ...unused, adminGetUser }).hasAddress(POOL, emailKey(spelled), spelled)
    }
    expect(await has('ada@example.com')('Ada@Example.com')).toBe(true)
    expect(await has('eve@example.org')('Ada@Example.com')).toBe(false)
    expect(await has()('Ada@Example.com')).toBe(false)
    expect(await has('ada@example.com', 'false')('Ada@Example.com')).toBe(false)
    expect(await has('ada@example.com', 'true', 'UNCONFIRMED')('Ada@Example.com')).toBe(false)
    expect(await has('ada@example.com', 'true', 'FORCE_CHANGE_PASSWORD')('Ada@Example.com')).toBe(true)
    expect(await has('ada@example.com')('bob@example.com')).toBe(false)
  })

  it('T161: knows whether the pool’s users choose their names', async () => {
    const chosen = (UsernameAttributes?: readonly string[]) =>
      createUserPoolAdapter({
        ...unused,
        describeUserPool: async () => ({ UserPool: { UsernameAttributes } }),
      }).namesAreChosen(POOL)
    expect([await chosen(), await chosen([]), await chosen(['email'])]).toEqual([true, true, false])
  })

  it('T101: takes a throttled answer for no answer', async () => {
    await expect(looking(failing('TooManyRequestsException'))).rejects.toMatchObject({
      name: 'TooManyRequestsException',
    })
  })
})

describe('linking', () => {
  it('asks by subject, never by an attribute that a provider could choose', async () => {
    const asked: object[] = []
    const api: CognitoApi = {
      ...unused,
      adminGetUser: holding([]),
      adminLinkProviderForUser: async (input) => asked.push(input),
    }
    expect(await createUserPoolAdapter(api).link(google, ada)).toBe('linked')
    await createUserPoolAdapter(api).link(google, facebookFirst)
    const SourceUser = {
      ProviderName: 'Google',
      ProviderAttributeName: 'Cognito_Subject',
      ProviderAttributeValue: '1180',
    }
    expect(asked).toEqual([
      { UserPoolId: POOL, DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: 'ada' }, SourceUser },
      {
        UserPoolId: POOL,
        DestinationUser: {
          ProviderName: 'Facebook',
          ProviderAttributeName: 'Cognito_Subject',
          ProviderAttributeValue: '77',
        },
        SourceUser,
      },
    ])
  })

  it.each(['InvalidParameterException', 'AliasExistsException'])(
    'T149: looks where the identity is linked when Cognito answers %s, whatever its words',
    async (name) => {
      const link = (identities: object[]) =>
        createUserPoolAdapter({
          ...unused,
          adminLinkProviderForUser: failing(name, 'SourceUser is already linked to DestinationUser'),
          adminGetUser: holding(identities),
        }).link(google, ada)
      expect(await link([{ providerName: 'Google', userId: '1180' }])).toBe('linked')
      expect(await link([{ providerName: 'Google', userId: '2290' }])).toBe('unfit')
      expect(await link([])).toBe('unfit')
    },
  )

  it.each(['InvalidParameterException', 'AliasExistsException', 'NotAuthorizedException', 'SomeLaterException'])(
    'T174: takes %s for a link to somebody else only where a look finds it there',
    async (name) => {
      const link = (status: string, identities: object[]) =>
        createUserPoolAdapter({
          ...unused,
          adminLinkProviderForUser: failing(name),
          adminGetUser: async ({ Username }) =>
            Username === 'ada'
              ? holding([])()
              : { UserStatus: status, UserAttributes: [{ Name: 'identities', Value: JSON.stringify(identities) }] },
        }).link(google, ada)
      const entry = { providerName: 'Google', userId: '1180' }
      expect(await link('CONFIRMED', [entry])).toBe('elsewhere')
      expect(await link('CONFIRMED', [])).toBe('unfit')
      expect(await link('EXTERNAL_PROVIDER', [{ ...entry, primary: true }])).toBe('unfit')
    },
  )

  it.each(['TimeoutError', 'Error', 'InternalErrorException', 'ThrottlingException'])(
    'T174: lets %s be an error',
    async (name) => {
      const api = { ...unused, adminLinkProviderForUser: failing(name), adminGetUser: holding([]) }
      await expect(createUserPoolAdapter(api).link(google, ada)).rejects.toMatchObject({ name })
    },
  )

  it.each(['LimitExceededException', 'InvalidParameterException'])(
    'says that there is no room for another link when Cognito answers %s and the user has five',
    async (name) => {
      const five = Array.from({ length: 5 }, (_, at) => ({ providerName: `Okta${at}`, userId: String(at) }))
      const api = { ...unused, adminLinkProviderForUser: failing(name), adminGetUser: holding(five) }
      expect(await createUserPoolAdapter(api).link(google, ada)).toBe('full')
    },
  )

  it('T149: takes unreadable identities for no link', async () => {
    const UserAttributes = [
      { Name: 'sub', Value: ada.subject },
      { Name: 'identities', Value: '[{' },
    ]
    const adminGetUser = async () => ({ UserAttributes })
    const api = { ...unused, adminLinkProviderForUser: failing('AliasExistsException'), adminGetUser }
    expect(await createUserPoolAdapter(api).link(google, ada)).toBe('unfit')
  })

  it.each(['TooManyRequestsException', 'ConcurrentModificationException', 'InternalErrorException'])(
    'T101: lets what may pass be an error, since nothing is known then: %s',
    async (name) => {
      const api = {
        ...unused,
        adminLinkProviderForUser: failing(name),
        adminGetUser: holding([{ providerName: 'Google', userId: '1180' }]),
      }
      await expect(createUserPoolAdapter(api).link(google, ada)).rejects.toMatchObject({ name })
    },
  )

  it('T108: says that the user is gone, and links nothing to whoever has the name now', async () => {
    const asked: object[] = []
    const link = (adminGetUser: CognitoApi['adminGetUser']) =>
      createUserPoolAdapter({
        ...unused,
        adminGetUser,
        adminLinkProviderForUser: async (input) => asked.push(input),
      }).link(google, ada)
    expect(await link(failing('UserNotFoundException'))).toBe('gone')
    expect(await link(holding([], 'sub-of-another'))).toBe('gone')
    expect(asked).toEqual([])
  })

  it('T108: says that the user is gone when it goes in between, and asks nothing where its name is its sub', async () => {
    const adminLinkProviderForUser = failing('UserNotFoundException')
    const pool = createUserPoolAdapter({ ...unused, adminLinkProviderForUser, adminGetUser: holding([]) })
    expect(await pool.link(google, ada)).toBe('gone')
    const unasked = createUserPoolAdapter({ ...unused, adminLinkProviderForUser })
    expect(await unasked.link(google, { ...ada, userName: ada.subject })).toBe('gone')
    expect(await unasked.link(google, facebookFirst)).toBe('gone')
  })
})

describe('making a user for who came by a provider', () => {
  const placeholder = { pool: POOL, person: personId(7), address: 'Ada@Example.com', marker: 'op', attributes: {} }

  /** A pool that answers from a list of its users, and remembers what was asked. */
  function poolOf(
    users: Record<string, { status: string; sub: string; email?: string | undefined; identities?: object[] }>,
    refuses?: string,
  ) {
    const asked: [string, object][] = []
    const api: CognitoApi = {
      ...unused,
      async adminGetUser({ Username }) {
        const user = users[Username]
        if (!user) throw Object.assign(new Error(), { name: 'UserNotFoundException' })
        return {
          Username,
          UserStatus: user.status,
          UserAttributes: [
            { Name: 'sub', Value: user.sub },
            { Name: 'identities', Value: JSON.stringify(user.identities ?? []) },
            ...(user.email === undefined ? [] : [{ Name: 'email', Value: user.email }]),
          ],
        }
      },
      async adminCreateUser(input) {
        asked.push(['create', input])
        if (refuses !== undefined && !input.Username.includes('@')) throw Object.assign(new Error(), { name: refuses })
        if (users[input.Username]) throw Object.assign(new Error(), { name: 'UsernameExistsException' })
        users[input.Username] = { status: 'FORCE_CHANGE_PASSWORD', sub: `sub-of-${input.Username}` }
      },
      adminSetUserPassword: async (input) => asked.push(['password', input]),
      adminDeleteUser: async (input) => asked.push(['delete', input]),
    }
    return { pool: createUserPoolAdapter(api), asked }
  }

  it('names it by the person id, with the proven address and a password that nobody knows', async () => {
    const { pool, asked } = poolOf({})
    expect(await pool.createPlaceholderUser(placeholder)).toEqual({
      userName: placeholder.person,
      sub: `sub-of-${placeholder.person}`,
    })
    expect(asked[0]).toMatchObject([
      'create',
      {
        Username: placeholder.person,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: 'Ada@Example.com' },
          { Name: 'email_verified', Value: 'true' },
        ],
        ClientMetadata: { 'onesub-placeholder': 'op' },
      },
    ])
    expect(asked[1]).toMatchObject([
      'password',
      { Permanent: true, Password: expect.stringMatching(/^[\w-]{96}aA0!$/) },
    ])
  })

  it('names it by the address where the pool takes nothing else', async () => {
    const { pool, asked } = poolOf({}, 'InvalidParameterException')
    expect(await pool.createPlaceholderUser(placeholder)).toMatchObject({ userName: 'Ada@Example.com' })
    expect(asked.filter(([what]) => what === 'create')).toHaveLength(2)
  })

  it('T88: finishes what an earlier run began', async () => {
    const { pool, asked } = poolOf({
      [placeholder.person]: { status: 'FORCE_CHANGE_PASSWORD', sub: 's', email: 'ada@example.com' },
    })
    expect(await pool.createPlaceholderUser(placeholder)).toEqual({ userName: placeholder.person, sub: 's' })
    expect(asked.map(([what]) => what)).toEqual(['create', 'password'])
  })

  it('T155: takes nobody for ours who has another address', async () => {
    for (const email of [undefined, 'eve@example.org']) {
      const { pool, asked } = poolOf({ [placeholder.person]: { status: 'FORCE_CHANGE_PASSWORD', sub: 's', email } })
      expect(await pool.createPlaceholderUser(placeholder)).toBeUndefined()
      expect(asked.map(([what]) => what)).toEqual(['create'])
    }
  })

  it.each(['UNCONFIRMED', 'CONFIRMED', 'EXTERNAL_PROVIDER'])(
    'T16: is not taken for the person’s where it has the person id as its name as %s: anybody can choose a name',
    async (status) => {
      const { pool, asked } = poolOf({ [placeholder.person]: { status, sub: 'eve' } })
      expect(await pool.createPlaceholderUser(placeholder)).toBeUndefined()
      expect(asked.map(([what]) => what)).toEqual(['create'])
    },
  )

  it('changes nothing of another user who has the address already', async () => {
    const { pool } = poolOf({ 'Ada@Example.com': { status: 'CONFIRMED', sub: 's' } }, 'InvalidParameterException')
    expect(await pool.createPlaceholderUser(placeholder)).toBeUndefined()
  })

  it('T177: leaves the password of a user whom an administrator has invited under that address', async () => {
    const invited = { status: 'FORCE_CHANGE_PASSWORD', sub: 's', email: 'ada@example.com' }
    const { pool, asked } = poolOf({ 'Ada@Example.com': invited }, 'InvalidParameterException')
    expect(await pool.createPlaceholderUser(placeholder)).toBeUndefined()
    expect(asked.map(([what]) => what)).toEqual(['create', 'create'])
  })

  it('tells that another run is at it where our own trigger refuses', async () => {
    expect(await poolOf({}, 'UserLambdaValidationException').pool.createPlaceholderUser(placeholder)).toBe('contested')
  })

  it('finds it again, and never sets a password that the user may have chosen', async () => {
    const { pool, asked } = poolOf({ made: { status: 'CONFIRMED', sub: 's', email: 'Ada@Example.com' } })
    const address = emailKey('ada@example.com')
    expect(await pool.findPlaceholderUser({ pool: POOL, userName: 'made' }, address)).toEqual({
      userName: 'made',
      sub: 's',
    })
    expect(await pool.findPlaceholderUser({ pool: POOL, userName: 'never' }, address)).toBeUndefined()
    // T155: a name alone proves nothing.
    expect(
      await pool.findPlaceholderUser({ pool: POOL, userName: 'made' }, emailKey('eve@example.org')),
    ).toBeUndefined()
    expect(asked).toEqual([])
  })

  it('removes a profile only where it is one, and a user of ours only where nothing is linked to it', async () => {
    const primary = { providerName: 'Google', userId: '1', primary: true }
    const { pool, asked } = poolOf({
      profile: { status: 'EXTERNAL_PROVIDER', sub: '1', identities: [primary] },
      // What AdminGetUser answers for a profile that was linked after all: the native user (aws/aws-sdk-go#4218).
      native: { status: 'CONFIRMED', sub: '2', identities: [{ ...primary, primary: false }] },
      linked: { status: 'EXTERNAL_PROVIDER', sub: '3', identities: [primary, { ...primary, primary: false }] },
      empty: { status: 'CONFIRMED', sub: '4' },
    })
    for (const userName of ['profile', 'native', 'linked', 'gone']) await pool.removeProfile({ pool: POOL, userName })
    for (const userName of ['native', 'empty', 'gone']) await pool.removePlaceholderUser({ pool: POOL, userName })
    expect(asked.map(([what, input]) => [what, Reflect.get(input, 'Username')])).toEqual([
      ['delete', 'profile'],
      ['delete', 'empty'],
    ])
  })
})

describe('unlinking', () => {
  it('asks by subject, and is content where nothing is linked', async () => {
    const asked: object[] = []
    const pool = createUserPoolAdapter({
      ...unused,
      adminDisableProviderForUser: async (input) => {
        asked.push(input)
        throw Object.assign(new Error(), { name: 'InvalidParameterException' })
      },
      adminGetUser: holding([]),
    })
    await pool.unlink(google, ada)
    expect(asked).toEqual([
      {
        UserPoolId: POOL,
        User: { ProviderName: 'Google', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: '1180' },
      },
    ])
  })

  it('passes on at once what says nothing of the link', async () => {
    const pool = createUserPoolAdapter({ ...unused, adminDisableProviderForUser: failing('TooManyRequestsException') })
    await expect(pool.unlink(google, ada)).rejects.toMatchObject({ name: 'TooManyRequestsException' })
  })

  it('T149: does not take an error for done where the link is still there', async () => {
    const pool = createUserPoolAdapter({
      ...unused,
      adminDisableProviderForUser: failing('InvalidParameterException'),
      adminGetUser: holding([{ providerName: 'Google', userId: '1180' }]),
    })
    await expect(pool.unlink(google, ada)).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })
})

it('T157: replaces a password before it ends the sessions, so that nobody comes in by it in between', async () => {
  const calls: string[] = []
  const pool = createUserPoolAdapter({
    ...unused,
    adminSetUserPassword: async () => void calls.push('password'),
    adminUserGlobalSignOut: async () => void calls.push('sessions'),
  })
  await pool.replacePassword({ pool: POOL, userName: 'ada' })
  expect(calls).toEqual(['password', 'sessions'])
})

it('ends no session of a user who is gone, and says so of any other fault', async () => {
  const signOut = (name: string) =>
    createUserPoolAdapter({ ...unused, adminUserGlobalSignOut: failing(name) }).signOut({ pool: POOL, userName: 'ada' })
  await expect(signOut('UserNotFoundException')).resolves.toBeUndefined()
  await expect(signOut('TooManyRequestsException')).rejects.toThrow()
})

it('T166: a deleted user has no password to be replaced, and that is no fault', async () => {
  const adapter = createUserPoolAdapter({ ...unused, adminSetUserPassword: failing('UserNotFoundException') })
  await expect(adapter.replacePassword({ pool: POOL, userName: 'gone' })).resolves.toBeUndefined()
  const slow = createUserPoolAdapter({ ...unused, adminSetUserPassword: failing('TooManyRequestsException') })
  await expect(slow.replacePassword({ pool: POOL, userName: 'ada' })).rejects.toThrow()
})
