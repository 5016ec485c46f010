import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import type { Emulator } from '@onesub/emulator'
import { createAccountService, createUserSession } from 'onesub/account'
import { openSqliteRegistry } from 'onesub/registry/sqlite'
import { createTriggerHandler } from 'onesub/triggers'
import { createUserPoolAdapter } from 'onesub/user-pool'
import { createIdentityVerifier, createPersonVerifier } from 'onesub/verify'
import { openRecords } from '../api/records.ts'
import { recordsApi } from '../api/records-api.ts'
import { openPool } from './pools.ts'
import type { Side } from './side.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:onesub'

/** The same pool with onesub on its triggers, and the same data under the person id. */
export async function openWithOnesub(
  emulator: Emulator,
  cognito: CognitoIdentityProvider,
  origin: string,
): Promise<Side> {
  const pool = await openPool(cognito, 'with-onesub', origin, {
    PreSignUp: ARN,
    PostConfirmation: ARN,
    PostAuthentication: ARN,
    PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: ARN },
    InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: ARN },
  })
  const { userPoolId, clientId } = pool
  const registry = openSqliteRegistry({ path: ':memory:', pepper: 'only-on-this-machine' })
  const userPool = createUserPoolAdapter(cognito)
  const triggers = createTriggerHandler({
    userPoolId,
    clientIds: [clientId],
    registry,
    userPool,
    policy: {
      providers: {
        Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' },
        Facebook: { kind: 'facebook' },
      },
    },
    report: () => {},
  })
  emulator.setTrigger(ARN, (event, context) => triggers(event, context))

  const trusted = {
    pools: [{ userPoolId, clientIds: [clientId] }] as const,
    dangerouslyTrustEmulator: emulator.endpoint,
  }
  const account = createAccountService({
    verifyAccess: createIdentityVerifier({ ...trusted, tokenUse: 'access' }),
    verifyId: createIdentityVerifier({ ...trusted, tokenUse: 'id' }),
    registry,
    userPool,
    userSession: createUserSession(cognito),
    secret: 'thirty-two characters, of this machine only',
  })
  const records = openRecords(':memory:')
  return {
    pool,
    api: recordsApi({
      verify: createPersonVerifier({ ...trusted, registry, personStatus: registry }),
      account,
      records,
    }),
    records,
    linking: true,
    ownerOf: async (subject) => registry.resolve({ pool: userPoolId, provider: 'Cognito', subject }),
    close: () => {
      records.close()
      registry.close()
    },
  }
}
