import { configInvalid as invalid } from '../core/options.ts'
import { isRegion, issuersAtAws, LOCAL, regionOfUserPool } from '../core/user-pool-id.ts'

export interface Issuer {
  readonly issuer: string
  readonly jwksUri: string
}

interface PoolPlace {
  readonly userPoolId: string
  /** Where the pool has replicas. */
  readonly regions?: readonly string[] | undefined
}

const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/

/** The issuers that a pool's tokens may name: AWS's, or the emulator's alone. */
export function issuersOf({ userPoolId, regions = [] }: PoolPlace, emulator: string | undefined): readonly Issuer[] {
  const region = regionOfUserPool(userPoolId)
  if (region === undefined) throw invalid('"userPoolId" is not the id of a user pool, such as eu-west-1_AbCdEf123.')
  if (!Array.isArray(regions) || !regions.every(isRegion))
    throw invalid('"regions" is not a list of the Regions where the pool has replicas, such as ["us-west-2"].')
  if (emulator !== undefined) return [issuerNamed(`${checkedEmulator(emulator)}/${userPoolId}`)]
  if (region === LOCAL)
    throw invalid('"userPoolId" names a pool of an emulator: set "dangerouslyTrustEmulator" in tests, or name a pool.')
  return issuersAtAws(userPoolId, regions).map(issuerNamed)
}

/** Developer guide, "Verifying JSON web tokens". */
function issuerNamed(issuer: string): Issuer {
  return { issuer, jwksUri: `${issuer}/.well-known/jwks.json` }
}

/** Anybody can sign what an emulator signs: where it could matter, its word must not count. */
function checkedEmulator(endpoint: string): string {
  const { NODE_ENV, AWS_LAMBDA_FUNCTION_NAME } = process.env
  if (NODE_ENV === 'production' || AWS_LAMBDA_FUNCTION_NAME !== undefined) {
    throw invalid('"dangerouslyTrustEmulator" is set, and this is production.')
  }
  if (!LOOPBACK.test(endpoint))
    throw invalid('"dangerouslyTrustEmulator" is not a loopback address such as http://127.0.0.1:9229.')
  return endpoint
}
