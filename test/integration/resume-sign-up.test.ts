import { CognitoIdentityProvider, type CreateUserPoolRequest } from '@aws-sdk/client-cognito-identity-provider'
import { type Emulator, startEmulator } from '@onesub/emulator'
import { resumeSignUp } from 'onesub/browser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { given } from '../../packages/cli/src/demo/pool.ts'

const PASSWORD = 'Correct-Horse-9'
const EMAIL = 'ada@example.com'

/** Each kind of pool, with what a user is found by before the code is entered. */
const POOLS: readonly [string, Partial<CreateUserPoolRequest>, (n: number) => { Username: string; email: string }][] = [
  [
    'addresses as user names',
    { UsernameAttributes: ['email'] },
    (n) => ({ Username: n === 1 ? EMAIL : `${n}${EMAIL}`, email: n === 1 ? EMAIL : `${n}${EMAIL}` }),
  ],
  ['user names', {}, (n) => ({ Username: `ada${n}`, email: EMAIL })],
  ['user names and aliases', { AliasAttributes: ['email'] }, (n) => ({ Username: `ada${n}`, email: EMAIL })],
]

describe.each(POOLS)('T179: in a pool of %s', (kind, settings, user) => {
  let emulator: Emulator
  let cognito: CognitoIdentityProvider
  let pool: { userPoolId: string; clientId: string }

  beforeAll(async () => {
    emulator = await startEmulator()
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    cognito = new CognitoIdentityProvider({ endpoint: emulator.endpoint, region: 'us-east-1', credentials })
    const { UserPool } = await cognito.createUserPool({
      PoolName: 'resume',
      AutoVerifiedAttributes: ['email'],
      ...settings,
    })
    const userPoolId = given(UserPool?.Id)
    const { UserPoolClient } = await cognito.createUserPoolClient({
      UserPoolId: userPoolId,
      ClientName: 'web',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    })
    pool = { userPoolId, clientId: given(UserPoolClient?.ClientId) }
  })
  afterAll(async () => {
    cognito.destroy()
    await emulator.close()
  })

  const signUp = ({ Username, email }: { Username: string; email: string }) =>
    cognito.signUp({
      ClientId: pool.clientId,
      Username,
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: email }],
    })
  const resume = (userName: string) => resumeSignUp({ ...pool, userName, endpoint: emulator.endpoint })

  it('a user who left before the code continues, and then signs in', async () => {
    const ada = user(1)
    await signUp(ada)
    const resumed = await resume(ada.Username)
    if (resumed.kind !== 'code-sent') throw new Error(resumed.kind)
    expect(resumed.sentTo).toMatch(/^a\*+@e\*+/)
    const code = given(emulator.newestCode(pool.userPoolId, ada.Username))
    expect(await resumed.confirm(code === '000000' ? '111111' : '000000')).toEqual({ kind: 'wrong-code' })
    for (const none of ['', ' ', '12 34']) expect(await resumed.confirm(none)).toEqual({ kind: 'wrong-code' })
    expect(await resumed.confirm(` ${code} `)).toEqual({ kind: 'confirmed' })
    const { AuthenticationResult } = await cognito.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: pool.clientId,
      AuthParameters: { USERNAME: ada.Username, PASSWORD },
    })
    expect(AuthenticationResult?.AccessToken).toBeTruthy()
    // In another tab it is still the page for the code.
    expect(await resumed.confirm(code)).toEqual({ kind: 'confirmed' })
    expect(await resume(ada.Username)).toEqual({ kind: 'confirmed' })
  })

  it('nobody is told that nobody has signed up', async () => {
    const resumed = await resume(kind === 'addresses as user names' ? 'nobody@example.com' : 'nobody')
    if (resumed.kind !== 'code-sent') throw new Error(resumed.kind)
    expect(await resumed.confirm('123456')).toEqual({ kind: 'wrong-code' })
  })

  it('the user with the confirmed address keeps it', async () => {
    const eve = user(2)
    await signUp(eve)
    const resumed = await resume(eve.Username)
    if (resumed.kind !== 'code-sent') throw new Error(resumed.kind)
    const answer = await resumed.confirm(given(emulator.newestCode(pool.userPoolId, eve.Username)))
    const isContested = kind === 'user names and aliases'
    expect(answer).toMatchObject(
      isContested ? { kind: 'refused', refusal: { code: 'IDENTIFIER_TAKEN' } } : { kind: 'confirmed' },
    )
  })

  it('too many requests are refused for now', async () => {
    const bob = user(3)
    await signUp(bob)
    const kinds: string[] = []
    for (let at = 0; at < 7; at += 1) kinds.push((await resume(bob.Username)).kind)
    expect(kinds).toContain('refused')
    expect(await resume(bob.Username)).toMatchObject({ kind: 'refused', refusal: { code: 'TRY_AGAIN', retry: true } })
  })
})
