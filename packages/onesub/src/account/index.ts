export {
  ACCOUNT_CALLS,
  type Account,
  type AccountOptions,
  type AddressRequest,
  createAccountService,
  type Linked,
  type Offer,
  type SignInMethod,
  type SignInMethods,
} from './account.ts'
export { type CognitoUserApi, createUserSession, type UserSession } from './address.ts'
