export { httpsCognito } from './cognito.ts'
export { httpsTransport } from './dynamodb.ts'
export type { HttpsOptions } from './endpoint.ts'
