import { authenticator, type RefusalOptions, withScheme } from './bearer.ts'
import type { PersonVerifier } from './person-verifier.ts'

interface AppSyncAuthorizerEvent {
  readonly authorizationToken: string
}

interface AppSyncAnswer {
  readonly isAuthorized: boolean
  /** Resolvers read it as `ctx.identity.resolverContext.personId`. */
  readonly resolverContext?: { readonly personId: string }
}

/** AppSync Lambda authorizer. The token comes with or without `Bearer`, as the client sends it. */
export function appSyncAuthorizer(verify: PersonVerifier, options: RefusalOptions = {}) {
  const authenticate = authenticator(verify, options)
  return async ({ authorizationToken }: AppSyncAuthorizerEvent): Promise<AppSyncAnswer> => {
    const authentication = await authenticate(withScheme(authorizationToken))
    if (authentication.ok) return { isAuthorized: true, resolverContext: { personId: authentication.person.id } }
    if (authentication.refusal.status === 503) throw new Error('Service unavailable')
    return { isAuthorized: false }
  }
}
