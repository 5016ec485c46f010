import {
  AdminAddUserToGroupCommand,
  AdminLinkProviderForUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmSignUpCommand,
  CreateGroupCommand,
  CreateUserPoolDomainCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetTokensFromRefreshTokenCommand,
  ListUsersCommand,
  SetUserPoolMfaConfigCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { startEmulator } from '../start.ts'
import { confirmedUser, type OpenPool, openPool, refusal } from '../testing/open-pool.ts'
import { signInWithGoogle } from '../testing/walk.ts'
import { useEmulator } from '../vitest.ts'

const persona = { id: 'ada', sub: '109934', email: 'ada@example.com', email_verified: true }
const cognito = useEmulator({ personas: [persona], clock: () => Date.parse('2026-01-01T00:00:00Z') })

async function furnished(): Promise<OpenPool & { readonly sub: string }> {
  cognito().reset()
  const pool = await openPool(cognito(), {
    google: { email: 'email' },
    client: { ReadAttributes: ['email', 'email_verified', 'custom:team'], WriteAttributes: ['email', 'custom:team'] },
    pool: {
      Schema: [{ Name: 'team', AttributeDataType: 'String', Mutable: true }],
      UsernameConfiguration: { CaseSensitive: false },
      AliasAttributes: ['email'],
    },
  })
  const { sdk, UserPoolId } = pool
  const sub = await confirmedUser(pool, 'Ada', { email: 'Ada@example.com', 'custom:team': 'red' })
  await sdk.send(new CreateGroupCommand({ UserPoolId, GroupName: 'staff', Precedence: 1 }))
  await sdk.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: 'ada', GroupName: 'staff' }))
  await sdk.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'my-domain' }))
  await sdk.send(
    new AdminLinkProviderForUserCommand({
      UserPoolId,
      SourceUser: {
        ProviderName: 'Google',
        ProviderAttributeName: 'Cognito_Subject',
        ProviderAttributeValue: persona.sub,
      },
      DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: 'ada' },
    }),
  )
  return { ...pool, sub }
}

const listed = async ({ sdk, UserPoolId }: OpenPool) => (await sdk.send(new ListUsersCommand({ UserPoolId }))).Users
const described = async ({ sdk, UserPoolId, ClientId }: OpenPool) => [
  (await sdk.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool,
  (await sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))).UserPoolClient,
]
const claimsOf = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString())

