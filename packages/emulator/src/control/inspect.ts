import type { EmulatorContext } from '../context.ts'
import type { Message } from '../messages/inbox.ts'
import { describeUser } from '../operations/user-view.ts'
import type { JsonRecord } from '../shared/json.ts'

/** What a developer looks at from outside, by the programmatic and by the control API. */
export function usersOf(context: EmulatorContext, userPoolId: string): readonly JsonRecord[] {
  const pool = context.account.pool(userPoolId)
  return [...pool.users.listed.from(0)].map((user) => describeUser(pool, user))
}

export function messagesTo(context: EmulatorContext, userPoolId: string, username: string): readonly Message[] {
  const user = context.account.pool(userPoolId).users.resolve(username)
  return user ? context.inbox.of(userPoolId, user.username) : []
}
