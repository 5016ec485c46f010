export { type Account, type AccountOptions, accountOf, type Offer, type WayIn, type WaysIn } from './account.ts'
