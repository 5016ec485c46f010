import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { OnesubError } from '../../core/errors.ts'
import { personId } from '../../core/testing/samples.ts'
import type { RequestPerson } from '../bearer.ts'
import type { PersonVerifier } from '../person-verifier.ts'

/** What an application has in scope for each request; every platform runs its requests in the value of this header. */
export const requestScope = new AsyncLocalStorage<string>()
export const SCOPE_HEADER = 'x-request'

/** What a test does with what it is told; each platform hands `onRefused` on. */
export const hook = { onRefused: (_: OnesubError): unknown => undefined }
export const onRefused = (error: OnesubError): unknown => hook.onRefused(error)

/** What tokens are worth is `createPersonVerifier`'s to say and to test; here one is right, one unlucky, and the rest are wrong. */
export const verify: PersonVerifier = async (token) => {
  const [, other] = /^person-(\d+)$/.exec(token) ?? []
  if (other !== undefined) {
    // Asked in order, answered in disorder.
    await sleep(Math.random() * 20)
    return {
      person: personId(Number(other)),
      identity: { pool: 'eu-west-1_Test1', provider: 'Cognito', subject: `sub-of-${other}` },
      claims: {},
    }
  }
  if (token === 'down')
    throw new OnesubError('TOKEN_KEYS_UNREACHABLE', { detail: 'Failed to fetch', cause: new Error(token) })
  if (token !== 'right') throw new OnesubError('TOKEN_INVALID', { detail: 'signature', cause: new Error(token) })
  return {
    person: personId(1),
    identity: { pool: 'eu-west-1_Test1', provider: 'Cognito', subject: 'sub-of-ada' },
    claims: {},
  }
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers: Headers
}

/** One request to a platform whose only route answers, after a while, `{ id, sub }` of the person who asks and the request's `scope`. */
export type Ask = (authorization?: string, others?: Readonly<Record<string, string>>) => Promise<Answer>

/** Answers late, so that other requests come in between. */
export async function answerFor({ id, identity }: RequestPerson) {
  await sleep(Math.random() * 10)
  return { id, sub: identity.subject, scope: requestScope.getStore() }
}

/** Starts a platform, lets it be asked, and stops it. */
export type Platform = (use: (ask: Ask) => Promise<void>) => Promise<void>

export async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: await response.json(), headers: response.headers }
}

export function headersFor(
  authorization?: string,
  others: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return authorization === undefined ? { ...others } : { ...others, authorization }
}

export function askingAt(origin: string): Ask {
  return async (authorization, others) => answerOf(await fetch(origin, { headers: headersFor(authorization, others) }))
}
