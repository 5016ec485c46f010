import { pageLocation } from './host.ts'
import { hostedOrigin } from './hosted.ts'
import { tellOtherTabs } from './other-tabs.ts'
import { clearTraces, deleteDatabase } from './traces.ts'

export interface SignOutOptions {
  /** The user pool's domain, such as `auth.example.com`. */
  readonly domain: string
  readonly clientId: string
  /** Where the hosted pages send the user afterwards: a sign-out URL of the app client, written exactly as there. */
  readonly logoutUri: string
  /** Revoked, together with its access tokens. */
  readonly refreshToken?: string | undefined
  /** `aws-amplify/auth`, where the app uses it: its own sign-out runs first, since it revokes what it holds. */
  readonly amplify?: { signOut(): Promise<unknown> }
  /** Names of IndexedDB databases that hold the user's data. */
  readonly databases?: readonly string[]
  /** Leave what `rememberSignInMethod` has kept: right for the user's own device, wrong for a shared one. @default false */
  readonly keepSignInMethod?: boolean
}

/** How long a server or a database may hold up the sign-out. */
const PATIENCE_MS = 3_000

/**
 * Signs the user out so that nothing of them remains on this browser for the next one: tokens revoked, keys and cookies of this app client gone
 * (ours, Amplify's, amazon-cognito-identity-js's), the named databases deleted, other tabs informed, and the hosted session ended by going to
 * `/logout`. A remembered device (MFA) is forgotten with the rest. The provider's own session, at Google for one, is not ours to end.
 *
 * Nothing that fails on the way keeps the user signed in; `CONFIG_INVALID` is thrown before anything is done.
 */
export async function signOut(options: SignOutOptions): Promise<void> {
  const { clientId, logoutUri, refreshToken, amplify, databases = [], keepSignInMethod = false } = options
  const domain = hostedOrigin(options.domain)
  await Promise.all([
    ...databases.map((name) => patiently(() => deleteDatabase(name))),
    patiently(async () => refreshToken !== undefined && revoke(domain, clientId, refreshToken)),
  ])
  // Amplify sets out for its own sign-out page at the end; going to ours afterwards takes precedence.
  if (amplify) await patiently(() => amplify.signOut())
  clearTraces(clientId, keepSignInMethod)
  tellOtherTabs(clientId)
  pageLocation().assign(`${domain}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: logoutUri })}`)
}

/** Developer guide, "Revocation endpoint". */
function revoke(domain: string, clientId: string, token: string): Promise<unknown> {
  const body = new URLSearchParams({ token, client_id: clientId })
  return fetch(`${domain}/oauth2/revoke`, { method: 'POST', body, credentials: 'omit', keepalive: true })
}

async function patiently(act: () => Promise<unknown>): Promise<void> {
  const enough = new Promise((done) => setTimeout(done, PATIENCE_MS))
  const tried = async () => {
    try {
      await act()
    } catch {}
  }
  await Promise.race([enough, tried()])
}
