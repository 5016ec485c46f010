import type { Context } from 'hono'
import { issuerOf } from '../state/issuer.ts'
import type { OauthContext } from './context.ts'

export async function jwks(context: OauthContext, c: Context, poolId: string) {
  context.account.pool(poolId)
  return c.json(await context.keys.jwks())
}

/** OpenID Connect Discovery 1.0. */
export function openidConfiguration(context: OauthContext, c: Context, poolId: string) {
  const issuer = issuerOf(context, context.account.pool(poolId))
  // A client that asks over TLS gets endpoints over TLS; the issuer is the same.
  const { origin } = new URL(c.req.url)
  return c.json({
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    authorization_endpoint: `${origin}/oauth2/authorize`,
    token_endpoint: `${origin}/oauth2/token`,
    userinfo_endpoint: `${origin}/oauth2/userInfo`,
    revocation_endpoint: `${origin}/oauth2/revoke`,
    end_session_endpoint: `${origin}/logout`,
    response_types_supported: ['code', 'token'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  })
}
