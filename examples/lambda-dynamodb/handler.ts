import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { cognitoUserPool, createTriggers } from 'onesub/cognito'
import { openDynamoDbRegistry } from 'onesub/registry/dynamodb'
import { sdkTransport } from 'onesub/registry/dynamodb/sdk'

const { USER_POOL_ID = '', CLIENT_ID = '', ONESUB_TABLE = '', ONESUB_PEPPER = '' } = process.env

export const handler = createTriggers({
  userPoolId: USER_POOL_ID,
  clientIds: [CLIENT_ID],
  registry: await openDynamoDbRegistry({
    transport: sdkTransport(new DynamoDBClient()),
    table: ONESUB_TABLE,
    pepper: ONESUB_PEPPER,
  }),
  userPool: cognitoUserPool(new CognitoIdentityProvider()),
  policy: { providers: { Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' } } },
})
