import type { Desk } from './desk.ts'
import type { Message } from './inbox.ts'
import type { JsonRecord } from './json.ts'
import { describeUser } from './operations/user-view.ts'

/** What a developer looks at from outside, by the programmatic and by the control API. */
export function usersOf(desk: Desk, userPoolId: string): readonly JsonRecord[] {
  const pool = desk.account.pool(userPoolId)
  return [...pool.users.listed.from(0)].map((user) => describeUser(pool, user))
}

export function messagesTo(desk: Desk, userPoolId: string, username: string): readonly Message[] {
  const user = desk.account.pool(userPoolId).users.resolve(username)
  return user ? desk.inbox.of(userPoolId, user.username) : []
}
