import { fileURLToPath } from 'node:url'
import { tracing } from './tracing.ts'

/** Prints, as JSON, each call from one file of the emulator to another during one InitiateAuth with triggers. */
const trace = tracing(fileURLToPath(new URL('../../packages/emulator/src/', import.meta.url)))
const { startEmulator } = await import('../../packages/emulator/src/index.ts')
const emulator = await startEmulator({ triggers: { echo: (event) => event } })

async function call(operation: string, fields: object): Promise<Record<string, Record<string, string>>> {
  const answer = await fetch(emulator.endpoint, {
    method: 'POST',
    headers: {
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      'content-type': 'application/x-amz-json-1.1',
    },
    body: JSON.stringify(fields),
  })
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`)
  return JSON.parse(await answer.text())
}

const slots = ['PreAuthentication', 'PostAuthentication', 'PreTokenGeneration', 'UserMigration']
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:echo'
const LambdaConfig = Object.fromEntries(slots.map((slot) => [slot, arn]))
const UserPoolId = (await call('CreateUserPool', { PoolName: 'pool', LambdaConfig })).UserPool?.Id
const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH']
const app = await call('CreateUserPoolClient', { UserPoolId, ClientName: 'app', ExplicitAuthFlows })
const [Username, Password] = ['ada', 'Corr3ct-horse']
await call('AdminCreateUser', { UserPoolId, Username, MessageAction: 'SUPPRESS' })
await call('AdminSetUserPassword', { UserPoolId, Username, Password, Permanent: true })
const signIn = {
  ClientId: app.UserPoolClient?.ClientId,
  AuthFlow: 'USER_PASSWORD_AUTH',
  AuthParameters: { USERNAME: Username, PASSWORD: Password },
}
// The first sign-in makes the keys.
await call('InitiateAuth', signIn)
const calls = await trace.calls(() => call('InitiateAuth', signIn))
await emulator.close()
console.log(JSON.stringify(calls))
