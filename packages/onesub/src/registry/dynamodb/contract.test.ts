import { contractTests } from '../testing/contract-tests.ts'
import { createDynamoDbSdkTransport } from './sdk.ts'
import { dynamoDbThrough } from './testing/store.ts'
import { localClient } from './testing/table.ts'

// By the AWS SDK. The suites of `test/stores` ask it without the AWS SDK, and `aws/dynamodb.test.ts` has the contract for that.
contractTests(dynamoDbThrough((endpoint) => createDynamoDbSdkTransport(localClient(endpoint))))
