import type { AppClient } from '../state/app-client.ts'

interface LogoutRequest {
  readonly logoutUri: string | undefined
  readonly redirectUri: string | undefined
}

/** Where the browser goes after a logout; undefined where the client has not registered it (Developer Guide: logout-endpoint). */
export function logoutTarget(
  client: AppClient | undefined,
  { logoutUri, redirectUri }: LogoutRequest,
): { readonly leavesTo: string } | 'login' | undefined {
  if (logoutUri !== undefined && client?.settings.logoutUrls.includes(logoutUri)) return { leavesTo: logoutUri }
  if (redirectUri !== undefined && client?.settings.callbackUrls.includes(redirectUri)) return 'login'
  return undefined
}
