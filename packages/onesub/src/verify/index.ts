export { createIdentityVerifier, type IdentityVerifier, type IdentityVerifierOptions } from './identity-verifier.ts'
export {
  type Authenticated,
  createPersonVerifier,
  type PersonVerifier,
  type PersonVerifierOptions,
} from './person-verifier.ts'
export type { RememberingOptions } from './remembering.ts'
export type { Identified, PoolOptions, TokenCheckOptions } from './token-check.ts'
