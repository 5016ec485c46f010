import { invalidParameter } from '../shared/faults.ts'
import type { Challenge, ChallengeName } from './challenge-session.ts'
import type { SignInAttempt } from './sign-in-attempt.ts'

export type Answers = Readonly<Record<string, string>>

/** What RespondToAuthChallenge was given, together with the challenge it belongs to. */
export interface Answer<N extends ChallengeName> {
  readonly challenge: Challenge<N>
  readonly answers: Answers
  readonly attempt: SignInAttempt
  /** Ends the session. Until then the client may answer again. */
  close(): void
}

export function parameter(given: Answers, name: string): string {
  const value = given[name]
  if (!value) throw invalidParameter(`Missing required parameter ${name}`)
  return value
}
