import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { startEmulator } from '@onesub/emulator'
import { createTriggerEvents } from 'onesub/testing'
import type { TriggerSource } from 'onesub/triggers'
import { expect, it, onTestFinished } from 'vitest'
import { given } from '../../packages/cli/src/demo/pool.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:recorder'
const PASSWORD = 'Correct-Horse-9'
/** Cognito sends them where the client has given them, or as null. */
const OPTIONAL = ['clientMetadata', 'validationData']

interface Recorded {
  readonly triggerSource: TriggerSource
  readonly version: '1' | '2' | '3'
  readonly request: object
  readonly response: object
}

// The emulator is written from the Developer Guide and shares no code with the builder.
it('the events of onesub/testing have the shape of those that the emulator sends', async () => {
  const emulator = await startEmulator()
  onTestFinished(() => emulator.close())
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const cognito = new CognitoIdentityProvider({ endpoint: emulator.endpoint, region: 'us-east-1', credentials })
  const recorded: Recorded[] = []
  emulator.setTrigger(ARN, (event: Recorded) => {
    recorded.push(structuredClone(event))
    return event
  })
  const { UserPool } = await cognito.createUserPool({
    PoolName: 'recorded',
    AutoVerifiedAttributes: ['email'],
    LambdaConfig: {
      PreSignUp: ARN,
      PostConfirmation: ARN,
      PreAuthentication: ARN,
      PostAuthentication: ARN,
      PreTokenGeneration: ARN,
      CustomMessage: ARN,
    },
  })
  const UserPoolId = given(UserPool?.Id)
  const { UserPoolClient } = await cognito.createUserPoolClient({
    UserPoolId,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  })
  const ClientId = given(UserPoolClient?.ClientId)
  const UserAttributes = [{ Name: 'email', Value: 'ada@example.com' }]

  await cognito.signUp({ ClientId, Username: 'ada', Password: PASSWORD, UserAttributes })
  await cognito.resendConfirmationCode({ ClientId, Username: 'ada' })
  await cognito.adminConfirmSignUp({ UserPoolId, Username: 'ada' })
  await cognito.adminUpdateUserAttributes({
    UserPoolId,
    Username: 'ada',
    UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
  })
  const { AuthenticationResult } = await cognito.initiateAuth({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId,
    AuthParameters: { USERNAME: 'ada', PASSWORD },
  })
  await cognito.initiateAuth({
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId,
    AuthParameters: { REFRESH_TOKEN: given(AuthenticationResult?.RefreshToken) },
  })
  await cognito.forgotPassword({ ClientId, Username: 'ada' })
  await cognito.adminCreateUser({
    UserPoolId,
    Username: 'bob',
    DesiredDeliveryMediums: ['EMAIL'],
    UserAttributes: [{ Name: 'email', Value: 'bob@example.com' }],
  })

  const event = createTriggerEvents({ userPoolId: UserPoolId, clientId: ClientId })
  for (const real of recorded) {
    const built = event(real.triggerSource, { version: real.version })
    expect(shapeOf(built), real.triggerSource).toEqual(shapeOf(real))
    expect(shapeOf(built.request), real.triggerSource).toEqual(shapeOf(real.request))
    expect(shapeOf(built.response), real.triggerSource).toEqual(shapeOf(real.response))
  }
  const sources = new Set(recorded.map(({ triggerSource }) => triggerSource))
  expect([...sources].toSorted()).toEqual([
    'CustomMessage_AdminCreateUser',
    'CustomMessage_ForgotPassword',
    'CustomMessage_ResendCode',
    'CustomMessage_SignUp',
    'PostAuthentication_Authentication',
    'PostConfirmation_ConfirmSignUp',
    'PreAuthentication_Authentication',
    'PreSignUp_AdminCreateUser',
    'PreSignUp_SignUp',
    'TokenGeneration_Authentication',
    'TokenGeneration_RefreshTokens',
  ])
})

/** The type of each field. */
function shapeOf(value: object): unknown {
  const fields = Object.entries(value).filter(([name]) => !OPTIONAL.includes(name))
  return Object.fromEntries(fields.map(([name, field]) => [name, field === null ? 'null' : typeof field]))
}
