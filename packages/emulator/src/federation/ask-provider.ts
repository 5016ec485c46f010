import { SECOND } from '../shared/clock.ts'
import { invalidParameter } from '../shared/faults.ts'
import type { IdentityProvider } from '../state/identity-provider.ts'
import { providerError } from './provider-answer.ts'

const PATIENCE = 5 * SECOND

/** One request to an identity provider; its failures have the texts of Developer Guide: authorization-endpoint. */
export async function askProvider(
  provider: IdentityProvider,
  what: 'discovery' | 'token' | 'keys' | 'user info' | 'metadata',
  url: string,
  options: RequestInit = {},
): Promise<unknown> {
  const answer = await answerOf(what, url, options)
  if (!answer.ok) throw providerError(provider, `${answer.status} error getting ${what}`)
  if (what === 'metadata') return await answer.text()
  return await answer.json().catch(() => {
    throw providerError(provider, `the ${what} answer is not JSON`)
  })
}

async function answerOf(what: string, url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...options, redirect: 'error', signal: AbortSignal.timeout(PATIENCE) })
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    throw invalidParameter(isLate ? `Timeout occurred in calling IdP ${what} endpoint` : 'Connection reset')
  }
}
