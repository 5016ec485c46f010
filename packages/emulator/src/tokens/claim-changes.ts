import type { JsonRecord } from '../shared/json.ts'
import type { ClaimChange } from '../triggers/pre-token-generation.ts'

// Developer Guide: user-pool-lambda-pre-token-generation, "Claims and scopes reference".
const FIXED =
  'acr amr at_hash auth_time azp client_id event_id exp iat identities iss jti nbf nonce origin_jti sub token_use username version device_key'.split(
    ' ',
  )
const CHANGEABLE_COGNITO_CLAIMS = ['cognito:groups', 'cognito:roles', 'cognito:preferred_role']

function isFixedClaim(name: string): boolean {
  if (name.startsWith('cognito:')) return !CHANGEABLE_COGNITO_CLAIMS.includes(name)
  return FIXED.includes(name) || name === 'aud'
}

/** A suppressed claim is not added; fixed claims do not change. */
export function applyChange(claims: JsonRecord, { add, suppress }: ClaimChange): JsonRecord {
  const added = Object.entries(add).filter(([name]) => !isFixedClaim(name))
  const all = Object.entries({ ...claims, ...Object.fromEntries(added) })
  return Object.fromEntries(all.filter(([name]) => isFixedClaim(name) || !suppress.includes(name)))
}
