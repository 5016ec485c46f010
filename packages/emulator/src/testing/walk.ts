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
    const next = await nextFrom(await fetch(at, { redirect: 'manual' }), at)
    at = new URL(next, at).href
  }
  return new URL(at)
}

/** The next address: by a redirect, or by a form that a script submits. */
async function nextFrom(answer: Response, at: string): Promise<string> {
  const redirect = answer.headers.get('location')
  if (redirect) return redirect
  const text = await answer.text()
  if (!text.includes('data-goes-by-itself')) throw new Error(`${answer.status} ${text}`)
  const action = /action="(?<action>[^"]+)"/u.exec(text)?.groups?.action ?? ''
  const posted = await fetch(new URL(action, at), { method: 'POST', body: formFields(text), redirect: 'manual' })
  const next = posted.headers.get('location')
  if (!next) throw new Error(`${posted.status} ${await posted.text()}`)
  return next
}

/** The hidden fields of a page's first form. */
export function formFields(page: string): URLSearchParams {
  const fields = [...page.matchAll(/<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)">/gu)]
  return new URLSearchParams(fields.map(({ groups }): [string, string] => [groups?.name ?? '', groups?.value ?? '']))
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

/** A complete sign-in: provider, callback, code, tokens. */
export async function signInWithGoogle(pool: OpenPool, persona: string): Promise<Readonly<Record<string, unknown>>> {
  const callback = await arrive(pool, persona)
  const code = callback.searchParams.get('code')
  if (!code) throw new Error(callback.searchParams.get('error_description') ?? 'no code')
  return (await exchange(pool, code)).body
}
