import { type ClockContext, DAY } from '../shared/clock.ts'
import { hashPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'

export function setPassword({ clock }: ClockContext, pool: Pool, user: User, password: string): void {
  user.password = hashPassword(pool.ownerOf(user), password)
  user.importedPassword = undefined
  user.status = 'CONFIRMED'
  user.temporaryPasswordExpiresAt = undefined
  pool.users.touch(user, clock())
}

export function giveTemporaryPassword({ clock }: ClockContext, pool: Pool, user: User, password: string): void {
  user.password = hashPassword(pool.ownerOf(user), password)
  user.importedPassword = undefined
  user.status = 'FORCE_CHANGE_PASSWORD'
  user.temporaryPasswordExpiresAt = clock() + pool.settings.passwordPolicy.temporaryValidityDays * DAY
  pool.users.touch(user, clock())
}
