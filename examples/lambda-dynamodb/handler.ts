import { httpsCognito, httpsTransport } from 'onesub/aws'
import { cognitoUserPool, createTriggers } from 'onesub/cognito'
import { lazyRegistry } from 'onesub/registry'
import { openDynamoDbRegistry } from 'onesub/registry/dynamodb'

const { USER_POOL_ID = '', CLIENT_ID = '', ONESUB_TABLE = '', ONESUB_PEPPER = '' } = process.env

export const handler = createTriggers({
  userPoolId: USER_POOL_ID,
  clientIds: [CLIENT_ID],
  registry: lazyRegistry(() =>
    openDynamoDbRegistry({ transport: httpsTransport(), table: ONESUB_TABLE, pepper: ONESUB_PEPPER }),
  ),
  userPool: cognitoUserPool(httpsCognito()),
  policy: { providers: { Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' } } },
})
