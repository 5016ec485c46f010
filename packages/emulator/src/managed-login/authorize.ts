import type { Context } from 'hono'
import { checkedRequest, maxAgeIn, promptsIn } from '../oauth/authorize-request.ts'
import { refusalUrl } from '../oauth/redirects.ts'
import { SECOND } from '../shared/clock.ts'
import type { ClientInPool } from '../state/account.ts'
import type { BrowserSession } from '../state/browser-sessions.ts'
import { tierOf } from '../state/feature-plan.ts'
import type { Pool } from '../state/pool.ts'
import { browserSession } from './browser-session.ts'
import type { ManagedLoginContext } from './context.ts'
import { unknownClient } from './page.ts'
import { redirectToClient } from './redirect-to-client.ts'
import { toProvider } from './redirect-to-provider.ts'

/** Developer Guide: authorization-endpoint. Without a provider, the user chooses one at `/login`. */
export async function authorize(context: ManagedLoginContext, c: Context) {
  const asked = checkedRequest(context, c)
  if (!asked) return c.html(unknownClient(), 400)
  const { clientInPool, request, refused } = asked
  if (refused) return c.redirect(refusalUrl(request, refused))
  const providerName = providerIn(clientInPool, c)
  const known = reusable(context, c, clientInPool, providerName)
  if (known) return await redirectToClient(context, c, clientInPool, request, known)
  if (promptsIn(context, clientInPool.pool, c).includes('none')) {
    return c.redirect(refusalUrl(request, { error: 'login_required', description: 'Login is required' }))
  }
  if (providerName === undefined || providerName === 'COGNITO') return c.redirect(`/login${new URL(c.req.url).search}`)
  return await toProvider(context, c, clientInPool, request, providerName)
}

/**
 * The cookie of an earlier sign-in counts unless the application asks for a fresh one, or for another provider. `select_account` and `consent`
 * are for the provider alone (Developer Guide: authorization-endpoint).
 */
function reusable(context: ManagedLoginContext, c: Context, { pool }: ClientInPool, providerName: string | undefined) {
  const wantsFresh = promptsIn(context, pool, c).includes('login')
  const choosesPersona = c.req.query('persona') !== undefined
  const session: BrowserSession | undefined = browserSession(context, c, pool)
  const fits = providerName === undefined || providerName === session?.providerName
  const isRecent = session !== undefined && !isTooOld(context, c, pool, session)
  return isRecent && fits && !wantsFresh && !choosesPersona ? session : undefined
}

/** `max_age` belongs to the Essentials plan (Developer Guide: authorization-endpoint); elsewhere it is ignored. */
function isTooOld(context: ManagedLoginContext, c: Context, pool: Pool, { signedInAt }: BrowserSession): boolean {
  const maxAge = tierOf(pool) === 'LITE' ? undefined : maxAgeIn(c)
  return maxAge !== undefined && context.clock() - signedInAt >= maxAge * SECOND
}

/** `idp_identifier` names a provider by one of its own identifiers, such as a domain. */
function providerIn({ pool, client }: ClientInPool, c: Context): string | undefined {
  const named = c.req.query('identity_provider')
  const identifier = c.req.query('idp_identifier')
  if (named !== undefined || identifier === undefined) return named
  const providers = client.settings.identityProviders.map((name) => pool.providers.get(name))
  return providers.find((provider) => provider?.identifiers.includes(identifier))?.name
}
