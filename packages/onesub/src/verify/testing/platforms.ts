import { OnesubError } from '../../core/errors.ts'
import { personId } from '../../core/testing/samples.ts'
import type { PersonVerifier } from '../person-verifier.ts'

/** What tokens are worth is `personVerifier`'s to say and to test; here one is right, one unlucky, and the rest are wrong. */
export const verify: PersonVerifier = async (token) => {
  if (token === 'down') throw new OnesubError('TOKEN_KEYS_UNREACHABLE')
  if (token !== 'right') throw new OnesubError('TOKEN_INVALID')
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

/** One request to a platform whose only route answers `{ id, sub }` of the person who asks. */
export type Ask = (authorization?: string, others?: Readonly<Record<string, string>>) => Promise<Answer>

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
