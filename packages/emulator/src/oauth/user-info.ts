import type { Context } from 'hono'
import { CognitoFault } from '../shared/faults.ts'
import { bearerOf } from '../tokens/access-token.ts'
import { isInScope } from '../tokens/claims.ts'
import type { TokensContext } from '../tokens/context.ts'

/** Developer Guide: userinfo-endpoint. Booleans are strings here, unlike in the ID token. */
export async function userInfo(context: TokensContext, c: Context) {
  const token = /^Bearer (?<token>\S+)$/iu.exec(c.req.header('authorization') ?? '')?.groups?.token
  try {
    const { pool, user, client, scopes } = await bearerOf(context, token ?? '')
    if (!scopes.includes('openid')) return invalid(c)
    const visible = [...pool.shown(user.attributes)].filter(([name]) => client.canRead(name) && isInScope(name, scopes))
    return c.json({ sub: user.sub, ...Object.fromEntries(visible), username: user.username })
  } catch (error) {
    if (error instanceof CognitoFault) return invalid(c)
    throw error
  }
}

function invalid(c: Context) {
  c.header('WWW-Authenticate', 'Bearer error="invalid_token"')
  return c.json({ error: 'invalid_token', error_description: 'Access token is expired, disabled, or deleted' }, 401)
}
