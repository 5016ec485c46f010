import type { ClockContext } from '../shared/clock.ts'
import { CognitoFault, notAuthorized } from '../shared/faults.ts'
import type { User } from '../state/user.ts'

export const resetRequired = () =>
  new CognitoFault('PasswordResetRequiredException', 'Password reset required for the user')

export function refuseUnconfirmed(user: User): void {
  if (user.status === 'UNCONFIRMED') throw new CognitoFault('UserNotConfirmedException', 'User is not confirmed.')
}

export function refuseByStatus(context: ClockContext, user: User): void {
  refuseUnconfirmed(user)
  if (user.status === 'RESET_REQUIRED') throw resetRequired()
  const expiresAt = user.temporaryPasswordExpiresAt
  if (user.status === 'FORCE_CHANGE_PASSWORD' && expiresAt !== undefined && expiresAt <= context.clock()) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.')
  }
}
