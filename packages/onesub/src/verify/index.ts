export { type IdentityVerifier, type IdentityVerifierOptions, identityVerifier } from './identity-verifier.ts'
export {
  type Authenticated,
  type PersonVerifier,
  type PersonVerifierOptions,
  personVerifier,
} from './person-verifier.ts'
export type { Identified, PoolOptions } from './token-check.ts'
