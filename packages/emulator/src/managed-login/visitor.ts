import { createHmac } from 'node:crypto'
import type { Context } from 'hono'
import { checkedRequest } from '../oauth/authorize-request.ts'
import { refusalUrl } from '../oauth/redirects.ts'
import { OPERATIONS } from '../operations/index.ts'
import { CognitoFault } from '../shared/faults.ts'
import { Input } from '../shared/input.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { AuthorizeRequest } from '../state/authorize-request.ts'
import type { ManagedLoginContext } from './context.ts'
import { isOwnForm } from './forgery-guard.ts'
import { errorPage, type Markup, unknownClient } from './page.ts'

/** One request for a page of local users: the client's authorize request and the form. */
export interface Visitor {
  readonly context: ManagedLoginContext
  readonly c: Context
  readonly clientInPool: ClientInPool
  readonly request: AuthorizeRequest
  /** The query of the authorize request, which every page passes on. */
  readonly search: string
  readonly form: Readonly<Record<string, string>>
}

type Handler = (visitor: Visitor) => Response | Promise<Response>

/** Checks the authorize request, and that a form comes from our own page, before anything else. */
export async function visit(context: ManagedLoginContext, c: Context, show: Handler, take: Handler): Promise<Response> {
  const asked = checkedRequest(context, c)
  if (!asked) return await c.html(unknownClient(), 400)
  const { clientInPool, request, refused } = asked
  if (refused) return c.redirect(refusalUrl(request, refused))
  const isPost = c.req.method === 'POST'
  const form = isPost ? textsOf(await c.req.parseBody()) : {}
  if (isPost && !isOwnForm(c, form)) return await refuse(c, 'This form does not come from our own page, or is too old.')
  if (!clientInPool.client.settings.identityProviders.includes('COGNITO') && (isPost || c.req.path !== '/login')) {
    return await refuse(c, 'This application does not let local users in.')
  }
  const visitor = { context, c, clientInPool, request, search: new URL(c.req.url).search, form }
  return isPost ? await take(visitor) : await show(visitor)
}

const refuse = async (c: Context, text: string) => await c.html(errorPage(text), 403)

function textsOf(body: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts = Object.entries(body).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  return Object.fromEntries(texts)
}

/** The pages call the API's operations. They know the client secret, as Cognito does. */
export async function perform(
  { context, clientInPool }: Visitor,
  operation: string,
  username: string,
  fields: JsonRecord,
) {
  const run = OPERATIONS.get(operation)
  if (!run) throw new TypeError(`There is no operation ${operation}.`)
  const hash = secretHash(clientInPool, username)
  const input = new Input({ ClientId: clientInPool.client.id, Username: username, SecretHash: hash, ...fields })
  return await run({ context, input })
}

export function secretHash({ client }: ClientInPool, username: string): string | undefined {
  if (client.secret === undefined) return undefined
  return createHmac('sha256', client.secret).update(`${username}${client.id}`).digest('base64')
}

/** Shows the same page again with the error above its form. Errors that the user cannot correct are thrown. */
export async function orComplain(visitor: Visitor, again: (complaint: string) => Markup, act: () => Promise<Response>) {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof CognitoFault)) throw error
    return await visitor.c.html(again(error.message), 400)
  }
}
