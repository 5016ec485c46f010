export {
  type Account,
  type AccountOptions,
  type AddressRequest,
  accountOf,
  type Linked,
  type Offer,
  type WayIn,
  type WaysIn,
} from './account.ts'
export { type CognitoUserApi, cognitoUserSession, type UserSession } from './address.ts'
