import { giveTemporaryPassword, setPassword } from '../authentication/set-password.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { checkPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import type { OperationsContext } from './context.ts'
import { type Call, NOTHING, type Operation, userOf } from './operation.ts'
import { describeUser } from './user-view.ts'

export const adminGetUser: Operation = (call) => {
  const { pool, user } = userOf(call)
  return describeUser(pool, user)
}

export const adminDeleteUser: Operation = (call) => {
  removeUser(call.context, userOf(call).pool, userOf(call).user)
  return NOTHING
}

export const adminDisableUser: Operation = (call) => {
  call.context.sessions.revokeAll(userOf(call).user)
  return setEnabled(call, false)
}

export const adminEnableUser: Operation = (call) => setEnabled(call, true)

/** ID tokens stay valid, and so does the cookie of managed login (API reference: AdminUserGlobalSignOut). */
export const adminUserGlobalSignOut: Operation = (call) => {
  const { pool, user } = userOf(call)
  signOutEverywhere(call.context, pool, user)
  return NOTHING
}

export function signOutEverywhere(context: OperationsContext, pool: Pool, user: User): void {
  context.sessions.revokeAll(user)
  if (quirksOf(context, pool).globalSignOutCookie === 'ends') context.browsers.endAll(user)
}

/** Works on federated profiles too and makes them CONFIRMED (API reference: AdminSetUserPassword). */
export const adminSetUserPassword: Operation = (call) => {
  const { context, input } = call
  const password = input.need('Password')
  const { pool, user } = userOf(call)
  checkPassword(pool.settings.passwordPolicy, password)
  if (input.flag('Permanent')) setPassword(context, pool, user, password)
  else giveTemporaryPassword(context, pool, user, password)
  return NOTHING
}

export function removeUser(context: OperationsContext, pool: Pool, user: User): void {
  context.sessions.revokeAll(user)
  for (const group of user.groups) pool.groups.leave(user, group)
  pool.users.remove(user)
}

function setEnabled(call: Call, isEnabled: boolean) {
  const { pool, user } = userOf(call)
  user.enabled = isEnabled
  pool.users.touch(user, call.context.clock())
  return NOTHING
}
