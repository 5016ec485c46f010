import type { Message } from '../messages/inbox.ts'
import { describeUser } from '../operations/user-view.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ControlContext } from './context.ts'

/** What developers read through `startEmulator` and through the control API. */
export function usersOf(context: ControlContext, userPoolId: string): readonly JsonRecord[] {
  const pool = context.account.pool(userPoolId)
  return [...pool.users.listed.from(0)].map((user) => describeUser(pool, user))
}

export function messagesTo(context: ControlContext, userPoolId: string, username: string): readonly Message[] {
  const user = context.account.pool(userPoolId).users.resolve(username)
  return user ? context.inbox.of(userPoolId, user.username) : []
}
