import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { type Emulator, startEmulator } from '@onesub/emulator'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type DynamoDbLocal,
  skipsDynamoDb,
  startDynamoDbLocal,
} from '../../packages/onesub/src/registry/dynamodb/testing/local.ts'
import { createTable, localClient } from '../../packages/onesub/src/registry/dynamodb/testing/table.ts'

const ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:onesub'

const PATIENCE = 10
/** Nobody listens there. */
const DOWN = 'http://127.0.0.1:9'

/** The example, unchanged: only the endpoints point here instead of to AWS, by the variables that AWS SDKs read. */
describe.skipIf(skipsDynamoDb)('examples/lambda-dynamodb', () => {
  let emulator: Emulator
  let dynamoDb: DynamoDbLocal
  let cognito: CognitoIdentityProvider
  let clientId = ''

  beforeAll(async () => {
    emulator = await startEmulator({ region: 'eu-west-1' })
    dynamoDb = await startDynamoDbLocal()
    const client = localClient(dynamoDb.endpoint)
    const table = await createTable(client)
    client.destroy()
    for (const [name, value] of Object.entries({
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: DOWN,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: emulator.endpoint,
      ONESUB_TABLE: table,
      ONESUB_PEPPER: 'sixteen characters',
    })) {
      vi.stubEnv(name, value)
    }
    cognito = new CognitoIdentityProvider()
    const pool = await cognito.createUserPool({
      PoolName: 'example',
      LambdaConfig: { PreSignUp: ARN, PostConfirmation: ARN },
    })
    const UserPoolId = pool.UserPool?.Id ?? ''
    const created = await cognito.createUserPoolClient({ UserPoolId, ClientName: 'web' })
    clientId = created.UserPoolClient?.ClientId ?? ''
    vi.stubEnv('USER_POOL_ID', UserPoolId)
    vi.stubEnv('CLIENT_ID', clientId)
    const { handler } = await import('../../examples/lambda-dynamodb/handler.ts')
    emulator.setTrigger(ARN, (event) => handler(event))
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    cognito?.destroy()
    await emulator?.close()
    await dynamoDb?.stop()
  })

  /** A store that has just started on a busy machine may miss the trigger's budget; the message asks to try again, and the user does. */
  const signUp = async (Username: string, email: string) => {
    const form = {
      ClientId: clientId,
      Username,
      Password: 'Correct-Horse-9',
      UserAttributes: [{ Name: 'email', Value: email }],
    }
    for (let tries = 1; ; tries += 1) {
      try {
        return await cognito.signUp(form)
      } catch (error) {
        if (tries === PATIENCE || !String(error).includes('onesub/REGISTRY_UNREACHABLE')) throw error
      }
    }
  }

  it('T163: begins while the store is down, and works as soon as it is back', async () => {
    const form = { ClientId: clientId, Username: 'early', Password: 'Correct-Horse-9' }
    await expect(cognito.signUp(form)).rejects.toThrow(/onesub\/REGISTRY_UNREACHABLE/)
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamoDb.endpoint)
    await signUp('early', 'early@example.com')
  })

  it('lets one human in once, and says why not twice', async () => {
    await signUp('ada', 'Ada@Example.com')
    await expect(signUp('ada2', 'ada@example.com')).rejects.toMatchObject({
      name: 'UserLambdaValidationException',
      message: expect.stringMatching(/^PreSignUp failed with error onesub\/SIGN_UP_UNFINISHED: .*[^.]\.$/),
    })
  })
})
