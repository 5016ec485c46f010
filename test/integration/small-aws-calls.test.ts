import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { type Emulator, startEmulator } from '@onesub/emulator'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createCognitoHttpsClient } from '../../packages/onesub/src/aws/index.ts'
import type { KnownIdentity } from '../../packages/onesub/src/core/person.ts'
import { createUserPoolAdapter } from '../../packages/onesub/src/user-pool/adapter.ts'

describe('calls to Cognito without the AWS SDK', () => {
  let emulator: Emulator
  let sdk: CognitoIdentityProvider
  let pool = ''
  let users: ReturnType<typeof createUserPoolAdapter>

  beforeAll(async () => {
    vi.stubEnv('AWS_REGION', 'us-east-1')
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local')
    emulator = await startEmulator()
    sdk = new CognitoIdentityProvider({ endpoint: emulator.endpoint })
    const created = await sdk.createUserPool({ PoolName: 'small calls' })
    pool = created.UserPool?.Id ?? ''
    await sdk.createIdentityProvider({
      UserPoolId: pool,
      ProviderName: 'Google',
      ProviderType: 'Google',
      ProviderDetails: { client_id: 'x', client_secret: 'x', authorize_scopes: 'openid email' },
    })
    for (const Username of ['ada', 'bob', 'Zoë'])
      await sdk.adminCreateUser({ UserPoolId: pool, Username, MessageAction: 'SUPPRESS' })
    users = createUserPoolAdapter(createCognitoHttpsClient({ endpoint: emulator.endpoint }))
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    sdk?.destroy()
    await emulator?.close()
  })

  const native = async (userName: string): Promise<KnownIdentity> => {
    const { UserAttributes = [] } = await sdk.adminGetUser({ UserPoolId: pool, Username: userName })
    const subject = UserAttributes.find(({ Name }) => Name === 'sub')?.Value ?? ''
    return { pool, provider: 'Cognito', subject, userName, native: true }
  }
  const google = (subject: string) => ({ pool, provider: 'Google', subject })

  it('finds users, by names beyond ASCII too, and says that there is none', async () => {
    const found = await Promise.all(['ada', 'Zoë', 'eve'].map((userName) => users.find({ pool, userName })))
    expect(found.map((user) => user?.userName)).toEqual(['ada', 'Zoë', undefined])
    expect(found[0]?.created).toBeGreaterThan(Date.now() - 60_000)
  })

  it('links, finds its own link again, and says what cannot be linked here', async () => {
    expect(await users.link(google('1180'), await native('ada'))).toBe('linked')
    const ada = await sdk.adminGetUser({ UserPoolId: pool, Username: 'ada' })
    expect(JSON.stringify(ada.UserAttributes)).toContain('1180')
    expect(await users.link(google('1180'), await native('ada'))).toBe('linked')
    expect(await users.link(google('1180'), await native('bob'))).toBe('unfit')
  })

  it('T101: lets an error be an error under its own name', async () => {
    const nobody = users.restoreAddress({ pool, userName: 'nobody' }, 'nobody@example.com')
    await expect(nobody).rejects.toMatchObject({ name: 'UserNotFoundException' })
  })

  it('makes, closes, changes and removes a user as the SDK would', async () => {
    const api = createCognitoHttpsClient({ endpoint: emulator.endpoint })
    const invited = { UserPoolId: pool, Username: 'cyd' }
    await api.adminCreateUser({ ...invited, MessageAction: 'SUPPRESS' })
    await api.adminSetUserPassword({ ...invited, Password: 'Correct-Horse-9', Permanent: true })
    await api.adminUpdateUserAttributes({
      ...invited,
      UserAttributes: [
        { Name: 'email', Value: 'cyd@example.com' },
        { Name: 'email_verified', Value: 'true' },
      ],
    })
    const read = await api.adminGetUser(invited)
    const { $metadata: _, UserCreateDate: _1, UserLastModifiedDate: _2, ...bySdk } = await sdk.adminGetUser(invited)
    expect(read).toMatchObject(bySdk)
    expect(read).toMatchObject({ UserStatus: 'CONFIRMED' })
    await api.adminDeleteUser(invited)
    await expect(api.adminGetUser(invited)).rejects.toMatchObject({ name: 'UserNotFoundException' })
  })
})
