import { authenticator, type RefusalOptions, type RequestPerson, withScheme } from './bearer.ts'
import type { PersonVerifier } from './person-verifier.ts'

interface AuthorizerEvent {
  /** REST API, TOKEN authorizer. */
  readonly authorizationToken?: string | null
  readonly methodArn?: string
  /** REST API, REQUEST authorizer, and HTTP API. Header names come in any case from the one, in lower case from the other. */
  readonly headers?: Readonly<Record<string, string | undefined>> | null
}

/** What the integration behind the authorizer reads: `event.requestContext.authorizer.personId` (REST), `….authorizer.lambda.personId` (HTTP). */
export type AuthorizerContext = { personId: string; sub: string; userPoolId: string }

/** HTTP API, payload version 2.0 with simple responses. */
export function httpApiAuthorizer(verify: PersonVerifier, options: RefusalOptions = {}) {
  const authenticate = authenticator(verify, options)
  return async (event: AuthorizerEvent): Promise<{ isAuthorized: boolean; context?: AuthorizerContext }> => {
    const authentication = await authenticate(authorizationIn(event))
    if (authentication.ok) return { isAuthorized: true, context: contextOf(authentication.person) }
    if (authentication.refusal.status === 503) throw new Error('Service unavailable')
    return { isAuthorized: false }
  }
}

/** Not `readonly`: Lambda's own types ask for lists and records that could be written to. */
export interface AuthorizerPolicy {
  principalId: string
  policyDocument: {
    Version: '2012-10-17'
    Statement: { Action: 'execute-api:Invoke'; Effect: 'Allow'; Resource: string }[]
  }
  context: AuthorizerContext
}

export interface RestApiOptions extends RefusalOptions {
  /** Take a token without `Bearer` before it, as clients send it that were written for API Gateway's own Cognito authorizer. @default false */
  readonly acceptRawToken?: boolean
}

/** REST API, TOKEN or REQUEST. Throws `Unauthorized`, which API Gateway answers with 401; any other error becomes a 500. */
export function restApiAuthorizer(verify: PersonVerifier, options: RestApiOptions = {}) {
  const authenticate = authenticator(verify, options)
  return async (event: AuthorizerEvent): Promise<AuthorizerPolicy> => {
    const header = event.authorizationToken ?? authorizationIn(event)
    const token = options.acceptRawToken === true && header !== undefined ? withScheme(header) : header
    const authentication = await authenticate(token)
    if (!authentication.ok)
      throw new Error(authentication.refusal.status === 401 ? 'Unauthorized' : 'Service unavailable')
    return {
      principalId: authentication.person.id,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: wholeStage(event.methodArn) }],
      },
      context: contextOf(authentication.person),
    }
  }
}

/**
 * API Gateway keeps the policy for the token and uses it for the next route too, so it must allow the whole stage;
 * what a person may do on a route is the route's to decide.
 */
function wholeStage(methodArn = ''): string {
  const stage = /^(arn:[^:]+:execute-api:[^:]+:[^:]+:[^/]+\/[^/]+)\//.exec(methodArn)?.[1]
  if (stage === undefined) throw new Error('The event names no method.')
  return `${stage}/*`
}

function authorizationIn({ headers }: AuthorizerEvent): string | undefined {
  const found = Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() === 'authorization')
  return found.length === 1 ? found[0]?.[1] : undefined
}

function contextOf({ id, identity }: RequestPerson): AuthorizerContext {
  return { personId: id, sub: identity.subject, userPoolId: identity.pool }
}
