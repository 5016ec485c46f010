import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { type Emulator, startEmulator } from '@onesub/emulator'
import { createMemoryRegistry } from 'onesub/registry/memory'
import { createTriggerHandler } from 'onesub/triggers'
import { createPersonVerifier, type PersonVerifier } from 'onesub/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPool, type DemoPool, given } from '../../packages/cli/src/demo/pool.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:onesub'
const PASSWORD = 'Correct-Horse-9'

/** From the form to the API: the token that Cognito gives out is the person's, by its claim alone or by a look-up. */
describe('the way of a token', () => {
  let emulator: Emulator
  let cognito: CognitoIdentityProvider
  let pool: DemoPool
  let byClaim: PersonVerifier
  let byLookUp: PersonVerifier
  const registry = createMemoryRegistry()

  beforeAll(async () => {
    emulator = await startEmulator()
    cognito = new CognitoIdentityProvider({
      endpoint: emulator.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    pool = await createPool(cognito, emulator.endpoint, 'tokens', ARN)
    const { userPoolId, clientId } = pool
    // The access token can carry a claim from the second version of the trigger on.
    await cognito.updateUserPool({
      UserPoolId: userPoolId,
      AutoVerifiedAttributes: ['email'],
      LambdaConfig: {
        PreSignUp: ARN,
        PostConfirmation: ARN,
        PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: ARN },
      },
    })
    emulator.setTrigger(ARN, createTriggerHandler({ userPoolId, clientIds: [clientId], registry, report: () => {} }))
    const pools = [{ userPoolId, clientIds: [clientId] }] as const
    byClaim = createPersonVerifier({ pools, registry: null, dangerouslyTrustEmulator: emulator.endpoint })
    byLookUp = createPersonVerifier({
      pools,
      registry,
      personClaim: 'none',
      dangerouslyTrustEmulator: emulator.endpoint,
    })
  })

  afterAll(async () => {
    cognito.destroy()
    await emulator.close()
  })

  async function signIn(USERNAME: string) {
    const { AuthenticationResult } = await cognito.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: pool.clientId,
      AuthParameters: { USERNAME, PASSWORD },
    })
    return AuthenticationResult
  }

  it('a customer who signs up is the same person in each token, refreshed ones too', async () => {
    const UserAttributes = [{ Name: 'email', Value: 'ada@example.com' }]
    await cognito.signUp({ ClientId: pool.clientId, Username: 'ada', Password: PASSWORD, UserAttributes })
    const ConfirmationCode = given(emulator.newestCode(pool.userPoolId, 'ada'))
    await cognito.confirmSignUp({ ClientId: pool.clientId, Username: 'ada', ConfirmationCode })
    const first = await signIn('ada')
    const { person, identity } = await byClaim(given(first?.AccessToken))
    expect(await registry.resolve(identity)).toBe(person)
    expect((await byLookUp(given(first?.AccessToken))).person).toBe(person)
    const { AuthenticationResult: refreshed } = await cognito.initiateAuth({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: pool.clientId,
      AuthParameters: { REFRESH_TOKEN: given(first?.RefreshToken) },
    })
    expect((await byClaim(given(refreshed?.AccessToken))).person).toBe(person)
  })

  it('T104: a user whom an administrator made has a person from the first token on', async () => {
    await cognito.adminCreateUser({
      UserPoolId: pool.userPoolId,
      Username: 'grace',
      TemporaryPassword: 'Temporary-1',
      UserAttributes: [
        { Name: 'email', Value: 'grace@example.com' },
        { Name: 'email_verified', Value: 'true' },
      ],
    })
    const { Session } = await cognito.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: pool.clientId,
      AuthParameters: { USERNAME: 'grace', PASSWORD: 'Temporary-1' },
    })
    const { AuthenticationResult } = await cognito.respondToAuthChallenge({
      ClientId: pool.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: 'grace', NEW_PASSWORD: PASSWORD },
    })
    const { person } = await byClaim(given(AuthenticationResult?.AccessToken))
    expect((await byClaim(given((await signIn('grace'))?.AccessToken))).person).toBe(person)
  })

  it('T158: after a recovery the sessions from before it have no person, refreshed or not, by claim and by look-up', async () => {
    const { clientId: ClientId, userPoolId } = pool
    const pools = [{ userPoolId, clientIds: [ClientId] }] as const
    const trusted = { pools, registry, dangerouslyTrustEmulator: emulator.endpoint, cacheBytes: 0 }
    const open = () => [
      createPersonVerifier({ ...trusted, personStatus: registry }),
      createPersonVerifier({ ...trusted, personClaim: 'none' }),
    ]
    const refreshed = async (REFRESH_TOKEN: string) => {
      const AuthParameters = { REFRESH_TOKEN }
      const answer = await cognito.initiateAuth({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId, AuthParameters })
      return given(answer.AuthenticationResult?.AccessToken)
    }
    const eves = await signIn('ada')
    for (const verify of open())
      expect(await verify(given(eves?.AccessToken))).toMatchObject({ identity: { pool: userPoolId } })
    // A sign-in has whole seconds: one within the recovery's own second counts as later.
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await cognito.forgotPassword({ ClientId, Username: 'ada' })
    const ConfirmationCode = given(emulator.newestCode(userPoolId, 'ada'))
    await cognito.confirmForgotPassword({ ClientId, Username: 'ada', ConfirmationCode, Password: PASSWORD })
    const old = [given(eves?.AccessToken)]
    // Where Cognito still takes the refresh token, its tokens say when the user signed in, and the claim may be left out.
    await refreshed(given(eves?.RefreshToken)).then(
      (token) => old.push(token),
      () => undefined,
    )
    for (const verify of open()) {
      for (const token of old)
        await expect(verify(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID', detail: 'ended' })
    }
    const adas = given((await signIn('ada'))?.AccessToken)
    const persons = await Promise.all(open().map(async (verify) => (await verify(adas)).person))
    expect(new Set(persons).size).toBe(1)
  })

  it('T65: an ID token does not open what needs an access token', async () => {
    await expect(byClaim(given((await signIn('ada'))?.IdToken))).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
  })
})
