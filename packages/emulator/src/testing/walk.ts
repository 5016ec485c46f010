import { createHash } from 'node:crypto'
import { CALLBACK, type OpenPool } from './open-pool.ts'

const VERIFIER = 'a-verifier-that-is-long-enough-for-rfc-7636-to-accept'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

type Query = Readonly<Record<string, string>>

export function authorizeUrl({ emulator, ClientId }: OpenPool, query: Query = {}): string {
  const parameters = new URLSearchParams({
    client_id: ClientId,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid email profile',
    state: 'my-state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    identity_provider: 'Google',
    ...query,
  })
  return `${emulator.endpoint}/oauth2/authorize?${parameters}`
}

/** Follows redirects by hand, as a browser would, until they leave the emulator. */
export async function follow(url: string, origin: string): Promise<URL> {
  let at = url
  for (let step = 0; step < 10 && at.startsWith(origin); step += 1) {
    const answer = await fetch(at, { redirect: 'manual' })
    const next = answer.headers.get('location')
    if (!next) throw new Error(`${answer.status} ${await answer.text()}`)
    at = new URL(next, at).href
  }
  return new URL(at)
}

/** "Continue with Google" as this persona; ends on the application's callback. */
export function arrive(pool: OpenPool, persona: string, query: Query = {}): Promise<URL> {
  return follow(authorizeUrl(pool, { persona, ...query }), pool.emulator.endpoint)
}

export async function tokenRequest({ emulator, ClientId }: OpenPool, form: Query) {
  const body = new URLSearchParams({ client_id: ClientId, ...form })
  const answer = await fetch(`${emulator.endpoint}/oauth2/token`, { method: 'POST', body })
  const json: unknown = await answer.json()
  return { status: answer.status, body: typeof json === 'object' && json !== null ? { ...json } : {} }
}

export function exchange(pool: OpenPool, code: string, form: Query = {}) {
  return tokenRequest(pool, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
    ...form,
  })
}

/** The whole way: provider, callback, code, tokens. */
export async function signInWithGoogle(pool: OpenPool, persona: string): Promise<Readonly<Record<string, unknown>>> {
  const callback = await arrive(pool, persona)
  const code = callback.searchParams.get('code')
  if (!code) throw new Error(callback.searchParams.get('error_description') ?? 'no code')
  return (await exchange(pool, code)).body
}
