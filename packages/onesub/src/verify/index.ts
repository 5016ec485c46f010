export { createIdentityVerifier, type IdentityVerifier, type IdentityVerifierOptions } from './identity-verifier.ts'
export {
  type Authenticated,
  createPersonVerifier,
  type PersonVerifier,
  type PersonVerifierOptions,
} from './person-verifier.ts'
export type { Identified, PoolOptions } from './token-check.ts'
