/**
 * Claims that Cognito, an authorization server or a provider writes, and attributes of a user, which users edit and providers are mapped to: a person
 * id there could be anybody's (developer guide, "Pre token generation Lambda trigger", "Working with user attributes"; OpenID Connect Core §5.1).
 */
const TAKEN: ReadonlySet<string> = new Set(
  [
    'acr amr at_hash aud auth_time azp client_id device_key event_id exp iat identities iss jti nbf nonce origin_jti scope sub token_use username version',
    'address birthdate email email_verified family_name gender given_name locale middle_name name nickname phone_number phone_number_verified picture',
    'preferred_username profile updated_at website zoneinfo',
  ].flatMap((names) => names.split(' ')),
)

/** Whether a pre token generation trigger can write a claim of that name, and nobody else can. */
export function isFreeClaimName(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    /^[\w:./-]{1,128}$/.test(name) &&
    !TAKEN.has(name) &&
    !/^(?:cognito|dev|custom):/.test(name)
  )
}
