import type { Context } from 'hono'
import { isText } from '../shared/json.ts'
import type { AccountContext, ClientInPool } from '../state/account.ts'

export type Form = Readonly<Record<string, unknown>>

/** An error of RFC 6749, section 5.2; Cognito answers all of them with status 400. */
export class OauthError extends Error {}

export function authenticatedClient(context: AccountContext, c: Context, form: Form): ClientInPool {
  const [id, secret] = credentials(c.req.header('authorization'), form)
  const clientInPool = context.account.findClient(id ?? '')
  if (!clientInPool?.client.hasSecret(secret)) throw new OauthError('invalid_client')
  return clientInPool
}

/** client_secret_basic or client_secret_post. */
function credentials(header: string | undefined, form: Form): readonly [string | undefined, string | undefined] {
  const basic = /^Basic (?<encoded>[\w+/=-]+)$/iu.exec(header ?? '')?.groups?.encoded
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString()
    return [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]
  }
  const { client_id: id, client_secret: secret } = form
  return [isText(id) ? id : undefined, isText(secret) ? secret : undefined]
}
