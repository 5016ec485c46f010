import type { Context } from 'hono'
import type { QuirksContext } from '../quirks/quirks.ts'
import { quirksOf } from '../quirks/quirks.ts'
import type { AccountContext, ClientInPool } from '../state/account.ts'
import type { AuthorizeRequest } from '../state/authorize-request.ts'
import { tierOf } from '../state/feature-plan.ts'
import type { Pool } from '../state/pool.ts'
import type { Refused } from './redirects.ts'

/** An authorize request with a known client and a registered redirect_uri, so that errors may be sent there. */
export interface CheckedRequest {
  readonly clientInPool: ClientInPool
  readonly request: AuthorizeRequest
  readonly refused: Refused | undefined
}

/** Undefined where the client has not registered the redirect_uri: not even an error is sent there. */
export function checkedRequest(context: AccountContext & QuirksContext, c: Context): CheckedRequest | undefined {
  const clientInPool = context.account.findClient(c.req.query('client_id') ?? '')
  const redirectUri = c.req.query('redirect_uri') ?? ''
  if (!clientInPool?.client.settings.callbackUrls.includes(redirectUri)) return undefined
  return {
    clientInPool,
    request: requestIn(clientInPool, redirectUri, c),
    refused: complaint(context, clientInPool, c),
  }
}

function requestIn({ client }: ClientInPool, redirectUri: string, c: Context): AuthorizeRequest {
  return {
    clientId: client.id,
    redirectUri,
    scopes: scopesIn(client.settings.oauthScopes, c),
    state: c.req.query('state'),
    nonce: c.req.query('nonce'),
    codeChallenge: c.req.query('code_challenge'),
    responseType: c.req.query('response_type') === 'token' ? 'token' : 'code',
  }
}

const scopesIn = (allowed: readonly string[], c: Context) => c.req.query('scope')?.split(' ').filter(Boolean) ?? allowed

const invalidRequest = (description: string): Refused => ({ error: 'invalid_request', description })

function complaint(context: QuirksContext, clientInPool: ClientInPool, c: Context): Refused | undefined {
  return (
    complaintAboutFlow(clientInPool, c) ??
    complaintAboutScope(clientInPool, c) ??
    complaintAboutRest(context, clientInPool, c)
  )
}

function complaintAboutFlow({ client }: ClientInPool, c: Context): Refused | undefined {
  const { isOauthClient, oauthFlows } = client.settings
  const type = c.req.query('response_type')
  if (type !== 'code' && type !== 'token') return invalidRequest('response_type must be code or token')
  if (isOauthClient && oauthFlows.includes(type === 'code' ? 'code' : 'implicit')) return undefined
  return { error: 'unauthorized_client', description: `The client may not use response_type ${type}` }
}

function complaintAboutScope({ client }: ClientInPool, c: Context): Refused | undefined {
  const { oauthScopes } = client.settings
  const isAllowed = scopesIn(oauthScopes, c).every((scope) => oauthScopes.includes(scope))
  return isAllowed ? undefined : { error: 'invalid_scope', description: 'The client may not ask for this scope' }
}

const PROMPTS = ['none', 'login', 'select_account', 'consent']

function complaintAboutRest(context: QuirksContext, { client, pool }: ClientInPool, c: Context): Refused | undefined {
  const { code_challenge: challenge, code_challenge_method: method, identity_provider: provider } = c.req.query()
  if (challenge !== undefined && method !== 'S256') return invalidRequest('code_challenge_method must be S256')
  if (challenge === undefined && method !== undefined) return invalidRequest('code_challenge is missing')
  if (provider !== undefined && !client.settings.identityProviders.includes(provider)) {
    return invalidRequest('The identity provider is not enabled for this client')
  }
  if (!/^[0-9]*$/u.test(c.req.query('max_age') ?? '')) return invalidRequest('max_age must be a number of seconds')
  const prompts = promptsIn(context, pool, c)
  const isKnown = prompts.every((prompt) => PROMPTS.includes(prompt))
  const isAlone = !prompts.includes('none') || prompts.length === 1
  return isKnown && isAlone ? undefined : invalidRequest('prompt has an unknown value')
}

/** Read by managed login only, which the plan LITE does not have (Developer Guide: authorization-endpoint). */
export function promptsIn(context: QuirksContext, pool: Pool, c: Context): readonly string[] {
  const isRead = quirksOf(context, pool).promptParameter === 'read' && tierOf(pool) !== 'LITE'
  return isRead ? (c.req.query('prompt')?.split(' ').filter(Boolean) ?? []) : []
}

/** OpenID Connect Core 1.0, section 3.1.2.1: how old, in seconds, the sign-in may be. */
export function maxAgeIn(c: Context): number | undefined {
  const text = c.req.query('max_age') ?? ''
  return text === '' ? undefined : Number(text)
}
