import { type QuirksContext, quirksOf } from '../quirks/quirks.ts'
import type { ClockContext } from '../shared/clock.ts'
import { CognitoFault, notAuthorized } from '../shared/faults.ts'
import { Attempts } from '../state/attempts.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'

/** Developer Guide: quotas, "attempts per user per hour"; the limit of recovery is a range that depends on risk. */
const PER_HOUR = {
  ResendConfirmationCode: { documented: 5, lowest: 5 },
  ConfirmSignUp: { documented: 15, lowest: 15 },
  VerifyUserAttribute: { documented: 15, lowest: 15 },
  GetUserAttributeVerificationCode: { documented: 5, lowest: 5 },
  ForgotPassword: { documented: 20, lowest: 5 },
  ConfirmForgotPassword: { documented: 20, lowest: 5 },
  ChangePassword: { documented: 5, lowest: 5 },
} as const

export interface LimitsContext extends ClockContext, QuirksContext {}

function attemptsOf(user: User): Attempts {
  user.attempts ??= new Attempts()
  return user.attempts
}

export function countAttempt(context: LimitsContext, pool: Pool, user: User, what: keyof typeof PER_HOUR): void {
  const { attemptLimits } = quirksOf(context, pool)
  if (attemptLimits === 'off') return
  if (attemptsOf(user).isWithin(what, PER_HOUR[what][attemptLimits], context.clock())) return
  throw new CognitoFault('LimitExceededException', 'Attempt limit exceeded, please try after some time.')
}

/** Developer Guide: authentication, "Lockout behavior for failed sign-in attempts"; an attempt while the user is locked does not count. */
export function refuseLocked(context: LimitsContext, pool: Pool, user: User): void {
  if (quirksOf(context, pool).attemptLimits === 'off') return
  if (user.attempts?.isLocked(context.clock())) throw notAuthorized('Password attempts exceeded')
}

export function notePassword(context: LimitsContext, pool: Pool, user: User, isRight: boolean): void {
  if (isRight) user.attempts?.passwordHeld()
  else if (quirksOf(context, pool).attemptLimits !== 'off') attemptsOf(user).passwordFailed(context.clock())
}