const control = (path: string, method = 'GET', body?: unknown) =>
  fetch(`${cognito().endpoint}/_onesub${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

describe('a snapshot', () => {
  it('brings back the same users, pool and client after a reset', async () => {
    const pool = await furnished()
    const before = [await listed(pool), await described(pool)]
    const snapshot = cognito().snapshot()
    cognito().reset()
    expect(await refusal(listed(pool))).toContain('ResourceNotFoundException')
    cognito().restore(snapshot)
    expect([await listed(pool), await described(pool)]).toEqual(before)
  })

  it('lets somebody in with the same password, the same sub and the same groups', async () => {
    const pool = await furnished()
    const snapshot = cognito().snapshot()
    cognito().reset()
    cognito().restore(snapshot)
    const tokens = await pool.signIn('ADA@example.com')
    const claims = claimsOf(tokens.AuthenticationResult?.IdToken)
    expect(claims).toMatchObject({ sub: pool.sub, 'cognito:groups': ['staff'], 'custom:team': 'red' })
    expect(await refusal(pool.signIn('ada', 'Wr0ng-horse'))).toContain('NotAuthorizedException')
  })

  it('keeps a link: the next sign-in with Google is the same person', async () => {
    const pool = await furnished()
    const snapshot = cognito().snapshot()
    cognito().reset()
    cognito().restore(snapshot)
    expect(claimsOf((await signInWithGoogle(pool, 'ada')).id_token).sub).toBe(pool.sub)
  })

  it('keeps a second factor that somebody has set up', async () => {
    const pool = await furnished()
    const { sdk, UserPoolId } = pool
    const EmailMfaConfiguration = { Subject: 'Code', Message: '{####}' }
    const optional = { UserPoolId, MfaConfiguration: 'OPTIONAL' as const, EmailMfaConfiguration }
    await sdk.send(new SetUserPoolMfaConfigCommand(optional))
    const EmailMfaSettings = { Enabled: true, PreferredMfa: true }
    await sdk.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username: 'ada', EmailMfaSettings }))
    const snapshot = cognito().snapshot()
    cognito().restore(snapshot)
    expect(cognito().snapshot()).toEqual(snapshot)
    expect((await pool.signIn('ada')).ChallengeName).toBe('EMAIL_OTP')
  })

  it('keeps who is signed in, and codes that are on their way', async () => {
    const pool = await furnished()
    const RefreshToken = (await pool.signIn('ada')).AuthenticationResult?.RefreshToken
    await pool.signUp('bea', { email: 'bea@example.com' })
    const ConfirmationCode = pool.code('bea')
    cognito().restore(cognito().snapshot())
    const { sdk, ClientId } = pool
    const renewal = new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken })
    const { AuthenticationResult } = await sdk.send(renewal)
    expect(claimsOf(AuthenticationResult?.IdToken).sub).toBe(pool.sub)
    const confirmation = new ConfirmSignUpCommand({ ClientId, Username: 'bea', ConfirmationCode })
    expect(await refusal(sdk.send(confirmation))).toBe('no refusal')
  })

  it('keeps where a code was sent, so that it applies that address afterwards', async () => {
    const pool = await furnished()
    const { sdk, UserPoolId } = pool
    const Username = 'ada'
    const change = (UserAttributes: { Name: string; Value: string }[]) =>
      sdk.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes }))
    await change([{ Name: 'email', Value: 'new@example.com' }])
    const Code = pool.code('ada')
    const verified = { Name: 'email_verified', Value: 'true' }
    await change([{ Name: 'email', Value: 'ada@example.com' }, verified])
    const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken
    const snapshot = cognito().snapshot()
    cognito().restore(snapshot)
    // Tokens are signed by the same emulator, so the access token is good still.
    await sdk.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }))
    expect(await pool.user('ada')).toMatchObject({ email: 'new@example.com', email_verified: 'true' })
    const older = JSON.parse(JSON.stringify(snapshot, (name, value) => (name === 'destination' ? undefined : value)))
    expect(() => cognito().restore(older)).not.toThrow()
  })

  it('keeps switches, personas and the clock', () => {
    cognito().reset()
    cognito().setQuirks({ linkInPreSignUp: 'succeed' })
    cognito().setPersona({ id: 'bea', sub: '7' })
    cognito().advanceClock(5_000)
    const snapshot = cognito().snapshot()
    cognito().reset()
    cognito().restore(snapshot)
    expect(cognito().quirks().linkInPreSignUp).toBe('succeed')
    expect(cognito().personas()).toContainEqual({ id: 'bea', sub: '7' })
    expect(cognito().snapshot()).toEqual(snapshot)
    expect(snapshot.clockAheadMs).toBe(5_000)
  })

  it('shares nothing with the emulator it came from', async () => {
    const pool = await furnished()
    const snapshot = cognito().snapshot()
    cognito().restore(snapshot)
    Object.assign(snapshot.pools[0]?.settings ?? {}, { name: 'changed' })
    expect((await described(pool))[0]).toMatchObject({ Name: 'test' })
  })

  it('T136: carries no signing key, so another emulator signs with its own', async () => {
    await furnished()
    const other = await startEmulator()
    try {
      other.restore(cognito().snapshot())
      const keysOf = async (endpoint: string, pool: string) =>
        await (await fetch(`${endpoint}/${pool}/.well-known/jwks.json`)).text()
      const id = cognito().snapshot().pools[0]?.configuration.id ?? ''
      expect(await keysOf(other.endpoint, id)).not.toBe(await keysOf(cognito().endpoint, id))
      expect(JSON.stringify(cognito().snapshot())).not.toMatch(/"kty"|PRIVATE KEY/u)
    } finally {
      await other.close()
    }
  })
})

describe('a restore', () => {
  it('takes over HTTP what a snapshot gave', async () => {
    const pool = await furnished()
    const before = await listed(pool)
    const snapshot = await (await control('/snapshot')).json()
    cognito().reset()
    expect((await control('/snapshot', 'PUT', snapshot)).status).toBe(200)
    expect(await listed(pool)).toEqual(before)
  })

  type Spoil = (snapshot: ReturnType<typeof taken>) => unknown
  const taken = () => JSON.parse(JSON.stringify(cognito().snapshot()))
  const spoilt: [says: string, spoil: Spoil, complaint: string][] = [
    ['of a later version', (given) => ({ ...given, version: 2 }), 'version 1'],
    ['of no version', () => ({}), 'version 1'],
    ['without its pools', (given) => ({ ...given, pools: undefined }), 'malformed at pools'],
    ['with the same pool twice', (given) => ({ ...given, pools: [...given.pools, ...given.pools] }), 'two pools'],
    ['with an unknown switch', (given) => ({ ...given, quirks: { everywhere: { x: 1 }, ofPools: {} } }), 'no quirk'],
    ['with a session of nobody', (given) => ({ ...given, sessions: [{ ...SESSION }] }), 'session of nobody'],
    ['with the same user twice', (given) => withUsers(given, (users) => [...users, ...users]), 'two users'],
    [
      'with a broken user',
      (given) => withUsers(given, (users) => users.map((user) => ({ ...Object(user), createdAt: 'x' }))),
      'pools[0].users[0].createdAt',
    ],
    [
      'with a group that is not there',
      (given) => withUsers(given, (users) => users.map((user) => ({ ...Object(user), groups: ['none'] }))),
      'a group',
    ],
  ]
  it.each(spoilt)('%s is refused, and changes nothing', async (_, spoil, complaint) => {
    await furnished()
    const before = cognito().snapshot()
    const answer = await control('/snapshot', 'PUT', spoil(taken()))
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(complaint)])
    expect(cognito().snapshot()).toEqual(before)
  })

  it('says where a snapshot is wrong, and never what stands there', async () => {
    await furnished()
    const text = JSON.stringify(cognito().snapshot()).replaceAll('"status":"CONFIRMED"', '"status":"hidden-value"')
    const answer = await (await control('/snapshot', 'PUT', JSON.parse(text))).text()
    expect(answer).toContain('pools[0].users[0].status')
    expect(answer).not.toContain('hidden-value')
  })
})

const SESSION = {
  ...{ userPoolId: 'none', username: 'none', clientId: 'none', originJti: 'a', eventId: 'b', kind: 'api' },
  ...{ scopes: [], authTime: 1, endsAt: 1, refreshTokens: [] },
}

function withUsers(given: { readonly pools: readonly { readonly users: readonly unknown[] }[] }, change: Change) {
  return { ...given, pools: given.pools.map((pool) => ({ ...pool, users: change(pool.users) })) }
}
type Change = (users: readonly unknown[]) => readonly unknown[]
