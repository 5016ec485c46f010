export {
  type Account,
  type AccountOptions,
  accountOf,
  type Linked,
  type Offer,
  type WayIn,
  type WaysIn,
} from './account.ts'
