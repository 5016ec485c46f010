import type { Context } from 'hono'
import { isText } from '../shared/json.ts'
import { authenticatedClient, OauthError } from './client-authentication.ts'
import type { OauthContext } from './context.ts'

/** Developer Guide: revocation-endpoint; RFC 7009: an unknown token is revoked already. */
export async function revoke(context: OauthContext, c: Context) {
  const form = await c.req.parseBody()
  try {
    const { client } = authenticatedClient(context, c, form)
    if (!isText(form.token) || form.token === '') throw new OauthError('invalid_request')
    // ID and access tokens are signed texts of three parts; refresh tokens are opaque.
    if (form.token.split('.').length === 3) throw new OauthError('unsupported_token_type')
    const session = context.sessions.byRefreshToken(form.token)
    if (session && session.client !== client) throw new OauthError('invalid_request')
    if (session) context.sessions.revoke(session)
    return c.body(null, 200)
  } catch (error) {
    if (error instanceof OauthError) return c.json({ error: error.message }, 400)
    throw error
  }
}
