import { OnesubError } from '../core/errors.ts'

export interface Issuer {
  readonly pool: string
  readonly issuer: string
  readonly jwksUri: string
}

const POOL_ID = /^([a-z]{2}(?:-[a-z]+)+-\d+)_[0-9A-Za-z]{1,55}$/
const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/

/** The pool's issuer as AWS writes it (developer guide, "Verifying JSON web tokens"), or the emulator's. */
export function issuerOf(userPoolId: string, emulator: string | undefined): Issuer {
  const region = POOL_ID.exec(userPoolId)?.[1]
  if (region === undefined) throw invalid('"userPoolId" is not the id of a user pool, such as eu-west-1_AbCdEf123.')
  const host = emulator === undefined ? `https://cognito-idp.${region}.amazonaws.com` : checkedEmulator(emulator)
  const issuer = `${host}/${userPoolId}`
  return { pool: userPoolId, issuer, jwksUri: `${issuer}/.well-known/jwks.json` }
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

function invalid(detail: string): OnesubError {
  return new OnesubError('CONFIG_INVALID', { detail })
}
