import { createCognitoHttpsClient, createDynamoDbHttpsTransport } from 'onesub/aws'
import { createLazyRegistry } from 'onesub/registry'
import { openDynamoDbRegistry } from 'onesub/registry/dynamodb'
import { createTriggerHandler } from 'onesub/triggers'
import { createUserPoolAdapter } from 'onesub/user-pool'

const { USER_POOL_ID = '', CLIENT_ID = '', ONESUB_TABLE = '', ONESUB_PEPPER = '' } = process.env

export const handler = createTriggerHandler({
  userPoolId: USER_POOL_ID,
  clientIds: [CLIENT_ID],
  registry: createLazyRegistry(() =>
    openDynamoDbRegistry({ transport: createDynamoDbHttpsTransport(), table: ONESUB_TABLE, pepper: ONESUB_PEPPER }),
  ),
  userPool: createUserPoolAdapter(createCognitoHttpsClient()),
  policy: { providers: { Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' } } },
})
