import { createHash, randomBytes } from 'node:crypto'
import { type DemoPool, given, subOf } from './pool.ts'

/**
 * Cognito's answer to the sign-in that made a link inside PreSignUp: the link is there, this one try has failed
 * (aws-amplify/amplify-flutter#1716). Starting over once is enough.
 */
const FIRST_LINK = /already found an entry for username/i

export interface HostedSignIn {
  readonly sub: string
  /** 2 where the sign-in that made the link came to nothing, and was started over. */
  readonly attempts: 1 | 2
}

/** "Continue with Google", as a browser goes through it: redirects, the provider's page, the code, the tokens. */
export async function signInWithGoogle(pool: DemoPool, persona: string): Promise<HostedSignIn> {
  const first = await signInOnce(pool, persona)
  if ('sub' in first) return { sub: first.sub, attempts: 1 }
  if (!first.isWorthAnotherTry) throw new Error(first.refused)
  const second = await signInOnce(pool, persona)
  if ('refused' in second) throw new Error(second.refused)
  return { sub: second.sub, attempts: 2 }
}

type Refusal = { readonly refused: string; readonly isWorthAnotherTry: boolean }

async function signInOnce(pool: DemoPool, persona: string): Promise<{ readonly sub: string } | Refusal> {
  const answer = await authorize(pool, persona)
  if ('refused' in answer) return { ...answer, isWorthAnotherTry: FIRST_LINK.test(answer.refused) }
  try {
    return { sub: await subOf(pool, answer.accessToken) }
  } catch (error) {
    // Some accounts have seen the linking sign-in succeed with a `sub` that exists nowhere; the next one is right.
    if (!(error instanceof Error && error.name === 'UserNotFoundException')) throw error
    return { refused: 'the token names a user who does not exist', isWorthAnotherTry: true }
  }
}

async function authorize(pool: DemoPool, persona: string): Promise<{ accessToken: string } | { refused: string }> {
  const verifier = randomBytes(32).toString('base64url')
  const callback = await followToCallback(authorizeUrl(pool, persona, verifier), pool.redirectUri)
  const code = callback.searchParams.get('code')
  if (code === null) return { refused: callback.searchParams.get('error_description') ?? 'no code' }
  return { accessToken: await exchange(pool, code, verifier) }
}

function authorizeUrl({ endpoint, clientId, redirectUri }: DemoPool, persona: string, verifier: string): URL {
  const url = new URL('/oauth2/authorize', endpoint)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    identity_provider: 'Google',
    scope: 'openid email aws.cognito.signin.user.admin',
    state: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    // The simulated Google takes the hint for a click on that persona.
    login_hint: persona,
  }).toString()
  return url
}

const MOST_REDIRECTS = 10

async function followToCallback(start: URL, redirectUri: string): Promise<URL> {
  let url = start
  for (let hop = 0; hop < MOST_REDIRECTS; hop += 1) {
    const response = await fetch(url, { redirect: 'manual' })
    const location = response.headers.get('location')
    if (location === null) throw new Error(`The sign-in stopped at ${url.pathname} with status ${response.status}.`)
    url = new URL(location, url)
    if (url.href.startsWith(redirectUri)) return url
  }
  throw new Error('The sign-in was redirected too often.')
}

async function exchange(
  { endpoint, clientId, redirectUri }: DemoPool,
  code: string,
  verifier: string,
): Promise<string> {
  const response = await fetch(new URL('/oauth2/token', endpoint), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
    }),
  })
  const tokens: unknown = await response.json()
  const token =
    typeof tokens === 'object' && tokens !== null && 'access_token' in tokens ? tokens.access_token : undefined
  return given(typeof token === 'string' ? token : undefined)
}
