import { authenticate } from './bearer.ts'
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
export function appSyncAuthorizer(verify: PersonVerifier) {
  return async ({ authorizationToken }: AppSyncAuthorizerEvent): Promise<AppSyncAnswer> => {
    const header = /^bearer /i.test(authorizationToken) ? authorizationToken : `Bearer ${authorizationToken}`
    const authentication = await authenticate(verify, header)
    if (authentication.ok) return { isAuthorized: true, resolverContext: { personId: authentication.person.id } }
    if (authentication.refusal.status === 503) throw new Error('Service unavailable')
    return { isAuthorized: false }
  }
}
