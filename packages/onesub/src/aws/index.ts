export { createCognitoHttpsClient } from './cognito.ts'
export { createDynamoDbHttpsTransport } from './dynamodb.ts'
export type { HttpsOptions } from './endpoint.ts'
