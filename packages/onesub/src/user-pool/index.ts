export { type CognitoApi, createUserPoolAdapter } from './adapter.ts'
