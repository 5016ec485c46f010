import type { Flow } from './flow.ts'

/** For memory, not for storage: what lies in a browser's storage is read by every script of the page. */
export interface Tokens {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken: string | undefined
  /** Seconds. */
  readonly expiresIn: number
}

export type Exchanged =
  | { readonly kind: 'tokens'; readonly tokens: Tokens }
  | { readonly kind: 'refused'; readonly error: string; readonly description: string }

/** Developer guide, "Token endpoint". A lost answer is a refusal too: the code may be spent. */
export async function exchange(domain: string, clientId: string, flow: Flow, code: string): Promise<Exchanged> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: flow.redirectUri,
    code_verifier: flow.verifier,
    code,
  })
  try {
    const response = await fetch(`${domain}/oauth2/token`, { method: 'POST', body, credentials: 'omit' })
    const answer: unknown = await response.json()
    const text = (name: string) => {
      const value: unknown = Reflect.get(Object(answer), name)
      return typeof value === 'string' ? value : undefined
    }
    const [accessToken, idToken] = [text('access_token'), text('id_token')]
    if (!accessToken)
      return { kind: 'refused', error: text('error') ?? '', description: text('error_description') ?? '' }
    // Without the scope openid there is no ID token to compare the nonce in.
    if (!idToken) return { kind: 'refused', error: 'invalid_scope', description: '' }
    const expiresIn = Number(Reflect.get(Object(answer), 'expires_in'))
    return { kind: 'tokens', tokens: { accessToken, idToken, refreshToken: text('refresh_token'), expiresIn } }
  } catch {
    return { kind: 'refused', error: '', description: '' }
  }
}

/** The nonce alone is read, to compare it; nothing else of a token is believed here: verifying it is the API's part. */
export function nonceIn(idToken: string): unknown {
  try {
    const payload = (idToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    return Reflect.get(Object(JSON.parse(atob(payload))), 'nonce')
  } catch {
    return undefined
  }
}

/**
 * Whether the token is of nobody. The sign-in that links an identity has been seen to end with a token whose `sub` no user has
 * (aws-amplify/amplify-js#11565); only the pool knows. Where it does not answer, the token is kept, and the API decides.
 */
export async function isNobody(domain: string, accessToken: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${accessToken}` }
  return fetch(`${domain}/oauth2/userInfo`, { headers, credentials: 'omit' }).then(
    ({ status }) => status === 401,
    () => false,
  )
}
