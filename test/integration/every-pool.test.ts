import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { type Emulator, HOSTILE_QUIRKS, QUIRKS, type QuirkSettings, startEmulator } from '@onesub/emulator'
import { createMemoryRegistry } from 'onesub/registry/memory'
import { createTriggerHandler } from 'onesub/triggers'
import { createUserPoolAdapter } from 'onesub/user-pool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInWithGoogle } from '../../packages/cli/src/demo/google-sign-in.ts'
import { createPool, type DemoPool } from '../../packages/cli/src/demo/pool.ts'

const PASSWORD = 'Correct-Horse-9'
const ADA = { id: 'ada', sub: '1180', email: 'ada@example.com', email_verified: true, hd: 'example.com' }

type PoolSettings = NonNullable<Parameters<typeof createPool>[4]>

const KINDS: readonly (readonly [name: string, settings: PoolSettings])[] = [
  ['user names, case-sensitive', {}],
  ['user names, case-insensitive', { UsernameConfiguration: { CaseSensitive: false } }],
  ['e-mail as alias, case-sensitive', { AliasAttributes: ['email'] }],
  [
    'e-mail as alias, case-insensitive',
    { AliasAttributes: ['email'], UsernameConfiguration: { CaseSensitive: false } },
  ],
  ['e-mail as user name, case-sensitive', { UsernameAttributes: ['email'] }],
  [
    'e-mail as user name, case-insensitive',
    { UsernameAttributes: ['email'], UsernameConfiguration: { CaseSensitive: false } },
  ],
]

/** Each switch in each of its positions, one at a time: what sources disagree on must not matter to who is who. */
const POSITIONS: readonly (readonly [name: string, quirks: QuirkSettings])[] = Object.entries(QUIRKS).flatMap(
  ([name, { positions }]) =>
    positions === 'milliseconds'
      ? []
      : positions.map((position) => [`${name}: ${position}`, { [name]: position }] as const),
)

describe('one human is one person', () => {
  let emulator: Emulator
  let cognito: CognitoIdentityProvider

  beforeAll(async () => {
    emulator = await startEmulator({ personas: [ADA] })
    cognito = new CognitoIdentityProvider({
      endpoint: emulator.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
  })

  afterAll(async () => {
    cognito.destroy()
    await emulator.close()
  })

  it.each(KINDS)('in a pool with %s', async (name, settings) => signIns(name, settings, {}))

  it.each(KINDS)('in a pool with %s, with everything nasty at once', async (name, settings) =>
    signIns(`hostile ${name}`, settings, HOSTILE_QUIRKS),
  )

  describe.each(KINDS.slice(0, 2))('in a pool with %s, and', (kind, settings) => {
    it.each(POSITIONS)('%s', async (quirk, quirks) => signIns(`${kind} ${quirk}`, settings, quirks))
  })

  /** By the form, by the form in other letters, by eight clicks at once, by Google: each time the same person, and one user. */
  async function signIns(name: string, settings: PoolSettings, quirks: QuirkSettings): Promise<void> {
    const { pool, personOf } = await openPool(name, settings, quirks)
    const userName = (wanted: string, email: string) => (settings.UsernameAttributes ? email : wanted)

    await signUp(pool, userName('ada', 'Ada@Example.com'), 'Ada@Example.com')
    const code = emulator.newestCode(pool.userPoolId, userName('ada', 'Ada@Example.com')) ?? ''
    await cognito.confirmSignUp({
      ClientId: pool.clientId,
      Username: userName('ada', 'Ada@Example.com'),
      ConfirmationCode: code,
    })
    const { UserAttributes } = await cognito.adminGetUser({
      UserPoolId: pool.userPoolId,
      Username: userName('ada', 'Ada@Example.com'),
    })
    const sub = UserAttributes?.find(({ Name }) => Name === 'sub')?.Value ?? ''
    const person = await personOf(sub)
    expect(person).toBeDefined()

    await expect(signUp(pool, userName('ada2', 'ada@example.com'), 'ada@example.com')).rejects.toThrow(REFUSED)
    const clicks = Array.from({ length: 8 }, (_, at) =>
      signUp(pool, userName(`click${at}`, 'ADA@example.com'), 'ADA@example.com'),
    )
    for (const click of await Promise.allSettled(clicks)) expect(click).toMatchObject({ status: 'rejected' })

    const google = await signInWithGoogle(pool, ADA.id)
    expect(await personOf(google.sub)).toBe(person)
    // Where Cognito refuses the link there is a profile beside the user, which is the same person (T174).
    const isRefused = (quirks.linkRefusal ?? 'none') !== 'none'
    if (!isRefused) expect(google.sub).toBe(sub)
    // Not by ListUsers, which lags in some positions.
    expect(emulator.users(pool.userPoolId)).toHaveLength(isRefused ? 2 : 1)
  }

  /** Ours, or Cognito's own where it looks before it asks us. */
  const REFUSED = /onesub\/IDENTIFIER_TAKEN|already exists/

  async function signUp(pool: DemoPool, Username: string, email: string): Promise<void> {
    const UserAttributes = [{ Name: 'email', Value: email }]
    await cognito.signUp({ ClientId: pool.clientId, Username, Password: PASSWORD, UserAttributes })
  }

  async function openPool(name: string, settings: PoolSettings, quirks: QuirkSettings) {
    const arn = `arn:aws:lambda:us-east-1:000000000000:function:${name.replaceAll(/\W+/g, '-')}`
    const pool = await createPool(cognito, emulator.endpoint, name.replaceAll(/[^\w ]/g, ''), arn, settings)
    const { userPoolId, clientId } = pool
    emulator.setQuirks(quirks, userPoolId)
    const registry = createMemoryRegistry()
    const triggers = createTriggerHandler({
      userPoolId,
      clientIds: [clientId],
      registry,
      userPool: createUserPoolAdapter(cognito),
      policy: { providers: { Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' } } },
      report: () => {},
    })
    emulator.setTrigger(arn, (event) => triggers(event))
    return { pool, personOf: (subject: string) => registry.resolve({ pool: userPoolId, provider: 'Cognito', subject }) }
  }
})
