export {
  type Authenticated,
  type PersonVerifier,
  type PersonVerifierOptions,
  type PoolOptions,
  personVerifier,
} from './person-verifier.ts'
