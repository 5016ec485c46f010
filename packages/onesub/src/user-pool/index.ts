export { createUserPoolAdapter } from './adapter.ts'
export { type CognitoApi, permissionsFor } from './operations.ts'
